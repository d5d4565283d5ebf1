import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const fingerprint = (what: string) =>
  object(`${what}.`, { hash: text("MD5 of the string, hexadecimal."), string: text("Decimal lists that the hash is made of.") });

const certificateFields = {
  subject: optional(text("Whom the certificate was issued to: `C=US, O=Example, CN=www.example.com`.")),
  issuerdn: optional(text("Who issued it.")),
  serial: optional(text("Serial number, `0A:1B:…`.")),
  fingerprint: optional(text("SHA-1 of the certificate, `aa:bb:…`.")),
  notbefore: optional(text("Start of validity, `2026-01-31T23:59:59`.")),
  notafter: optional(text("End of validity.")),
};

/** The `tls` event: names as in Suricata's EVE, own members behind them. */
export const tlsKind: Kind = defineKind({
  name: "tls",
  host: "sni",
  summary: "A TLS handshake, or as much of it as was seen.",
  fields: {
    tls: object("What both sides said before encryption began.", {
      subject: optional(text("Subject of the server's certificate.")),
      issuerdn: optional(text("Issuer of the server's certificate.")),
      subjectaltname: optional(
        list("Names that the server's certificate is for, at most 512.", text("DNS name, address, URI or e-mail address.")),
      ),
      session_resumed: optional(boolean("True when an earlier session went on without a certificate (up to TLS 1.2).")),
      serial: certificateFields.serial,
      fingerprint: certificateFields.fingerprint,
      sni: optional(text("Server name that the client asked for.")),
      version: text("Version that the server chose; `UNDETERMINED` when it did not answer."),
      notbefore: certificateFields.notbefore,
      notafter: certificateFields.notafter,
      from_proto: optional(text("Protocol that the connection began with (STARTTLS, CONNECT).")),
      ja3: optional(fingerprint("JA3 of the client's hello")),
      ja3s: optional(fingerprint("JA3S of the server's hello")),
      ja4: optional(text("JA4 of the client's hello.")),
      client_alpns: optional(list("Application protocols that the client offers.", text("Name, `h2`."))),
      server_alpns: optional(list("Application protocol that the server chose (up to TLS 1.2).", text("Name."))),
      client: optional(object("The client's certificate.", certificateFields)),
      cipher: optional(text("Cipher suite that the server chose: its IANA name, or its number as `0x1301`.")),
      group: optional(text("Group of the key exchange that the server chose (TLS 1.3): its name, or its number as `0x001d`.")),
      key_type: optional(text("Kind of the key in the server's certificate: `RSA`, `EC`, `Ed25519` …")),
      key_bits: optional(integer("Size of that key.", { unit: "bits" })),
      validity: optional(text("The server's certificate at the time of the packet: `valid`, `expired` or `not_yet_valid`.")),
      self_signed: optional(boolean("True when the server's certificate was issued by its own subject.")),
      cert_chain: optional(
        list("Certificates that the server sent behind its own, at most 15.", object("A certificate.", certificateFields)),
      ),
      psk: optional(boolean("True when the server accepted a pre-shared key or ticket (TLS 1.3).")),
      resumption: optional(text("How an earlier session went on: `session_id`, `ticket`, or `psk` (TLS 1.3).")),
      early_data: optional(boolean("True when the client announces early data.")),
      ech: optional(boolean("True when the hello carries an encrypted inner hello: `sni` is the outer name.")),
      hello_retry: optional(boolean("True when the server asked for a second hello.")),
      alert: optional(text("The fatal alert that ended the handshake: its name, or its number.")),
    }),
  },
  columns: [
    { name: "sni", path: "tls.sni", type: "text", doc: "Server name that the client asked for.", index: true },
    { name: "version", path: "tls.version", type: "text", doc: "Version that the server chose." },
    { name: "cipher", path: "tls.cipher", type: "text", doc: "Cipher suite that the server chose." },
    { name: "subject", path: "tls.subject", type: "text", doc: "Subject of the server's certificate." },
    { name: "issuerdn", path: "tls.issuerdn", type: "text", doc: "Issuer of the server's certificate." },
    { name: "serial", path: "tls.serial", type: "text", doc: "Serial number of the server's certificate." },
    { name: "fingerprint", path: "tls.fingerprint", type: "text", doc: "SHA-1 of the server's certificate.", index: true },
    { name: "notbefore", path: "tls.notbefore", type: "text", doc: "Start of the certificate's validity." },
    { name: "notafter", path: "tls.notafter", type: "text", doc: "End of the certificate's validity." },
    { name: "validity", path: "tls.validity", type: "text", doc: "The certificate at the time of the packet." },
    { name: "ja3", path: "tls.ja3.hash", type: "text", doc: "JA3 of the client's hello.", index: true },
    { name: "ja3s", path: "tls.ja3s.hash", type: "text", doc: "JA3S of the server's hello." },
    { name: "ja4", path: "tls.ja4", type: "text", doc: "JA4 of the client's hello.", index: true },
    { name: "alert", path: "tls.alert", type: "text", doc: "Alert that ended the handshake." },
  ],
});
