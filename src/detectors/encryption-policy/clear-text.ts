import { OldestFirstSet } from "#base/oldest-first.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";
import { loginOf } from "#detectors/brute-force/login.ts";

/** Messages that tell of such logins, and of encryption around them. */
export const clearTextKinds: readonly string[] = ["ftp", "telnet", "pop3", "imap", "smtp", "tls"];

/** Everybody may log in so, with any password (RFC 1635). */
const isAnonymous = (account: string): boolean => /^(?:anonymous|ftp)?$/i.test(account);

/** Encrypted connections that are remembered; the oldest goes first. */
const encryptedMax = 10_000;

/** Passwords that anybody on the way could read. Logins that failed are not told. */
export class ClearText implements Detector {
  readonly #report: (finding: Finding) => void;
  /** Connections that are or went on encrypted: what is read of them was decrypted here. */
  readonly #encrypted = new OldestFirstSet<number>(encryptedMax);

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.kind === "tls") {
      this.#encrypted.add(fact.flowId);
      return;
    }
    const login = loginOf(fact);
    if (login?.success !== true || !login.isReadable || this.#encrypted.has(fact.flowId)) return;
    if (login.service === "FTP" && isAnonymous(login.account)) return;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} logged in to ${login.service} of ${fact.server}${login.account === "" ? "" : ` as ${login.account}`} with a password that could be read on the way`,
      severity: "low",
      score: 0.5,
      why: [{ feature: "protocol without encryption", value: login.service }],
      cause: `${login.service} ${fact.client} ${fact.server}`,
    });
  }
}
