import { createRequire } from "node:module";
import { join } from "node:path";

/** What a Suricata under Oddwire's care is to do. */
export interface SuricataPlan {
  /** Interfaces to capture on; empty when it reads a file. */
  readonly interfaces: readonly string[];
  /** Its private directory: `suricata.yaml`, `log/eve.json`, `command.socket`. */
  readonly directory: string;
  /** Files of rules; empty for those of the installed configuration. */
  readonly rules: readonly string[];
  /** Kinds of events beside alerts and counters: `dns`, `tls` …, or `all`. */
  readonly tell: readonly string[];
  readonly statsIntervalS: number;
  /** User and group that it becomes once its sockets are open; absent to stay who it is. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** True when the binary makes the fingerprints. */
  readonly ja3: boolean;
  readonly ja4: boolean;
  readonly unixSocket: boolean;
  /** `cluster-id` of its packet sockets: another one than that of any other capture in the namespace. */
  readonly clusterId: number;
}

/** Sections of the installed configuration that are kept: what is watched and how, not where it goes. */
const KEPT = (
  "suricata-version vars app-layer asn1-max-frames host-os-policy defrag flow vlan livedev flow-timeouts stream host decoder detect " +
  "mpm-algo spm-algo threading pcre exception-policy datasets host-mode classification-file reference-config-file threshold-file " +
  "default-rule-path rule-files magic-file legacy luajit"
).split(" ");

/** Events that eve-log can tell, by `event_type`; the name in the configuration differs for some. */
const EVE_TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    "anomaly http dns tls smtp ftp rdp nfs smb tftp ike dcerpc krb5 snmp rfb sip quic dhcp ssh mqtt http2 pgsql flow netflow"
      .split(" ")
      .map((name) => [name, name]),
  ),
  fileinfo: "files",
  bittorrent_dht: "bittorrent-dht",
};
/** What `all` means: each conversation once. */
const ALL = Object.keys(EVE_TYPES).filter((name) => name !== "netflow" && name !== "anomaly");
const EXTENDED = new Set(["http", "tls", "dhcp"]);

type Tree = { [name: string]: unknown };

/** `log/eve.json` of a run directory. */
export const eveOf = (directory: string): string => join(directory, "log", "eve.json");
export const commandSocketOf = (directory: string): string => join(directory, "log", "command.socket");

/**
 * The text of a suricata.yaml of our own: what the installed one says of networks, rules, protocols and limits, with one
 * output, EVE with community IDs and counters. `installed` is the text of that one, if there is one. Throws what the
 * YAML reader says of it.
 */
export function suricataYaml(installed: string | undefined, plan: SuricataPlan): string {
  // Loaded when it is needed: the reader of YAML costs every start 20 ms.
  const { parseDocument, stringify } = createRequire(import.meta.url)("yaml") as typeof import("yaml");
  // All values stay texts, so that they come out as they went in: Suricata reads them as texts too.
  const document = installed === undefined ? undefined : parseDocument(installed, { schema: "failsafe" });
  const [broken] = document?.errors ?? [];
  if (broken !== undefined) throw broken;
  const base = (document?.toJS() ?? {}) as Tree;
  const tree: Tree = Object.fromEntries(KEPT.filter((name) => base[name] !== undefined).map((name) => [name, base[name]]));
  if (plan.rules.length > 0) {
    tree["default-rule-path"] = "/";
    tree["rule-files"] = [...plan.rules];
  }
  addFingerprints(tree, plan);
  Object.assign(tree, ownSections(plan));
  return `%YAML 1.1\n---\n${stringify(tree, { schema: "failsafe", lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function ownSections(plan: SuricataPlan): Tree {
  return {
    "default-log-dir": join(plan.directory, "log"),
    umask: "027",
    stats: { enabled: "yes", interval: String(plan.statsIntervalS) },
    outputs: [{ "eve-log": eveLog(plan) }],
    logging: {
      "default-log-level": "notice",
      outputs: [{ console: { enabled: "yes" } }, { file: { enabled: "no" } }, { syslog: { enabled: "no" } }],
    },
    "unix-command": plan.unixSocket ? { enabled: "yes", filename: commandSocketOf(plan.directory) } : { enabled: "no" },
    ...(plan.user === undefined ? {} : { "run-as": { user: String(plan.user.uid), group: String(plan.user.gid) } }),
    ...(plan.interfaces.length === 0 ? {} : { "af-packet": plan.interfaces.map((name, index) => afPacket(name, plan.clusterId + index)) }),
    "pcap-file": { "checksum-checks": "auto" },
  };
}

const afPacket = (name: string, clusterId: number): Tree => ({
  interface: name,
  "cluster-id": String(clusterId),
  "cluster-type": "cluster_flow",
  defrag: "yes",
  "use-mmap": "yes",
  "tpacket-v3": "yes",
});

function eveLog({ tell }: SuricataPlan): Tree {
  const wanted = tell.includes("all") ? ALL : tell.filter((name) => EVE_TYPES[name] !== undefined);
  return {
    enabled: "yes",
    filetype: "regular",
    filename: "eve.json",
    "community-id": "true",
    "community-id-seed": "0",
    "pcap-file": "false",
    types: [
      { alert: { metadata: "yes", "tagged-packets": "yes", payload: "yes", "payload-printable": "no", packet: "no", "http-body": "no" } },
      { stats: { totals: "yes", threads: "no", deltas: "no" } },
      ...wanted.map((name) => ({
        [EVE_TYPES[name] as string]: EXTENDED.has(name) ? { enabled: "yes", extended: "yes" } : { enabled: "yes" },
      })),
    ],
  };
}

/** JA3 and JA4 are made for rules that ask for them, and told in events that carry TLS. */
function addFingerprints(tree: Tree, { ja3, ja4 }: SuricataPlan): void {
  const layer = branch(tree, "app-layer");
  const protocols = branch(layer, "protocols");
  for (const name of ["tls", "quic"]) {
    const protocol = branch(protocols, name);
    protocol["enabled"] ??= "yes";
    if (ja3) protocol["ja3-fingerprints"] = "yes";
    if (ja4) protocol["ja4-fingerprints"] = "yes";
  }
}

/** The member as a map of its own; one is made when there is none. */
function branch(tree: Tree, name: string): Tree {
  const found = tree[name];
  const copy = typeof found === "object" && found !== null && !Array.isArray(found) ? { ...(found as Tree) } : {};
  tree[name] = copy;
  return copy;
}
