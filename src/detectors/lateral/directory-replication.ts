import { OldestFirstMap } from "#base/oldest-first.ts";
import type { Detector, Finding, FlowFact, TransactionFact } from "#contract/detector.ts";
import { rpcCallOf, rpcEnds } from "./rpc-calls.ts";

/** Connections whose calls are remembered; the oldest goes first. */
const flowsMax = 5000;
const controllersMax = 5000;
/** Calls remembered of a connection. */
const callsMax = 64;

/** Procedures of MS-DRSR (4.1) by number. */
const Call = { bind: 0, getChanges: 3, replicaAdd: 5, replicaDel: 6, crackNames: 12, controllerInfo: 16, addEntry: 17 } as const;
const KERBEROS = 88;

/**
 * Machines that are no domain controllers and yet replicate the directory: they ask for its secrets (DCSync), or push
 * changes of their own into it (DCShadow). A machine counts as a controller when it has been seen to serve Kerberos.
 */
export class DirectoryReplication implements Detector {
  readonly #report: (finding: Finding) => void;
  readonly #flows = new OldestFirstMap<number, number[]>(flowsMax);
  readonly #controllers = new Set<number>();

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onFlowEnd(fact: FlowFact): void {
    if (fact.serverPort === KERBEROS && fact.answered && this.#controllers.size < controllersMax) this.#controllers.add(fact.serverHash);
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.kind === "krb5") {
      if (this.#controllers.size < controllersMax) this.#controllers.add(fact.serverHash);
      return;
    }
    const call = rpcCallOf(fact);
    // Without its bind an interface has no name: the order of the calls has to tell it.
    if (call === undefined || (call.service !== "drsuapi" && call.service !== "")) return;
    const calls = this.#flows.ensure(fact.flowId, () => []);
    if (calls.length < callsMax) calls.push(call.opnum);
    if (this.#controllers.has(rpcEnds(fact).callerHash)) return;
    const isNamed = call.service === "drsuapi";
    if (call.opnum === Call.getChanges && (isNamed ? calls.includes(Call.bind) : isDcSync(calls))) this.#sync(fact, calls, isNamed);
    else if (isNamed && call.opnum === Call.replicaDel && calls.includes(Call.replicaAdd))
      this.#shadow(fact, "added a source of replication and removed it again");
    else if (isNamed && call.opnum === Call.addEntry) this.#shadow(fact, "added an entry to the directory's configuration");
  }

  #sync(fact: TransactionFact, calls: readonly number[], isNamed: boolean): void {
    const { caller, server } = rpcEnds(fact);
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: caller,
      target: server,
      title: `${caller}, which is no domain controller, asks ${server} for the directory's secrets (DCSync)`,
      severity: "critical",
      score: 0.95,
      confidence: isNamed ? 0.9 : 0.6,
      why: [
        { feature: "procedure", value: "DRSGetNCChanges" },
        {
          feature: isNamed ? "interface" : "numbers of its calls, which fit the directory's replication alone",
          value: isNamed ? "drsuapi" : calls.join(" "),
        },
      ],
      techniques: ["T1003.006"],
      cause: `dcsync ${caller}`,
    });
  }

  #shadow(fact: TransactionFact, deed: string): void {
    const { caller, server } = rpcEnds(fact);
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: caller,
      target: server,
      title: `${caller}, which is no domain controller, ${deed} on ${server} (DCShadow)`,
      severity: "critical",
      score: 0.95,
      why: [{ feature: "interface", value: "drsuapi" }],
      techniques: ["T1207"],
      cause: `dcshadow ${caller}`,
    });
  }
}

/** Bind, questions about the controller and about a name, bind, changes: the order in which secrets of one account are fetched. */
function isDcSync(calls: readonly number[]): boolean {
  const wanted = [Call.bind, Call.controllerInfo, Call.crackNames, Call.bind, Call.getChanges];
  return calls.length >= wanted.length && wanted.every((opnum, i) => calls[calls.length - wanted.length + i] === opnum);
}
