import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";
import { Pairs } from "./pairs.ts";
import { rpcCallOf } from "./rpc-calls.ts";

const pairsMax = 10_000;

class Attempts {
  from = 0;
  challenges = 0;
  authentications = 0;
  passwordSet = false;
}

/**
 * Challenges to a domain controller's Netlogon in quick succession: a forged one passes once in 256 times when it is
 * all zeros (CVE-2020-1472). Machines that join or reconnect need one or two.
 */
export class NetlogonGuessing implements Detector {
  readonly #attemptsMin: number;
  readonly #window: number;
  readonly #report: (finding: Finding) => void;
  readonly #pairs = new Pairs(pairsMax, () => new Attempts());

  constructor(attemptsMin: number, windowSeconds: number, report: (finding: Finding) => void) {
    this.#attemptsMin = attemptsMin;
    this.#window = windowSeconds * MICROS_PER_SECOND;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const call = rpcCallOf(fact);
    if (call?.service !== "netlogon") return;
    const { procedure } = call;
    const isChallenge = procedure === "NetrServerReqChallenge";
    const isAuthentication = procedure.startsWith("NetrServerAuthenticate");
    const isPassword = procedure.startsWith("NetrServerPasswordSet");
    if (!isChallenge && !isAuthentication && !isPassword) return;
    const attempts = this.#pairs.of(fact);
    if (fact.time - attempts.from > this.#window) Object.assign(attempts, new Attempts(), { from: fact.time });
    if (isChallenge) attempts.challenges++;
    else if (isAuthentication) attempts.authentications++;
    else attempts.passwordSet = true;
    const guesses = Math.min(attempts.challenges, attempts.authentications);
    if (guesses < this.#attemptsMin || !((isAuthentication && guesses === this.#attemptsMin) || isPassword)) return;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} guesses its way past the login of ${fact.server}: ${guesses} challenges in ${Math.max(1, Math.round((fact.time - attempts.from) / MICROS_PER_SECOND))} s${attempts.passwordSet ? ", then it set the machine's password" : ""} (Zerologon)`,
      severity: "critical",
      score: attempts.passwordSet ? 1 : 0.9,
      why: [
        { feature: "challenges and authentications", value: guesses, threshold: this.#attemptsMin },
        { feature: "machine password set", value: attempts.passwordSet ? "yes" : "no" },
      ],
      techniques: ["T1210"],
      cause: `netlogon ${fact.client} ${fact.server}`,
    });
  }
}
