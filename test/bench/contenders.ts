import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BenchInput } from "./capture-file.ts";

/** A program that reads a capture. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  /** Its command for a capture; `out` is an empty directory. */
  command(input: BenchInput, out: string): readonly string[];
  /** Slow ones run once instead of in every round, and only on captures of at most this many bytes. */
  readonly onceUpTo?: number;
  /** Reads this many packets from the start; the times are extrapolated. */
  readonly packetsMax?: number;
}

const root = join(import.meta.dirname, "../..");
const SLOW_BYTES_MAX = 150_000_000;

const oddwire = (name: string, more: readonly string[]): Contender => ({
  name,
  version: `${lineOf([join(root, "bin/oddwire"), "--version"], /(\S+)/) ?? "?"} on Node ${process.versions.node}`,
  command: ({ path }, out) => [join(root, "bin/oddwire"), "read", path, "-o", out, "--workers", "1", "--checksums", "ignore", ...more],
});

/** Conversations by address and port: the least that a program with scapy would do. */
const SCAPY = `
import sys
from scapy.all import PcapReader, IP, IPv6, TCP, UDP
flows = {}
for packet in PcapReader(sys.argv[1]):
    ip = packet.getlayer(IP) or packet.getlayer(IPv6)
    transport = packet.getlayer(TCP) or packet.getlayer(UDP)
    if ip is None: continue
    ports = (transport.sport, transport.dport) if transport else (0, 0)
    key = (ip.src, ip.dst) + ports
    flows[key] = flows.get(key, 0) + len(packet)
`;
const FIELDS = [
  "frame.number",
  "ip.src",
  "ip.dst",
  "tcp.srcport",
  "udp.srcport",
  "dns.qry.name",
  "tls.handshake.extensions_server_name",
  "http.host",
];

/** Oddwire, and whichever of its rivals this machine has. */
export function contenders(): readonly Contender[] {
  const all: Contender[] = [oddwire("oddwire", []), oddwire("oddwire --no-store", ["--no-store"])];
  const add = (name: string, version: string | undefined, rest: Omit<Contender, "name" | "version">): void => {
    if (version !== undefined) all.push({ name, version, ...rest });
  };
  add("suricata", lineOf(["suricata", "-V"], /version (\S+)/), {
    command: ({ path }, out) => ["suricata", "-r", path, "-l", out, "--runmode", "single", "-k", "none", "--disable-detection"],
  });
  add("tcpdump", lineOf(["tcpdump", "--version"], /version (\S+)/), {
    command: ({ path }) => ["tcpdump", "-r", path, "-w", "/dev/null"],
  });
  add("tshark", lineOf(["tshark", "--version"], /(\d+\.\d+\.\d+)/), {
    command: ({ path }) => ["tshark", "-n", "-r", path, "-T", "fields", ...FIELDS.flatMap((field) => ["-e", field])],
    onceUpTo: SLOW_BYTES_MAX,
  });
  const python = ["python3", "/usr/bin/python3"].find(
    (one) => lineOf([one, "-c", "import scapy; print(scapy.VERSION)"], /(\S+)/) !== undefined,
  );
  if (python !== undefined)
    add("scapy", lineOf([python, "-c", "import scapy; print(scapy.VERSION)"], /(\S+)/), {
      command: ({ path }) => [python, "-c", SCAPY, path],
      onceUpTo: Number.POSITIVE_INFINITY,
      packetsMax: 20_000,
    });
  return all;
}

/** Oddwire with libhyperscan and without, and Suricata, all with the same rules. */
export function ruleContenders(rules: string): readonly Contender[] {
  const all: Contender[] = [
    oddwire("oddwire", ["--no-store", "--rules", rules]),
    oddwire("oddwire, own matcher", ["--no-store", "--rules", rules, "--set", "rules.hyperscan=no"]),
  ];
  const version = lineOf(["suricata", "-V"], /version (\S+)/);
  if (version !== undefined)
    all.push({
      name: "suricata",
      version,
      command: ({ path }, out) => ["suricata", "-r", path, "-l", out, "--runmode", "single", "-k", "none", "-S", rules],
    });
  return all;
}

/** The first match in what a command prints, or `undefined` when there is no such command. */
function lineOf(command: readonly string[], pattern: RegExp): string | undefined {
  const [program = "", ...args] = command;
  if (program.startsWith("/") && !existsSync(program)) return undefined;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? pattern.exec(`${stdout}\n${stderr}`)?.[1] : undefined;
}
