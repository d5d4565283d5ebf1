import type { Random } from "#base/random.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import { other, type Path, Side } from "./endpoint.ts";
import type { FrameBuffer, Trace } from "./frame-buffer.ts";
import { dataWindow, synOptions, synWindow } from "./tcp-habits.ts";
import { Flag, type SegmentHeader, writeSegment } from "./tcp-segment.ts";

export interface TcpSettings {
  readonly clientPort: number;
  readonly serverPort: number;
  /** Time between a packet to the client passing the tap and the client's answer passing it, µs; then the server's. */
  readonly lag: readonly [number, number];
  /** Time between two segments sent in one go, µs: 12 is 1 Gbit/s. */
  readonly spacing: number;
  /** Share of data segments that get lost and are sent again. */
  readonly loss: number;
}

/** What frames need: where they go, the clock, and whom they count for. */
export interface Outlet {
  readonly frames: FrameBuffer;
  readonly now: number;
}

const WINDOW_FIRST = 10;
const WINDOW_MAX = 44;
/** Answers faster than this come between the segments of a burst. */
const PROMPT = 2_000;
const DELAYED_ACK = 40_000;
const nothing = new Uint8Array(0);

/** One TCP connection, both sides of it, as a tap sees them: RFC 9293 with delayed ACKs and slow start. */
export class TcpConnection {
  readonly settings: TcpSettings;
  readonly #outlet: Outlet;
  readonly #path: Path;
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #next: [number, number];
  /** What each side has acknowledged of the other's bytes. */
  readonly #acknowledged: [number, number] = [0, 0];
  readonly #stampBase: readonly [number, number];
  readonly #stamp: [number, number] = [0, 0];
  readonly #stamped: boolean;
  readonly #segmentBytes: number;
  readonly #window: [number, number] = [WINDOW_FIRST, WINDOW_FIRST];
  #last: Side = Side.client;
  readonly #head: SegmentHeader;

  constructor(outlet: Outlet, path: Path, trace: Trace, random: Random, settings: TcpSettings) {
    this.#outlet = outlet;
    this.#path = path;
    this.#trace = trace;
    this.#random = random;
    this.settings = settings;
    this.#next = [random.uint32(), random.uint32()];
    this.#stampBase = [random.uint32(), random.uint32()];
    this.#stamped = path.ends[0].system !== "windows" && path.ends[1].system !== "windows";
    this.#segmentBytes = (path.version === 4 ? 1460 : 1440) - (this.#stamped ? 12 : 0);
    const { clientPort: fromPort, serverPort: toPort } = settings;
    this.#head = {
      fromPort,
      toPort,
      sequence: 0,
      acknowledged: 0,
      flags: 0,
      window: 0,
      options: nothing,
      stamped: false,
      stamp: 0,
      echo: 0,
    };
  }

  /** The handshake. */
  *open(): Process {
    this.knock();
    yield this.#lag(Side.server);
    this.accept();
    yield this.#lag(Side.client);
    this.#acknowledge(Side.client);
  }

  /** The SYN alone. */
  knock(): void {
    this.#emit(Side.client, Flag.syn, nothing, 0, 0);
  }

  /** The SYN/ACK alone. */
  accept(): void {
    this.#emit(Side.server, Flag.syn | Flag.ack, nothing, 0, 0);
  }

  /** A SYN and the refusal of it. */
  *refused(): Process {
    this.knock();
    yield this.#lag(Side.server);
    this.#emit(Side.server, Flag.rst | Flag.ack, nothing, 0, 0);
  }

  /** Sends bytes, all of them acknowledged at the end but for the last, whose ACK may ride on the answer. */
  *send(side: Side, bytes: Uint8Array): Process {
    if (this.#last !== side) yield this.#lag(side);
    const prompt = this.settings.lag[other(side)] < PROMPT;
    let at = 0;
    while (at < bytes.length) {
      const left = Math.ceil((bytes.length - at) / this.#segmentBytes);
      const count = Math.min(left, this.#window[side]);
      const lost = count > 3 && this.#random.chance(this.settings.loss * count) ? this.#random.between(1, count - 2) : -1;
      const from = at;
      at = lost < 0 ? yield* this.#burst(side, bytes, at, count, prompt) : yield* this.#lossyBurst(side, bytes, from, count, lost);
      this.#window[side] = Math.min(WINDOW_MAX, this.#window[side] * 2);
      if (lost >= 0 || (!prompt && (count > 1 || this.#random.chance(0.5)))) {
        yield this.#lag(other(side));
        this.#acknowledge(other(side));
      }
      if (at < bytes.length) yield prompt ? this.#lag(side) : this.settings.spacing * 4;
    }
  }

  /** Waits between two messages; what was not acknowledged yet is, as a delayed ACK (RFC 9293 3.8.6.3). */
  *pause(duration: number): Process {
    const receiver = other(this.#last);
    if (this.#acknowledged[receiver] === this.#next[this.#last]) {
      yield duration;
      return;
    }
    const delay = Math.min(DELAYED_ACK, duration);
    yield delay;
    this.#acknowledge(receiver);
    yield duration - delay;
  }

  /** An orderly end; `first` is the side that begins it. */
  *close(first: Side = Side.client): Process {
    const second = other(first);
    yield this.#lag(first);
    this.#emit(first, Flag.fin | Flag.ack, nothing, 0, 0);
    yield this.#lag(second);
    if (this.#random.chance(0.4)) {
      this.#acknowledge(second);
      yield this.#random.between(50, 2_000);
    }
    this.#emit(second, Flag.fin | Flag.ack, nothing, 0, 0);
    yield this.#lag(first);
    this.#acknowledge(first);
  }

  /** One side gives up. */
  reset(side: Side): void {
    this.#emit(side, this.#random.chance(0.5) ? Flag.rst : Flag.rst | Flag.ack, nothing, 0, 0);
  }

  *#burst(side: Side, bytes: Uint8Array, from: number, count: number, prompt: boolean): Process<number> {
    let at = from;
    for (let i = 0; i < count; i++) {
      const to = Math.min(bytes.length, at + this.#segmentBytes);
      this.#emit(side, to === bytes.length ? Flag.psh | Flag.ack : Flag.ack, bytes, at, to);
      at = to;
      if (i + 1 < count) yield this.settings.spacing;
      if (prompt && i % 2 === 1) {
        yield this.#lag(other(side)) / 4;
        this.#acknowledge(other(side));
      }
    }
    return at;
  }

  /** A burst of which segment `lost` does not arrive: ACKs that repeat themselves, then the segment again (RFC 5681 3.2). */
  *#lossyBurst(side: Side, bytes: Uint8Array, from: number, count: number, lost: number): Process<number> {
    const receiver = other(side);
    let at = from;
    let missing = 0;
    let sequence = 0;
    for (let i = 0; i < count; i++) {
      const to = Math.min(bytes.length, at + this.#segmentBytes);
      if (i === lost) {
        missing = at;
        sequence = this.#next[side];
        this.#acknowledge(receiver);
      }
      // Lost before the tap: it is seen once, late.
      if (i !== lost) this.#emit(side, to === bytes.length ? Flag.psh | Flag.ack : Flag.ack, bytes, at, to);
      else this.#next[side] = (sequence + to - at) >>> 0;
      at = to;
      yield this.settings.spacing;
      if (i > lost) {
        yield this.#lag(receiver) / 8;
        this.#emitAck(receiver, sequence);
      }
    }
    yield this.#lag(side);
    const end = this.#next[side];
    this.#next[side] = sequence;
    this.#emit(side, Flag.ack, bytes, missing, Math.min(bytes.length, missing + this.#segmentBytes));
    this.#next[side] = end;
    return at;
  }

  #lag(side: Side): number {
    const lag = this.settings.lag[side];
    return lag * (0.9 + 0.3 * this.#random.unit());
  }

  #acknowledge(side: Side): void {
    if (this.#acknowledged[side] !== this.#next[other(side)]) this.#emitAck(side, this.#next[other(side)]);
  }

  #emitAck(side: Side, acknowledged: number): void {
    const whole = this.#next[other(side)];
    this.#next[other(side)] = acknowledged;
    this.#emit(side, Flag.ack, nothing, 0, 0);
    this.#next[other(side)] = whole;
  }

  #emit(side: Side, flags: number, bytes: Uint8Array, from: number, to: number): void {
    const { settings } = this;
    const head = this.#head;
    const { now, frames } = this.#outlet;
    const syn = (flags & Flag.syn) !== 0;
    const client = side === Side.client;
    head.fromPort = client ? settings.clientPort : settings.serverPort;
    head.toPort = client ? settings.serverPort : settings.clientPort;
    head.sequence = this.#next[side];
    head.flags = flags;
    head.acknowledged = (flags & Flag.ack) === 0 ? 0 : this.#next[other(side)];
    const reset = (flags & Flag.rst) !== 0;
    head.stamped = this.#stamped && !syn && !reset;
    this.#stamp[side] = (this.#stampBase[side] + Math.floor(now / 1000)) >>> 0;
    head.stamp = this.#stamp[side];
    head.echo = this.#stamp[other(side)];
    const { system } = this.#path.ends[side];
    const answer = syn && !client ? this.#path.ends[Side.client].system : undefined;
    head.options = syn ? synOptions(system, this.#path.version, head.stamp, answer === undefined ? 0 : head.echo, answer) : nothing;
    head.window = reset ? 0 : syn ? synWindow(system) : dataWindow(system);
    frames.commit(writeSegment(frames, this.#path, side, head, bytes, from, to), this.#trace, now);
    this.#next[side] = (this.#next[side] + to - from + ((flags & (Flag.syn | Flag.fin)) === 0 ? 0 : 1)) >>> 0;
    if ((flags & Flag.ack) !== 0) this.#acknowledged[side] = head.acknowledged;
    if (to > from) this.#last = side;
  }
}
