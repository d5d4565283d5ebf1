import type { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, type Parser, Probe, type Side } from "./parser.ts";

/** Answer of `lengthOf`: the bytes are too few to know the message's length. */
export const LENGTH_UNKNOWN = 0;

/** What is remembered of one side. */
interface SideState {
  /** Bytes of a message already told that are still to come. */
  skip: number;
  /** Length of the message that waits for more, and how much of it was there; 0 when unknown. */
  length: number;
  have: number;
  /** True behind a gap, until a message's beginning was recognised. */
  lost: boolean;
}
const fresh = (): SideState => ({ skip: 0, length: 0, have: 0, lost: false });

/**
 * A parser of a stream whose messages tell their length: cuts both sides into messages, shows of each at most its
 * first `headBytesMax` bytes, and passes over the rest, so that a message of any length costs no memory. A gap inside a
 * message that was long enough to be passed over is no loss; behind another gap `resumes` says whether a message begins.
 */
export abstract class FramedParser implements Parser {
  readonly #sides: readonly [SideState, SideState] = [fresh(), fresh()];
  readonly #headBytesMax: number;
  /** Set by `leave`: this message is the last. */
  #left = false;

  constructor(headBytesMax: number) {
    this.#headBytesMax = headBytesMax;
  }

  /** Length of the message at `at` with its header; LENGTH_UNKNOWN when the bytes do not say yet; FAILED or FINISHED. */
  protected abstract lengthOf(side: Side, view: ByteView, at: number): number;
  /**
   * One message: its first bytes `[at, end)`, all when it has `length` bytes. Returns FAILED or FINISHED to stop,
   * anything else to go on.
   */
  protected abstract message(side: Side, view: ByteView, at: number, end: number, length: number): number;

  /** Whether a message begins at `at`, behind a gap. */
  protected resumes(_side: Side, _view: ByteView, _at: number): Probe {
    return Probe.no;
  }

  /** Called when a gap was no message's known rest: what waits for an answer may wait in vain. */
  protected onLost(_side: Side): void {}

  /** For a message after which the connection is handed over: nothing behind it is read. */
  protected leave(): void {
    this.#left = true;
  }

  data(side: Side, view: ByteView): number {
    const state = this.#sides[side];
    let at = view.at;
    for (;;) {
      const skipped = Math.min(state.skip, view.end - at);
      state.skip -= skipped;
      at += skipped;
      if (at >= view.end) return at - view.at;
      if (state.lost) {
        const answer = this.resumes(side, view, at);
        if (answer === Probe.more) return at - view.at;
        if (answer !== Probe.yes) return FAILED;
        state.lost = false;
      }
      const length = this.lengthOf(side, view, at);
      if (length === FAILED || length === FINISHED) return length;
      const shown = Math.min(length, this.#headBytesMax);
      state.length = length;
      state.have = view.end - at;
      if (length <= 0 || state.have < shown) return at - view.at;
      const end = at + shown;
      const answer = this.message(side, view, at, end, length);
      if (answer === FAILED || answer === FINISHED) return answer;
      state.skip = length - shown;
      state.length = 0;
      at = end;
      if (this.#left) return at - view.at;
    }
  }

  gap(side: Side, bytes: number): boolean {
    const state = this.#sides[side];
    if (bytes <= state.skip) {
      state.skip -= bytes;
      return true;
    }
    // What waited is gone with the gap; only the end of its message is known.
    const rest = state.length - state.have - bytes;
    const known = state.skip === 0 && state.length > 0 && rest >= 0;
    state.skip = known ? rest : 0;
    state.lost = !known;
    state.length = 0;
    if (!known) this.onLost(side);
    return true;
  }

  end(): void {}
}
