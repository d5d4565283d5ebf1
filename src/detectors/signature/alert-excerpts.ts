import type { Transaction } from "#contract/parser.ts";
import { type AlertShows, bodyWords, showsBodies, showsPayload } from "./alert-shows.ts";
import type { Matched } from "./alert-teller.ts";
import type { Scene } from "./scene.ts";
import type { StreamExcerpt } from "./stream-excerpt.ts";

const NEWLINE = 10;
const RETURN = 13;

/** Members of an alert that show the traffic, with EVE's names. */
export class AlertExcerpts {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** `excerpt` is what the side has sent, when the match is about its stream. */
  members(shows: AlertShows, { isStream }: Matched, excerpt: StreamExcerpt | undefined): Transaction {
    const members: { [name: string]: unknown } = {};
    if (showsPayload(shows)) {
      const carried = isStream && excerpt !== undefined && excerpt.used > 0;
      const payload = carried ? excerpt.bytes.subarray(0, excerpt.used) : this.#payload(shows);
      if (payload !== undefined) {
        if (shows.payload) members["payload"] = payload.toBase64();
        if (shows.payloadPrintable) members["payload_printable"] = printable(payload);
        if (shows.payloadLength) members["payload_length"] = payload.length;
      }
      members["stream"] = isStream ? 1 : 0;
    }
    if (shows.packet) Object.assign(members, this.#packet());
    return members;
  }

  /** The `http` object with the bodies that have come. */
  withBodies(shows: AlertShows, http: Transaction, { transaction }: Matched): Transaction {
    if (transaction === undefined || !showsBodies(shows)) return http;
    const told: { [name: string]: unknown } = { ...http };
    for (const [side, word] of bodyWords.entries()) {
      const bytes = transaction
        .side(side as 0 | 1)
        .valuesOf(word)?.[0]
        ?.bytes?.subarray(0, shows.bytesMax);
      if (bytes === undefined || bytes.length === 0) continue;
      const name = word.replace(".", "_");
      if (shows.httpBody) told[name] = bytes.toBase64();
      if (shows.httpBodyPrintable) told[`${name}_printable`] = printable(bytes);
    }
    return told;
  }

  /** What the packet carries. */
  #payload({ bytesMax }: AlertShows): Uint8Array | undefined {
    const { block, rows, row } = this.#scene;
    if (block === undefined || rows === undefined) return undefined;
    const length = Math.min(rows.payloadBytes[row] as number, bytesMax);
    const from = rows.payload[row] as number;
    return length > 0 ? block.bytes.subarray(from, from + length) : undefined;
  }

  /** The frame as it was captured. */
  #packet(): { packet?: string; packet_info?: Transaction } {
    const { block, rows, row } = this.#scene;
    if (block === undefined || rows === undefined) return {};
    const frame = rows.frame[row] as number;
    const from = block.offset[frame] as number;
    const bytes = block.bytes.subarray(from, from + (block.captured[frame] as number));
    return { packet: bytes.toBase64(), packet_info: { linktype: block.linkType[frame] } };
  }
}

/** Text with dots for what cannot be shown; ends of lines stay. */
function printable(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += (byte >= 0x20 && byte < 0x7f) || byte === NEWLINE || byte === RETURN ? String.fromCharCode(byte) : ".";
  return text;
}
