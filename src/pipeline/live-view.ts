import { parseAddress, wordsText } from "#base/address.ts";
import type { Place, Places } from "#base/place.ts";
import { flowId } from "#flow/flow-id.ts";
import type { Partition } from "#flow/partition.ts";
import { protocolName } from "#flow/protocol-names.ts";
import * as R from "#flow/record.generated.ts";
import { lastTime } from "#flow/timeouts.ts";
import { RecordFlag } from "#schema/flow-record.ts";
import type { LiveFlow, ProtocolShare, Talker } from "#schema/live.ts";
import { flowStateName } from "./flow-state.ts";

const flowsMax = 200;
const talkersMax = 20;
/** Names of hosts that are remembered for live flows. */
const hostsMax = 20_000;

/** What one worker adds to a live summary: the traffic since the one before. */
export interface LivePart {
  readonly time: number;
  readonly counters: Float64Array;
  readonly liveFlows: number;
  readonly protocols: readonly ProtocolShare[];
  readonly talkers: readonly Talker[];
  readonly flows: readonly LiveFlow[];
}

interface Sums {
  packets: number;
  bytes: number;
}

/** Counters of one partition's slots at the last summary. */
class Before {
  generation = new Int32Array(0);
  packets = new Float64Array(0);
  bytes = new Float64Array(0);

  fit(slots: number): void {
    if (this.generation.length >= slots) return;
    const size = Math.max(1024, slots * 2);
    const generation = new Int32Array(size);
    generation.set(this.generation);
    this.generation = generation;
    const packets = new Float64Array(size * 2);
    packets.set(this.packets);
    this.packets = packets;
    const bytes = new Float64Array(size * 2);
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

/**
 * What goes on right now, for the live views. It costs nothing per packet: once a second it walks over the flow
 * records and takes the difference to the walk before; flows that end between two walks are added when they end.
 */
export class LiveView {
  readonly #before = new Map<Partition, Before>();
  readonly #places: Places | undefined;
  readonly #hosts = new Map<string, string>();
  #talkers = new Map<string, Sums>();
  #protocols = new Map<string, Sums>();

  constructor(places?: Places) {
    this.#places = places;
  }

  /** A flow ends: what it did since the last walk would be missed. */
  onFlowEnd(partition: Partition, slot: number): void {
    this.#account(partition, slot);
    this.#hosts.delete(key(partition, slot));
  }

  /** Remembers the name of the other side, when a transaction told one. */
  onTransaction(partition: Partition, slot: number, host: string | undefined): void {
    if (host === undefined || host === "") return;
    if (this.#hosts.size >= hostsMax) this.#hosts.delete(this.#hosts.keys().next().value as string);
    this.#hosts.set(key(partition, slot), host);
  }

  /** Sums since the last call, and the most recently active flows. */
  take(partitions: readonly (Partition | undefined)[], counters: Float64Array, time: number): LivePart {
    let recent: { partition: Partition; slot: number; last: number }[] = [];
    let oldest = Number.NEGATIVE_INFINITY;
    let liveFlows = 0;
    for (const partition of partitions) {
      if (partition === undefined) continue;
      liveFlows += partition.table.live;
      for (let slot = 0; slot < partition.table.highWater; slot++) {
        if (((partition.table.words[slot * R.RECORD_WORDS + R.FLAGS] as number) & RecordFlag.alive) === 0) continue;
        this.#account(partition, slot);
        const last = lastTime(partition.table, slot);
        if (last <= oldest) continue;
        recent.push({ partition, slot, last });
        if (recent.length < flowsMax * 4) continue;
        recent = newest(recent);
        oldest = (recent[flowsMax - 1] as { last: number }).last;
      }
    }
    recent = newest(recent);
    const part: LivePart = {
      time,
      counters: counters.slice(),
      liveFlows,
      protocols: largest(this.#protocols, 50).map(([name, { packets, bytes }]) => ({ name, packets, bytes })),
      talkers: largest(this.#talkers, talkersMax).map(([address, { packets, bytes }]) => ({
        address,
        packets,
        bytes,
        ...this.#placeOf(address),
      })),
      flows: recent.map(({ partition, slot }) => this.#flow(partition, slot)),
    };
    this.#talkers = new Map();
    this.#protocols = new Map();
    return part;
  }

  #account(partition: Partition, slot: number): void {
    let before = this.#before.get(partition);
    if (before === undefined) {
      before = new Before();
      this.#before.set(partition, before);
    }
    before.fit(slot + 1);
    const { words, doubles } = partition.table;
    const at = slot * R.RECORD_WORDS;
    const generation = words[at + R.GENERATION] as number;
    const packets = (words[at + R.PACKETS_CLIENT] as number) + (words[at + R.PACKETS_SERVER] as number);
    const d = slot * R.RECORD_DOUBLES;
    const bytes = (doubles[d + R.BYTES_CLIENT] as number) + (doubles[d + R.BYTES_SERVER] as number);
    const known = before.generation[slot] === generation;
    const newPackets = packets - (known ? (before.packets[slot] as number) : 0);
    const newBytes = bytes - (known ? (before.bytes[slot] as number) : 0);
    if (newPackets === 0) return;
    before.generation[slot] = generation;
    before.packets[slot] = packets;
    before.bytes[slot] = bytes;
    add(this.#protocols, nameOf(partition, slot), newPackets, newBytes);
    const ipv6 = ((words[at + R.FLAGS] as number) & RecordFlag.ipv6) !== 0;
    add(this.#talkers, wordsText(words, at + R.CLIENT, ipv6), newPackets, newBytes);
    add(this.#talkers, wordsText(words, at + R.SERVER, ipv6), newPackets, newBytes);
  }

  #placeOf(text: string): Pick<Talker, "country" | "asn" | "as_org"> {
    const parsed = this.#places === undefined ? undefined : parseAddress(text);
    const place = parsed === undefined ? undefined : this.#places?.find(parsed.words, 0, parsed.version === 6);
    return place === undefined ? {} : placeMembers("", place);
  }

  #flow(partition: Partition, slot: number): LiveFlow {
    const { words, doubles } = partition.table;
    const at = slot * R.RECORD_WORDS;
    const d = slot * R.RECORD_DOUBLES;
    const kind = words[at + R.KIND] as number;
    const flags = words[at + R.FLAGS] as number;
    const ipv6 = (flags & RecordFlag.ipv6) !== 0;
    const ports = words[at + R.PORTS] as number;
    return {
      flow_id: flowId(words, doubles, slot),
      start: doubles[d + R.FIRST_TIME] as number,
      last: lastTime(partition.table, slot),
      src_ip: wordsText(words, at + R.CLIENT, ipv6),
      src_port: ports >>> 16,
      dest_ip: wordsText(words, at + R.SERVER, ipv6),
      dest_port: ports & 0xffff,
      proto: protocolName(kind & 0xff),
      app_proto: partition.protocolOf(slot),
      host: this.#hosts.get(key(partition, slot)),
      pkts_toserver: words[at + R.PACKETS_CLIENT] as number,
      pkts_toclient: words[at + R.PACKETS_SERVER] as number,
      bytes_toserver: doubles[d + R.BYTES_CLIENT] as number,
      bytes_toclient: doubles[d + R.BYTES_SERVER] as number,
      state: flowStateName(kind, flags),
      ...placeMembers("src_", this.#places?.find(words, at + R.CLIENT, ipv6)),
      ...placeMembers("dest_", this.#places?.find(words, at + R.SERVER, ipv6)),
    };
  }
}

/** As flow events tell it. */
function placeMembers(end: "src_" | "dest_" | "", place: Place | undefined): Partial<LiveFlow & Talker> {
  if (place === undefined) return {};
  const { country, system, organization } = place;
  return {
    ...(country === "" ? {} : { [`${end}country`]: country }),
    ...(system === 0 ? {} : { [`${end}asn`]: system }),
    ...(organization === "" ? {} : { [`${end}as_org`]: organization }),
  };
}

const newest = <T extends { readonly last: number }>(flows: readonly T[]): T[] =>
  flows.toSorted((a, b) => b.last - a.last).slice(0, flowsMax);

const key = (partition: Partition, slot: number): string => `${partition.id}:${slot}`;

/** The application protocol, or the transport's name while none is known. */
function nameOf(partition: Partition, slot: number): string {
  const name = partition.protocolOf(slot);
  if (name !== undefined && name !== "failed") return name;
  return protocolName((partition.table.words[slot * R.RECORD_WORDS + R.KIND] as number) & 0xff).toLowerCase();
}

function add(sums: Map<string, Sums>, name: string, packets: number, bytes: number): void {
  const sum = sums.get(name);
  if (sum === undefined) sums.set(name, { packets, bytes });
  else {
    sum.packets += packets;
    sum.bytes += bytes;
  }
}

const largest = (sums: Map<string, Sums>, max: number): [string, Sums][] =>
  [...sums].toSorted(([, a], [, b]) => b.bytes - a.bytes).slice(0, max);
