import { textOf } from "#base/members.ts";
import type { Transaction } from "#contract/parser.ts";
import { type KnownCertificate, knownCertificates, knownFingerprints } from "./known-certificates.ts";

/** What a certificate gave away. */
export interface CertificateMatch {
  readonly family: string;
  readonly member: string;
  readonly value: string;
  readonly source: string;
}

/** The value of one attribute of a name like `C=US, O=Example, CN=www.example.com`; undefined where it has none. */
export function attribute(name: string, type: "CN" | "O"): string | undefined {
  const start = name.startsWith(`${type}=`) ? 0 : name.indexOf(`, ${type}=`) + 2;
  if (start === 1) return undefined;
  const from = start + type.length + 1;
  const next = /, [A-Za-z0-9.]{1,24}=/.exec(name.slice(from));
  return next === null ? name.slice(from) : name.slice(from, from + next.index);
}

const prefixes = { is: "", name: "CN", organization: "O" } as const;

function matches({ member, how, value }: KnownCertificate, fields: Readonly<Transaction>): boolean {
  const text = fields[member];
  if (typeof text !== "string") return false;
  const type = prefixes[how];
  if (type === "") return text === value || text === `00:${value}`;
  return text.includes(value) && attribute(text, type) === value;
}

/** The default certificate that a `tls` event shows, where it is a published one. */
export function matchCertificate(fields: Readonly<Transaction>): CertificateMatch | undefined {
  const known = knownCertificates.find((row) => matches(row, fields));
  if (known !== undefined) return { ...known, value: textOf(fields[known.member]) };
  const sha1 = fields["fingerprint"];
  const print = knownFingerprints.find((row) => row.sha1 === sha1);
  return print && { family: print.family, member: "fingerprint", value: print.sha1, source: print.source };
}
