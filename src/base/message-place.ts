import type { ByteView } from "./bytes.ts";

/**
 * Where one side of a stream stands between messages whose headers tell their lengths: what is left to pass over, and
 * how much of an unfinished message was seen, so that bytes that the capture lacks inside a message cost only that one.
 */
export class MessagePlace {
  /** Bytes to pass over before the next message. */
  #left = 0;
  /** Bytes seen of the message that waits for its end, and its length; 0 when it is unknown. */
  #seen = 0;
  #length = 0;

  /** Called first with each view: returns where the next message begins, `view.end` when it is not there yet. */
  enter(view: ByteView): number {
    this.#seen = 0;
    this.#length = 0;
    return this.skip(view, view.at, this.#left);
  }

  /** Passes over `bytes` from `at` on, those too that are still to come; returns where what follows begins. */
  skip(view: ByteView, at: number, bytes: number): number {
    const stop = Math.min(view.end, at + bytes);
    this.#left = at + bytes - stop;
    return stop;
  }

  /** The message at `at` is not whole: returns how many bytes were consumed before it. `length` is 0 when unknown. */
  wait(view: ByteView, at: number, length: number): number {
    this.#seen = view.end - at;
    this.#length = length;
    return at - view.at;
  }

  /** `bytes` are missing. Returns false when it is not known where the next message begins. */
  gap(bytes: number): boolean {
    const left = (this.#length > 0 ? this.#length - this.#seen : this.#left) - bytes;
    this.#seen = 0;
    this.#length = 0;
    this.#left = Math.max(0, left);
    return left >= 0;
  }
}
