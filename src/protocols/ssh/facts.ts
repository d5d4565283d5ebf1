import { defineKind, type Field, type Kind, object, optional, text } from "#schema/field.ts";

const side = (who: string, hassh: string): Field =>
  object(`What the ${who} said.`, {
    proto_version: optional(text("Protocol version of the greeting: `2.0`, `1.99` for both, `1.5`.")),
    software_version: optional(text("Software of the greeting: `OpenSSH_9.6p1`.")),
    comments: optional(text("What stands behind the software in the greeting.")),
    hassh: optional(
      object(`${hassh} fingerprint.`, {
        hash: text("MD5 of the string, hexadecimal."),
        string: text("Offered key exchanges, ciphers, MACs and compressions of the side's own direction."),
      }),
    ),
  });

/** The `ssh` event: names as in Suricata's EVE, the chosen algorithms (RFC 4253 §7.1) behind them. */
export const sshKind: Kind = defineKind({
  name: "ssh",
  summary: "The greeting of an SSH connection, up to where encryption begins.",
  fields: {
    ssh: object("What both sides said in clear.", {
      client: optional(side("client", "HASSH")),
      server: optional(side("server", "HASSH-server")),
      kex_alg: optional(text("Key exchange that both sides agree on.")),
      host_key_alg: optional(text("Kind of host key that both sides agree on.")),
      cipher_alg: optional(text("Cipher from client to server.")),
      mac_alg: optional(text("MAC from client to server; ciphers that authenticate do not use it.")),
      compression_alg: optional(text("Compression from client to server.")),
      host_key: optional(text("MD5 of the server's host key: `aa:bb:…`.")),
    }),
  },
  columns: [
    { name: "client_software", path: "ssh.client.software_version", type: "text", doc: "Software of the client.", index: true },
    { name: "server_software", path: "ssh.server.software_version", type: "text", doc: "Software of the server.", index: true },
    { name: "client_version", path: "ssh.client.proto_version", type: "text", doc: "Protocol version of the client." },
    { name: "server_version", path: "ssh.server.proto_version", type: "text", doc: "Protocol version of the server." },
    { name: "hassh", path: "ssh.client.hassh.hash", type: "text", doc: "HASSH of the client.", index: true },
    { name: "hassh_server", path: "ssh.server.hassh.hash", type: "text", doc: "HASSH-server of the server.", index: true },
    { name: "kex_alg", path: "ssh.kex_alg", type: "text", doc: "Key exchange." },
    { name: "host_key", path: "ssh.host_key", type: "text", doc: "MD5 of the host key." },
  ],
});
