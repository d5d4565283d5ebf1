import type { Expectation, Transaction } from "#contract/parser.ts";
import type { FlowTable } from "./flow-table.ts";
import * as R from "./record.generated.ts";

/** Flows that may be announced at once in a partition; the oldest announcement goes first. */
const expectationsMax = 1024;
/** How long an announced flow is waited for, µs of packet time. */
const waitMicros = 60_000_000;
const ADDRESS_WORDS = 4;

interface Expected {
  readonly protocol: number;
  readonly note: Transaction | undefined;
  readonly until: number;
}

/** Flows that others have announced (FTP data, TFTP), by listener, peer and port. They stay within an address pair, so within a partition. */
export class Expectations {
  readonly #waiting = new Map<string, Expected>();

  get size(): number {
    return this.#waiting.size;
  }

  /** `slot` is the flow that announces. */
  add(table: FlowTable, slot: number, expectation: Expectation, protocol: number, clock: number): void {
    const listener = expectation.listener === "server" ? R.SERVER : R.CLIENT;
    const key = keyOf(table, slot, expectation.transport === "tcp" ? 6 : 17, listener, expectation.port);
    this.#waiting.delete(key);
    this.#waiting.set(key, { protocol, note: expectation.note, until: clock + waitMicros });
    if (this.#waiting.size <= expectationsMax) return;
    for (const oldest of this.#waiting.keys()) {
      this.#waiting.delete(oldest);
      return;
    }
  }

  /** The announcement of the flow in `slot`, once. */
  take(table: FlowTable, slot: number, clock: number): Expected | undefined {
    const at = slot * R.RECORD_WORDS;
    const transport = (table.words[at + R.KIND] as number) & 0xff;
    const ports = table.words[at + R.PORTS] as number;
    const found =
      this.#taken(keyOf(table, slot, transport, R.SERVER, ports & 0xffff)) ??
      this.#taken(keyOf(table, slot, transport, R.CLIENT, ports >>> 16));
    return found === undefined || found.until < clock ? undefined : found;
  }

  #taken(key: string): Expected | undefined {
    const found = this.#waiting.get(key);
    if (found !== undefined) this.#waiting.delete(key);
    return found;
  }
}

/** `listener` is the record's place of the listener's address. */
function keyOf(table: FlowTable, slot: number, transport: number, listener: number, port: number): string {
  const at = slot * R.RECORD_WORDS;
  const peer = listener === R.SERVER ? R.CLIENT : R.SERVER;
  let key = `${transport}:${port}`;
  for (let i = 0; i < ADDRESS_WORDS; i++) key += `:${table.words[at + listener + i]}`;
  for (let i = 0; i < ADDRESS_WORDS; i++) key += `:${table.words[at + peer + i]}`;
  return key;
}
