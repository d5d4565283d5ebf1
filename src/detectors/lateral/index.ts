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
      category: "lateral",
      techniques: ["T1021.002"],
      reads: rpc,
      settings: { "window-s": integer(120, "s", "Packet time between making and starting.", { min: 1 }) },
      create: ({ report, settings }) => new RemoteExecution(settings["window-s"], report),
    }),
    defineDetector({
      name: "directory-replication",
      summary: "Machines that are no domain controllers and replicate the directory (DCSync, DCShadow).",
      category: "lateral",
      techniques: ["T1003.006"],
      reads: [...rpc, "krb5"],
      create: ({ report }) => new DirectoryReplication(report),
    }),
    defineDetector({
      name: "coerced-login",
      summary: "A server that logs in at the machine that has just made it do so.",
      category: "lateral",
      techniques: ["T1187"],
      reads: rpc,
      settings: { "window-s": integer(10, "s", "Packet time between call and connection.", { min: 1 }) },
      create: ({ report, settings }) => new Coercion(settings["window-s"], report),
    }),
    defineDetector({
      name: "netlogon-guessing",
      summary: "Challenges to a domain controller's Netlogon in quick succession (Zerologon).",
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
