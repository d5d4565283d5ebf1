import type { Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import type { Certificate } from "./certificate.ts";
import type { ClientHello } from "./client-hello.ts";
import { Extension } from "./extensions.ts";
import { clientFingerprints, serverFingerprint } from "./fingerprints.ts";
import type { Ja3 } from "./ja3.ts";
import type { Ja4Transport } from "./ja4.ts";
import { alertName, cipherName, groupName, isTls13, UNDETERMINED, versionName } from "./names.ts";
import type { ServerHello } from "./server-hello.ts";

/** A client's hello with its fingerprints, which are missing when the hello is incomplete or of SSL 2.0. */
export interface Offer {
  readonly hello: ClientHello;
  readonly ja3: Ja3 | undefined;
  readonly ja4: string | undefined;
}

export function fingerprinted(hello: ClientHello, transport: Ja4Transport, platform: Platform): Offer {
  if (!hello.complete) return { hello, ja3: undefined, ja4: undefined };
  const { ja3, ja4 } = clientFingerprints(hello, transport, platform);
  return { hello, ja3, ja4 };
}

/** What is known of one handshake; grows while it is read. */
export class HandshakeFacts {
  offer: Offer | undefined = undefined;
  answer: ServerHello | undefined = undefined;
  /** Version that was seen without a hello that could be read (SSL 2.0). */
  version = 0;
  readonly serverCertificates: Certificate[] = [];
  readonly clientCertificates: Certificate[] = [];
  /** The server began to encrypt without having sent a certificate. */
  abbreviated = false;
  retry = false;
  alert: number | undefined = undefined;

  get empty(): boolean {
    return this.offer === undefined && this.answer === undefined && this.version === 0 && this.serverCertificates.length === 0;
  }
}

/** The members of the `tls` event, in Suricata's order. `time` is the packet's, against which certificates are held. */
export function eventOf(facts: HandshakeFacts, platform: Platform, time: number): Transaction {
  const { offer, answer } = facts;
  const server = facts.serverCertificates[0];
  const fields: Transaction = {};
  if (server?.subject !== undefined) fields["subject"] = server.subject;
  if (server?.issuer !== undefined) fields["issuerdn"] = server.issuer;
  if (server !== undefined && server.alternativeNames.length > 0) fields["subjectaltname"] = server.alternativeNames;
  if (facts.abbreviated && resumptionOf(facts) !== undefined) fields["session_resumed"] = true;
  if (server?.serial !== undefined) fields["serial"] = server.serial;
  if (server !== undefined) fields["fingerprint"] = server.fingerprint;
  if (offer?.hello.sni !== undefined) fields["sni"] = offer.hello.sni;
  const version = answer?.version ?? facts.version;
  fields["version"] = version === 0 ? UNDETERMINED : versionName(version);
  if (server?.notBefore !== undefined) fields["notbefore"] = server.notBefore;
  if (server?.notAfter !== undefined) fields["notafter"] = server.notAfter;
  if (offer?.ja3 !== undefined) fields["ja3"] = offer.ja3;
  if (answer !== undefined) fields["ja3s"] = serverFingerprint(answer, platform);
  if (offer?.ja4 !== undefined) fields["ja4"] = offer.ja4;
  if (offer !== undefined && offer.hello.alpns.length > 0) fields["client_alpns"] = offer.hello.alpns;
  if (answer !== undefined && answer.alpns.length > 0) fields["server_alpns"] = answer.alpns;
  addOwn(fields, facts, time);
  return fields;
}

function addOwn(fields: Transaction, facts: HandshakeFacts, time: number): void {
  const { offer, answer } = facts;
  const server = facts.serverCertificates[0];
  const client = facts.clientCertificates[0];
  if (client !== undefined) fields["client"] = certificateFields(client);
  if (answer !== undefined) fields["cipher"] = cipherName(answer.cipher);
  if (answer?.group !== undefined) fields["group"] = groupName(answer.group);
  if (server?.keyType !== undefined) fields["key_type"] = server.keyType;
  if (server?.keyBits !== undefined) fields["key_bits"] = server.keyBits;
  if (server !== undefined) addJudgement(fields, server, time);
  if (facts.serverCertificates.length > 1) fields["cert_chain"] = facts.serverCertificates.slice(1).map(certificateFields);
  if (answer?.extensions.includes(Extension.preSharedKey) === true) fields["psk"] = true;
  const resumption = resumptionOf(facts);
  if (resumption !== undefined) fields["resumption"] = resumption;
  const offered = offer?.hello.extensions ?? [];
  if (offered.includes(Extension.earlyData)) fields["early_data"] = true;
  if (offered.includes(Extension.encryptedClientHello) || offered.includes(Extension.encryptedServerName)) fields["ech"] = true;
  if (facts.retry) fields["hello_retry"] = true;
  if (facts.alert !== undefined) fields["alert"] = alertName(facts.alert);
}

/** Is the certificate valid at the time of the packet, and did its owner sign it? */
function addJudgement(fields: Transaction, server: Certificate, time: number): void {
  if (server.validUntil < time) fields["validity"] = "expired";
  else if (server.validFrom > time) fields["validity"] = "not_yet_valid";
  else if (server.validFrom <= time && server.validUntil >= time) fields["validity"] = "valid";
  if (server.subject !== undefined && server.subject === server.issuer) fields["self_signed"] = true;
}

/**
 * How the server takes up an earlier session. With TLS 1.3 it chooses a pre-shared key; before, it sends no certificate
 * and either repeats the client's session id (RFC 5246 §7.3), or the client had a ticket (RFC 5077).
 */
function resumptionOf({ offer, answer, abbreviated }: HandshakeFacts): string | undefined {
  if (answer === undefined) return undefined;
  if (isTls13(answer.version)) return answer.extensions.includes(Extension.preSharedKey) ? "psk" : undefined;
  if (!abbreviated || offer === undefined) return undefined;
  const ticket = offer.hello.extensions.includes(Extension.sessionTicket);
  // A client with a ticket makes up a session id, so that it sees from the answer what the server did.
  if (offer.hello.ticket) return "ticket";
  return sameBytes(offer.hello.sessionId, answer.sessionId) ? "session_id" : ticket ? "ticket" : undefined;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length > 0 && a.length === b.length && a.every((byte, index) => byte === b[index]);

function certificateFields(certificate: Certificate): Transaction {
  const fields: Transaction = {};
  if (certificate.subject !== undefined) fields["subject"] = certificate.subject;
  if (certificate.issuer !== undefined) fields["issuerdn"] = certificate.issuer;
  if (certificate.serial !== undefined) fields["serial"] = certificate.serial;
  fields["fingerprint"] = certificate.fingerprint;
  if (certificate.notBefore !== undefined) fields["notbefore"] = certificate.notBefore;
  if (certificate.notAfter !== undefined) fields["notafter"] = certificate.notAfter;
  return fields;
}
