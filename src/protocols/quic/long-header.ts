import { VarintReader } from "./varint.ts";
import { Dialect, dialectOf } from "./versions.ts";

/** Packet types of version 1 (RFC 9000 §17.2), and version negotiation, which has none. */
export const PacketType = { initial: 0, zeroRtt: 1, handshake: 2, retry: 3, negotiation: 4 } as const;

/** Longest connection identifier (RFC 9000 §17.2). */
const idBytesMax = 20;
const VERSION = 1;
const TO_LENGTH = 5;
/** First byte, version, two lengths. */
export const LONG_BYTES_MIN = 7;

/** A packet with a long header, as far as nothing of it is protected. Offsets count from where the datagram's do. */
export interface LongHeader {
  readonly type: number;
  readonly version: number;
  readonly dialect: Dialect;
  /** Identifiers of the connection: the receiver's and the sender's. */
  readonly to: number;
  readonly toEnd: number;
  readonly from: number;
  readonly fromEnd: number;
  /** Where the packet number stands; of a Retry or a version negotiation, what follows the identifiers. */
  readonly numberAt: number;
  /** One past the packet's last byte; other packets may follow in the datagram. */
  readonly end: number;
}

export const isLong = (view: DataView, at: number): boolean => (view.getUint8(at) & 0x80) !== 0;
export const versionOf = (view: DataView, at: number): number => view.getUint32(at + VERSION);

/** Reads the header at `at`; `undefined` when its lengths do not fit the datagram. */
export function readLongHeader(view: DataView, at: number, end: number): LongHeader | undefined {
  if (end - at < LONG_BYTES_MIN) return undefined;
  const version = versionOf(view, at);
  const dialect = dialectOf(version);
  if (dialect === Dialect.googleLong) return readGoogleLong(view, at, end, version);
  const to = at + TO_LENGTH + 1;
  const toEnd = to + view.getUint8(at + TO_LENGTH);
  if (toEnd - to > idBytesMax || toEnd >= end) return undefined;
  const from = toEnd + 1;
  const fromEnd = from + view.getUint8(toEnd);
  if (fromEnd - from > idBytesMax || fromEnd > end) return undefined;
  const ids = { version, dialect, to, toEnd, from, fromEnd };
  if (version === 0) return { ...ids, type: PacketType.negotiation, numberAt: fromEnd, end };
  const bits = (view.getUint8(at) >>> 4) & 3;
  const type = dialect === Dialect.version2 ? (bits + 3) & 3 : bits;
  if (type === PacketType.retry) return { ...ids, type, numberAt: fromEnd, end };
  const rest = new VarintReader(view, fromEnd, end);
  if (type === PacketType.initial) rest.skip(rest.next());
  const length = rest.next();
  const packetEnd = rest.at + length;
  return packetEnd <= end ? { ...ids, type, numberAt: rest.at, end: packetEnd } : undefined;
}

/** Q044 to Q046: the identifiers' lengths are halves of one byte, and the packet fills the datagram. */
function readGoogleLong(view: DataView, at: number, end: number, version: number): LongHeader | undefined {
  const lengths = view.getUint8(at + TO_LENGTH);
  const to = at + TO_LENGTH + 1;
  const toEnd = to + nibbleLength(lengths >>> 4);
  const fromEnd = toEnd + nibbleLength(lengths & 15);
  // Q046 tells the packet number's length as RFC 9000 does; before, it had four bytes.
  const numberBytes = version === 0x51303436 ? (view.getUint8(at) & 3) + 1 : 4;
  const numberAt = fromEnd;
  if (numberAt + numberBytes > end) return undefined;
  return {
    version,
    dialect: Dialect.googleLong,
    type: PacketType.initial,
    to,
    toEnd,
    from: toEnd,
    fromEnd,
    numberAt: numberAt + numberBytes,
    end,
  };
}

const nibbleLength = (nibble: number): number => (nibble === 0 ? 0 : nibble + 3);
