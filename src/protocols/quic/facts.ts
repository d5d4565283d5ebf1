import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const fingerprint = (what: string) =>
  object(what, { hash: text("MD5 of the string, hexadecimal."), string: text("Lists that the hash is made of.") });

/** The `quic` event: names as in Suricata's EVE, own members behind them. */
export const quicKind: Kind = defineKind({
  name: "quic",
  bySender: true,
  host: "sni",
  summary: "A packet of a QUIC handshake: the hello of a side, or the little that others say in the clear.",
  fields: {
    quic: object("What the packet says.", {
      version: text("Version of the packet: `1`, `v2`, `Q046`, or its number in hexadecimal; `0` when the server offers versions."),
      sni: optional(text("Server name that the client asked for.")),
      ua: optional(text("Software of the client, where it tells (Google).")),
      cyu: optional(list("Fingerprint of a client of Google QUIC.", fingerprint("CYU."))),
      ja3: optional(fingerprint("JA3 of the client's hello.")),
      ja3s: optional(fingerprint("JA3S of the server's hello.")),
      ja4: optional(text("JA4 of the client's hello.")),
      extensions: optional(
        list(
          "Extensions of the hello in their order.",
          object("An extension.", {
            name: optional(text("IANA name, where it has one.")),
            type: integer("Number."),
            values: optional(list("What it holds: names, protocols, algorithms, versions.", text("Value."))),
          }),
        ),
      ),
      version_name: optional(text("The version as people name it: `v1`, `draft-29`, `Q050`.")),
      type: optional(text("Packet that is not Initial: `retry`, `version_negotiation`.")),
      versions: optional(list("Versions that the server offers, at most 64.", text("Version."))),
      dcid: optional(text("Identifier that the packet's receiver gave to the connection, hexadecimal.")),
      scid: optional(text("Identifier that the packet's sender gave to the connection, hexadecimal.")),
      client_alpns: optional(list("Application protocols that the client offers.", text("Name, `h3`."))),
      server_alpns: optional(list("Application protocol that the server chose, where it could be decrypted.", text("Name."))),
      cipher: optional(text("Cipher suite that the server chose: its IANA name, or its number.")),
      group: optional(text("Group of the key exchange that the server chose: its name, or its number.")),
      psk: optional(boolean("True when the server accepted a pre-shared key or ticket.")),
      early_data: optional(boolean("True when the client announces early data (0-RTT).")),
      ech: optional(boolean("True when the hello carries an encrypted inner hello: `sni` is the outer name.")),
      hello_retry: optional(boolean("True when the server asks for a second hello.")),
      error: optional(text("Error with which the sender closes the connection during the handshake: its number, `0x128`.")),
    }),
  },
  columns: [
    { name: "sni", path: "quic.sni", type: "text", doc: "Server name that the client asked for.", index: true },
    { name: "version", path: "quic.version", type: "text", doc: "Version of the packet." },
    { name: "ua", path: "quic.ua", type: "text", doc: "Software of the client." },
    { name: "cipher", path: "quic.cipher", type: "text", doc: "Cipher suite that the server chose." },
    { name: "ja3", path: "quic.ja3.hash", type: "text", doc: "JA3 of the client's hello.", index: true },
    { name: "ja3s", path: "quic.ja3s.hash", type: "text", doc: "JA3S of the server's hello." },
    { name: "ja4", path: "quic.ja4", type: "text", doc: "JA4 of the client's hello.", index: true },
  ],
});
