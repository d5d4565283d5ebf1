import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { HEADER_BYTES } from "./header.ts";
import { plausibleStart } from "./probe.ts";

/** Pieces of a stream that are thrown away while looking for the next message behind a gap. */
export const resyncPiecesMax = 256;

const LENGTH_BYTES = 2;

/** Where one side of a stream stands. */
class SideState {
  /** Bytes of the current message that the capture lacks or that are thrown away because of it. */
  skip = 0;
  /** Bytes that were shown but not taken, and how many the message needs in all (0: unknown). */
  shown = 0;
  needed = 0;
  /** True when the beginning of the next message has to be found again. */
  searching = false;
  pieces = 0;
}

/** Cuts a TCP stream into messages (RFC 1035 §4.2.2: two bytes of length before each), and goes on behind gaps. */
export class StreamFrames {
  /** Set by `next`: one past the message's last byte, -1 when it is not complete. */
  messageEnd = -1;
  /** True when a side never found back. */
  lost = false;
  readonly #sides: readonly [SideState, SideState] = [new SideState(), new SideState()];

  /** Where the next message of the side (its length) begins at or after `at`; what lies before it is done with. */
  next(side: Side, view: ByteView, at: number): number {
    const state = this.#sides[side];
    this.messageEnd = -1;
    let start = at + Math.min(state.skip, view.end - at);
    state.skip -= start - at;
    if (state.searching && start < view.end) {
      if (++state.pieces > resyncPiecesMax) this.lost = true;
      start = this.#search(state, view, start);
    }
    state.shown = view.end - start;
    state.needed = 0;
    if (state.searching || state.shown < LENGTH_BYTES) return start;
    const length = view.view.getUint16(start);
    state.needed = LENGTH_BYTES + length;
    if (length < HEADER_BYTES) {
      this.lost = true;
      return start;
    }
    if (state.shown >= state.needed) this.messageEnd = start + state.needed;
    return start;
  }

  /** The bytes that were shown and not taken are gone, and `bytes` behind them too. */
  gap(side: Side, bytes: number): void {
    const state = this.#sides[side];
    const behind = Math.max(state.skip, state.needed - state.shown);
    const inside = state.needed > 0 || state.skip > 0;
    state.shown = 0;
    state.needed = 0;
    if (inside && behind >= bytes) state.skip = behind - bytes;
    else {
      state.skip = 0;
      state.searching = true;
      state.pieces = 0;
    }
  }

  /** The first place in the piece where a message seems to begin; what may still become one is kept. */
  #search(state: SideState, view: ByteView, from: number): number {
    for (let at = from; at < view.end; at++) {
      const answer = plausibleStart(view, at);
      if (answer === Probe.no) continue;
      if (answer === Probe.yes) state.searching = false;
      return at;
    }
    return view.end;
  }
}
