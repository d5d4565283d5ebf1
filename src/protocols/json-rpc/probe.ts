import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";

/** Bytes that are looked at for the names of members. */
const lookBytesMax = 4096;

/** JSON whose members are those of a call or an answer, perhaps behind the header of the language server protocol. */
export function probe(_side: number, { bytes, at, end }: ByteView): Probe {
  const first = bytes[at];
  if (first !== 0x7b && first !== 0x5b && first !== 0x43) return Probe.no;
  const text = latin1(bytes, at, Math.min(end, at + lookBytesMax));
  if (first === 0x43) return header(text);
  // A member's name comes first, in an array a document.
  if (!/^(?:\[\s*)?(?:\{\s*(?:"(?!.*[^ -~]).{0,64})?)?$/.test(text) && !/^(?:\[\s*)?\{\s*"[\w-]{1,32}"/.test(text)) return Probe.no;
  if (/"jsonrpc"\s*:\s*"/.test(text)) return Probe.yes;
  if (isFirstVersion(text)) return Probe.yes;
  return end - at >= lookBytesMax || text.includes("\n") ? Probe.no : Probe.more;
}

/** Version 1 has no mark of its own: three names stand together. */
const isFirstVersion = (text: string): boolean =>
  /"id"\s*:/.test(text) &&
  ((/"method"\s*:\s*"/.test(text) && /"params"\s*:\s*\[/.test(text)) || (/"result"\s*:/.test(text) && /"error"\s*:/.test(text)));

function header(text: string): Probe {
  const wanted = "Content-Length: ";
  if (!text.startsWith(wanted.slice(0, text.length))) return Probe.no;
  const behind = text.indexOf("\r\n\r\n");
  if (behind < 0) return text.length > 128 ? Probe.no : Probe.more;
  return text.includes('"jsonrpc"', behind) ? Probe.yes : text.length - behind > 256 ? Probe.no : Probe.more;
}
