import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { integer } from "#schema/config-key.ts";
import { Coercion } from "./coercion.ts";
import { DirectoryReplication } from "./directory-replication.ts";
import { KerberosTickets } from "./kerberos-tickets.ts";
import { NetlogonGuessing } from "./netlogon.ts";
import { RemoteExecution } from "./remote-execution.ts";

const rpc = ["dcerpc", "smb"];

export default definePlugin({
  name: "lateral",
  summary: "Moves from one Windows machine to the next: remote execution, stolen secrets of the directory, forged logins.",
  detectors: [
    defineDetector({
      name: "remote-execution",
      summary: "Services, tasks and WMI methods that are made and started on another machine at once.",
      advice: {
        meaning:
          "One machine made another run a program, over the network. Administrators' tools do so, and intruders who have a password.",
        next: "Ask who administrates the target whether it was them. If not, both machines and the account are in somebody's hands: cut them off.",
      },
      category: "lateral",
      techniques: ["T1021.002"],
      reads: rpc,
      settings: { "window-s": integer(120, "s", "Packet time between making and starting.", { min: 1 }) },
      create: ({ report, settings }) => new RemoteExecution(settings["window-s"], report),
    }),
    defineDetector({
      name: "directory-replication",
      summary: "Machines that are no domain controllers and replicate the directory (DCSync, DCShadow).",
      advice: {
        meaning:
          "A machine that is no domain controller acts as one. That is how intruders copy all passwords of the domain, or change it unseen.",
        next: "Treat it as the worst case unless it is a new controller or your synchronisation: cut the machine off and plan new passwords for the whole domain (krbtgt twice).",
      },
      category: "lateral",
      techniques: ["T1003.006"],
      reads: [...rpc, "krb5"],
      create: ({ report }) => new DirectoryReplication(report),
    }),
    defineDetector({
      name: "coerced-login",
      summary: "A server that logs in at the machine that has just made it do so.",
      advice: {
        meaning:
          "A machine made a server log in at it, by a call that does nothing else. With that login the caller can act as the server.",
        next: "Switch off what made it possible (the print spooler on servers), require signing, and find out who used the calling machine.",
      },
      category: "lateral",
      techniques: ["T1187"],
      reads: rpc,
      settings: { "window-s": integer(10, "s", "Packet time between call and connection.", { min: 1 }) },
      create: ({ report, settings }) => new Coercion(settings["window-s"], report),
    }),
    defineDetector({
      name: "netlogon-guessing",
      summary: "Challenges to a domain controller's Netlogon in quick succession (Zerologon).",
      advice: {
        meaning: "An attack on a hole of Windows domain controllers (Zerologon, CVE-2020-1472): whoever succeeds owns the domain.",
        next: "Cut the source off, see that the controller has the update of August 2020, and if a password was set, treat the domain as taken over.",
      },
      category: "lateral",
      techniques: ["T1210"],
      reads: rpc,
      settings: {
        "attempts-min": integer(20, "attempts", "Challenges with authentications of one client that are told.", { min: 3 }),
        "window-s": integer(60, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) => new NetlogonGuessing(settings["attempts-min"], settings["window-s"], report),
    }),
    defineDetector({
      name: "kerberos-tickets",
      summary: "Weak ciphers in a realm that has strong ones: stolen hashes, skeleton keys, Kerberoasting.",
      advice: {
        meaning:
          "Logins with a weak cipher where strong ones are usual: signs of stolen password hashes, or of tickets that are collected to guess passwords from.",
        next: "Change the passwords of the accounts that are named and find out who used the client; then switch RC4 off in the domain.",
      },
      category: "lateral",
      techniques: ["T1558.003"],
      reads: ["krb5"],
      settings: {
        "services-min": integer(4, "services", "Services with weak tickets of one client that are told.", { min: 2 }),
        "window-s": integer(600, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) => new KerberosTickets(settings["services-min"], settings["window-s"], report),
    }),
  ],
});
