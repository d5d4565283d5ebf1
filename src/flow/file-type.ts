import { latin1 } from "#base/bytes.ts";

/** First bytes of a file that its type is told from. */
export const typeBytesMax = 512;

/**
 * Media type, name, then patterns: offset (when it is not 0) and bytes in hexadecimal, `..` for any byte. Patterns of
 * one offset are looked at in this order.
 */
const TABLE = `
application/zip|Zip archive data|504b0304|504b0506|504b0708
application/gzip|gzip compressed data|1f8b08
application/x-bzip2|bzip2 compressed data|425a68..314159265359|425a68..177245385090
application/x-xz|XZ compressed data|fd377a585a00
application/zstd|Zstandard compressed data|28b52ffd
application/x-lz4|LZ4 compressed data|04224d18
application/x-7z-compressed|7-zip archive data|377abcaf271c
application/vnd.rar|RAR archive data|526172211a07
application/vnd.ms-cab-compressed|Microsoft Cabinet archive data|4d53434600000000
application/x-tar|POSIX tar archive|257:7573746172
application/x-cpio|ASCII cpio archive|30373037303.
application/vnd.debian.binary-package|Debian binary package|213c617263683e0a64656269616e
application/x-archive|current ar archive|213c617263683e0a
application/x-rpm|RPM|edabeedb
application/x-executable|ELF|7f454c46
application/x-mach-binary|Mach-O|feedface|feedfacf|cefaedfe|cffaedfe
application/java-vm|compiled Java class data|cafebabe0000003.|cafebabe0000004.
application/vnd.android.dex|Dalvik dex file|6465780a30..
application/wasm|WebAssembly (wasm) binary module|0061736d
application/pdf|PDF document|255044462d|1:255044462d|3:255044462d
application/x-ole-storage|Composite Document File V2 Document|d0cf11e0a1b11ae1
application/rtf|Rich Text Format data|7b5c72746631
application/postscript|PostScript document text|252150532d41646f6265
application/x-ms-shortcut|MS Windows shortcut|4c0000000114020000000000c000000000000046
application/vnd.ms-htmlhelp|MS Windows HtmlHelp Data|49545346
application/onenote|Microsoft OneNote|e4525c7b8cd8a74daeb15378d02996d3
application/vnd.sqlite3|SQLite 3.x database|53514c69746520666f726d6174203300
application/vnd.tcpdump.pcap|pcap capture file|a1b2c3d4|d4c3b2a1|a1b23c4d|4d3cb2a1
application/x-pcapng|pcapng capture file|0a0d0d0a........1a2b3c4d|0a0d0d0a........4d3c2b1a
application/x-java-keystore|Java KeyStore|feedfeed0000000.
application/x-bittorrent|BitTorrent file|64383a616e6e6f756e6365|64343a696e666f
application/x-shockwave-flash|Macromedia Flash data|465753|435753|5a5753
application/ogg|Ogg data|4f676753
application/vnd.ms-fontobject|Embedded OpenType|34:4c50
font/woff|Web Open Font Format|774f4646
font/woff2|Web Open Font Format (Version 2)|774f4632
font/otf|OpenType font data|4f54544f
font/ttf|TrueType Font data|00010000000.....
image/png|PNG image data|89504e470d0a1a0a
image/jpeg|JPEG image data|ffd8ff
image/gif|GIF image data|474946383761|474946383961
image/bmp|PC bitmap|424d........000000000000
image/tiff|TIFF image data|49492a00|4d4d002a
image/x-icon|MS Windows icon resource|00000100..00
image/vnd.adobe.photoshop|Adobe Photoshop Image|38425053
image/jp2|JPEG 2000 Part 1 (JP2)|0000000c6a502020
image/jxl|JPEG XL container|0000000c4a584c20
audio/mpeg|Audio file with ID3|494433
audio/mpeg|MPEG ADTS|fffb|fff3|fff2
audio/flac|FLAC audio bitstream data|664c6143
audio/midi|Standard MIDI data|4d546864
audio/AMR|Adaptive Multi-Rate Codec|2321414d52
video/x-flv|Macromedia Flash Video|464c5601
video/x-matroska|Matroska data|1a45dfa3
video/mpeg|MPEG sequence|000001ba|000001b3
video/x-ms-asf|Microsoft ASF|3026b2758e66cf11
text/x-php|PHP script text|3c3f706870
text/x-shellscript|POSIX shell script text executable|23212f62696e2f7368|23212f62696e2f62617368|23212f7573722f62696e2f656e762062617368
text/x-python|Python script text executable|23212f7573722f62696e2f707974686f6e|23212f7573722f62696e2f656e7620707974686f6e
text/x-perl|Perl script text executable|23212f7573722f62696e2f7065726c
text/x-script|script text executable|2321
application/x-pem-file|PEM certificate|2d2d2d2d2d424547494e204345525449464943415445
application/pgp-encrypted|PGP message|2d2d2d2d2d424547494e20504750204d455353414745
`;

type Type = readonly [string, string];
interface Pattern {
  readonly type: Type;
  readonly offset: number;
  /** Value and mask of each byte. */
  readonly values: readonly number[];
  readonly masks: readonly number[];
}

/** Patterns by their first byte; under -1 those that begin further on or with any byte. Made when first asked for. */
let patterns: Map<number, Pattern[]> | undefined;

/** Media type and name of a file that begins with `bytes[from..to)`; `undefined` when nothing is known of it. */
export function fileType(bytes: Uint8Array, from: number, to: number): Type | undefined {
  if (to - from < 2) return undefined;
  patterns ??= readTable();
  const end = Math.min(to, from + typeBytesMax);
  const found = matching(patterns.get(bytes[from] as number), bytes, from, end) ?? matching(patterns.get(-1), bytes, from, end);
  if (found === undefined) return container(bytes, from, end) ?? textType(bytes, from, end);
  if (found[0] === "application/zip") return zipContent(bytes, from, end) ?? found;
  if (found[1] === "ELF") return elf(bytes, from, end);
  return found;
}

function matching(candidates: readonly Pattern[] | undefined, bytes: Uint8Array, from: number, end: number): Type | undefined {
  for (const { type, offset, values, masks } of candidates ?? []) {
    const at = from + offset;
    if (at + values.length > end) continue;
    let i = 0;
    while (i < values.length && ((bytes[at + i] as number) & (masks[i] as number)) === values[i]) i++;
    if (i === values.length) return type;
  }
  return undefined;
}

function readTable(): Map<number, Pattern[]> {
  const table = new Map<number, Pattern[]>();
  for (const line of TABLE.trim().split("\n")) {
    const [media, name, ...texts] = line.split("|") as [string, string, ...string[]];
    for (const text of texts) {
      const colon = text.indexOf(":");
      const digits = text.slice(colon + 1);
      const values: number[] = [];
      const masks: number[] = [];
      for (let i = 0; i < digits.length; i += 2) {
        values.push(Number.parseInt(digits.slice(i, i + 2).replaceAll(".", "0"), 16));
        masks.push((digits[i] === "." ? 0 : 0xf0) | (digits[i + 1] === "." ? 0 : 0x0f));
      }
      const offset = colon < 0 ? 0 : Number(text.slice(0, colon));
      const key = offset === 0 && masks[0] === 0xff ? (values[0] as number) : -1;
      const others = table.get(key) ?? [];
      others.push({ type: [media, name], offset, values, masks });
      table.set(key, others);
    }
  }
  return table;
}

/** First letters of `MZ`, `RIFF` and `ftyp`. */
const LETTER_M = 0x4d;
const LETTER_R = 0x52;
const LETTER_F = 0x66;

/** Formats whose kind stands behind a length or a common beginning: MZ, RIFF, ISO media. */
function container(bytes: Uint8Array, from: number, end: number): Type | undefined {
  const first = bytes[from];
  if (first !== LETTER_M && first !== LETTER_R && bytes[from + 4] !== LETTER_F) return undefined;
  const head = latin1(bytes, from, Math.min(end, from + 12));
  if (head.startsWith("MZ")) return portableExecutable(bytes, from, end);
  if (head.length < 12) return undefined;
  if (head.startsWith("RIFF")) return RIFF[head.slice(8)];
  if (head.slice(4, 8) === "ftyp") return ISO_MEDIA[head.slice(8, 11)] ?? ["video/mp4", "ISO Media"];
  return undefined;
}

const RIFF: Readonly<Record<string, Type>> = {
  WAVE: ["audio/x-wav", "RIFF (little-endian) data, WAVE audio"],
  "AVI ": ["video/x-msvideo", "RIFF (little-endian) data, AVI"],
  WEBP: ["image/webp", "RIFF (little-endian) data, Web/P image"],
};
const ISO_MEDIA: Readonly<Record<string, Type>> = {
  "qt ": ["video/quicktime", "ISO Media, Apple QuickTime movie"],
  hei: ["image/heic", "ISO Media, HEIF Image"],
  mif: ["image/heif", "ISO Media, HEIF Image"],
  avi: ["image/avif", "ISO Media, AVIF Image"],
  M4A: ["audio/mp4", "ISO Media, Apple iTunes audio"],
};

/** The header that a DOS stub points to says 32 or 64 bits, program or library. */
function portableExecutable(bytes: Uint8Array, from: number, end: number): Type {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = end - from >= 64 ? from + view.getUint32(from + 60, true) : end;
  if (at + 26 > end || view.getUint32(at) !== 0x50450000) return ["application/x-dosexec", "MS-DOS executable"];
  const library = (view.getUint16(at + 22, true) & 0x2000) !== 0;
  const wide = view.getUint16(at + 24, true) === 0x20b;
  const media = "application/vnd.microsoft.portable-executable";
  return [media, `${wide ? "PE32+" : "PE32"} executable${library ? " (DLL)" : ""}`];
}

function elf(bytes: Uint8Array, from: number, end: number): Type {
  if (end - from < 18) return ["application/x-executable", "ELF"];
  const little = bytes[from + 5] === 1;
  const type = bytes[from + (little ? 16 : 17)] as number;
  const what = ["", "relocatable", "executable", "shared object", "core file"][type] ?? "";
  const media = type === 3 ? "application/x-sharedlib" : type === 4 ? "application/x-coredump" : "application/x-executable";
  return [media, `ELF ${bytes[from + 4] === 2 ? 64 : 32}-bit ${little ? "LSB" : "MSB"} ${what}`.trimEnd()];
}

const OFFICE = "application/vnd.openxmlformats-officedocument";

/** What an archive is for can be told from the names of its first entries. */
function zipContent(bytes: Uint8Array, from: number, end: number): Type | undefined {
  const text = latin1(bytes, from, end);
  const first = text.slice(30, 38);
  if (first === "mimetype") {
    const media = /^[-a-z0-9.+/]{1,80}/.exec(text.slice(38))?.[0].replace(/PK$/, "");
    if (media === "application/epub+zip") return [media, "EPUB document"];
    if (media?.startsWith("application/vnd.oasis.opendocument.") === true) return [media, "OpenDocument"];
  }
  if (text.includes("word/")) return [`${OFFICE}.wordprocessingml.document`, "Microsoft Word 2007+"];
  if (text.includes("xl/")) return [`${OFFICE}.spreadsheetml.sheet`, "Microsoft Excel 2007+"];
  if (text.includes("ppt/")) return [`${OFFICE}.presentationml.presentation`, "Microsoft PowerPoint 2007+"];
  if (text.includes("[Content_Types].xml") || text.includes("_rels/.rels")) return ["application/zip", "Microsoft OOXML"];
  if (text.includes("AndroidManifest.xml")) return ["application/vnd.android.package-archive", "Android package (APK)"];
  if (text.includes("META-INF/")) return ["application/java-archive", "Java archive data (JAR)"];
  return undefined;
}

/** What has no mark of its own, but reads as text. */
function textType(bytes: Uint8Array, from: number, end: number): Type | undefined {
  const wide = ((bytes[from] as number) << 8) | (bytes[from + 1] as number);
  if (wide === 0xfffe || wide === 0xfeff) return ["text/plain", "Unicode text, UTF-16"];
  let high = false;
  for (let i = from; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 ? byte < 0x07 || (byte > 0x0d && byte !== 0x1b) : byte === 0x7f) return undefined;
    high ||= byte >= 0x80;
  }
  const at = textStart(bytes, from, end);
  const first = at < end ? bytes[at] : 0;
  const plain: Type = ["text/plain", high ? "Non-ASCII text" : "ASCII text"];
  if (first !== LESS && first !== BRACE && first !== BRACKET) return plain;
  const start = latin1(bytes, at, Math.min(end, at + 64)).toLowerCase();
  if (/^(<!doctype html|<html|<head|<body|<script|<!--)/.test(start)) return ["text/html", "HTML document"];
  if (start.startsWith("<svg")) return ["image/svg+xml", "SVG Scalable Vector Graphics image"];
  if (start.startsWith("<?xml"))
    return latin1(bytes, at, end).includes("<svg") ? ["image/svg+xml", "SVG Scalable Vector Graphics image"] : ["text/xml", "XML document"];
  if (/^(\{\s*("|\})|\[\s*(["{[\]0-9]))/.test(start)) return ["application/json", "JSON text data"];
  return plain;
}

const LESS = 0x3c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/** Where the text begins behind a byte order mark and white space, as `String.trim` knows it. */
function textStart(bytes: Uint8Array, from: number, end: number): number {
  let at = from + 3 <= end && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf ? from + 3 : from;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte !== 0x20 && byte !== 0xa0 && (byte < 0x09 || byte > 0x0d)) break;
  }
  return at;
}
