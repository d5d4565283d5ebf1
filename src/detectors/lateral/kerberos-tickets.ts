import { textOf } from "#base/members.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";

/** Clients that are remembered; the one met first goes when there are too many. */
const clientsMax = 10_000;
const servicesMax = 64;

class Tickets {
  /** When its own part of a login came in a weak cipher though the ticket had a strong one; 0 for never. */
  downgraded = 0;
  from = 0;
  /** Services whose tickets came in a weak cipher. */
  readonly weak = new Set<string>();
}

const isWeak = (cipher: unknown): boolean => typeof cipher === "string" && /rc4|des-/.test(cipher) && !cipher.startsWith("des3");
const isStrong = (cipher: unknown): boolean => typeof cipher === "string" && cipher.startsWith("aes");

/**
 * Tickets in ciphers that can be cracked or forged, from a realm that knows better: a login and a service's ticket of
 * one client both in RC4 (a stolen hash, or a skeleton key in the controller), and weak tickets for many services at once
 * (Kerberoasting). One weak login, or one weak ticket, is what old machines get and is not told.
 */
export class KerberosTickets implements Detector {
  readonly #servicesMin: number;
  readonly #window: number;
  readonly #report: (finding: Finding) => void;
  readonly #clients = new OldestFirstMap<number, Tickets>(clientsMax);

  constructor(servicesMin: number, windowSeconds: number, report: (finding: Finding) => void) {
    this.#servicesMin = servicesMin;
    this.#window = windowSeconds * MICROS_PER_SECOND;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const { fields } = fact;
    const isLogin = fields["msg_type"] === "KRB_AS_REP";
    if (!isLogin && fields["msg_type"] !== "KRB_TGS_REP") return;
    const { encryption, ticket_encryption: ticket } = fields;
    if (isLogin && isWeak(encryption) && isStrong(ticket)) {
      this.#of(fact).downgraded = fact.time;
      return;
    }
    if (isLogin || !isWeak(ticket) || !isStrong(encryption)) return;
    const tickets = this.#of(fact);
    if (fact.time - tickets.from > this.#window) {
      tickets.from = fact.time;
      tickets.weak.clear();
    }
    const service = textOf(fields["sname"]);
    if (tickets.weak.size < servicesMax) tickets.weak.add(service);
    if (tickets.downgraded !== 0 && fact.time - tickets.downgraded <= this.#window) this.#downgraded(fact, service);
    if (tickets.weak.size === this.#servicesMin) this.#roasted(fact, tickets);
  }

  #of(fact: TransactionFact): Tickets {
    return this.#clients.ensure(fact.clientHash, () => new Tickets());
  }

  #downgraded(fact: TransactionFact, service: string): void {
    const user = textOf(fact.fields["cname"]);
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} logged in as ${user} with RC4 and got a ticket for ${service} in RC4, from a realm that has AES: a stolen hash or a skeleton key`,
      severity: "medium",
      score: 0.6,
      why: [
        { feature: "cipher of the login", value: "RC4, its ticket AES" },
        { feature: "cipher of the service's ticket", value: textOf(fact.fields["ticket_encryption"]) },
      ],
      techniques: ["T1556.001", "T1550.002"],
      cause: `downgrade ${fact.client} ${user}`,
    });
  }

  #roasted(fact: TransactionFact, tickets: Tickets): void {
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} collected weakly encrypted tickets of ${tickets.weak.size} services, which can be cracked offline (Kerberoasting)`,
      severity: "high",
      score: 0.8,
      why: [
        { feature: "services with tickets in a weak cipher", value: tickets.weak.size, threshold: this.#servicesMin },
        { feature: "services", value: [...tickets.weak].slice(0, 5).join(" ") },
      ],
      techniques: ["T1558.003"],
      cause: `roast ${fact.client}`,
    });
  }
}
