const BLOCK_BYTES = 512;
const ENTRIES_MAX = 20_000;

/** A file in an archive. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The plain files of a tar archive (POSIX ustar with pax or GNU long names); links, devices and directories are left
 * out. Names are told, never written to: they may say anything. Throws an error whose message says what is broken.
 */
export function readTar(archive: Uint8Array): readonly TarFile[] {
  const files: TarFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK_BYTES <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) return files;
    if (!checksumHolds(header)) throw new Error(`the archive is broken at byte ${at}`);
    const size = octal(header, 124, 12);
    const end = at + BLOCK_BYTES + size;
    if (size < 0 || end > archive.length) throw new Error("the archive is cut");
    const bytes = archive.subarray(at + BLOCK_BYTES, end);
    const type = String.fromCharCode(header[156] as number);
    if (type === "x") longName = paxPath(bytes) ?? longName;
    else if (type === "L") longName = text(bytes, 0, bytes.length);
    else if (type !== "g") {
      if (type === "0" || type === "\0" || type === "7") files.push({ name: longName ?? nameOf(header), bytes });
      if (files.length > ENTRIES_MAX) throw new Error(`the archive has more than ${ENTRIES_MAX} files`);
      longName = undefined;
    }
    at = at + BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  throw new Error("the archive has no end");
}

/** True when a tar archive begins here. */
export const looksLikeTar = (bytes: Uint8Array): boolean =>
  bytes.length >= BLOCK_BYTES && text(bytes, 257, 5) === "ustar" && checksumHolds(bytes.subarray(0, BLOCK_BYTES));

function nameOf(header: Uint8Array): string {
  const prefix = text(header, 257, 5) === "ustar" && header[262] === 0 ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** `path` of a pax header: lines of `LENGTH NAME=VALUE`. */
function paxPath(bytes: Uint8Array): string | undefined {
  return /^\d+ path=(.*)$/m.exec(text(bytes, 0, bytes.length))?.[1];
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}

/** A number in octal digits; -1 when it is none. */
function octal(bytes: Uint8Array, at: number, length: number): number {
  const digits = text(bytes, at, length).trim();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : -1;
}

/** The sum of all bytes of the header, its own field counted as blanks. */
function checksumHolds(header: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK_BYTES; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] as number);
  return octal(header, 148, 8) === sum;
}
