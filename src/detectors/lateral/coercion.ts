import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, FlowFact, TransactionFact } from "#contract/detector.ts";
import { Pairs } from "./pairs.ts";
import { rpcCallOf } from "./rpc-calls.ts";

const pairsMax = 10_000;

/** Calls that make a server log in at a machine that the caller names: printers, encrypted files, DFS, shadow copies. */
const coercing: Readonly<Record<string, RegExp>> = {
  spoolss: /^RpcRemoteFindFirstPrinterChangeNotification/,
  efsrpc: /^EfsRpc(?:OpenFileRaw|EncryptFileSrv|DecryptFileSrv|QueryUsersOnFile|QueryRecoveryAgents|AddUsersToFile|FileKeyInfo)/,
  netdfs: /^NetrDfs(?:AddStdRoot|RemoveStdRoot)/,
  fsrvp: /^IsPath(?:Supported|ShadowCopied)/,
};
const isLogin = (port: number): boolean => port === 445 || port === 139 || port === 80;

/** When a pair last did something; 0 for never. */
class Contact {
  /** The first connected to the second's port for logins. */
  connected = 0;
  /** The first made a coercing call to the second. */
  called = 0;
  procedure = "";
}

/**
 * A server that logs in at the very machine that has just made it do so (printer notifications and the like): its
 * credentials are caught and used elsewhere. A call without a connection back is not told: print monitors make it, too.
 */
export class Coercion implements Detector {
  readonly #window: number;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new Pairs(pairsMax, () => new Contact());

  constructor(windowSeconds: number, report: (finding: Finding) => void) {
    this.#window = windowSeconds * MICROS_PER_SECOND;
    this.#report = report;
  }

  onFlow(fact: FlowFact): void {
    if (!isLogin(fact.serverPort) || fact.protocol !== 6) return;
    const contact = this.#pairs.of(fact);
    contact.connected = fact.time;
    const back = this.#pairs.at(fact.serverHash, fact.clientHash);
    if (back !== undefined && back.called !== 0 && fact.time - back.called <= this.#window)
      this.#tell(fact, fact.server, fact.client, back.procedure, fact.time - back.called);
  }

  onTransaction(fact: TransactionFact): void {
    const call = rpcCallOf(fact);
    if (call === undefined || coercing[call.service]?.test(call.procedure) !== true) return;
    const contact = this.#pairs.of(fact);
    contact.called = fact.time;
    contact.procedure = call.procedure;
    const back = this.#pairs.at(fact.serverHash, fact.clientHash);
    // The call is told with its answer, which may come after the server has connected.
    if (back !== undefined && back.connected !== 0 && fact.time - back.connected <= this.#window)
      this.#tell(fact, fact.client, fact.server, call.procedure, fact.time - back.connected);
  }

  #tell(fact: FlowFact, caller: string, server: string, procedure: string, apart: number): void {
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: caller,
      target: server,
      title: `${caller} made ${server} log in at itself: ${procedure}, and the server connected back within ${Math.max(0.1, Math.ceil(apart / 1e5) / 10)} s`,
      severity: "high",
      score: 0.9,
      why: [
        { feature: "call", value: procedure },
        {
          feature: "seconds between call and connection",
          value: Math.round(apart / 1000) / 1000,
          threshold: this.#window / MICROS_PER_SECOND,
        },
      ],
      techniques: ["T1187"],
      cause: `coercion ${caller} ${server}`,
    });
  }
}
