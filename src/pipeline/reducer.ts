import type { Micros } from "#base/time.ts";
import type { Detector, DetectorDefinition, Finding } from "#contract/detector.ts";
import type { AlertGate } from "#contract/inspector.ts";
import { EventLines } from "./event-lines.ts";
import type { FactRows, FactWish } from "./facts.ts";
import { FindingWriter } from "./finding-writer.ts";
import { admitAlerts, type GatedRows } from "./gated-alerts.ts";

/**
 * The one place that sees the facts of all partitions, in packet-number order: home of whatever depends on order
 * across address pairs (scans, floods, baselines of hosts). Its findings go behind the events of the same block.
 */
export class Reducer {
  readonly lines = new EventLines(1 << 14);
  /** Alerts that gates have not admitted. */
  suppressed = 0;
  readonly #detectors: readonly Detector[];
  readonly #onBug: ((where: string, error: unknown) => void) | undefined;
  readonly #benched = new Set<Detector>();

  constructor(definitions: readonly DetectorDefinition[], onBug?: (where: string, error: unknown) => void) {
    const writer = new FindingWriter(this.lines);
    this.#onBug = onBug;
    this.#detectors = definitions.map((definition) => definition.create((finding: Finding) => writer.write(definition.name, finding)));
  }

  /** What the detectors listen to: other facts need not be made. */
  get wish(): FactWish {
    return {
      starts: this.#detectors.some((detector) => detector.onFlow !== undefined),
      ends: this.#detectors.some((detector) => detector.onFlowEnd !== undefined),
    };
  }

  /** True when there is no detector. */
  get idle(): boolean {
    return this.#detectors.length === 0;
  }

  /** Lets the gates decide over a block's alerts that depend on more than their flow. Comes before `block`. */
  alerts(workers: readonly GatedRows[], gates: readonly AlertGate[]): void {
    if (workers.length > 0) this.suppressed += admitAlerts(workers, gates, this.lines);
  }

  /** Reads the facts of one block from every shard, merged by packet number and partition. */
  block(shards: readonly FactRows[], clock: number): void {
    if (shards.length === 1) {
      const rows = shards[0] as FactRows;
      for (let i = 0; i < rows.count; i++) {
        rows.show(i);
        this.#fact(rows);
      }
    } else this.#merged(shards);
    for (const detector of this.#detectors) this.#tell(detector, undefined, clock as Micros);
  }

  #merged(shards: readonly FactRows[]): void {
    const places = shards.map(() => 0);
    for (const rows of shards) if (rows.count > 0) rows.show(0);
    for (;;) {
      let best = -1;
      for (let s = 0; s < shards.length; s++) {
        const rows = shards[s] as FactRows;
        if ((places[s] as number) >= rows.count) continue;
        const first = shards[best];
        if (first === undefined || rows.key < first.key || (rows.key === first.key && rows.partition < first.partition)) best = s;
      }
      const rows = shards[best];
      if (rows === undefined) return;
      this.#fact(rows);
      const next = (places[best] as number) + 1;
      places[best] = next;
      if (next < rows.count) rows.show(next);
    }
  }

  #fact(rows: FactRows): void {
    for (const detector of this.#detectors) this.#tell(detector, rows, rows.time);
  }

  /** A detector that throws is benched: the others and the capture go on. */
  #tell(detector: Detector, rows: FactRows | undefined, time: Micros): void {
    if (this.#benched.has(detector)) return;
    try {
      if (rows === undefined) detector.onTick?.(time);
      else if (rows.isEnd) detector.onFlowEnd?.(rows);
      else detector.onFlow?.(rows);
    } catch (error) {
      this.#benched.add(detector);
      this.#onBug?.("detector", error);
    }
  }
}
