import { HEADER_BYTES } from "./recording-file.ts";

/** Link types that are recorded at once, each in files of its own; frames of further ones are lost. */
const seriesMax = 8;

const LOCK = 0;
const NEWS = 1;
const STOP = 2;
const FAILED = 3;
/** Words of all; then for each series: link type + 1, ticket, whether its next frames begin a file. */
const WORDS = 8;
const SERIES_WORDS = 4;
const KIND = 0;
const TICKET = 1;
const ROTATE = 2;
/** Doubles: frames lost by the writer; then for each series: start of the file (µs), packets, bytes. */
const LOST = 0;
const DOUBLES = 2;
const SERIES_DOUBLES = 4;
const START = 0;
const PACKETS = 1;
const BYTES = 2;

const DOUBLES_AT = (WORDS + seriesMax * SERIES_WORDS) * 4;
const MEMORY_BYTES = DOUBLES_AT + (DOUBLES + seriesMax * SERIES_DOUBLES) * 8;

export interface RecordingLimits {
  /** Size at which a file is full. */
  readonly fileBytesMax: number;
  /** Packet time that a file spans at most, s. */
  readonly fileSeconds: number;
}

/** A place that was reserved for the frames of one block. */
export interface Reservation {
  series: number;
  /** Its turn among the series' blocks. */
  ticket: number;
  start: number;
  /** Number of the block's first frame in the file, from 1. */
  first: number;
}

/**
 * What the threads of a recording agree on: which file is being filled, how many packets it has, and whose turn it is.
 * Numbers are changed under a lock that is held for some additions; whoever reserves a place has to publish the chunk.
 */
export class RecordingPlan {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #limits: RecordingLimits;

  constructor(memory: SharedArrayBuffer, limits: RecordingLimits) {
    this.#words = new Int32Array(memory, 0, DOUBLES_AT / 4);
    this.#doubles = new Float64Array(memory, DOUBLES_AT);
    this.#limits = limits;
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(MEMORY_BYTES);
  }

  /** Reserves room for a block whose first frame has `time` (µs); false when there are too many link types. */
  reserve(linkType: number, time: number, frames: number, bytes: number, into: Reservation): boolean {
    this.#lock();
    const series = this.#seriesOf(linkType);
    if (series >= 0) this.#place(series, time, frames, bytes, into);
    this.#unlock();
    return series >= 0;
  }

  #seriesOf(linkType: number): number {
    for (let series = 0; series < seriesMax; series++) {
      const word = WORDS + series * SERIES_WORDS;
      const kind = this.#words[word + KIND] as number;
      if (kind === linkType + 1) return series;
      if (kind !== 0) continue;
      this.#words[word + KIND] = linkType + 1;
      this.#words[word + ROTATE] = 1;
      return series;
    }
    return -1;
  }

  #place(series: number, time: number, frames: number, bytes: number, into: Reservation): void {
    const word = WORDS + series * SERIES_WORDS;
    const double = DOUBLES + series * SERIES_DOUBLES;
    const words = this.#words;
    const doubles = this.#doubles;
    const start = doubles[double + START] as number;
    const isFull = (doubles[double + BYTES] as number) + bytes > this.#limits.fileBytesMax;
    if (words[word + ROTATE] === 1 || isFull || time - start >= this.#limits.fileSeconds * 1e6) {
      words[word + ROTATE] = 0;
      // Two files never have the same name.
      doubles[double + START] = Math.max(time, start + 1);
      doubles[double + PACKETS] = 0;
      doubles[double + BYTES] = HEADER_BYTES;
    }
    into.series = series;
    into.ticket = words[word + TICKET] as number;
    into.start = doubles[double + START] as number;
    into.first = (doubles[double + PACKETS] as number) + 1;
    words[word + TICKET] = (into.ticket + 1) | 0;
    doubles[double + PACKETS] = into.first - 1 + frames;
    doubles[double + BYTES] = (doubles[double + BYTES] as number) + bytes;
  }

  /** Writer: what comes next of the series begins another file; nothing is recorded until `retry`. */
  fail(series: number): void {
    this.#lock();
    this.#words[WORDS + series * SERIES_WORDS + ROTATE] = 1;
    this.#unlock();
    Atomics.store(this.#words, FAILED, 1);
  }

  retry(): void {
    Atomics.store(this.#words, FAILED, 0);
  }

  get hasFailed(): boolean {
    return Atomics.load(this.#words, FAILED) !== 0;
  }

  /** Writer: frames of a chunk could not be written. */
  lose(frames: number): void {
    this.#doubles[LOST] = (this.#doubles[LOST] as number) + frames;
  }

  get lost(): number {
    return this.#doubles[LOST] as number;
  }

  /** A chunk is there. */
  tell(): void {
    Atomics.add(this.#words, NEWS, 1);
    Atomics.notify(this.#words, NEWS);
  }

  /** Number of chunks that were told; for `wait`. */
  get news(): number {
    return Atomics.load(this.#words, NEWS);
  }

  /** Writer: blocks until more than `news` chunks were told, or so many milliseconds have passed. */
  wait(news: number, milliseconds: number): void {
    Atomics.wait(this.#words, NEWS, news, milliseconds);
  }

  /** Nothing more will come. */
  stop(): void {
    Atomics.store(this.#words, STOP, 1);
    this.tell();
  }

  get hasStopped(): boolean {
    return Atomics.load(this.#words, STOP) !== 0;
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#words, LOCK, 0, 1) !== 0) Atomics.wait(this.#words, LOCK, 1, 1);
  }

  #unlock(): void {
    Atomics.store(this.#words, LOCK, 0);
    Atomics.notify(this.#words, LOCK, 1);
  }
}
