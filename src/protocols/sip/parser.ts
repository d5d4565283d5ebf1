import { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { readHead } from "./head.ts";
import { isKeepAlive, probe } from "./probe.ts";
import { readDescription } from "./sdp.ts";

/** Longest head, bytes. */
const headBytesMax = 32_768;
/** Longest session description that is read, bytes. */
const descriptionBytesMax = 16_384;
const LF = 10;
const CR = 13;

/** What is remembered of one side of a stream. */
interface SideState {
  /** Bytes of a body still to come. */
  skip: number;
  /** Bytes in which no head's end was found. */
  searched: number;
  /** True behind a gap, until a message begins. */
  lost: boolean;
}
const fresh = (): SideState => ({ skip: 0, searched: 0, lost: false });

/**
 * Reads SIP over datagrams or a stream: a `sip` event for each message, and an announcement of the media flows that its
 * session description promises. A sender takes media at its own address; when the description names another host, the
 * announcement fits no flow.
 */
export class SipParser implements Parser {
  readonly #context: ParserContext;
  readonly #sides: readonly [SideState, SideState] = [fresh(), fresh()];
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    return this.#context.transport === "tcp" ? this.#stream(side, view) : this.#datagram(side, view);
  }

  gap(side: Side, bytes: number): boolean {
    const state = this.#sides[side];
    state.lost = bytes > state.skip;
    state.skip = Math.max(0, state.skip - bytes);
    state.searched = 0;
    return true;
  }

  end(): void {}

  #datagram(side: Side, view: ByteView): number {
    const { at, end, bytes } = view;
    if (isKeepAlive(view)) return 0;
    // Empty lines in front of a message keep the way open too.
    let start = at;
    while (start < end && (bytes[start] === CR || bytes[start] === LF || bytes[start] === 0)) start++;
    if (start === end) return view.length;
    const found = headEnd(view, start, start);
    const body = found < 0 ? end : found;
    const told = readHead(looseText(bytes, start, Math.min(body, start + headBytesMax)));
    if (told === undefined) {
      this.#context.anomaly(side, "invalid_data");
      return FAILED;
    }
    if (found < 0) this.#context.anomaly(side, "incomplete_data", "the head has no end");
    const length = told["content_length"] as number | undefined;
    this.#tell(side, told, view, body, length === undefined ? end : Math.min(end, body + length));
    return view.length;
  }

  #stream(side: Side, view: ByteView): number {
    const state = this.#sides[side];
    let at = view.at;
    for (;;) {
      const skipped = Math.min(state.skip, view.end - at);
      state.skip -= skipped;
      at += skipped;
      // Empty lines between messages (RFC 5626 §3.5.1).
      while (at < view.end && (view.bytes[at] === CR || view.bytes[at] === LF)) at++;
      if (at >= view.end) break;
      if (state.lost) {
        const answer = probe(side, new ByteView(view.bytes, view.view, at, view.end), true);
        if (answer !== Probe.yes) return answer === Probe.more ? at - view.at : FAILED;
        state.lost = false;
      }
      const next = this.#message(side, state, view, at);
      if (next === FAILED) return FAILED;
      if (next === at) break;
      at = next;
    }
    return at - view.at;
  }

  /** The message at `at`; returns where what was read of it ends, `at` when more is needed. */
  #message(side: Side, state: SideState, view: ByteView, at: number): number {
    const body = headEnd(view, at, at + Math.max(0, state.searched - 3));
    if (body < 0) {
      state.searched = view.end - at;
      if (state.searched <= headBytesMax) return at;
      this.#context.anomaly(side, "incomplete_data", "the head has no end");
      return FAILED;
    }
    const told = readHead(looseText(view.bytes, at, Math.min(body, at + headBytesMax)));
    if (told === undefined) {
      this.#context.anomaly(side, "invalid_data");
      return FAILED;
    }
    const length = (told["content_length"] as number | undefined) ?? 0;
    const read = isDescription(told) && length <= descriptionBytesMax ? length : 0;
    if (view.end - body < read) {
      state.searched = body - at;
      return at;
    }
    state.searched = 0;
    state.skip = length - read;
    this.#tell(side, told, view, body, body + read);
    return body + read;
  }

  #tell(side: Side, told: Transaction, { bytes }: ByteView, body: number, end: number): void {
    if (isDescription(told) && end > body) {
      const { told: description, ports } = readDescription(looseText(bytes, body, Math.min(end, body + descriptionBytesMax)));
      told["sdp"] = description;
      const listener = side === 0 ? "client" : "server";
      for (const { media, port, controlPort, secure, codecs } of ports) {
        const note = { media, codecs, ...(secure ? { secure } : {}), call_id: told["call_id"] };
        this.#context.expect({ transport: "udp", listener, port, protocol: "rtp", note });
        if (controlPort !== port) this.#context.expect({ transport: "udp", listener, port: controlPort, protocol: "rtcp", note });
      }
    }
    this.#context.emit("sip", side, this.#transactions++, told);
  }
}

const isDescription = (told: Transaction): boolean => /^application\/sdp\b/i.test((told["content_type"] as string | undefined) ?? "");

/** Where the body begins, behind the empty line; -1 when the line is not there. The search begins at `from`. */
function headEnd({ bytes, end }: ByteView, at: number, from: number): number {
  for (let feed = bytes.indexOf(LF, Math.max(at, from)); feed >= 0 && feed < end; feed = bytes.indexOf(LF, feed + 1)) {
    if (feed + 1 < end && bytes[feed + 1] === LF) return feed + 2;
    if (feed + 2 < end && bytes[feed + 1] === CR && bytes[feed + 2] === LF) return feed + 3;
  }
  return -1;
}
