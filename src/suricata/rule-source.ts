import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { OddwireError } from "#contract/errors.ts";
import { looksLikeTar, readTar } from "./tar.ts";

/** A file of rules out of a source. */
export interface RuleFile {
  /** Path inside the source, or its name. */
  readonly name: string;
  readonly text: string;
}

export interface SourceLimits {
  /** Bytes as they come. */
  readonly bytesMax: number;
  /** Bytes once they are unpacked. */
  readonly unpackedBytesMax: number;
  readonly timeoutMs: number;
}

export const sourceLimits: SourceLimits = { bytesMax: 134_217_728, unpackedBytesMax: 536_870_912, timeoutMs: 120_000 };
const REDIRECTS_MAX = 5;

/**
 * The files of rules of one source: a file (`.rules`, `.tar.gz`, `.tar`, `.rules.gz`), a directory of them, or an
 * address (https, http, file) of such a file. Only an address that was named is asked. Throws ODW_RULES_BAD.
 */
export async function readSource(source: string, limits: SourceLimits = sourceLimits): Promise<readonly RuleFile[]> {
  const bad = (cause: string): OddwireError => new OddwireError("ODW_RULES_BAD", { source, cause });
  try {
    if (/^https?:\/\//i.test(source)) return unpack(await fetched(source, limits), nameOfAddress(source), limits);
    const path = /^file:\/\//i.test(source) ? fileURLToPath(source) : source;
    const facts = statSync(path);
    if (facts.isDirectory())
      return readdirSync(path)
        .filter((name) => name.endsWith(".rules"))
        .toSorted()
        .map((name) => ({ name, text: readFileSync(join(path, name), "utf8") }));
    if (facts.size > limits.bytesMax) throw bad(`it is larger than ${limits.bytesMax} bytes`);
    return unpack(readFileSync(path), basename(path), limits);
  } catch (error) {
    throw error instanceof OddwireError ? error : bad(causeOf(error));
  }
}

function unpack(packed: Uint8Array, name: string, limits: SourceLimits): readonly RuleFile[] {
  const zipped = packed[0] === 0x1f && packed[1] === 0x8b;
  const bytes = zipped ? gunzipSync(packed, { maxOutputLength: limits.unpackedBytesMax }) : packed;
  if (!looksLikeTar(bytes)) return [{ name: name.replace(/\.gz$/, ""), text: textOf(bytes) }];
  return readTar(bytes)
    .filter((file) => file.name.endsWith(".rules") && !/(?:^|\/)deleted\.rules$/.test(file.name))
    .map((file) => ({ name: file.name, text: textOf(file.bytes) }));
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");

async function fetched(address: string, { bytesMax, timeoutMs }: SourceLimits): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(timeoutMs);
  let url = new URL(address);
  for (let i = 0; i <= REDIRECTS_MAX; i++) {
    // Redirects are followed by hand: none leads from https to http, or to another kind of address.
    const response = await fetch(url, { signal, redirect: "manual", headers: { "user-agent": "oddwire" } });
    const next = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && next !== null) {
      await response.body?.cancel();
      const target = new URL(next, url);
      if (target.protocol !== url.protocol && target.protocol !== "https:")
        throw new Error(`it leads on to ${target.protocol}//, which is not followed`);
      url = target;
      continue;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status}`);
    }
    return body(response, bytesMax);
  }
  throw new Error(`it leads on more than ${REDIRECTS_MAX} times`);
}

async function body(response: Response, bytesMax: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > bytesMax) throw new Error(`it is larger than ${bytesMax} bytes`);
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces);
}

const nameOfAddress = (address: string): string => basename(new URL(address).pathname) || "rules";

/** The deepest reason: fetch says "fetch failed" and hides why. */
function causeOf(error: unknown): string {
  const { message, cause, name } = error as Error;
  if (name === "TimeoutError") return "it takes too long";
  const inner = cause instanceof Error ? (cause.message === "" ? (cause as NodeJS.ErrnoException).code : cause.message) : undefined;
  return inner ?? message;
}
