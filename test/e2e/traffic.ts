import { concat, type PcapRecord, pcapFile } from "#capture/testing.ts";

/** Traffic for tests, made of whole conversations: each client asks a name and fetches a page. */

const encoder = new TextEncoder();
const start = 1_750_000_000;
const SYN = 2;
const SYN_ACK = 0x12;
const ACK = 0x10;
const PUSH_ACK = 0x18;
const FIN_ACK = 0x11;

/**
 * Frames of `count` conversations in the order of their times, one conversation each millisecond. With `late` µs each
 * request comes in two halves, and all that follows is late; of every second one the second half comes first.
 */
export function conversations(count: number, pageBytes = 3000, late = 0): readonly PcapRecord[] {
  const all = Array.from({ length: count }, (_, i) => conversation(i, pageBytes, late)).flat();
  return all.toSorted((a, b) => a.seconds - b.seconds || (a.fraction ?? 0) - (b.fraction ?? 0));
}

/** The same as a pcap file. */
export const trafficFile = (count: number, pageBytes?: number, late?: number): Uint8Array =>
  pcapFile({}, conversations(count, pageBytes, late));

/** What `conversations(count)` has to be read as. */
export const expected = (count: number): { readonly flows: number; readonly dns: number; readonly http: number } => ({
  flows: 2 * count,
  dns: 2 * count,
  http: count,
});

/**
 * A scanner that knocks at `doors` ports of each of the machines, one in ten milliseconds, and is sent away. Before it
 * comes somebody asks for a page, `waitSeconds` earlier.
 */
export function scanFile(source: readonly number[], machines: readonly (readonly number[])[], doors: number, waitSeconds = 1): Uint8Array {
  const knocks = machines.flatMap((machine, m) =>
    Array.from({ length: doors }, (_, door) =>
      knockAndRefusal(source, machine, door, waitSeconds * 1e6 + (m * doors + door) * 10_000),
    ).flat(),
  );
  return pcapFile({}, [...conversations(1), ...knocks]);
}

function knockAndRefusal(source: readonly number[], machine: readonly number[], door: number, micros: number): PcapRecord[] {
  const ways = { source: 40_000 + door, target: 1 + door };
  const knock = { from: source, to: machine, ...ways, sequence: 7, acknowledged: 0, flags: SYN, payload: new Uint8Array(0) };
  const refusal = { ...knock, from: machine, to: source, source: ways.target, target: ways.source, acknowledged: 8, flags: 0x14 };
  return [knock, refusal].map((segment, n) => ({
    seconds: start + Math.floor(micros / 1e6),
    fraction: (micros % 1e6) + n * 100,
    data: tcp(segment),
  }));
}

function conversation(i: number, pageBytes: number, late: number): PcapRecord[] {
  const client = [10, 1, (i >> 8) & 0xff, i & 0xff];
  const resolver = [10, 0, 0, 53];
  const server = [10, 2, 0, i % 250];
  const port = 20_000 + (i % 40_000);
  const name = `host-${i}.example`;
  const frames: Uint8Array[] = [udp(client, resolver, port, 53, query(i, name)), udp(resolver, client, 53, port, answer(i, name, server))];
  let [mine, theirs] = [1000, 5000];
  const send = (forth: boolean, flags: number, payload: Uint8Array = new Uint8Array(0)): void => {
    const [from, to] = forth ? [client, server] : [server, client];
    const [source, target] = forth ? [port, 80] : [80, port];
    frames.push(tcp({ from, to, source, target, sequence: forth ? mine : theirs, acknowledged: forth ? theirs : mine, flags, payload }));
    const length = payload.length + ((flags & 3) === 0 ? 0 : 1);
    if (forth) mine += length;
    else theirs += length;
  };
  send(true, SYN);
  send(false, SYN_ACK);
  send(true, ACK);
  const request = encoder.encode(`GET /page/${i} HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: test\r\n\r\n`);
  const half = late === 0 ? request.length : 9;
  send(true, PUSH_ACK, request.subarray(0, half));
  const firstHalf = frames.length - 1;
  if (half < request.length) send(true, PUSH_ACK, request.subarray(half));
  const page = encoder.encode(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${pageBytes}\r\n\r\n${"x".repeat(pageBytes)}`,
  );
  for (let at = 0; at < page.length; at += 1400) send(false, PUSH_ACK, page.subarray(at, at + 1400));
  send(true, FIN_ACK);
  send(false, FIN_ACK);
  send(true, ACK);
  return frames.map((data, n) => {
    const isLate = n > firstHalf ? i % 2 === 1 || n > firstHalf + 1 : n === firstHalf && i % 2 === 0;
    const micros = i * 1000 + n * 150 + (isLate ? late : 0);
    return { seconds: start + Math.floor(micros / 1e6), fraction: micros % 1e6, data };
  });
}

interface Segment {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly source: number;
  readonly target: number;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

function tcp(segment: Segment): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint16(0, segment.source);
  view.setUint16(2, segment.target);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.flags === SYN ? 0 : segment.acknowledged);
  header[12] = 0x50;
  header[13] = segment.flags;
  view.setUint16(14, 64_000);
  return ip(segment.from, segment.to, 6, header, 16, segment.payload);
}

function udp(from: readonly number[], to: readonly number[], source: number, target: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint16(0, source);
  view.setUint16(2, target);
  view.setUint16(4, 8 + payload.length);
  return ip(from, to, 17, header, 6, payload);
}

/** Ethernet and IPv4 around a transport header, with both checksums. */
function ip(
  from: readonly number[],
  to: readonly number[],
  protocol: number,
  header: Uint8Array,
  checksumAt: number,
  payload: Uint8Array,
): Uint8Array {
  const transport = concat([header, payload]);
  const pseudo = concat([Uint8Array.from([...from, ...to, 0, protocol, transport.length >> 8, transport.length & 0xff]), transport]);
  new DataView(transport.buffer).setUint16(checksumAt, checksum(pseudo) || 0xffff);
  const network = new Uint8Array(20);
  network.set([0x45, 0, (20 + transport.length) >> 8, (20 + transport.length) & 0xff, 0, 0, 0x40, 0, 64, protocol]);
  network.set([...from, ...to], 12);
  new DataView(network.buffer).setUint16(10, checksum(network));
  return concat([Uint8Array.from([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]), network, transport]);
}

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function query(id: number, name: string): Uint8Array {
  return concat([
    Uint8Array.from([(id >> 8) & 0xff, id & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    dnsName(name),
    Uint8Array.from([0, 1, 0, 1]),
  ]);
}

function answer(id: number, name: string, address: readonly number[]): Uint8Array {
  const head = Uint8Array.from([(id >> 8) & 0xff, id & 0xff, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const record = Uint8Array.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0x2c, 0, 4, ...address]);
  return concat([head, dnsName(name), Uint8Array.from([0, 1, 0, 1]), record]);
}

const dnsName = (name: string): Uint8Array =>
  concat([...name.split(".").flatMap((label) => [Uint8Array.from([label.length]), encoder.encode(label)]), Uint8Array.from([0])]);
