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
      advice: {
        meaning:
          "The encryption of this server is weaker than it should be, or its certificate proves nothing. Others might read or forge what is sent.",
        next: "If the server is yours, renew its certificate or switch the old method off. If not, ask its owner; nothing was broken into.",
      },
      category: "policy",
      reads: ["tls"],
      create: ({ report }) => new EncryptionPolicy(report),
    }),
    defineDetector({
      name: "domain-fronting",
      summary: "A decrypted request for another domain than the one that the connection was opened for.",
      advice: {
        meaning: "The connection was opened for one name and used for another, which hides from firewalls where it goes.",
        next: "Look which program on the machine does so. Ways around censorship do, and malware does.",
      },
      category: "policy",
      techniques: ["T1090.004"],
      reads: ["tls", "http"],
      create: ({ report }) => new DomainFronting(report),
    }),
    defineDetector({
      name: "vpn",
      summary: "Machines inside that are connected to a VPN outside.",
      advice: {
        meaning: "A machine here is connected to a VPN outside. What goes through it cannot be seen.",
        next: "Nothing, if that is allowed. Otherwise ask its user.",
      },
      category: "observation",
      techniques: ["T1572"],
      create: ({ report }) => new Tunnels(report),
    }),
    defineDetector({
      name: "clear-text-login",
      summary: "Logins with passwords that could be read on the way.",
      advice: {
        meaning: "A password went over the network unencrypted. Whoever could listen has it.",
        next: "Change the password if that network is not only yours, and switch to the encrypted form of the protocol.",
      },
      category: "policy",
      techniques: ["T1040"],
      reads: clearTextKinds,
      create: ({ report }) => new ClearText(report),
    }),
  ],
});
