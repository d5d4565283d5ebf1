import { assert } from "#base/assert.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Damage, FrameBlock, Source, SourceCounters } from "#contract/source.ts";
import { Poll, SystemError, Waiter } from "#native/libc.ts";
import { type InterfaceFacts, interfaceFacts, PacketStatistics, takeSocketError } from "#native/packet-socket.ts";
import { missedFrames } from "./interfaces.ts";
import type { LiveBlock } from "./live-block.ts";
import type { RingOptions } from "./live-options.ts";
import { attachPort, closePort, letFramesIn, measurePort, openPort, openSocket, type PacketPort, shutFramesOut } from "./packet-port.ts";

/** Where a new packet socket comes from when the interface was made anew: the opener, usually. `undefined` for not now. */
export type Reopen = () => number | undefined;

/**
 * Live frames of one interface from a TPACKET_V3 ring of the Linux kernel, without a copy. Made in the thread that
 * reads it, because `next` blocks that thread for up to 50 ms while there is nothing to read. Once it is stopped, nothing more
 * comes in, and what stands in the ring is handed out first.
 *
 * The interface may go down, vanish and come back: that is told in `damage`, and looked after once a second.
 */
export class RingSource implements Source {
  readonly kind = "live";
  readonly totalBytes = undefined;
  readonly interfaces: readonly string[];
  readonly damage: Damage[] = [];
  readonly #options: RingOptions;
  readonly #reopen: Reopen;
  readonly #waitMs: number;
  readonly #waiter = new Waiter();
  readonly #statistics = new PacketStatistics();
  readonly #counters: SourceCounters = { frames: 0, bytes: 0, dropped: 0, missed: 0, freezes: 0, filtered: 0, damaged: 0 };
  #port: PacketPort | undefined;
  /** What the interface had lost when it was last asked. */
  #missed: number | undefined;
  #lent: LiveBlock | undefined;
  #lost: Loss | undefined;
  /** The port's ring is gone; only its block lives on. */
  #closed = false;
  #looked = 0;
  #stopped = false;
  /** Once stopped: until when the kernel may still hold back a block that was not full. */
  #drainsUntil: number | undefined;

  constructor(options: RingOptions, reopen?: Reopen) {
    this.#options = options;
    this.#reopen = reopen ?? (() => openSocket(options.interface));
    this.#waitMs = Math.min(options.waitMs ?? WAIT_MS, WAIT_MS);
    this.interfaces = [options.interface];
  }

  get name(): string {
    return this.#options.interface;
  }

  get readBytes(): number {
    return this.#counters.bytes;
  }

  /** Asks the kernel for what it dropped so far. */
  get counters(): SourceCounters {
    this.#readStatistics();
    return this.#counters;
  }

  /** Bytes of the ring, which may be fewer than were asked for; 0 before `start`. */
  get ringBytes(): number {
    return this.#port?.ringBytes ?? 0;
  }

  async start(): Promise<void> {
    this.#port = openPort(this.#options, this.#options.fd);
    this.#looked = Date.now();
    this.#readMissed();
    if (this.#port.ringBytes < this.#options.ringBytes) {
      this.#note(`the kernel had memory for a ring of ${this.#port.ringBytes} bytes only, ${this.#options.ringBytes} were asked for`);
    }
  }

  next(): Promise<FrameBlock | undefined> {
    return Promise.resolve(this.take());
  }

  /** As `next`, without a promise. */
  take(): FrameBlock | undefined {
    const port = this.#port;
    assert(this.#lent === undefined, "the block before was not released");
    if (port === undefined) return undefined;
    if (this.#hasStopped) return this.#isDrained(port) ? undefined : this.#lend(port);
    if (this.#closed) pause(this.#waitMs);
    else this.#await(port);
    if (Date.now() - this.#looked >= LOOK_MS) this.#lookAfter(port);
    // The look may have opened another port.
    return this.#lend(this.#port ?? port);
  }

  release(block: FrameBlock): void {
    assert(block === this.#lent, "a block that was not lent");
    this.#lent = undefined;
    if (block.count > 0) this.#port?.ring.giveBack();
  }

  stop(): void {
    this.#stopped = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    if (this.#port === undefined) return;
    this.#readStatistics();
    if (!this.#closed) closePort(this.#port);
    this.#port = undefined;
    this.#lent = undefined;
  }

  #await(port: PacketPort): void {
    if (port.gated) this.#openGate(port);
    if (port.ring.ready) return;
    const events = this.#waiter.wait(port.fd, port.gated ? GATE_MS : this.#waitMs);
    if ((events & Poll.error) !== 0) this.#meetTrouble(port);
  }

  /** Shuts the port at the first call, and waits for what has come in before. True when all of it was handed out. */
  #isDrained(port: PacketPort): boolean {
    if (this.#closed) return true;
    if (this.#drainsUntil === undefined) {
      shutFramesOut(port);
      this.#drainsUntil = Date.now() + 2 * this.#options.retireMs + WAIT_MS;
    }
    while (!port.ring.ready && Date.now() < this.#drainsUntil) this.#waiter.wait(port.fd, GATE_MS);
    return !port.ring.ready;
  }

  get #hasStopped(): boolean {
    const flag = this.#options.stopFlag;
    return this.#stopped || (flag !== undefined && Atomics.load(flag, 0) !== 0);
  }

  #lend(port: PacketPort): FrameBlock {
    const first = this.#counters.frames + 1;
    if (!this.#closed && port.ring.ready) {
      this.#counters.bytes += port.ring.fill(first);
      this.#counters.frames += port.ring.block.count;
      // A block without frames is the kernel's way to close one early.
      if (port.ring.block.count === 0) port.ring.giveBack();
    } else {
      port.ring.empty(first, this.#quietTime());
    }
    this.#lent = port.ring.block;
    return this.#lent;
  }

  /** Every frame older than this has come: what the ring holds back is younger than two retirements. */
  #quietTime(): number {
    return (Date.now() - 2 * this.#options.retireMs - WAIT_MS) * 1000;
  }

  #openGate(port: PacketPort): void {
    const fanout = this.#options.fanout;
    if (fanout?.gate === undefined || Atomics.load(fanout.gate, 0) >= fanout.workers) letFramesIn(port, this.#options);
  }

  #readStatistics(): void {
    if (this.#port === undefined || this.#closed || !this.#statistics.read(this.#port.fd)) return;
    this.#counters.dropped += this.#statistics.dropped;
    this.#counters.freezes += this.#statistics.freezes;
    this.#readMissed();
  }

  /** An interface that was made anew counts from 0. */
  #readMissed(): void {
    if (this.#port === undefined || this.#options.countMissed === false) return;
    const missed = missedFrames(this.name, this.#port.number);
    if (missed === undefined) return;
    if (this.#missed !== undefined) this.#counters.missed += missed < this.#missed ? missed : missed - this.#missed;
    this.#missed = missed;
  }

  /** The socket reported an error: the interface went down or is gone. */
  #meetTrouble(port: PacketPort): void {
    takeSocketError(port.fd);
    const facts = interfaceFacts(port.fd, this.name);
    const gone = facts?.index !== port.number;
    if (facts?.up === true && !gone) return;
    if (this.#lost === undefined) this.#lost = { since: Date.now(), gone };
    this.#lost.gone ||= gone;
    this.#note(`interface ${this.name} ${gone ? "went away; it is looked for every second" : "is down"}`);
  }

  /** Once a second: counters before they overflow, the interface's size and state. */
  #lookAfter(port: PacketPort): void {
    this.#looked = Date.now();
    this.#readStatistics();
    const lost = this.#lost;
    const facts = this.#closed ? undefined : interfaceFacts(port.fd, this.name);
    if (lost === undefined) {
      if (facts !== undefined && facts.index === port.number) measurePort(port, facts);
      return;
    }
    lost.gone ||= facts?.index !== port.number;
    if (!this.#isBack(port, facts, lost)) return;
    const seconds = Math.round((Date.now() - lost.since) / 1000);
    this.#note(`interface ${this.name} is back after ${seconds} s; its frames in between are missing`);
    this.#lost = undefined;
  }

  /** Tries to go on after a loss. An interface that was made anew has another number. */
  #isBack(port: PacketPort, facts: InterfaceFacts | undefined, lost: Loss): boolean {
    try {
      if (!lost.gone) return facts?.up === true;
      if (this.#options.fanout !== undefined) return this.#replacePort(port, lost);
      if (facts === undefined || !facts.up) return false;
      attachPort(port, this.#options, facts);
      return true;
    } catch (error) {
      if (!(error instanceof SystemError || error instanceof OddwireError)) throw error;
      return false;
    }
  }

  /**
   * A socket cannot leave its fanout group, and the group stays with the interface that is gone until all its sockets
   * are closed: each worker closes its own, once it has read the ring out, and then asks for a new one.
   */
  #replacePort(port: PacketPort, lost: Loss): boolean {
    if (!this.#closed) {
      if (Date.now() - lost.since < READ_OUT_MS) return false;
      closePort(port);
      this.#closed = true;
      return false;
    }
    const fd = this.#reopen();
    if (fd === undefined || this.#options.fanout === undefined) return false;
    // Who comes late need not wait for the others: the group gets its frames by then.
    const { gate: _gate, ...fanout } = this.#options.fanout;
    const next = openPort({ ...this.#options, fanout }, fd);
    next.ring.empty(1, port.ring.block.clock);
    this.#port = next;
    this.#closed = false;
    return true;
  }

  #note(reason: string): void {
    this.#counters.damaged += 1;
    if (this.damage.length < DAMAGE_MAX) this.damage.push({ offset: 0, reason });
  }
}

/** The interface is down, or gone for good; since when, in milliseconds. */
interface Loss {
  readonly since: number;
  gone: boolean;
}

const pause = (milliseconds: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Longest wait of `next`, milliseconds: a thread that blocks in the kernel cannot be stopped. */
const WAIT_MS = 50;
const GATE_MS = 2;
const LOOK_MS = 1000;
/** Time for the last block of a lost interface to be retired and read. */
const READ_OUT_MS = 100;
const DAMAGE_MAX = 100;
