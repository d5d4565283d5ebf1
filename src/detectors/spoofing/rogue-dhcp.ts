import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";

/** Exchanges that are remembered; the oldest goes first. */
const exchangesMax = 5000;
/** Time in which servers answer one question. */
const answerUs = 10 * MICROS_PER_SECOND;

/** What a server offered a client. */
interface Offer {
  readonly server: string;
  readonly routers: string;
  readonly names: string;
  readonly mask: string;
  readonly time: number;
}

const told = (value: unknown): string => (Array.isArray(value) ? value.join(" ") : typeof value === "string" ? value : "");

/**
 * Two servers that answer one question of a client and send it over different routers or to different name servers. Servers
 * that share the work offer the same.
 */
export class RogueDhcp implements Detector {
  readonly #report: (finding: Finding) => void;
  /** First offer by client and number of the exchange. */
  readonly #offers = new OldestFirstMap<string, Offer>(exchangesMax);

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const { fields } = fact;
    const type = fields["dhcp_type"];
    if (type !== "offer" && type !== "ack") return;
    const server = told(fields["server_id"]) || (fact.side === 1 ? fact.server : fact.client);
    const offer: Offer = {
      server,
      routers: told(fields["routers"]),
      names: told(fields["dns_servers"]),
      mask: told(fields["subnet_mask"]),
      time: fact.time,
    };
    const key = `${told(fields["client_mac"])} ${Number(fields["id"])}`;
    const first = this.#offers.get(key);
    if (first === undefined || fact.time - first.time > answerUs) {
      this.#offers.set(key, offer);
      return;
    }
    if (first.server === server || first.mask !== offer.mask) return;
    const differs = first.routers !== offer.routers ? "routers" : first.names !== offer.names ? "name servers" : undefined;
    if (differs === undefined) return;
    const [before, now] = differs === "routers" ? [first.routers, offer.routers] : [first.names, offer.names];
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: server,
      title: `Two DHCP servers, ${first.server} and ${server}, send the same client over different ${differs}: ${before || "none"} and ${now || "none"}`,
      severity: "high",
      score: 0.8,
      why: [
        { feature: `${differs} that ${first.server} offers`, value: before },
        { feature: `${differs} that ${server} offers`, value: now },
        { feature: "client", value: told(fields["client_mac"]) },
      ],
      techniques: ["T1557.003"],
      cause: `dhcp ${[first.server, server].toSorted().join(" ")}`,
    });
  }
}
