import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

const lookBytesMax = 400;

/** What only IRC says. */
const OWN = [
  /^CAP (?:LS(?: 30\d)?|REQ :?.+|LIST|END)$/i,
  /^USER \S+ \S+ \S+ :?.*$/i,
  /^:\S+ (?:NOTICE (?:\*|AUTH|\S+) :|0\d\d \S+ |[23]\d\d \S+ |4\d\d \S+ |PRIVMSG \S+ :|JOIN :?[#&]|MODE \S+ |PING )/i,
  /^NOTICE AUTH :/i,
  /^ERROR :Closing Link/i,
  /^(?:PRIVMSG|NOTICE) [#&]?\S+ :/i,
  /^JOIN [#&]\S+/i,
];
/** What fits others too. */
const LIKELY = [/^NICK :?\S{1,64}$/i, /^PASS :?\S+$/i, /^STARTTLS$/i, /^PING :?\S+$/i, /^PONG :?\S+$/i, /^:\S+ \d{3} /];

/** Looks at the first lines of a side. */
export function probe(_side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  const upper = first & 0xdf;
  // A colon, or C, E, J, N, P, S, U.
  const fits = upper === 0x43 || upper === 0x45 || upper === 0x4a || upper === 0x4e || upper === 0x50 || upper === 0x53 || upper === 0x55;
  if (first !== 0x3a && !fits) return Probe.no;
  const text = latin1(bytes, at, Math.min(end, at + lookBytesMax));
  if (first !== 0x3a && !/^(?:CAP|USER|NOTICE|ERROR|PRIVMSG|JOIN|NICK|PASS|STARTTLS|PING|PONG)(?:[ \r\n]|$)/i.test(text)) {
    const word = text.slice(0, 8).toUpperCase();
    return ["CAP ", "USER ", "NOTICE ", "ERROR ", "PRIVMSG ", "JOIN ", "NICK ", "PASS ", "STARTTLS", "PING ", "PONG "].some((one) =>
      one.startsWith(word),
    )
      ? Probe.more
      : Probe.no;
  }
  const lines = text.split("\n");
  if (lines.length === 1) return text.length < lookBytesMax && !/[^\x20-\x7e\x80-\xff\r]/.test(text) ? Probe.more : Probe.no;
  // The last one may not be there in full.
  const whole = lines.slice(0, -1).map((line) => line.trimEnd());
  const head = whole[0] as string;
  if (OWN.some((one) => one.test(head))) return Probe.yes;
  if (!LIKELY.some((one) => one.test(head))) return Probe.no;
  if (usualPort || whole.slice(1).some((line) => OWN.some((one) => one.test(line)))) return Probe.yes;
  return /^NICK /i.test(head) ? Probe.maybe : Probe.no;
}
