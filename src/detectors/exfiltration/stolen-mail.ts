import { textOf } from "#base/members.ts";
import { type Detector, type Finding, placeOf, type Reason, type TransactionFact } from "#contract/detector.ts";
import { stolenPatterns } from "./stolen-patterns.ts";

/** Shorter names of machines are words that stand in subjects by chance. */
const machineNameMin = 5;
/** Characters of a subject or name that are told. */
const shownMax = 80;

/**
 * Passwords and screenshots on their way to a thief, in mails and uploads that are not encrypted: by the names that
 * stealers give them, or by a mail whose subject or attachment carries the name of the machine that sends it to a server
 * outside after logging in itself.
 */
export class StolenMail implements Detector {
  readonly #report: (finding: Finding) => void;

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.serverInside) return;
    if (fact.kind === "smtp") this.#readMail(fact);
    else this.#readUpload(fact);
  }

  #readMail(fact: TransactionFact): void {
    const email = fact.member("email");
    if (email === undefined) return;
    const subject = textOf(email["subject"]);
    const files = Array.isArray(email["attachment"]) ? email["attachment"].map(textOf) : [];
    const login = textOf(fact.fields["auth"]);
    const reasons: Reason[] = [{ feature: "login in clear text", value: login === "" ? "none" : login }];
    if (this.#tellKnown(fact, "subject", [subject], reasons) || this.#tellKnown(fact, "file", files, reasons)) return;
    const machine = textOf(fact.fields["helo"]);
    if (login === "" || !isMachineName(machine)) return;
    const carrier = [subject, ...files].find((text) => carries(text, machine));
    if (carrier === undefined) return;
    this.#tell(fact, `a mail about itself, "${carrier.slice(0, shownMax)}",`, 0.7, [
      { feature: "name of the sending machine", value: machine },
      { feature: "subject or attachment that carries it", value: carrier.slice(0, shownMax) },
      ...reasons,
    ]);
  }

  #readUpload(fact: TransactionFact): void {
    const { fields } = fact;
    if (fact.kind === "ftp") {
      const command = textOf(fields["command"]).toUpperCase();
      if (command === "STOR" || command === "STOU" || command === "APPE")
        this.#tellKnown(fact, "file", [textOf(fields["command_data"])], []);
    } else if (textOf(fields["command"]).toUpperCase() === "STOR") this.#tellKnown(fact, "file", [textOf(fields["filename"])], []);
  }

  #tellKnown(fact: TransactionFact, where: "subject" | "file", texts: readonly string[], reasons: readonly Reason[]): boolean {
    for (const { family, where: place, pattern, source } of stolenPatterns) {
      const text = place === where ? texts.find((one) => pattern.test(one)) : undefined;
      if (text === undefined) continue;
      const shown = text.slice(0, shownMax);
      const what = where === "subject" ? `a mail called "${shown}"` : `a file called "${shown}"`;
      this.#tell(fact, `${what}, as ${family} calls stolen data,`, 0.9, [
        { feature: where, value: shown },
        { feature: "source of what is known of it", value: source },
        ...reasons,
      ]);
      return true;
    }
    return false;
  }

  #tell(fact: TransactionFact, what: string, score: number, why: readonly Reason[]): void {
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} sent ${what} to ${fact.server} port ${fact.serverPort}`,
      severity: score >= 0.9 ? "critical" : "high",
      score,
      why,
    });
  }
}

/** The bare name of one machine, such as Windows gives: no domain, no address. */
const isMachineName = (helo: string): boolean =>
  helo.length >= machineNameMin && /^[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*$/.test(helo) && !/^localhost$/i.test(helo);

/** True when a text holds the name as a word of its own. */
function carries(text: string, machine: string): boolean {
  const at = text.toLowerCase().indexOf(machine.toLowerCase());
  if (at < 0) return false;
  const around = `${text.charAt(at - 1)}${text.charAt(at + machine.length)}`;
  return !/[A-Za-z0-9]/.test(around);
}
