/** 64-bit little-endian number; above 2^53 its last digits are lost, which names still tell apart well enough. */
export const wide = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 4_294_967_296 + view.getUint32(at, true);

const HEX2 = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Bytes of an identifier in the order in which Suricata writes them. */
const ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 9, 8, -1, 11, 10, 15, 14, 13, 12];

/** 16 bytes as Suricata writes them: `00000065-0030-0000-0025-0020ffffffff`. */
export function idText(view: DataView, at: number): string {
  let text = "";
  for (let i = 0; i < ORDER.length; i++) {
    const place = ORDER[i] as number;
    text += place < 0 ? "-" : HEX2[view.getUint8(at + place)];
  }
  return text;
}

/** Seconds since 1970 of a Windows time (100 ns since 1601); 0 when it is not set. */
export function unixSeconds(view: DataView, at: number): number {
  const seconds = Math.floor(wide(view, at) / 10_000_000);
  return seconds > 11_644_473_600 ? seconds - 11_644_473_600 : 0;
}

/** Longest name that is told, bytes. */
export const nameBytesMax = 2048;
export const DIRECTORY_FILE = 0x1;
export const DELETE_ON_CLOSE = 0x1000;
/** What stands for the root of a share, and for a file whose opening is not in the capture. */
export const ROOT_NAME = "<share_root>";
export const UNKNOWN_NAME = "<unknown>";
