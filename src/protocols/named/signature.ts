import type { ByteView } from "#base/bytes.ts";
import { FINISHED, type Parser, Probe, type ProtocolDefinition, type Side } from "#contract/parser.ts";

/** What a test says of the first bytes: `length` of them are there, from `at` on. */
type Judge = (view: DataView, at: number, length: number, side: Side) => Probe;
/** A test, and the first bytes that it can say yes to, when they are few. */
export type Test = Judge & { readonly first?: readonly number[] };

/** How a protocol that is only named is recognised. */
export interface Signature {
  readonly name: string;
  readonly over: "tcp" | "udp" | "both";
  readonly ports?: readonly number[];
  /** Other protocols may look like it: it counts on its usual port, or when nobody else says yes. */
  readonly weak?: true;
  /** It has so little structure that it counts on its usual port alone. */
  readonly onPortOnly?: true;
  readonly encrypts?: true;
  readonly test: Test;
}

/** Begins with one of these texts, a character a byte. */
export const starts = (...texts: readonly string[]): Test => {
  const judge: Judge = (view, at, length) => {
    let short = false;
    for (const text of texts) {
      const common = Math.min(length, text.length);
      let i = 0;
      while (i < common && view.getUint8(at + i) === text.charCodeAt(i)) i++;
      if (i === text.length) return Probe.yes;
      if (i === length) short = true;
    }
    return short ? Probe.more : Probe.no;
  };
  return Object.assign(judge, { first: [...new Set(texts.map((text) => text.charCodeAt(0)))] });
};

/**
 * A header of `bytes` bytes that begins with one of `first` and passes the check. The check of a stream looks at these
 * bytes alone; that of a datagram may also look at its length.
 */
export function header(
  bytes: number,
  first: readonly number[],
  check: (view: DataView, at: number, length: number, side: Side) => boolean,
): Test {
  const judge: Judge = (view, at, length, side) => {
    if (length === 0) return Probe.more;
    if (!first.includes(view.getUint8(at))) return Probe.no;
    if (length < bytes) return Probe.more;
    return check(view, at, length, side) ? Probe.yes : Probe.no;
  };
  return first.length === 256 ? judge : Object.assign(judge, { first });
}

/** All whole numbers from one to another. */
export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Any first byte. */
export const any = range(0, 255);

/** Three bytes in network order. */
export const u24 = (view: DataView, at: number): number => (view.getUint8(at) << 16) | view.getUint16(at + 1);

/** True when `count` bytes are zero. */
export const zeros = (view: DataView, at: number, count: number): boolean => {
  for (let i = 0; i < count; i++) if (view.getUint8(at + i) !== 0) return false;
  return true;
};

/** A datagram whose header says how long the whole is; `behind` bytes stand before what is counted. */
export const measured = (
  first: readonly number[],
  bytes: number,
  lengthAt: number,
  behind: number,
  more: (view: DataView, at: number) => boolean = () => true,
): Test => header(bytes, first, (view, at, length) => view.getUint16(at + lengthAt) + behind === length && more(view, at));

/** Nothing is read of a protocol that is only named. */
const silent: Parser = { data: () => FINISHED, gap: () => false, end: () => undefined };

function probeOf(signature: Signature, transport: "tcp" | "udp"): ProtocolDefinition["probe"] {
  const { test, weak, onPortOnly } = signature;
  return (side: Side, input: ByteView, usualPort: boolean): Probe => {
    if (onPortOnly && !usualPort) return Probe.no;
    const answer = test(input.view, input.at, input.end - input.at, side);
    // A datagram is whole: what is too short for its header is something else.
    if (answer === Probe.more && transport === "udp") return Probe.no;
    return answer === Probe.yes && weak && !usualPort ? Probe.maybe : answer;
  };
}

/** The definitions of a signature, one for each transport. */
export const definitionsOf = (signature: Signature): ProtocolDefinition[] =>
  (signature.over === "both" ? (["tcp", "udp"] as const) : [signature.over]).map((transport) => ({
    name: signature.name,
    depth: "named",
    transports: [transport],
    ports: signature.ports ?? [],
    ...(signature.encrypts ? { encrypts: true } : {}),
    ...(signature.onPortOnly ? { portsOnly: true } : {}),
    ...(signature.test.first === undefined ? {} : { firstBytes: signature.test.first }),
    probe: probeOf(signature, transport),
    create: () => silent,
  }));
