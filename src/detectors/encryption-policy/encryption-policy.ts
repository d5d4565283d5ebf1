import { textOf } from "#base/members.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";
import { isTor, type Shortcoming, shortcomings } from "./judge.ts";

/** Servers and shortcomings that are remembered as told, so that each costs little; all are forgotten at the limit. */
const toldMax = 20_000;

/** Servers whose encryption is weak or whose certificate is wrong, and connections to Tor. */
export class EncryptionPolicy implements Detector {
  readonly #report: (finding: Finding) => void;
  readonly #told = new Set<string>();

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const { fields } = fact;
    if (isTor(fields)) this.#tor(fact);
    else for (const shortcoming of shortcomings(fields)) this.#tell(fact, shortcoming);
  }

  #tell(fact: TransactionFact, { name, says, severity, score, why }: Shortcoming): void {
    const cause = `${name} ${fact.serverHash} ${fact.serverPort}`;
    if (this.#told.has(cause)) return;
    if (this.#told.size >= toldMax) this.#told.clear();
    this.#told.add(cause);
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      // The server is the one that it is about; who noticed it is the other end.
      source: fact.server,
      target: fact.client,
      title: `${fact.server}:${fact.serverPort} ${says}`,
      severity,
      score,
      why,
      cause,
    });
  }

  #tor(fact: TransactionFact): void {
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} uses Tor: ${fact.server}:${fact.serverPort} has the made-up certificate of a relay`,
      severity: "medium",
      score: 0.8,
      why: [
        { feature: "subject", value: textOf(fact.fields["subject"]) },
        { feature: "issuer", value: textOf(fact.fields["issuerdn"]) },
      ],
      techniques: ["T1090.003"],
      cause: `tor ${fact.client}`,
    });
  }
}
