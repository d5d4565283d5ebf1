import { OldestFirstMap } from "#base/oldest-first.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";
import { RegisteredDomains } from "#engine/names/registered-domain.ts";

/** Connections whose name is remembered; the oldest goes first. */
const flowsMax = 10_000;

/**
 * A decrypted request for one domain in a connection that was opened for another: a way to hide behind a large host
 * (domain fronting). Seen only where the keys are known; hosts of one company share certificates, so it is no accusation.
 */
export class DomainFronting implements Detector {
  readonly #report: (finding: Finding) => void;
  readonly #names = new OldestFirstMap<number, string>(flowsMax);
  readonly #domains = new RegisteredDomains();

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.kind === "tls") {
      const { sni } = fact.fields;
      if (typeof sni === "string") this.#names.set(fact.flowId, sni.toLowerCase());
      return;
    }
    const sni = this.#names.get(fact.flowId);
    const { hostname } = fact.fields;
    if (sni === undefined || typeof hostname !== "string") return;
    const asked = this.#domains.split(hostname.toLowerCase())?.domain;
    const opened = this.#domains.split(sni)?.domain;
    if (asked === undefined || opened === undefined || asked === opened) return;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} opened a connection for ${sni} and asked in it for ${hostname}`,
      severity: "medium",
      score: 0.5,
      why: [
        { feature: "name of the connection", value: sni },
        { feature: "host of the request", value: hostname },
      ],
      techniques: ["T1090.004"],
      cause: `${fact.client} ${opened} ${asked}`,
    });
  }
}
