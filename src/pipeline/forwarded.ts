import { wordsText } from "#base/address.ts";
import type { Forwarded, ForwardedKind } from "#contract/forward.ts";
import type { Side } from "#contract/parser.ts";
import { flowId } from "#flow/flow-id.ts";
import type { Partition } from "#flow/partition.ts";
import * as R from "#flow/record.generated.ts";
import { type EndReason, endReasonNames } from "#schema/flow-record.ts";

/** Steps of claimed flows of one worker and block, as they cross to the reader. */
export interface ForwardedSteps {
  readonly bytes: Uint8Array;
  readonly steps: readonly ForwardedStep[];
}

interface ForwardedStep extends Omit<Forwarded, "bytes"> {
  readonly key: number;
  readonly partition: number;
  /** Where its bytes stand. */
  readonly from: number;
  readonly to: number;
}

const NONE = new Uint8Array(0);

/**
 * Gathers what happens in claimed flows, until the reader has its turn behind the block. Bytes are copied, since the
 * block goes back to its source; steps are objects, since games send little compared with what a capture holds.
 */
export class ForwardedRows {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #steps: ForwardedStep[] = [];

  get count(): number {
    return this.#steps.length;
  }

  data(
    partition: Partition,
    slot: number,
    protocol: string,
    side: Side,
    kind: ForwardedKind,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    const at = this.#length;
    if (kind === "data") this.#copy(bytes, from, to);
    this.#add(partition, slot, protocol, side, kind, at, kind === "gap" ? to : 0, "");
  }

  end(partition: Partition, slot: number, protocol: string, reason: EndReason): void {
    this.#add(partition, slot, protocol, 0, "end", this.#length, 0, endReasonNames[reason]);
  }

  #add(
    partition: Partition,
    slot: number,
    protocol: string,
    side: Side,
    kind: ForwardedKind,
    from: number,
    missing: number,
    reason: string,
  ): void {
    const { words, doubles } = partition.table;
    const at = slot * R.RECORD_WORDS;
    const isIpv6 = partition.isIpv6(slot);
    this.#steps.push({
      key: partition.ticking ? partition.number + 0.5 : partition.number,
      partition: partition.id,
      kind,
      number: partition.number,
      time: partition.time,
      flowId: flowId(words, doubles, slot),
      protocol,
      transport: partition.transportOf(slot) === 6 ? "tcp" : "udp",
      side,
      client: wordsText(words, at + R.CLIENT, isIpv6),
      server: wordsText(words, at + R.SERVER, isIpv6),
      clientPort: partition.clientPort(slot),
      serverPort: partition.serverPort(slot),
      from,
      to: this.#length,
      missing,
      reason,
    });
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.#length + to - from;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(needed * 2);
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes.subarray(from, to), this.#length);
    this.#length = needed;
  }

  /** A copy of all steps, which are forgotten; `undefined` when there are none. */
  take(): ForwardedSteps | undefined {
    if (this.#steps.length === 0) return undefined;
    const taken: ForwardedSteps = { bytes: this.#bytes.slice(0, this.#length), steps: this.#steps };
    this.#length = 0;
    this.#steps = [];
    return taken;
  }
}

/** Shows the steps of all workers in capture order. */
export function eachForwarded(workers: readonly ForwardedSteps[], take: (step: Forwarded) => void): void {
  const all = workers.flatMap(({ bytes, steps }) => steps.map((step) => ({ step, bytes })));
  // The sort is stable: steps of one packet stay as they came.
  if (workers.length > 1) all.sort((a, b) => a.step.key - b.step.key || a.step.partition - b.step.partition);
  for (const { step, bytes } of all) take({ ...step, bytes: step.to > step.from ? bytes.subarray(step.from, step.to) : NONE });
}
