import type { Side } from "#contract/parser.ts";
import { FlowMemory } from "./flow-memory.ts";
import { PacketTags } from "./packet-tags.ts";
import { StoredFiles } from "./stored-files.ts";
import { StreamExcerpt } from "./stream-excerpt.ts";
import { StreamWindow } from "./stream-window.ts";
import type { WindowMemory } from "./window-memory.ts";

/** What is kept of a flow that rules have something to do with. */
export class FlowState {
  memory: FlowMemory | undefined = undefined;
  tags: PacketTags | undefined = undefined;
  stored: StoredFiles | undefined = undefined;
  readonly #windows: [StreamWindow | undefined, StreamWindow | undefined] = [undefined, undefined];

  readonly #excerpts: [StreamExcerpt | undefined, StreamExcerpt | undefined] = [undefined, undefined];

  window(side: Side): StreamWindow | undefined {
    return this.#windows[side];
  }

  openWindow(side: Side, memory: WindowMemory): StreamWindow {
    const window = this.#windows[side] ?? new StreamWindow(memory);
    this.#windows[side] = window;
    return window;
  }

  /** What the side has sent last, where alerts show it. */
  excerpt(side: Side): StreamExcerpt | undefined {
    return this.#excerpts[side];
  }

  openExcerpt(side: Side, bytesMax: number): StreamExcerpt {
    const excerpt = this.#excerpts[side] ?? new StreamExcerpt(bytesMax);
    this.#excerpts[side] = excerpt;
    return excerpt;
  }

  /** The flow has ended. Returns the bytes that its windows leave. */
  close(): number {
    const [first, second] = this.#excerpts;
    const excerpts = (first?.bytes.length ?? 0) + (second?.bytes.length ?? 0);
    return excerpts + (this.#windows[0]?.close() ?? 0) + (this.#windows[1]?.close() ?? 0);
  }

  remember(): FlowMemory {
    this.memory ??= new FlowMemory();
    return this.memory;
  }

  store(): StoredFiles {
    this.stored ??= new StoredFiles();
    return this.stored;
  }

  tag(): PacketTags {
    this.tags ??= new PacketTags();
    return this.tags;
  }
}

/** What is noted of every flow: a few bits by its slot. */
export const Mark = {
  /** Rules about addresses alone have been told of what a side sends: `<< side`. */
  once: 1,
  /** The same for rules that ask for the application protocol: `<< side`. */
  application: 4,
  /** A rule has let the rest of the flow go. */
  passed: 16,
  /** Both sides had agreed before the next packet. */
  established: 32,
  /** The protocol was found in what a side sent: `<< side`. */
  found: 64,
  /** Rules about packets know the protocol: the other side has answered what it was found in. */
  known: 256,
  /** A rule has let the rest of the flow go as far as packets and streams are concerned; messages are still judged. */
  bypassed: 512,
  /** Packets of it are told. */
  tagged: 1024,
} as const;

/** What is kept of the flows of one partition, by slot. */
export class FlowStates {
  readonly #states: (FlowState | undefined)[] = [];
  readonly #marks: Uint16Array;

  constructor(slots: number) {
    this.#marks = new Uint16Array(slots);
  }

  of(slot: number): FlowState | undefined {
    return this.#states[slot];
  }

  open(slot: number): FlowState {
    const state = this.#states[slot] ?? new FlowState();
    this.#states[slot] = state;
    return state;
  }

  close(slot: number): void {
    if (slot < this.#states.length) this.#states[slot] = undefined;
    this.#marks[slot] = 0;
  }

  marks(slot: number): number {
    return this.#marks[slot] as number;
  }

  mark(slot: number, bits: number): void {
    this.#marks[slot] = (this.#marks[slot] as number) | bits;
  }

  unmark(slot: number, bits: number): void {
    this.#marks[slot] = (this.#marks[slot] as number) & ~bits;
  }

  has(slot: number, bits: number): boolean {
    return ((this.#marks[slot] as number) & bits) !== 0;
  }

  /** The rules are others: what streams know of them is forgotten, bits and numbers stay. */
  forgetRules(): void {
    for (const state of this.#states) {
      state?.window(0)?.forgetRules();
      state?.window(1)?.forgetRules();
      state?.tags?.forgetRules();
    }
  }
}
