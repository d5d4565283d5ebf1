import { textOf } from "#base/members.ts";
import { OldestFirstSet } from "#base/oldest-first.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";

/** Agents of tools for attack and search, as the tools name themselves by default. */
const toolAgents =
  /(sqlmap|nikto|nmap scripting engine|masscan|zgrab|dirbuster|gobuster|feroxbuster|wpscan|nuclei|hydra|acunetix|nessus|openvas|whatweb|wfuzz|ffuf|havij|metasploit|arachni|w3af)/i;
/** Agents that are defaults of published tools or misspelt imitations of browsers. */
const brokenAgents =
  /(^Mozilla\/[^45])|(^Mozilla\/4\.0$)|(^Mozilla\/5\.0$)|(^Mozilla\/\d\.\d\s*\(\s*\)$)|(\bMSIE \d\.\d\d{2,})|(^Mozzila)|(^Mozila)/i;
/** Shells that fetch: usual for administrators, odd on the machine of anybody else. */
const shellAgents = /(WindowsPowerShell\/|^CertUtil URL Agent)/i;

/** Tools for remote support that thieves use as well (SANS ISC diaries on NetSupport Manager). */
const supportAgents = /^NetSupport Manager\//;

/** (client, agent) pairs that were told; the oldest goes first. */
const toldMax = 5_000;
/** Agents known to be ordinary, so that patterns are tried once for each; all are forgotten when there are more. */
const ordinaryMax = 5_000;

/** How a User-Agent is unusual, in words; undefined for one that is not. */
export function oddityOf(agent: string): string | undefined {
  if (toolAgents.test(agent)) return "is that of a tool for attacks or searches";
  if (brokenAgents.test(agent)) return "imitates a browser badly";
  if (supportAgents.test(agent)) return "is that of a tool for remote support, which thieves use too";
  if (shellAgents.test(agent)) return "is that of a shell that fetches files";
  if (agent.length > 0 && agent.trim().length === 0) return "is blank";
  // Control characters have no place in a header (RFC 9110, section 5.5).
  if (/[^\P{Cc}\t]/u.test(agent)) return "holds control characters";
  return undefined;
}

/** Requests to outside whose User-Agent says that no browser of a person sent them, or one that lies. Tells, accuses nobody. */
export class UnusualUserAgent implements Detector {
  readonly #report: (finding: Finding) => void;
  readonly #told = new OldestFirstSet<string>(toldMax);
  readonly #ordinary = new Set<string>();

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const agent = fact.fields["http_user_agent"];
    if (typeof agent !== "string" || this.#ordinary.has(agent)) return;
    const oddity = oddityOf(agent);
    if (oddity === undefined) {
      if (this.#ordinary.size >= ordinaryMax) this.#ordinary.clear();
      this.#ordinary.add(agent);
      return;
    }
    // Tools count their requests in their agents: one of a kind is told.
    const key = `${fact.clientHash} ${toolAgents.exec(agent)?.[0]?.toLowerCase() ?? agent}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#report({
      ...placeOf(fact),
      cause: key,
      title: `${fact.client} asked ${textOf(fact.fields["hostname"]) || fact.server} with a User-Agent that ${oddity}: ${agent.slice(0, 80)}`,
      severity: "low",
      score: 0.5,
      why: [{ feature: "user agent", value: agent.slice(0, 200) }],
    });
  }
}
