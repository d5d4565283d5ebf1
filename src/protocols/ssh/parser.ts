import { type ByteView, latin1 } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { agreed, hassh, hostKey, type Offer, readOffer } from "./key-exchange.ts";

/** RFC 4253 §4.2: a greeting with its line end; what is longer is cut. */
export const greetingBytesMax = 255;
/** A line that takes longer than this is no greeting. */
const lineBytesMax = 2048;
/** Lines that a server may send before its greeting. */
const linesBeforeMax = 32;
/** Longest packet that is read in clear; RFC 4253 §6.1 asks for 35,000. */
const packetBytesMax = 65_536;
/** Packets in clear of one side before the new keys. */
const clearPacketsMax = 32;

const KEXINIT = 20;
const NEWKEYS = 21;
/** KEXDH_REPLY, KEX_ECDH_REPLY; with group exchange the reply is 33. */
const KEX_REPLY = 31;
const GEX_REPLY = 33;

/** `SSH-`: all greetings begin so. */
const MAGIC = [0x53, 0x53, 0x48, 0x2d];

/** `SSH-` and a digit. */
export function probe(_side: Side, { bytes, at, end }: ByteView): Probe {
  for (let i = 0; i < 4; i++) {
    if (at + i >= end) return Probe.more;
    if (bytes[at + i] !== MAGIC[i]) return Probe.no;
  }
  if (at + 4 >= end) return Probe.more;
  const digit = bytes[at + 4] as number;
  return digit >= 0x30 && digit <= 0x39 ? Probe.yes : Probe.no;
}

interface SideState {
  phase: "greeting" | "packets" | "encrypted" | "lost";
  /** Members of the event, once the greeting was seen. */
  told: Transaction | undefined;
  version: string;
  offer: Offer | undefined;
  packets: number;
  linesBefore: number;
  /** Bytes of the line at hand that were searched already. */
  searched: number;
}
const newSide = (): SideState => ({
  phase: "greeting",
  told: undefined,
  version: "",
  offer: undefined,
  packets: 0,
  linesBefore: 0,
  searched: 0,
});

/** Reads both greetings and the key exchange; one event when both sides have new keys, or at the end. */
export class SshParser implements Parser {
  readonly #context: ParserContext;
  readonly #sides: readonly [SideState, SideState] = [newSide(), newSide()];
  #hostKey: string | undefined;
  #emitted = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const state = this.#sides[side];
    let at = view.at;
    while (at < view.end && (state.phase === "greeting" || state.phase === "packets")) {
      const next = state.phase === "greeting" ? this.#greeting(side, state, view, at) : this.#packet(side, state, view, at);
      if (next === FAILED) return FAILED;
      if (next === at) return at - view.at;
      at = next;
    }
    if (!this.#complete()) return view.length;
    this.#tell(side);
    return FINISHED;
  }

  /** Where packets begin behind a gap cannot be known; greeting and offer of the side may be lost. */
  gap(side: Side): boolean {
    this.#sides[side].phase = "lost";
    return this.#sides.some(({ phase }) => phase === "greeting" || phase === "packets");
  }

  end(): void {
    if (this.#sides[0].told !== undefined || this.#sides[1].told !== undefined) this.#tell(0);
  }

  /** True when neither side will say more in clear that we read. */
  #complete(): boolean {
    const [client, server] = this.#sides;
    if (client.phase !== "greeting" && server.phase !== "greeting") {
      // SSH-1 has other packets: when either side speaks nothing newer, the greetings are all.
      if (isOld(client.version) || isOld(server.version)) return true;
    }
    return [client, server].every(({ phase }) => phase === "encrypted" || phase === "lost");
  }

  /** Reads a line; returns where the next begins, `from` when it is not whole. */
  #greeting(side: Side, state: SideState, view: ByteView, from: number): number {
    const { bytes, end } = view;
    let stop = from + state.searched;
    while (stop < end && bytes[stop] !== 0x0a) stop++;
    if (stop === end) {
      state.searched = end - from;
      if (end - from <= lineBytesMax) return from;
      this.#context.anomaly(side, "invalid_banner");
      return FAILED;
    }
    state.searched = 0;
    const text = stop > from && bytes[stop - 1] === 0x0d ? stop - 1 : stop;
    if (text - from >= 4 && latin1(bytes, from, from + 4) === "SSH-") {
      if (stop + 1 - from > greetingBytesMax) this.#context.anomaly(side, "long_banner");
      return this.#read(side, state, looseText(bytes, from, Math.min(text, from + greetingBytesMax))) ? stop + 1 : FAILED;
    }
    if (side === 0 || ++state.linesBefore > linesBeforeMax) {
      this.#context.anomaly(side, "invalid_banner");
      return FAILED;
    }
    return stop + 1;
  }

  #read(side: Side, state: SideState, line: string): boolean {
    // SSH-protoversion-softwareversion SP comments; the software may hold further hyphens though it should not.
    const parts = /^SSH-([^-\s]*)-([^ ]*)(?: (.*))?$/s.exec(line);
    if (parts === null) {
      this.#context.anomaly(side, "invalid_banner");
      return false;
    }
    state.version = parts[1] as string;
    state.told = { proto_version: state.version, software_version: parts[2] as string };
    if (parts[3]) state.told["comments"] = parts[3];
    state.phase = "packets";
    return true;
  }

  /** Reads one packet (RFC 4253 §6); returns where the next begins, `from` when it is not whole. */
  #packet(side: Side, state: SideState, view: ByteView, from: number): number {
    if (this.#complete()) return view.end;
    const { end } = view;
    if (from + 6 > end) return from;
    const length = view.view.getUint32(from);
    const padding = view.view.getUint8(from + 4);
    if (length < padding + 2 || length > packetBytesMax || state.packets === clearPacketsMax) {
      // Bytes that are encrypted already, or never were SSH.
      this.#context.anomaly(side, "invalid_record");
      state.phase = "lost";
      return end;
    }
    const stop = from + 4 + length;
    if (stop > end) return from;
    state.packets++;
    this.#message(side, state, view, from + 5, stop - padding);
    return stop;
  }

  #message(side: Side, state: SideState, { bytes, view }: ByteView, at: number, end: number): void {
    const message = bytes[at] as number;
    const { platform } = this.#context;
    if (message === NEWKEYS) state.phase = "encrypted";
    else if (message === KEXINIT && state.offer === undefined) {
      state.offer = readOffer(bytes, view, at, end);
      if (state.offer === undefined) this.#context.anomaly(side, "invalid_record");
      else if (state.told !== undefined) state.told["hassh"] = hassh(state.offer, side, platform);
    } else if (side === 1 && (message === KEX_REPLY || message === GEX_REPLY) && this.#hostKey === undefined)
      this.#hostKey = hostKey(bytes, view, at, end, platform);
  }

  #tell(side: Side): void {
    if (this.#emitted) return;
    this.#emitted = true;
    const [client, server] = this.#sides;
    const fields: Transaction = {};
    if (client.told !== undefined) fields["client"] = client.told;
    if (server.told !== undefined) fields["server"] = server.told;
    if (client.offer !== undefined && server.offer !== undefined) Object.assign(fields, agreed(client.offer, server.offer));
    if (this.#hostKey !== undefined) fields["host_key"] = this.#hostKey;
    this.#context.emit("ssh", side, 0, fields);
  }
}

/** SSH-1; 1.99 speaks both. */
const isOld = (version: string): boolean => version.startsWith("1.") && version !== "1.99";
