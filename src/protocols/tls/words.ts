import { bufferWord, pathsBySide, type RuleWord, type RuleWordPath } from "#schema/rule-word.ts";

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
  hello("ja3.hash", "toServer", "JA3 of the client's hello.", "ja3.hash", ["ja3_hash", "tls.ja3.hash"]),
  hello("ja3.string", "toServer", "Lists that the client's JA3 is made of.", "ja3.string", ["ja3_string", "tls.ja3.string"]),
  hello("ja3s.hash", "toClient", "JA3S of the server's hello.", "ja3s.hash", ["tls.ja3s.hash"]),
  hello("ja3s.string", "toClient", "Lists that the server's JA3S is made of.", "ja3s.string", ["tls.ja3s.string"]),
  hello("ja4.hash", "toServer", "JA4 of the client's hello.", "ja4", ["ja4_hash", "tls.ja4.hash"]),
];
