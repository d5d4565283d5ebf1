import { ipv4Text } from "#base/address.ts";
import type { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { colons, readOptions } from "./options.ts";

/** RFC 2131 §2: op, htype, hlen … ciaddr, yiaddr, siaddr, giaddr, chaddr, sname, file, then RFC 2132's cookie. */
const ID = 4;
const CLIENT = 12;
const ASSIGNED = 16;
const NEXT_SERVER = 20;
const RELAY = 24;
const HARDWARE = 28;
const SERVER_NAME = 44;
const FILE = 108;
const COOKIE = 236;
const OPTIONS = 240;
const MAGIC = 0x63825363;

/** The cookie at its place, behind a request or reply of a plausible hardware kind. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  const op = bytes[at];
  if ((op !== 1 && op !== 2) || end - at < OPTIONS) return Probe.no;
  return view.getUint32(at + COOKIE) === MAGIC && (bytes[at + 2] as number) <= 16 ? Probe.yes : Probe.no;
}

/** Reads DHCP: an event for each message. */
export class DhcpParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, view, at, end } = window;
    if (end - at < OPTIONS || view.getUint32(at + COOKIE) !== MAGIC) {
      this.#context.anomaly(side, "malformed_data");
      return FAILED;
    }
    const isReply = bytes[at] === 2;
    const address = (offset: number): string => ipv4Text(view.getUint32(at + offset));
    const fields: Transaction = {
      type: isReply ? "reply" : "request",
      id: view.getUint32(at + ID),
      client_mac: colons(bytes, at + HARDWARE, at + HARDWARE + Math.min(16, bytes[at + 2] as number)),
      assigned_ip: address(ASSIGNED),
      client_ip: address(CLIENT),
    };
    if (isReply) {
      fields["relay_ip"] = address(RELAY);
      fields["next_server_ip"] = address(NEXT_SERVER);
    }
    const first = readOptions(fields, window, at + OPTIONS, end);
    let sound = first.sound;
    // RFC 2132 §9.3: options go on in the fields for the boot file (bit 0) and the server's name (bit 1).
    if ((first.overload & 1) !== 0) sound = readOptions(fields, window, at + FILE, at + COOKIE).sound && sound;
    else if (bytes[at + FILE] !== 0) fields["boot_file"] ??= stringField(bytes, at + FILE, at + COOKIE);
    if ((first.overload & 2) !== 0) sound = readOptions(fields, window, at + SERVER_NAME, at + FILE).sound && sound;
    if (!sound) this.#context.anomaly(side, "truncated_options");
    this.#context.emit("dhcp", side, this.#transactions++, fields);
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}

/** Text up to its zero byte. */
function stringField(bytes: Uint8Array, at: number, end: number): string {
  let stop = at;
  while (stop < end && bytes[stop] !== 0) stop++;
  return looseText(bytes, at, stop);
}
