import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, Side } from "#contract/parser.ts";
import { place, placeBytes } from "./messages.ts";

/** Destinations of one flow that are told. */
export const placesMax = 64;

/** Reads datagrams through a proxy (RFC 1928 §7): one event for each destination. */
export class SocksDatagrams implements Parser {
  readonly #context: ParserContext;
  readonly #told = new Set<string>();

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, { bytes, view, at, end }: ByteView): number {
    const length = end - at >= 5 ? placeBytes(bytes, at + 3, end) : 0;
    if (length <= 0 || end - at < 3 + length || bytes[at] !== 0 || bytes[at + 1] !== 0) return FAILED;
    if (side !== Side.toServer || this.#told.size >= placesMax) return end - at;
    const { host, port } = place(view, bytes, at + 3);
    const name = `${host} ${port}`;
    if (this.#told.has(name)) return end - at;
    this.#told.add(name);
    const fields = { version: 5, command: "udp_associate", request_host: host, request_port: port };
    this.#context.emit("socks", side, this.#told.size - 1, fields);
    return end - at;
  }

  gap(): boolean {
    return false;
  }

  end(): void {
    this.#told.clear();
  }
}
