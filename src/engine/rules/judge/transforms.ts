import { latin1 } from "#base/bytes.ts";
import type { CompiledPattern, Transform } from "#engine/rules/signature.ts";
import { decodeBase64 } from "./base64.ts";
import { domainStart, suffixStart } from "./public-suffix.ts";
import {
  compressWhitespace,
  decodeUrl,
  lowerHeaderNames,
  stripPseudoHeaders,
  stripWhitespace,
  toLower,
  toUpper,
  xor,
} from "./text-transforms.ts";

/** What transforms need of the machine. */
export interface TransformTools {
  /** Digest of all the bytes; the result is the caller's. */
  digest(algorithm: "md5" | "sha1" | "sha256", bytes: Uint8Array): Uint8Array;
}

/**
 * The bytes that all transforms, one after the other, make of `bytes`. Without transforms, and where they change nothing,
 * these are `bytes` themselves; otherwise the result is the caller's. What Suricata's manual says of each is in its
 * chapter "Transformations". `tld` and `domain` know the suffixes of `public-suffix.ts`.
 */
export function transformed(transforms: readonly Transform[], bytes: Uint8Array, tools: TransformTools): Uint8Array {
  let result = bytes;
  for (const transform of transforms) result = transformOnce(transform, result, tools);
  return result;
}

function transformOnce(transform: Transform, bytes: Uint8Array, tools: TransformTools): Uint8Array {
  switch (transform.type) {
    case "dotprefix": {
      const dotted = new Uint8Array(bytes.length + 1);
      dotted[0] = 0x2e;
      dotted.set(bytes, 1);
      return dotted;
    }
    case "strip_whitespace":
      return stripWhitespace(bytes);
    case "compress_whitespace":
      return compressWhitespace(bytes);
    case "to_lowercase":
      return toLower(bytes);
    case "to_uppercase":
      return toUpper(bytes);
    case "header_lowercase":
      return lowerHeaderNames(bytes);
    case "strip_pseudo_headers":
      return stripPseudoHeaders(bytes);
    case "url_decode":
      return decodeUrl(bytes);
    case "xor":
      return xor(bytes, transform.key);
    case "to_md5":
      return tools.digest("md5", bytes);
    case "to_sha1":
      return tools.digest("sha1", bytes);
    case "to_sha256":
      return tools.digest("sha256", bytes);
    case "domain":
      return tailOf(bytes, domainStart(bytes));
    case "tld":
      return tailOf(bytes, suffixStart(bytes));
    case "pcrexform":
      return captured(transform.compiled, bytes);
    case "from_base64":
      return fromBase64(transform, bytes);
    default:
      return slice(transform, bytes);
  }
}

/** Nothing when the part is not there. */
function tailOf(bytes: Uint8Array, start: number): Uint8Array {
  return start < 0 ? new Uint8Array(0) : bytes.subarray(start);
}

/** What the first group captured; everything when the pattern is not there. */
function captured(pattern: CompiledPattern, bytes: Uint8Array): Uint8Array {
  const found = pattern.find(latin1(bytes, 0, bytes.length), 0);
  if (found === undefined) return bytes;
  const text = found.groups[1] ?? "";
  return Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

function fromBase64(transform: Extract<Transform, { type: "from_base64" }>, bytes: Uint8Array): Uint8Array {
  const end = transform.bytes === 0 ? bytes.length : Math.min(bytes.length, transform.offset + transform.bytes);
  return decodeBase64(bytes, transform.offset, end, transform.mode);
}

/**
 * Negative offsets count from the end; a negative number of bytes is what is left out at the end. Without `truncate`, a
 * slice that is not wholly there is nothing.
 */
function slice(transform: Extract<Transform, { type: "subslice" }>, bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  const start = transform.offset < 0 ? length + transform.offset : transform.offset;
  const count = transform.bytes ?? length - start;
  const end = count < 0 ? length + count : start + count;
  const isWhole = start >= 0 && start <= length && end <= length && end >= start;
  if (!isWhole && !transform.truncate) return new Uint8Array(0);
  const from = Math.min(Math.max(start, 0), length);
  return bytes.subarray(from, Math.max(from, Math.min(end, length)));
}
