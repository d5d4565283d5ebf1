import { type Members, textOf } from "#base/members.ts";
import type { Reason } from "#contract/detector.ts";
import type { Severity } from "#schema/finding.ts";

/** A shortcoming of a handshake. */
export interface Shortcoming {
  /** Its short name, for the cause. */
  readonly name: string;
  /** What is said of the server: "has a certificate that expired on …". */
  readonly says: string;
  readonly severity: Severity;
  readonly score: number;
  readonly why: readonly Reason[];
}

/** NULL and EXPORT ciphers, single DES, RC4 (RFC 7465), anonymous servers, and 3DES (RFC 9325, 4.2). */
const weakCipher = /NULL|EXPORT|_DES_|RC4|RC2|_anon_|3DES/;
/** RFC 8996 (TLS 1.0 and 1.1), RFC 7568 (SSL 3.0), RFC 6176 (SSL 2.0). */
const oldVersion = /^(?:SSLv|TLSv1$|TLS 1\.[01]$|DTLS (?:0\.9|1\.0))/;
/** Bits below which keys count as weak (NIST SP 800-131A). */
const rsaBitsMin = 2048;
const ecBitsMin = 224;
/**
 * Relays of Tor make up a name for the subject and another for the issuer of their certificates: `www.` and 8 to 20
 * letters of base 32, then .com or .net (Tor specification, tor-spec: certificates).
 */
const torName = /(?:^|, ?)CN=www\.([a-z2-7]{8,20})\.(com|net)$/;

/** What is wrong with a handshake, as far as the `tls` event tells it. */
export function shortcomings(tls: Members): Shortcoming[] {
  const found: Shortcoming[] = [];
  const { version, cipher, validity } = tls;
  const subject = textOf(tls["subject"]);
  if (validity === "expired" || validity === "not_yet_valid") {
    const end = validity === "expired" ? textOf(tls["notafter"]) : textOf(tls["notbefore"]);
    found.push({
      name: validity,
      says:
        validity === "expired" ? `has a certificate that expired on ${day(end)}` : `has a certificate that is not valid before ${day(end)}`,
      severity: "low",
      score: 0.5,
      why: [{ feature: validity === "expired" ? "end of validity" : "start of validity", value: end }, ...of(subject)],
    });
  }
  if (tls["self_signed"] === true)
    found.push({
      name: "self-signed",
      says: "has a certificate that it signed itself",
      severity: "low",
      score: 0.3,
      why: [{ feature: "issuer is the subject", value: subject }],
    });
  if (typeof version === "string" && oldVersion.test(version))
    found.push({
      name: "old-version",
      says: `speaks ${version}, which is not to be used any more`,
      severity: version.startsWith("SSL") ? "medium" : "low",
      score: 0.4,
      why: [{ feature: "version", value: version }],
    });
  if (typeof cipher === "string" && weakCipher.test(cipher))
    found.push({
      name: "weak-cipher",
      says: `encrypts with ${cipher}, which can be broken`,
      severity: /NULL|EXPORT|_anon_|_DES_/.test(cipher) ? "high" : "medium",
      score: 0.6,
      why: [{ feature: "cipher suite", value: cipher }],
    });
  const bits = Number(tls["key_bits"]);
  const least = tls["key_type"] === "RSA" ? rsaBitsMin : tls["key_type"] === "EC" ? ecBitsMin : 0;
  if (bits > 0 && bits < least)
    found.push({
      name: "weak-key",
      says: `has a key of only ${bits} bits, which is too short`,
      severity: bits < 1024 ? "high" : "low",
      score: 0.5,
      why: [{ feature: `size of its ${textOf(tls["key_type"])} key`, value: bits, threshold: least }],
    });
  const wrong = mismatch(tls);
  if (wrong !== undefined) found.push(wrong);
  return found;
}

const day = (time: string): string => time.slice(0, 10);
const of = (subject: string): Reason[] => (subject === "" ? [] : [{ feature: "subject", value: subject }]);

/** A server whose certificate is not for the name that was asked for (RFC 9525). */
function mismatch(tls: Members): Shortcoming | undefined {
  const name = textOf(tls["sni"]).toLowerCase();
  const names = Array.isArray(tls["subjectaltname"]) ? tls["subjectaltname"].filter((one): one is string => typeof one === "string") : [];
  const common = /(?:^|, ?)CN=([^,]+)/.exec(textOf(tls["subject"]))?.[1];
  const all = names.length > 0 ? names : common === undefined ? [] : [common];
  if (name === "" || all.length === 0 || all.some((one) => covers(one.toLowerCase(), name))) return undefined;
  return {
    name: "mismatch",
    says: `was asked for ${name} and has a certificate for ${all[0]}${all.length > 1 ? ` and ${all.length - 1} other names` : ""}`,
    severity: "low",
    score: 0.4,
    why: [
      { feature: "name that was asked for", value: name },
      { feature: "names of the certificate", value: all.slice(0, 3).join(" ") },
    ],
  };
}

/** A star stands for one label (RFC 9525, 6.3). */
function covers(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  if (!pattern.startsWith("*.")) return false;
  const dot = name.indexOf(".");
  return dot > 0 && name.slice(dot) === pattern.slice(1);
}

/** True for the certificate of a relay of Tor. */
export function isTor(tls: Members): boolean {
  const subject = torName.exec(textOf(tls["subject"]));
  const issuer = torName.exec(textOf(tls["issuerdn"]));
  return subject !== null && issuer !== null && subject[1] !== issuer[1];
}
