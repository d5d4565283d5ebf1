import { OldestFirstMap } from "#base/oldest-first.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";

/** Methods that only miners call: Stratum of Bitcoin (Slush Pool's text, BIP 310) and of Ethereum, mining by `getblocktemplate` (BIP 22). */
const miningMethods: ReadonlySet<string> = new Set([
  "mining.subscribe",
  "mining.authorize",
  "mining.submit",
  "mining.configure",
  "mining.extranonce.subscribe",
  "mining.notify",
  "mining.set_difficulty",
  "eth_submitLogin",
  "eth_submitWork",
  "eth_submitHashrate",
  "eth_getWork",
  "getblocktemplate",
  "submitblock",
]);
/** Methods of CryptoNote pools (Monero and others), each too general to mean much alone. */
const cryptoNoteMethods: ReadonlySet<string> = new Set(["login", "job", "submit", "keepalived"]);

/** Clients whose calls are remembered; the oldest goes first. */
const clientsMax = 1_000;

/** Programs that mine cryptocurrency for a pool, by what they call over JSON-RPC. */
export class Mining implements Detector {
  readonly #report: (finding: Finding) => void;
  /** By flow: the methods of CryptoNote that were seen. */
  readonly #seen = new OldestFirstMap<number, Set<string>>(clientsMax);

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const method = fact.fields["method"];
    if (typeof method !== "string") return;
    if (miningMethods.has(method)) this.#tell(fact, "Stratum or getblocktemplate", [method]);
    else if (cryptoNoteMethods.has(method) && fact.service !== "http") {
      const seen = this.#seen.ensure(fact.flowId, () => new Set());
      seen.add(method);
      if (seen.has("job") && (seen.has("login") || seen.has("submit"))) this.#tell(fact, "a CryptoNote pool", [...seen]);
    }
  }

  #tell(fact: TransactionFact, language: string, methods: readonly string[]): void {
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} mines cryptocurrency with ${fact.server} port ${fact.serverPort}, in the language of ${language}`,
      severity: fact.serverInside ? "low" : "medium",
      score: 0.9,
      why: [{ feature: "methods that miners call", value: methods.join(", "), sample: methods.length }],
    });
  }
}
