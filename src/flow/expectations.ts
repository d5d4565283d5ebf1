import type { Expectation, Transaction } from "#contract/parser.ts";
import type { FlowTable } from "./flow-table.ts";
import * as R from "./record.generated.ts";
import { TCP, UDP } from "./track.ts";

/** Flows that may be announced at once in a partition; the oldest announcement goes first. */
const expectationsMax = 1024;
/** How long an announced flow is waited for, µs of packet time. */
const waitMicros = 60_000_000;
const ADDRESS_WORDS = 4;

interface Expected {
  readonly protocol: number;
  readonly note: Transaction | undefined;
  readonly until: number;
  readonly place: number;
}

/** Flows that others have announced (FTP data, TFTP), by listener, peer and port. They stay within an address pair, so within a partition. */
export class Expectations {
  readonly #waiting = new Map<string, Expected>();
  /** How many wait at each port, by transport << 16 | port: most new flows need no more than this look. */
  readonly #ports = new Map<number, number>();

  get size(): number {
    return this.#waiting.size;
  }

  /** `slot` is the flow that announces. */
  add(table: FlowTable, slot: number, expectation: Expectation, protocol: number, clock: number): void {
    const listener = expectation.listener === "server" ? R.SERVER : R.CLIENT;
    const place = ((expectation.transport === "tcp" ? TCP : UDP) << 16) | expectation.port;
    const key = keyOf(table, slot, place, listener);
    this.#forget(key);
    this.#waiting.set(key, { protocol, note: expectation.note, until: clock + waitMicros, place });
    this.#ports.set(place, (this.#ports.get(place) ?? 0) + 1);
    if (this.#waiting.size <= expectationsMax) return;
    for (const oldest of this.#waiting.keys()) {
      this.#forget(oldest);
      return;
    }
  }

  /** The announcement of the flow in `slot`, once. */
  take(table: FlowTable, slot: number, clock: number): Expected | undefined {
    const at = slot * R.RECORD_WORDS;
    const transport = (table.words[at + R.KIND] as number) & 0xff;
    const ports = table.words[at + R.PORTS] as number;
    const found =
      this.#taken(table, slot, (transport << 16) | (ports & 0xffff), R.SERVER) ??
      this.#taken(table, slot, (transport << 16) | (ports >>> 16), R.CLIENT);
    return found === undefined || found.until < clock ? undefined : found;
  }

  #taken(table: FlowTable, slot: number, place: number, listener: number): Expected | undefined {
    return this.#ports.has(place) ? this.#forget(keyOf(table, slot, place, listener)) : undefined;
  }

  #forget(key: string): Expected | undefined {
    const found = this.#waiting.get(key);
    if (found === undefined) return undefined;
    this.#waiting.delete(key);
    const left = (this.#ports.get(found.place) as number) - 1;
    if (left > 0) this.#ports.set(found.place, left);
    else this.#ports.delete(found.place);
    return found;
  }
}

/** `place` is transport << 16 | port, `listener` the record's place of the listener's address. */
function keyOf(table: FlowTable, slot: number, place: number, listener: number): string {
  const at = slot * R.RECORD_WORDS;
  const peer = listener === R.SERVER ? R.CLIENT : R.SERVER;
  let key = String(place);
  for (let i = 0; i < ADDRESS_WORDS; i++) key += `:${table.words[at + listener + i]}`;
  for (let i = 0; i < ADDRESS_WORDS; i++) key += `:${table.words[at + peer + i]}`;
  return key;
}
