import type { FlowTable, ForeignFlow, Joined } from "./flow-table.ts";

/** How long an event waits for its flow: the other program may see a packet before we have told of its flow. */
const WAIT_MS = 700;
/** Events that wait at once; the oldest is told without a flow beyond it. */
const WAITING_MAX = 4096;

interface Waiting {
  readonly flow: ForeignFlow;
  readonly until: number;
  readonly tell: (joined: Joined | undefined) => void;
}

/** Finds the flow of each event, at once or a moment later, and hands it on in either case. */
export class JoinQueue {
  readonly counts = { community_id: 0, five_tuple: 0, none: 0 };
  readonly #table: FlowTable;
  readonly #now: () => number;
  #waiting: Waiting[] = [];

  constructor(table: FlowTable, now: () => number = () => performance.now()) {
    this.#table = table;
    this.#now = now;
  }

  add(flow: ForeignFlow, tell: (joined: Joined | undefined) => void): void {
    const joined = this.#table.find(flow);
    if (joined !== undefined || (flow.communityId === undefined && flow.source === undefined)) this.#tell(tell, joined);
    else this.#waiting.push({ flow, tell, until: this.#now() + WAIT_MS });
    if (this.#waiting.length > WAITING_MAX) this.#tell((this.#waiting.shift() as Waiting).tell, undefined);
  }

  /** Looks again; call it a few times in a second. `last` gives up on all. */
  retry(last = false): void {
    if (this.#waiting.length === 0) return;
    const now = this.#now();
    this.#waiting = this.#waiting.filter(({ flow, tell, until }) => {
      const joined = this.#table.find(flow);
      if (joined === undefined && now < until && !last) return true;
      this.#tell(tell, joined);
      return false;
    });
  }

  #tell(tell: Waiting["tell"], joined: Joined | undefined): void {
    this.counts[joined?.by ?? "none"]++;
    tell(joined);
  }
}
