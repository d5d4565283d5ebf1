import { type ByteView, latin1 } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";

/** Bytes of a message, and of one value, that are read. */
const messageBytesMax = 4096;
const valueCharactersMax = 512;

const SEARCH = "M-SEARCH * HTTP/1";
const NOTIFY = "NOTIFY * HTTP/1";
const RESPONSE = "HTTP/1.1 200 OK";

/** Headers that are told, by name in small letters. */
const TOLD: { readonly [header: string]: string } = {
  st: "st",
  nt: "nt",
  nts: "nts",
  usn: "usn",
  location: "location",
  server: "server",
  "user-agent": "user_agent",
};

/** The request lines that only SSDP has; an answer with the headers that it needs. */
export function probe({ bytes, at, end }: ByteView): Probe {
  const first = bytes[at];
  if (first !== 0x4d && first !== 0x4e && first !== 0x48) return Probe.no;
  const start = latin1(bytes, at, Math.min(end, at + SEARCH.length));
  if (start === SEARCH || start.startsWith(NOTIFY)) return Probe.yes;
  return start.startsWith(RESPONSE) && /\r\nusn:/i.test(latin1(bytes, at, Math.min(end, at + messageBytesMax))) ? Probe.yes : Probe.no;
}

/** Reads SSDP: an event for each message. */
export class SsdpParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    const [line, ...headers] = looseText(bytes, at, Math.min(end, at + messageBytesMax)).split(/\r?\n/) as [string, ...string[]];
    const type = line.startsWith(SEARCH) ? "search" : line.startsWith(NOTIFY) ? "notify" : line.startsWith("HTTP/1") ? "response" : "";
    if (type === "") {
      this.#context.anomaly(side, "malformed_data");
      return FAILED;
    }
    const fields: Transaction = { type };
    for (const header of headers) tell(fields, header);
    this.#context.emit("ssdp", side, this.#transactions++, fields);
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}

function tell(fields: Transaction, header: string): void {
  const colon = header.indexOf(":");
  if (colon < 1) return;
  const name = header.slice(0, colon).trim().toLowerCase();
  const value = header.slice(colon + 1, colon + 1 + valueCharactersMax).trim();
  const member = Object.hasOwn(TOLD, name) ? TOLD[name] : undefined;
  if (member !== undefined) fields[member] ??= value;
  else if (name === "mx" && /^\d{1,9}$/.test(value)) fields["mx"] = Number(value);
}
