import { bufferWord, integerWord, ownWord, pathsBySide, type RuleWord, type RuleWordPath } from "#schema/rule-word.ts";

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

const versions: Readonly<Record<string, number>> = { "1.0": 0x0301, "1.1": 0x0302, "1.2": 0x0303, "1.3": 0x0304 };

const states: Readonly<Record<string, number>> = { client_hello: 1, server_hello: 2, client_keyx: 4, server_keyx: 8 };

/** States with commas or bars between: one of them is enough. With an exclamation mark: none of them. */
function readState(argument: string): ((value: unknown) => boolean) | string {
  let mask = 0;
  for (const part of argument.replace(/^\s*!/, "").split(/[,|]/)) {
    const bit = states[part.trim().toLowerCase()];
    if (bit === undefined) return `its states are ${Object.keys(states).join(", ")}`;
    mask |= bit;
  }
  const isNegated = /^\s*!/.test(argument);
  return (value) => typeof value === "number" && ((value & mask) !== 0) !== isNegated;
}

export const tlsWords: readonly RuleWord[] = [
  bufferWord("tls.sni", on, "toServer", "Server name that the client asked for.", {
    aliases: ["tls_sni"],
    encoding: "latin1",
    from: pathsBySide("tls", ["sni"], []),
  }),
  certificate("tls.cert_subject", "Whom the certificate was issued to.", "subject"),
  certificate("tls.cert_issuer", "Who issued the certificate.", "issuerdn"),
  certificate("tls.cert_serial", "Serial number of the certificate: `0A:1B:…`.", "serial"),
  certificate("tls.cert_fingerprint", "SHA-1 of the certificate: `aa:bb:…`.", "fingerprint"),
  bufferWord("tls.subjectaltname", on, "toClient", "A name that the server's certificate is for.", {
    several: true,
    encoding: "latin1",
    from: pathsBySide("tls", [], ["subjectaltname[]"]),
  }),
  bufferWord("tls.certs", on, "both", "A certificate as it was sent.", { several: true, aliases: ["tls_certs"] }),
  integerWord("tls.cert_chain_len", on, "toClient", "Certificates that the server sent."),
  integerWord("tls_cert_notbefore", on, "toClient", "Start of the server's certificate: `>2026-01-31`, `2025<>2026`."),
  integerWord("tls_cert_notafter", on, "toClient", "End of the server's certificate: `<2026-01-31T12:00:00`."),
  { name: "tls_cert_expired", doc: "The server's certificate is over.", type: "flag", protocols: on, side: "toClient" },
  { name: "tls_cert_valid", doc: "The server's certificate is valid now, by its times.", type: "flag", protocols: on, side: "toClient" },
  integerWord("tls.version", on, "both", "Version that the client would like best, or that the server has chosen.", { numbers: versions }),
  {
    name: "ssl_version",
    doc: "The same: `sslv2`, `sslv3`, `tls1.0` to `tls1.3`.",
    type: "text",
    protocols: on,
    side: "both",
  },
  ownWord("ssl_state", on, "both", "Messages of the handshake so far: `client_hello`, `server_keyx` …", readState, { several: true }),
  bufferWord("tls.random", on, "both", "Random of the hello, 32 bytes."),
  bufferWord("tls.random_time", on, "both", "Its first four bytes, which were a time once."),
  bufferWord("tls.random_bytes", on, "both", "Its other 28 bytes."),
  bufferWord("tls.alpn", on, "both", "An application protocol that the client offers, or that the server chose.", {
    several: true,
    encoding: "latin1",
    from: pathsBySide("tls", ["client_alpns[]"], ["server_alpns[]"]),
  }),
  hello("ja3.hash", "toServer", "JA3 of the client's hello.", "ja3.hash", ["ja3_hash", "tls.ja3.hash"]),
  hello("ja3.string", "toServer", "Lists that the client's JA3 is made of.", "ja3.string", ["ja3_string", "tls.ja3.string"]),
  hello("ja3s.hash", "toClient", "JA3S of the server's hello.", "ja3s.hash", ["tls.ja3s.hash"]),
  hello("ja3s.string", "toClient", "Lists that the server's JA3S is made of.", "ja3s.string", ["tls.ja3s.string"]),
  hello("ja4.hash", "toServer", "JA4 of the client's hello.", "ja4", ["ja4_hash", "tls.ja4.hash"]),
];
