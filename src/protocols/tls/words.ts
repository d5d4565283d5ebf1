import { bufferWord, ownWord, pathsBySide, type RuleWord, type RuleWordPath } from "#schema/rule-word.ts";
import { readTime } from "./rule-time.ts";

const on = ["tls"];

/** Certificates of either side: the server's, and that of a client that has to show one. */
const ofCertificate = (member: string): readonly RuleWordPath[] => pathsBySide("tls", [`client.${member}`], [member]);
const certificate = (name: string, doc: string, member: string): RuleWord =>
  bufferWord(name, on, "both", doc, { aliases: [name.replace(".", "_")], from: ofCertificate(member) });

/** Hellos of TLS and of QUIC. */
const hello = (name: string, side: "toServer" | "toClient", doc: string, path: string, aliases: readonly string[]): RuleWord =>
  bufferWord(name, ["tls", "quic"], side, doc, {
    aliases,
    from: [
      { kind: "tls", path, side },
      { kind: "quic", path, side },
    ],
  });

const contains = (argument: string) => (value: unknown) => typeof value === "string" && value.includes(argument);

export const tlsWords: readonly RuleWord[] = [
  bufferWord("tls.sni", on, "toServer", "Server name that the client asked for.", {
    aliases: ["tls_sni"],
    from: pathsBySide("tls", ["sni"], []),
  }),
  certificate("tls.cert_subject", "Whom the certificate was issued to.", "subject"),
  certificate("tls.cert_issuer", "Who issued the certificate.", "issuerdn"),
  certificate("tls.cert_serial", "Serial number of the certificate: `0A:1B:…`.", "serial"),
  certificate("tls.cert_fingerprint", "SHA-1 of the certificate: `aa:bb:…`.", "fingerprint"),
  bufferWord("tls.subjectaltname", on, "toClient", "A name that the server's certificate is for.", {
    several: true,
    from: pathsBySide("tls", [], ["subjectaltname[]"]),
  }),
  ownWord("tls.subject", on, "both", "A part of whom the certificate was issued to.", contains, { from: ofCertificate("subject") }),
  ownWord("tls.issuerdn", on, "both", "A part of who issued the certificate.", contains, { from: ofCertificate("issuerdn") }),
  ownWord(
    "tls.fingerprint",
    on,
    "both",
    "SHA-1 of the certificate as a whole.",
    (argument) => (value) => typeof value === "string" && value.toLowerCase() === argument.toLowerCase(),
    { from: ofCertificate("fingerprint") },
  ),
  ownWord("tls_cert_notbefore", on, "toClient", "Start of the certificate's validity: `>2026-01-31`, `2025<>2026`.", readTime, {
    from: pathsBySide("tls", [], ["notbefore"]),
  }),
  ownWord("tls_cert_notafter", on, "toClient", "End of the certificate's validity: `<2026-01-31T12:00:00`.", readTime, {
    from: pathsBySide("tls", [], ["notafter"]),
  }),
  hello("ja3.hash", "toServer", "JA3 of the client's hello.", "ja3.hash", ["ja3_hash", "tls.ja3.hash"]),
  hello("ja3.string", "toServer", "Lists that the client's JA3 is made of.", "ja3.string", ["ja3_string", "tls.ja3.string"]),
  hello("ja3s.hash", "toClient", "JA3S of the server's hello.", "ja3s.hash", ["tls.ja3s.hash"]),
  hello("ja3s.string", "toClient", "Lists that the server's JA3S is made of.", "ja3s.string", ["tls.ja3s.string"]),
  hello("ja4.hash", "toServer", "JA4 of the client's hello.", "ja4", ["ja4_hash", "tls.ja4.hash"]),
];
