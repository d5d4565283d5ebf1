import type { Side } from "#contract/parser.ts";
import { FlowMemory } from "./flow-memory.ts";
import { StreamWindow } from "./stream-window.ts";

/** What is kept of a flow that rules have something to do with. */
export class FlowState {
  memory: FlowMemory | undefined = undefined;
  readonly #windows: [StreamWindow | undefined, StreamWindow | undefined] = [undefined, undefined];

  window(side: Side): StreamWindow | undefined {
    return this.#windows[side];
  }

  openWindow(side: Side): StreamWindow {
    return (this.#windows[side] ??= new StreamWindow());
  }

  closeWindows(): void {
    this.#windows[0] = undefined;
    this.#windows[1] = undefined;
  }

  get windowBytes(): number {
    return (this.#windows[0]?.bytes.length ?? 0) + (this.#windows[1]?.bytes.length ?? 0);
  }

  remember(): FlowMemory {
    return (this.memory ??= new FlowMemory());
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
} as const;
