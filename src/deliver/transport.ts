import type { Queued } from "./disk-queue.ts";

/** What became of an attempt. `waitMs`: how long the receiver asks to be left alone. */
export type Outcome =
  | { readonly result: "sent" }
  | { readonly result: "again"; readonly cause: string; readonly waitMs?: number }
  | { readonly result: "refused"; readonly cause: string };

/** Carries messages to one target. Never throws; causes name no address and no secret. */
export interface Transport {
  send(message: Queued, signal: AbortSignal): Promise<Outcome>;
  end(): void;
}
