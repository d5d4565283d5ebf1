import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";

type Members = Readonly<Record<string, unknown>>;
const members = (value: unknown): Members => (typeof value === "object" && value !== null ? (value as Members) : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A login whose password could be read, and its account; `undefined` for everything else. */
interface Readable {
  readonly service: string;
  readonly account: string;
}

const readers: Readonly<Record<string, (fields: Members) => Readable | undefined>> = {
  ftp: (fields) => {
    const account = text(fields["user"]);
    const isAnonymous = /^(?:anonymous|ftp)?$/i.test(account);
    const code = text((fields["completion_code"] as readonly unknown[] | undefined)?.[0]);
    return fields["command"] === "PASS" && code === "230" && !isAnonymous ? { service: "FTP", account } : undefined;
  },
  telnet: (fields) =>
    fields["password"] === true && fields["success"] === true ? { service: "Telnet", account: text(fields["user"]) } : undefined,
  pop3: (fields) =>
    members(fields["request"])["command"] === "PASS" && members(fields["response"])["success"] === true
      ? { service: "POP3", account: text(fields["user"]) }
      : undefined,
  imap: (fields) =>
    members(fields["request"])["command"] === "LOGIN" && members(fields["response"])["status"] === "OK"
      ? { service: "IMAP", account: text(fields["user"]) }
      : undefined,
  smtp: (fields) =>
    fields["auth_success"] === true && /^(?:PLAIN|LOGIN)$/i.test(text(fields["auth"]))
      ? { service: "SMTP", account: text(fields["user"]) }
      : undefined,
};

export const clearTextKinds: readonly string[] = [...Object.keys(readers), "tls"];

/** Encrypted connections that are remembered; the oldest goes first. */
const encryptedMax = 10_000;

/** Passwords that anybody on the way could read. Logins that failed are not told. */
export class ClearText implements Detector {
  readonly #report: (finding: Finding) => void;
  /** Connections that are or went on encrypted: what is read of them was decrypted here. */
  readonly #encrypted = new Set<number>();

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    if (fact.kind === "tls") {
      if (this.#encrypted.size >= encryptedMax) this.#encrypted.delete(this.#encrypted.values().next().value as number);
      this.#encrypted.add(fact.flowId);
      return;
    }
    const login = readers[fact.kind]?.(fact.fields);
    if (login === undefined || this.#encrypted.has(fact.flowId)) return;
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: fact.client,
      target: fact.server,
      title: `${fact.client} logged in to ${login.service} of ${fact.server}${login.account === "" ? "" : ` as ${login.account}`} with a password that could be read on the way`,
      severity: "low",
      score: 0.5,
      why: [{ feature: "protocol without encryption", value: login.service }],
      cause: `${login.service} ${fact.client} ${fact.server}`,
    });
  }
}
