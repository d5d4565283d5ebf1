import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { ClearText, clearTextKinds } from "./clear-text.ts";
import { DomainFronting } from "./domain-fronting.ts";
import { EncryptionPolicy } from "./encryption-policy.ts";
import { Tunnels } from "./tunnels.ts";

export default definePlugin({
  name: "encryption-policy",
  summary: "Encryption that is weak, wrong or missing, and ways out of sight.",
  needs: ["brute-force"],
  detectors: [
    defineDetector({
      name: "tls-policy",
      summary: "Certificates that are expired, self-signed or for another name; old versions, weak ciphers and keys; Tor.",
      category: "policy",
      reads: ["tls"],
      create: ({ report }) => new EncryptionPolicy(report),
    }),
    defineDetector({
      name: "domain-fronting",
      summary: "A decrypted request for another domain than the one that the connection was opened for.",
      category: "policy",
      techniques: ["T1090.004"],
      reads: ["tls", "http"],
      create: ({ report }) => new DomainFronting(report),
    }),
    defineDetector({
      name: "vpn",
      summary: "Machines inside that are connected to a VPN outside.",
      category: "observation",
      techniques: ["T1572"],
      create: ({ report }) => new Tunnels(report),
    }),
    defineDetector({
      name: "clear-text-login",
      summary: "Logins with passwords that could be read on the way.",
      category: "policy",
      techniques: ["T1040"],
      reads: clearTextKinds,
      create: ({ report }) => new ClearText(report),
    }),
  ],
});
