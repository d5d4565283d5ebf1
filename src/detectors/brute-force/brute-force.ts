import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import { type Detector, type Finding, type FlowFact, placeOf, type TransactionFact } from "#contract/detector.ts";
import { type Attempts, AttemptTable } from "./attempts.ts";
import { isWeb, type Login, loginOf, loginOfFlow } from "./login.ts";

export interface BruteForceLimits {
  /** Failed logins of one client at one service within a minute that are told. */
  readonly failuresMin: number;
  /** The same within ten minutes. */
  readonly slowFailuresMin: number;
  /** Accounts that one client fails at within ten minutes and that make it a spray. */
  readonly accountsMin: number;
  /** Clients that fail at one service within ten minutes and that make it a distributed attack. */
  readonly clientsMin: number;
}

const fastUs = 60 * MICROS_PER_SECOND;
const slowUs = 600 * MICROS_PER_SECOND;
const keysMax = 20_000;
/** Failures at web pages are only told when there are this many times as many: programs that are not let in try again. */
const webFactor = 4;
/** Failures of this share make an attack; the rest are people who mistype. */
const failedShareMin = 0.7;
const accountsTold = 5;
/** Kerberos names the account in the request only. */
const requestsMax = 10_000;

const round = (time: number): number => Math.max(1, Math.round(time / MICROS_PER_SECOND));

/** Who tries passwords: one client at one service, one client at many accounts, many clients at one service. */
export class BruteForce implements Detector {
  readonly #limits: BruteForceLimits;
  readonly #report: (finding: Finding) => void;
  /** By client, server and service. */
  readonly #fast = new AttemptTable(fastUs, keysMax);
  readonly #slow = new AttemptTable(slowUs, keysMax);
  /** By client. */
  readonly #clients = new AttemptTable(slowUs, keysMax);
  /** By server and service. */
  readonly #servers = new AttemptTable(slowUs, keysMax);
  /** Account of the last request for a ticket, by flow. */
  readonly #asked = new OldestFirstMap<number, string>(requestsMax);

  constructor(limits: BruteForceLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowEnd(fact: FlowFact): void {
    const login = loginOfFlow(fact);
    if (login !== undefined) this.#login(fact, login);
  }

  onTransaction(fact: TransactionFact): void {
    const { msg_type: message, cname } = fact.fields;
    if (message === "KRB_AS_REQ") {
      this.#asked.set(fact.flowId, typeof cname === "string" ? cname : "");
      return;
    }
    const login = loginOf(fact);
    if (login === undefined) return;
    const asked = login.account === "" ? this.#asked.get(fact.flowId) : undefined;
    this.#login(fact, asked === undefined ? login : { ...login, account: asked });
  }

  #login(fact: FlowFact, login: Login): void {
    const pair = `${fact.clientHash} ${fact.serverHash} ${login.service}`;
    if (login.success) {
      this.#success(fact, login, pair);
      return;
    }
    const fast = this.#fast.of(pair, fact.time);
    const slow = this.#slow.of(pair, fact.time);
    const client = this.#clients.of(fact.clientHash, fact.time);
    const server = this.#servers.of(`${fact.serverHash} ${login.service}`, fact.time);
    for (const attempts of [fast, slow, client]) attempts.fail(login.account, fact.serverHash);
    server.fail(login.account, fact.clientHash);
    this.#judge(fact, login, fast, slow, client, server);
  }

  #success(fact: FlowFact, login: Login, pair: string): void {
    const slow = this.#slow.known(pair, fact.time);
    for (const attempts of [
      this.#fast.known(pair, fact.time),
      slow,
      this.#clients.known(fact.clientHash, fact.time),
      this.#servers.known(`${fact.serverHash} ${login.service}`, fact.time),
    ])
      if (attempts !== undefined) attempts.successes++;
    if (slow !== undefined && slow.successes === 1 && slow.failures >= this.#need(login, this.#limits.failuresMin))
      this.#tellPair(fact, login, slow, this.#need(login, this.#limits.failuresMin), true);
  }

  #judge(fact: FlowFact, login: Login, fast: Attempts, slow: Attempts, client: Attempts, server: Attempts): void {
    const { failuresMin, slowFailuresMin, accountsMin, clientsMin } = this.#limits;
    const isSpray = client.accounts.size >= accountsMin && client.accounts.size * 2 >= client.failures;
    if (isSpray && isMostlyFailed(client)) this.#tellSpray(fact, login, client);
    else if (fast.failures >= this.#need(login, failuresMin) && isMostlyFailed(fast))
      this.#tellPair(fact, login, fast, this.#need(login, failuresMin), false);
    else if (slow.failures >= this.#need(login, slowFailuresMin) && isMostlyFailed(slow))
      this.#tellPair(fact, login, slow, this.#need(login, slowFailuresMin), false);
    if (server.partners.size >= clientsMin && server.failures >= server.partners.size * 2 && isMostlyFailed(server))
      this.#tellDistributed(fact, login, server);
  }

  #need(login: Login, failures: number): number {
    return isWeb(login) ? failures * webFactor : failures;
  }

  #tellPair(fact: FlowFact, login: Login, attempts: Attempts, threshold: number, isIn: boolean): void {
    const { failures, accounts, from } = attempts;
    const whom =
      accounts.size === 0 ? "" : `, as ${[...accounts].slice(0, accountsTold).join(", ")}${accounts.size > accountsTold ? " …" : ""}`;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} failed ${failures} times to log in to ${login.service} of ${fact.server} within ${round(fact.time - from)} s${whom}${isIn ? `, and then got in${login.account === "" || accounts.size < 2 ? "" : ` as ${login.account}`}` : ""}`,
      severity: isIn ? "critical" : failures >= threshold * 4 ? "high" : "medium",
      score: isIn ? 1 : Math.min(1, 0.6 + failures / (threshold * 10)),
      why: [
        { feature: "failed logins", value: failures, threshold, sample: failures + attempts.successes },
        { feature: "time", value: `${round(fact.time - from)} s` },
        ...(accounts.size === 0 ? [] : [{ feature: "accounts", value: accounts.size }]),
        ...(isIn ? [{ feature: "account that got in", value: login.account === "" ? "yes" : login.account }] : []),
      ],
      techniques: isIn ? ["T1110.001", "T1078"] : ["T1110.001"],
      cause: `${login.service} ${fact.client} ${fact.server}`,
    });
  }

  #tellSpray(fact: FlowFact, login: Login, attempts: Attempts): void {
    const { accounts, failures, partners, from } = attempts;
    const { target, ...place } = placeOf(fact);
    this.#report({
      ...place,
      ...(partners.size === 1 && target !== undefined ? { target } : {}),
      title: `${fact.client} tried ${accounts.size} accounts at ${login.service} of ${partners.size === 1 ? fact.server : `${partners.size} servers`}, few passwords each, within ${round(fact.time - from)} s: ${[...accounts].slice(0, accountsTold).join(", ")}${accounts.size > accountsTold ? " …" : ""}`,
      severity: "high",
      score: Math.min(1, 0.7 + accounts.size / 100),
      why: [
        { feature: "accounts that failed", value: accounts.size, threshold: this.#limits.accountsMin, sample: failures },
        { feature: "servers", value: partners.size },
        { feature: "time", value: `${round(fact.time - from)} s` },
      ],
      techniques: ["T1110.003"],
      cause: `spray ${fact.client}`,
    });
  }

  #tellDistributed(fact: FlowFact, login: Login, attempts: Attempts): void {
    const { partners, failures, from } = attempts;
    this.#report({
      time: fact.time,
      number: fact.number,
      target: fact.server,
      title: `${partners.size} clients failed ${failures} times to log in to ${login.service} of ${fact.server} within ${round(fact.time - from)} s`,
      severity: "high",
      score: 0.8,
      why: [
        { feature: "clients that failed", value: partners.size, threshold: this.#limits.clientsMin, sample: failures },
        { feature: "time", value: `${round(fact.time - from)} s` },
      ],
      techniques: ["T1110"],
      cause: `distributed ${login.service} ${fact.server}`,
    });
  }
}

const isMostlyFailed = ({ failures, successes }: Attempts): boolean => failures >= failedShareMin * (failures + successes);
