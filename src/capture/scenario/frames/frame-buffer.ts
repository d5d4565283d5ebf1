import { assert } from "#base/assert.ts";

const bytesMax = 1 << 18;
const framesMax = 1024;
/** Shorter frames are padded on the wire (IEEE 802.3, without the check sequence). */
const frameBytesMin = 60;

/** Who a frame is from: the row of the truth that it counts for. */
export interface Trace {
  readonly actor: string;
  readonly label: "ordinary" | "attack";
  readonly client: string;
  readonly server: string;
  from: number;
  to: number;
  packets: number;
}

/**
 * Frames of one moment, on their way from the processes that make them to a block. Layers write into `view` from the
 * place that `open` returns; `commit` ends the frame. A process may make `framesMax` frames before it waits again.
 */
export class FrameBuffer {
  readonly bytes = new Uint8Array(bytesMax);
  readonly view = new DataView(this.bytes.buffer);
  readonly start = new Int32Array(framesMax);
  readonly length = new Int32Array(framesMax);
  /** Frames that wait. */
  count = 0;
  #used = 0;

  /** Where the next frame begins. */
  open(): number {
    assert(this.count < framesMax && this.#used + 2048 <= bytesMax, "a process waits before it has filled the frame buffer");
    return this.#used;
  }

  /** Ends the frame that `open` began at `end`. */
  commit(end: number, trace: Trace, time: number): void {
    const from = this.#used;
    let to = end;
    if (to - from < frameBytesMin) {
      this.bytes.fill(0, to, from + frameBytesMin);
      to = from + frameBytesMin;
    }
    this.start[this.count] = from;
    this.length[this.count] = to - from;
    this.count++;
    this.#used = to;
    if (trace.packets === 0) trace.from = time;
    trace.to = time;
    trace.packets++;
  }

  clear(): void {
    this.count = 0;
    this.#used = 0;
  }
}
