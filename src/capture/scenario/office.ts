import type { Random } from "#base/random.ts";
import { type Endpoint, ip4, type System } from "./frames/endpoint.ts";

/** A machine that takes part. */
export interface Host extends Endpoint {
  /** Name in the DNS. */
  readonly name: string;
  /** Which of the browsers it runs, an index that is taken modulo their number. */
  readonly browser: number;
  /** The last client port it used. */
  port: number;
  /** Names that it has looked up lately and when that runs out, µs. */
  readonly cache: Map<string, number>;
}

/** The office's machines, the same in every round of a seed. */
export interface Office {
  /** Router, resolver, DHCP and time server: 192.168.10.1. */
  readonly gateway: Host;
  readonly files: Host;
  /** The web and application server that customers outside use. */
  readonly web: Host;
  readonly backup: Host;
  readonly printer: Host;
  readonly admin: Host;
  readonly workstations: readonly Host[];
  readonly phones: readonly Host[];
  /** Cameras and their recorder, on a VLAN of their own: 192.168.20.0/24. */
  readonly cameras: readonly Host[];
  readonly recorder: Host;
}

const cameraVlan = 20;
const workstationCount = 16;

export function makeOffice(random: Random): Office {
  const host = (name: string, number: number, system: System, lag: number): Host =>
    makeHost(`${name}.office.test`, `192.168.10.${number}`, macOf(random, system), system, lag, random);
  const device = (name: string, number: number, lag: number): Host => ({
    ...makeHost(`${name}.office.test`, `192.168.20.${number}`, macOf(random, "device"), "device", lag, random),
    vlan: cameraVlan,
  });
  const systems: readonly System[] = ["windows", "windows", "mac", "linux"];
  return {
    gateway: host("gateway", 1, "linux", 150),
    files: host("files", 10, "linux", 140),
    web: host("shop", 20, "linux", 110),
    backup: host("backup", 11, "linux", 170),
    printer: host("printer", 30, "device", 900),
    admin: host("admin", 50, "linux", 90),
    workstations: Array.from({ length: workstationCount }, (_, i) =>
      host(`desk-${i + 1}`, 101 + i, systems[i % systems.length] as System, 90 + i * 4),
    ),
    phones: Array.from({ length: 3 }, (_, i) => host(`phone-${i + 1}`, 201 + i, "phone", 3_000)),
    cameras: Array.from({ length: 2 }, (_, i) => device(`camera-${i + 1}`, 10 + i, 700)),
    recorder: device("recorder", 2, 200),
  };
}

/** A machine; those inside have an IPv6 address beside their IPv4 address. */
export function makeHost(name: string, address: string, mac: Uint8Array, system: System, lag: number, random: Random): Host {
  const word = ip4(address);
  return {
    name,
    mac,
    ip4: word,
    ip6: address.startsWith("192.168.") ? [0xfd00_0000, 0, 0, word & 0xffff] : [],
    ttl: system === "windows" ? 128 : 64,
    vlan: 0,
    lag,
    system,
    identification: random.between(0, 65_536),
    browser: random.between(0, 1000),
    port: random.between(50_000, 60_000),
    cache: new Map(),
  };
}

/** Locally administered, with the same first bytes for all machines of a make. */
function macOf(random: Random, system: System): Uint8Array {
  const make = { windows: 0x10, linux: 0x20, mac: 0x30, phone: 0x40, device: 0x50 }[system];
  return Uint8Array.from([0x02, 0x0d, make, random.between(0, 256), random.between(0, 256), random.between(0, 256)]);
}
