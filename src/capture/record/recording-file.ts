import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ETHERNET = 1;
const pattern = /^oddwire-\d{8}T\d{6}\.\d{6}Z(?:-l\d+)?\.pcap$/;

/** Bytes of a pcap file's header, and of each record's. */
export const HEADER_BYTES = 24;
export const RECORD_BYTES = 16;

/** Name of the file whose first frame has this time (µs since 1970 UTC): names sort by time. */
export function recordingName(start: number, linkType: number): string {
  const seconds = Math.floor(start / 1e6);
  const text = new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-:]/g, "");
  const fraction = String(Math.floor(start - seconds * 1e6)).padStart(6, "0");
  return `oddwire-${text}.${fraction}Z${linkType === ETHERNET ? "" : `-l${linkType}`}.pcap`;
}

/** A file of a recording, as it stands on the disk. */
export interface RecordingFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was written last, ms since 1970. */
  readonly written: number;
}

/** The files of a recording, the oldest first; other files in the folder are none of it. */
export function recordingFiles(directory: string): RecordingFile[] {
  return readdirSync(directory)
    .filter((name) => pattern.test(name))
    .toSorted()
    .flatMap((name) => {
      const path = join(directory, name);
      const facts = statSync(path, { throwIfNoEntry: false });
      return facts === undefined ? [] : [{ path, bytes: facts.size, written: facts.mtimeMs }];
    });
}

/** The header of a pcap file with microseconds, little-endian. */
export function pcapHeader(linkType: number, snapBytes: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapBytes, true);
  view.setUint32(20, linkType, true);
  return header;
}
