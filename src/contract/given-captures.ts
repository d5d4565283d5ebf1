import type { CapturesAnswer, GivenCapture } from "#schema/given-capture.ts";
import type { FindingMarks } from "./finding-marks.ts";
import type { FlowPackets } from "./flow-packets.ts";
import type { Store } from "./store.ts";

export type { CapturesAnswer, GivenCapture } from "#schema/given-capture.ts";

/** What a capture that was read has left. */
export interface OpenedCapture extends AsyncDisposable {
  readonly store: Store;
  readonly findings: FindingMarks;
  /** Those of the capture itself. */
  readonly packets: FlowPackets;
}

/**
 * Captures that people give to be read, each into a store of its own, in a process of its own. They are taken in pieces,
 * so that no request lasts long. Every method throws ODW_CAPTURE_UNKNOWN for an id that is not there and
 * ODW_CAPTURE_REFUSED for what is not taken.
 */
export interface GivenCaptures {
  answer(): CapturesAnswer;
  /** A new one without bytes. The oldest ones go when there are too many. */
  begin(name: string): Promise<GivenCapture>;
  /** Takes the piece that begins at `offset`; a piece that was taken already changes nothing. */
  append(id: string, offset: number, piece: Uint8Array): Promise<GivenCapture>;
  /** There are no more pieces: it is read as soon as no other one is. */
  read(id: string): Promise<GivenCapture>;
  /** Takes it away with its store. */
  remove(id: string): Promise<void>;
  /** Opens what was read of it; `undefined` while it is not ready. */
  open(id: string): Promise<OpenedCapture | undefined>;
}
