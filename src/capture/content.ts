import { latin1 } from "#base/bytes.ts";

/** Bytes that `contentName` and the format tests want to see. */
export const HEAD_BYTES = 32;

export type Compression = "gzip" | "zstd";

/** Compression that a file beginning like this uses. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (starts(head, "\x1f\x8b")) return "gzip";
  if (starts(head, "\x28\xb5\x2f\xfd") || starts(head.subarray(1), "\x2a\x4d\x18")) return "zstd";
  return undefined;
}

/** Beginnings of files that are no capture, or one that is not read. The longer ones stand first. */
const beginnings: readonly (readonly [string, string])[] = [
  ["snoop\0\0\0", "a snoop capture, which is not read"],
  ["btsnoop\0", "a btsnoop (Bluetooth) capture, which is not read"],
  ["TRSNIFF data", "a Sniffer capture, which is not read"],
  ["XCP\0", "a Sniffer for Windows capture, which is not read"],
  ["RTSS", "a Network Monitor 1 capture, which is not read"],
  ["GMBU", "a Network Monitor 2 capture, which is not read"],
  ["iptrace ", "an AIX iptrace capture, which is not read"],
  ["\x1c\0\x01\xac", "an Ixia capture, which is not read"],
  ["\xac\x01\0\x1c", "an Ixia capture, which is not read"],
  ["\x05VNF", "a Visual Networks capture, which is not read"],
  ["\xa1\xe2\xcb\x12", "an unknown kind of pcap, which is not read"],
  ["\x7fELF", "an ELF program"],
  ["MZ", "a Windows program"],
  ["PK\x03\x04", "a ZIP archive: unpack it first"],
  ["BZh", "bzip2: unpack it first"],
  ["\xfd7zXZ", "xz: unpack it first"],
  ["7z\xbc\xaf", "a 7z archive: unpack it first"],
  ["\x04\x22\x4d\x18", "lz4: unpack it first"],
  ["\x89PNG", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["%PDF", "a PDF document"],
  ["SQLite format 3", "an SQLite database"],
];

/** What a file that begins like this is, in words; bytes are shown when nobody knows. */
export function contentName(head: Uint8Array): string {
  for (const [beginning, name] of beginnings) if (starts(head, beginning)) return `it is ${name}`;
  if (isErf(head)) return "it looks like an ERF capture, which is not read";
  if (head.every((byte) => byte === 0)) return "it begins with zeros";
  if (head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))) return "it looks like text";
  return `it begins with ${Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}

const starts = (head: Uint8Array, beginning: string): boolean =>
  head.length >= beginning.length && latin1(head, 0, beginning.length) === beginning;

/** Endace ERF has no magic: type 1 to 48 without extension, record length and wire length that fit each other. */
function isErf(head: Uint8Array): boolean {
  if (head.length < 18) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const type = view.getUint8(8) & 0x7f;
  const recordBytes = view.getUint16(10);
  const wire = view.getUint16(14);
  return type >= 1 && type <= 48 && recordBytes >= 16 && wire > 0 && wire <= recordBytes + 16 && recordBytes <= wire + 64;
}
