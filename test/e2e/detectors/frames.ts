import { concat, type PcapRecord } from "#capture/testing.ts";

/** Frames for made-up captures: a time in seconds, and Ethernet, IPv4 and what is in it. Addresses as `10.0.0.1`. */
export interface Frame {
  readonly at: number;
  readonly data: Uint8Array;
}

const start = 1_750_000_000;
const encoder = new TextEncoder();
const quad = (address: string): number[] => address.split(".").map(Number);
const half = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const halves = (values: readonly number[]): number[] => values.flatMap(half);
const full = (value: number): number[] => [...half(value >>> 16), ...half(value & 0xffff)];
/** The MAC address of a host in made-up captures. */
export const macOf = (address: string): number[] => [2, 0, ...quad(address)];

/** Frames as the records of a capture, in the order of their times. */
export const records = (frames: readonly Frame[]): PcapRecord[] =>
  frames
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, data }) => ({ seconds: start + Math.floor(at), fraction: Math.floor((at % 1) * 1e6), data }));

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function ip(from: string, to: string, protocol: number, transport: Uint8Array, checksumAt: number): Uint8Array {
  const ends = [...quad(from), ...quad(to)];
  const pseudo = protocol === 1 ? [] : [...ends, 0, protocol, ...half(transport.length)];
  new DataView(transport.buffer).setUint16(checksumAt, checksum(concat([Uint8Array.from(pseudo), transport])));
  const network = Uint8Array.from([0x45, 0, ...half(20 + transport.length), 0, 0, 0x40, 0, 64, protocol, 0, 0, ...ends]);
  new DataView(network.buffer).setUint16(10, checksum(network));
  return concat([Uint8Array.from([...macOf(to), ...macOf(from), 8, 0]), network, transport]);
}

/** Who speaks to whom: `port` is the sender's. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly toPort: number;
}

const back = ({ from, to, port, toPort }: Way): Way => ({ from: to, to: from, port: toPort, toPort: port });

export const datagram = (at: number, { from, to, port, toPort }: Way, payload: Uint8Array): Frame => ({
  at,
  data: ip(from, to, 17, concat([Uint8Array.from([...half(port), ...half(toPort), ...half(8 + payload.length), 0, 0]), payload]), 6),
});

export const segment = (
  at: number,
  { from, to, port, toPort }: Way,
  flags: number,
  [seq, ack]: readonly [number, number],
  text = "",
): Frame => ({
  at,
  data: ip(
    from,
    to,
    6,
    concat([
      Uint8Array.from([...half(port), ...half(toPort), ...full(seq), ...full(ack), 0x50, flags, 0xfa, 0, 0, 0, 0, 0]),
      encoder.encode(text),
    ]),
    16,
  ),
});

export const knock = (at: number, way: Way): Frame => segment(at, way, 2, [7, 0]);

export const ping = (at: number, from: string, to: string, number: number): Frame => ({
  at,
  data: ip(from, to, 1, Uint8Array.from([8, 0, 0, 0, 0, 7, ...half(number), ...encoder.encode("abcdefghijklmnop")]), 2),
});

/** One side of a conversation over TCP says something at a time; all is acknowledged at once. */
export interface Word {
  readonly at: number;
  readonly by: "client" | "server";
  readonly text: string;
}

/** A connection that opens at a time; closed behind the last word where `closes` says so. */
export function connection(at: number, way: Way, words: readonly Word[], closes = true): Frame[] {
  let [mine, theirs] = [1000, 5000];
  const frames: Frame[] = [segment(at, way, 2, [mine++, 0]), segment(at + 0.01, back(way), 0x12, [theirs++, mine])];
  frames.push(segment(at + 0.02, way, 0x10, [mine, theirs]));
  let last = at + 0.02;
  for (const { at: when, by, text } of words) {
    last = at + when;
    if (by === "client") {
      frames.push(segment(last, way, 0x18, [mine, theirs], text), segment(last + 0.005, back(way), 0x10, [theirs, mine + text.length]));
      mine += text.length;
    } else {
      frames.push(segment(last, back(way), 0x18, [theirs, mine], text), segment(last + 0.005, way, 0x10, [mine, theirs + text.length]));
      theirs += text.length;
    }
  }
  if (closes) {
    frames.push(segment(last + 0.02, way, 0x11, [mine, theirs]), segment(last + 0.03, back(way), 0x11, [theirs, mine + 1]));
    frames.push(segment(last + 0.04, way, 0x10, [mine + 1, theirs + 1]));
  }
  return frames;
}

const dnsName = (name: string): number[] => [...name.split(".").flatMap((label) => [label.length, ...encoder.encode(label)]), 0];

/** A question for an address and what is answered: no addresses, and the name does not exist. */
export function asked(at: number, client: string, name: string, answers: readonly (readonly string[])[], ttl = 60): Frame[] {
  const number = Math.floor(at * 100) & 0xffff;
  const way = { from: client, to: "10.0.0.53", port: 20_000 + (number % 30_000), toPort: 53 };
  const question = [...dnsName(name), 0, 1, 0, 1];
  const answer = (addresses: readonly string[]): Uint8Array =>
    Uint8Array.from([
      ...half(number),
      ...halves([addresses.length === 0 ? 0x8183 : 0x8180, 1, addresses.length, 0, 0]),
      ...question,
      ...addresses.flatMap((address) => [0xc0, 12, 0, 1, 0, 1, ...full(ttl), 0, 4, ...quad(address)]),
    ]);
  return [
    datagram(at, way, Uint8Array.from([...half(number), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...question])),
    ...answers.map((addresses, i) => datagram(at + 0.01 + i * 0.05, back(way), answer(addresses))),
  ];
}

/** A host claims an address by ARP. */
export const claim = (at: number, mac: readonly number[], address: string, target: string): Frame => ({
  at,
  data: Uint8Array.from([
    ...macOf(target),
    ...mac,
    ...halves([0x0806, 1, 0x0800, 0x0604, 2]),
    ...mac,
    ...quad(address),
    ...macOf(target),
    ...quad(target),
    ...Array.from({ length: 18 }, () => 0),
  ]),
});

/** An offer of a DHCP server to a client (RFC 2131) with a router. */
export function offer(at: number, server: string, router: string, number: number): Frame {
  const head = new Uint8Array(240);
  head.set([2, 1, 6, 0, ...full(number)]);
  head.set(quad("10.0.0.77"), 16);
  head.set([2, 0, 0, 0, 0, 77], 28);
  head.set([0x63, 0x82, 0x53, 0x63], 236);
  const options = [53, 1, 2, 54, 4, ...quad(server), 1, 4, 255, 255, 255, 0, 3, 4, ...quad(router), 51, 4, ...full(3600), 255];
  return datagram(at, { from: server, to: "255.255.255.255", port: 67, toPort: 68 }, concat([head, Uint8Array.from(options)]));
}

/** An IPv6 router announces itself (RFC 4861). */
export function announcement(at: number, router: number): Frame {
  const source = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...half(router)];
  const target = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const mac = [2, 0, 0, 9, ...half(router)];
  const message = Uint8Array.from([134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, ...mac]);
  const pseudo = Uint8Array.from([...source, ...target, ...full(message.length), 0, 0, 0, 58]);
  new DataView(message.buffer).setUint16(2, checksum(concat([pseudo, message])));
  const network = Uint8Array.from([0x60, 0, 0, 0, ...half(message.length), 58, 255, ...source, ...target]);
  return { at, data: concat([Uint8Array.from([0x33, 0x33, 0, 0, 0, 1, ...mac, 0x86, 0xdd]), network, message]) };
}
