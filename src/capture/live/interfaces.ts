import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { OddwireError } from "#contract/errors.ts";

/** An interface that can be captured on. */
export interface CaptureInterface {
  readonly name: string;
  /** `unknown` is what loopback and many tunnels say of themselves: they work. */
  readonly state: "up" | "down" | "unknown";
  /** Bytes; 0 when the system does not say. */
  readonly mtu: number;
  /** ARPHRD_ number (linux/if_arp.h); 0 when the system does not say. */
  readonly hardware: number;
  readonly loopback: boolean;
  readonly addresses: readonly string[];
}

const SYSFS = "/sys/class/net";
const IFF_LOOPBACK = 8;

/** All interfaces by name: from sysfs on Linux, elsewhere those that have an address. */
export function captureInterfaces(): readonly CaptureInterface[] {
  const addressed = networkInterfaces();
  const names = new Set([...listSysfs(), ...Object.keys(addressed)]);
  return [...names].toSorted().map((name) => {
    const addresses = addressed[name] ?? [];
    return {
      name,
      state: stateOf(name, addresses.length > 0),
      mtu: numberIn(name, "mtu"),
      hardware: numberIn(name, "type"),
      loopback: (numberIn(name, "flags") & IFF_LOOPBACK) !== 0 || addresses.some((one) => one.internal),
      addresses: addresses.map((one) => one.address),
    };
  });
}

/**
 * The interface of the default route; without one the first that is up and not loopback, then loopback. `undefined`
 * when there is none at all.
 */
export function defaultInterface(): string | undefined {
  const routed = defaultRoute(readText("/proc/net/route"), readText("/proc/net/ipv6_route"));
  if (routed !== undefined) return routed;
  const all = captureInterfaces();
  return (all.find((one) => one.state === "up" && !one.loopback) ?? all.find((one) => one.loopback))?.name;
}

/** Throws ODW_INTERFACE_MISSING, which names the choices, when there is no interface of that name. */
export function requireInterface(name: string): CaptureInterface {
  const all = captureInterfaces();
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new OddwireError("ODW_INTERFACE_MISSING", { interface: name, choices: all.map((one) => one.name).join(", ") });
}

/** Interface of the default route with the lowest metric, IPv4 before IPv6, from the texts of /proc/net. */
export function defaultRoute(ipv4: string, ipv6: string): string | undefined {
  const rows4 = ipv4
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const rows6 = ipv6.split("\n").map((line) => line.trim().split(/\s+/));
  const candidates = [
    ...rows4
      .filter((row) => row[1] === "00000000" && row[7] === "00000000")
      .map((row) => ({ name: row[0], metric: Number(row[6]), v6: 1 })),
    ...rows6
      .filter((row) => row[0] === "0".repeat(32) && row[1] === "00" && row[9] !== "lo")
      .map((row) => ({ name: row[9], metric: Number.parseInt(row[5] ?? "", 16), v6: 2 })),
  ];
  return candidates.toSorted((a, b) => a.v6 - b.v6 || a.metric - b.metric)[0]?.name;
}

function stateOf(name: string, addressed: boolean): CaptureInterface["state"] {
  const text = readText(`${SYSFS}/${name}/operstate`).trim();
  if (text === "up" || text === "down") return text;
  return text === "" && addressed ? "up" : "unknown";
}

/**
 * Frames that an interface lost since it was made, before any capture saw them: the card had no room (`rx_missed_errors`) or the
 * system's queue had none (`rx_dropped`; Documentation/networking/statistics.rst of the kernel). `undefined` when this system's
 * interface of that name is another one, as it is beside a network namespace.
 */
export function missedFrames(name: string, index: number): number | undefined {
  if (numberIn(name, "ifindex") !== index) return undefined;
  return numberIn(name, "statistics/rx_missed_errors") + numberIn(name, "statistics/rx_dropped");
}

function numberIn(name: string, file: string): number {
  const value = Number(readText(`${SYSFS}/${name}/${file}`));
  return Number.isFinite(value) ? value : 0;
}

function listSysfs(): readonly string[] {
  try {
    return readdirSync(SYSFS);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
