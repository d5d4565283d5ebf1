import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What other tools say of a capture; only the members that tests look at. */
export interface CorpusFile {
  /** Path of the capture. */
  readonly path: string;
  readonly file: string;
  readonly sha256: string;
  readonly category: string;
  readonly bytes: number;
  readonly packets: number | null;
  readonly tshark_ref?: {
    readonly tls?: readonly { readonly sni?: string; readonly ja4?: string }[];
    readonly dns?: { readonly names?: readonly string[] };
    /** Method, Host, address of each request. */
    readonly http?: { readonly list?: readonly (readonly unknown[])[] };
  };
  readonly expected: readonly { readonly kind: string; readonly flows?: readonly NdpiFlow[] }[];
}

/** One flow as nDPI counts it: ends, packets and bytes each way. */
export interface NdpiFlow {
  readonly l4: string;
  readonly a: string;
  readonly b: string;
  readonly ap?: number;
  readonly bp?: number;
  readonly pk: readonly [number, number];
  readonly by: readonly [number, number];
}

const directory = process.env["ODDWIRE_CORPORA"];
const manifest = directory === undefined ? undefined : join(directory, "dev/manifest.json");

/** Why tests over real captures are skipped; `undefined` when they can run. */
export const withoutCorpora =
  manifest !== undefined && existsSync(manifest) ? undefined : "ODDWIRE_CORPORA names no folder with dev/manifest.json";

/** All captures that can be looked at, by their hash: an order that has nothing to do with what they are. */
export function corpus(): readonly CorpusFile[] {
  if (manifest === undefined || withoutCorpora !== undefined) return [];
  const { files } = JSON.parse(readFileSync(manifest, "utf8")) as { files: readonly Omit<CorpusFile, "path">[] };
  const folder = join(manifest, "..");
  return files.map((file) => Object.assign({ path: join(folder, file.file) }, file)).toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

/** `count` captures that pass, spread evenly over the categories; the same ones in every run. */
export function chosen(count: number, passes: (file: CorpusFile) => boolean, bytesMax = 300_000): readonly CorpusFile[] {
  const categories = [
    ...Map.groupBy(
      corpus().filter((file) => file.bytes <= bytesMax && passes(file)),
      (file) => file.category,
    ),
  ];
  const queues = categories.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, files]) => files);
  const picked: CorpusFile[] = [];
  for (let round = 0; picked.length < count && queues.some((queue) => queue.length > round); round++)
    for (const queue of queues) {
      const file = queue[round];
      if (file !== undefined && picked.length < count) picked.push(file);
    }
  return picked;
}
