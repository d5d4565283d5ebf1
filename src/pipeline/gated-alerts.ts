import type { Micros } from "#base/time.ts";
import type { AlertFact } from "#contract/detector.ts";
import type { AlertGate, MatchPorts } from "#contract/inspector.ts";
import { EventLines } from "./event-lines.ts";

/** Alerts of one worker that wait for a gate's word, as they cross to the reducer. */
export interface GatedRows {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly ends: Int32Array;
  readonly keys: Float64Array;
  readonly partitions: Uint8Array;
  readonly rules: Int32Array;
  /** -1 for alerts; of a packet that a host's tag decides over, its captured bytes. */
  readonly sizes: Int32Array;
  /** Number of the inspector whose gate decides. */
  readonly gates: Uint8Array;
  readonly times: Float64Array;
  readonly flowIds: Float64Array;
  /** The sender's port above, the receiver's below. */
  readonly ports: Int32Array;
  /** Sender and receiver of each, as texts. */
  readonly addresses: readonly string[];
}

/** Who sent what has matched to whom: addresses as texts, the sender's port above the receiver's. */
export interface Ends {
  readonly source: string;
  readonly target: string;
  readonly ports: number;
}

/**
 * Alerts that thresholds or bits of hosts decide over: lines of JSON like others, with what the gate has to know. They
 * are kept apart until the reducer, which sees those of all workers in capture order. A silent one has no line.
 */
export class GatedAlerts {
  readonly lines = new EventLines(1 << 10);
  #rules: number[] = [];
  #sizes: number[] = [];
  #gates: number[] = [];
  #times: number[] = [];
  #flowIds: number[] = [];
  #ports: number[] = [];
  #addresses: string[] = [];

  get count(): number {
    return this.#rules.length;
  }

  /** Describes the line that was committed last. */
  add(gate: number, rule: number, time: number, flowId: number, { source, target, ports }: Ends): void {
    this.#ports[this.count] = ports;
    this.#add(gate, rule, -1, time, flowId, source, target);
  }

  /** The line that was committed last is a packet, of so many captured bytes. */
  addPacket(gate: number, time: number, source: string, target: string, bytes: number): void {
    this.#ports[this.count] = 0;
    this.#add(gate, -1, bytes, time, 0, source, target);
  }

  #add(gate: number, rule: number, size: number, time: number, flowId: number, source: string, target: string): void {
    this.#rules.push(rule);
    this.#sizes.push(size);
    this.#gates.push(gate);
    this.#times.push(time);
    this.#flowIds.push(flowId);
    this.#addresses.push(source, target);
  }

  /** A copy of all rows, which are forgotten; `undefined` when there are none. */
  take(): GatedRows | undefined {
    const { count } = this;
    if (count === 0) return undefined;
    const { lines } = this;
    const rows: GatedRows = {
      count,
      bytes: lines.json.bytes.slice(0, lines.json.length),
      ends: lines.ends.slice(0, count),
      keys: lines.keys.slice(0, count),
      partitions: lines.partitions.slice(0, count),
      rules: Int32Array.from(this.#rules),
      sizes: Int32Array.from(this.#sizes),
      gates: Uint8Array.from(this.#gates),
      times: Float64Array.from(this.#times),
      flowIds: Float64Array.from(this.#flowIds),
      ports: Int32Array.from(this.#ports),
      addresses: this.#addresses,
    };
    lines.clear();
    this.#rules = [];
    this.#sizes = [];
    this.#gates = [];
    this.#times = [];
    this.#flowIds = [];
    this.#ports = [];
    this.#addresses = [];
    return rows;
  }
}

/** Lets the gates decide over the alerts of one block, merged by packet number and partition; the admitted go to `into` and to `hear`. Returns how many were not. */
export function admitAlerts(
  workers: readonly GatedRows[],
  gates: readonly AlertGate[],
  into: EventLines,
  hear?: (alert: AlertFact) => void,
): number {
  const places = workers.map(() => 0);
  let suppressed = 0;
  for (;;) {
    let best = -1;
    for (let w = 0; w < workers.length; w++) {
      const rows = workers[w] as GatedRows;
      const place = places[w] as number;
      if (place >= rows.count) continue;
      const first = workers[best];
      if (first === undefined || isBefore(rows, place, first, places[best] as number)) best = w;
    }
    const rows = workers[best];
    if (rows === undefined) return suppressed;
    const place = places[best] as number;
    places[best] = place + 1;
    if (!admit(rows, place, gates, into, hear)) suppressed++;
  }
}

function isBefore(a: GatedRows, i: number, b: GatedRows, j: number): boolean {
  const first = a.keys[i] as number;
  const second = b.keys[j] as number;
  return first < second || (first === second && (a.partitions[i] as number) < (b.partitions[j] as number));
}

/** False when there would have been something to tell, and it is not told. */
function admit(
  rows: GatedRows,
  place: number,
  gates: readonly AlertGate[],
  into: EventLines,
  hear: ((alert: AlertFact) => void) | undefined,
): boolean {
  const gate = gates[rows.gates[place] as number];
  const source = rows.addresses[place * 2] as string;
  const target = rows.addresses[place * 2 + 1] as string;
  const time = rows.times[place] as Micros;
  const bytes = rows.sizes[place] as number;
  const isTold =
    bytes < 0
      ? gate?.admit(rows.rules[place] as number, time, source, target, rows.flowIds[place] as number, portsOf(rows.ports[place] as number))
      : gate?.admitPacket?.(time, source, target, bytes);
  const from = place === 0 ? 0 : (rows.ends[place - 1] as number);
  // The line's end is added again by `commit`. A silent row has nothing but that end.
  const to = (rows.ends[place] as number) - 1;
  if (isTold !== true || to <= from) return to <= from || bytes >= 0;
  into.json.append(rows.bytes.subarray(from, to));
  into.tally(bytes < 0 ? "alert" : "packet");
  into.commit(rows.keys[place] as number, rows.partitions[place] as number);
  if (hear !== undefined && bytes < 0) {
    const { alert } = JSON.parse(new TextDecoder().decode(rows.bytes.subarray(from, to))) as { alert: AlertFact["fields"] };
    hear({ number: Math.floor(rows.keys[place] as number), time, flowId: rows.flowIds[place] as number, source, target, fields: alert });
  }
  return true;
}

const portsOf = (word: number): MatchPorts => ({ source: word >>> 16, target: word & 0xffff });
