import type { Random } from "#base/random.ts";
import {
  type Answer,
  addressData,
  dnsAnswer,
  dnsQuery,
  httpsData,
  nameData,
  nameError,
  RecordType,
  soaAnswer,
  textData,
} from "#capture/scenario/content/dns.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const DNS_PORT = 53;
/** Names that a machine remembers. */
const cacheMax = 64;
const cacheTime = 90_000_000;

/** What a machine asks before it connects to a name: A, AAAA, and HTTPS of those whose system does. Nothing while it remembers. */
export function* lookUp(world: World, random: Random, client: Host, name: string): Process {
  const known = client.cache.get(name);
  if (known !== undefined && known > world.now) return;
  if (client.cache.size >= cacheMax) client.cache.clear();
  client.cache.set(name, world.now + cacheTime * (0.5 + random.unit()));
  const types: RecordType[] = [RecordType.a, RecordType.aaaa];
  if (client.system === "mac" || client.system === "phone") types.push(RecordType.https);
  for (const type of types.slice(1)) world.spawn(ask(world, random, client, name, type), random.between(80, 900));
  yield* ask(world, random, client, name, RecordType.a);
}

/** One question to the office's resolver and the answer. */
export function* ask(world: World, random: Random, client: Host, name: string, type: RecordType, payloadBytes = 0): Process {
  const id = random.between(0, 65_536);
  const version = client.ip6.length > 0 && client.system !== "windows" && random.chance(0.3) ? 6 : 4;
  const flow = world.datagrams(client, world.office.gateway, DNS_PORT, { version });
  flow.send(Side.client, dnsQuery(id, name, type, payloadBytes));
  yield random.chance(0.6) ? random.between(150, 700) : random.between(4_000, 45_000);
  flow.send(Side.server, answerOf(world, id, name, type));
}

const zones = new Set(["example.com", "example.org", "example.net"]);
const zoneOf = (name: string): string => name.split(".").slice(-2).join(".");

/** What the resolver knows: the sites, the office, and that all other names do not exist. */
function answerOf(world: World, id: number, name: string, type: RecordType): Uint8Array {
  const site = world.outside.site(name);
  const inside = site === undefined ? insideHost(world, name) : undefined;
  const host = site?.host ?? inside;
  const nothing = [soaAnswer(zoneOf(name), 2_026_010_501)];
  const data = zones.has(name) ? zoneData(name, type) : type === RecordType.ptr ? ownerData(world, name) : undefined;
  if (data !== undefined) return dnsAnswer(id, name, type, [{ name, type, ttl: 3600, data }]);
  if (host === undefined) return dnsAnswer(id, name, type, [], nameError, nothing);
  const ttl = 60 + (name.length % 5) * 60;
  if (type === RecordType.a && site?.use === "part") {
    const edge = `edge-${name.length}.cdn.example.net`;
    const chain: Answer[] = [{ name, type: RecordType.cname, ttl, data: nameData(edge) }];
    return dnsAnswer(id, name, type, [...chain, { name: edge, type, ttl: 30, data: addressData([host.ip4]) }]);
  }
  if (type === RecordType.a) return dnsAnswer(id, name, type, [{ name, type, ttl, data: addressData([host.ip4]) }]);
  if (type === RecordType.aaaa && host.ip6.length > 0) return dnsAnswer(id, name, type, [{ name, type, ttl, data: addressData(host.ip6) }]);
  if (type === RecordType.https && site !== undefined && site.use !== "mail")
    return dnsAnswer(id, name, type, [{ name, type, ttl, data: httpsData(["h2"]) }]);
  return dnsAnswer(id, name, type, [], 0, nothing);
}

function zoneData(zone: string, type: RecordType): Uint8Array | undefined {
  if (type === RecordType.txt) return textData([`v=spf1 mx include:mail.${zone} -all`]);
  return type === RecordType.mx ? Uint8Array.of(0, 10, ...nameData(`mx.${zone}`)) : undefined;
}

/** Name of the machine whose address is written backwards. */
function ownerData(world: World, name: string): Uint8Array | undefined {
  const number = Number(name.split(".")[0]);
  const { files, web, backup, printer, gateway, workstations } = world.office;
  const owner = [files, web, backup, printer, gateway, ...workstations].find((host) => (host.ip4 & 255) === number);
  return owner === undefined ? undefined : nameData(owner.name);
}

function insideHost(world: World, name: string): Host | undefined {
  const { files, web, backup, printer, gateway, workstations } = world.office;
  return [files, web, backup, printer, gateway, ...workstations].find((host) => host.name === name);
}
