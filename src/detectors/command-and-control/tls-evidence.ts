import { textOf } from "#base/members.ts";
import type { TransactionFact } from "#contract/detector.ts";
import { attribute } from "./certificate-match.ts";
import { Evidence } from "./evidence.ts";
import { usualTlsPorts } from "./known-certificates.ts";

/** JA3 of Windows' own TLS without a server name, as .NET programs use it (zeek-asyncrat-detector, zeek-quasarrat-detector). */
const dotNetPrints: ReadonlySet<string> = new Set([
  "fc54e0d16d9764783542f0146a98b300",
  "8b79783b7a50d6785ef5365a464f97d1",
  "c12f54a3f91dc7bafd92cb59fe009a35",
]);

/**
 * What speaks for a remote-access tool in one handshake with a server outside. Tools of this kind make a certificate for
 * themselves and pin it, so they need neither name nor authority; the code that many of them share lets it end in the
 * year 9999 (RFC 5280, section 4.1.2.5: no well-defined end).
 */
export function tlsEvidence(fact: TransactionFact): Evidence {
  const { fields } = fact;
  const evidence = new Evidence();
  const subject = textOf(fields["subject"]);
  const name = attribute(subject, "CN") ?? "";
  const version = textOf(fields["version"]);
  evidence.add(fields["self_signed"] === true, 1.5, "certificate issued by itself", subject);
  evidence.add(subject.length > 0 && fields["sni"] === undefined, 1, "no server name asked for", "none");
  evidence.add(!usualTlsPorts.has(fact.serverPort), 1, "port unusual for TLS", fact.serverPort);
  evidence.add(textOf(fields["notafter"]).startsWith("9999"), 1.5, "certificate without an end", textOf(fields["notafter"]));
  evidence.add(subject === `CN=${name}` && isMadeUpName(name), 0.5, "certificate is for no host", subject);
  evidence.add(fields["client_alpns"] === undefined, 0.5, "no application protocol offered", "none");
  evidence.add(/^TLS ?v?1(\.0)?$/i.test(version), 0.5, "old version", version);
  evidence.add(dotNetPrints.has(printOf(fields["ja3"])), 0.5, "hello like that of .NET without a server name", printOf(fields["ja3"]));
  return evidence;
}

const isMadeUpName = (name: string): boolean => name.length > 0 && !name.includes(".") && !name.includes(":");
const printOf = (value: unknown): string => {
  const hash = (value as { readonly hash?: unknown } | undefined)?.hash;
  return typeof hash === "string" ? hash : "";
};
