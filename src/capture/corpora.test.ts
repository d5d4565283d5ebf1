import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BlockPoolMemory } from "./block.ts";
import { openCaptures } from "./open.ts";

interface CaptureFacts {
  readonly file: string;
  readonly category: string;
  readonly packets: number | null;
}

const folder = join(process.env["ODDWIRE_CORPORA"] ?? "", "dev");
const available = process.env["ODDWIRE_CORPORA"] !== undefined && existsSync(join(folder, "manifest.json"));
const SAMPLE = 60;

/** All captures of odd link layers and of broken ones, and every n-th of the others. */
function sample(): readonly CaptureFacts[] {
  const { files } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { files: readonly CaptureFacts[] };
  const known = files.filter((file) => file.packets !== null);
  const odd = known.filter((file) => file.category === "link" || file.category === "robustness");
  const step = Math.ceil(known.length / SAMPLE);
  return [...new Set([...odd, ...known.filter((_, i) => i % step === 0)])];
}

test.skipIf(!available)("real captures have as many packets as independent tools count (needs ODDWIRE_CORPORA)", async () => {
  const pool = new BlockPoolMemory({ blocks: 1, bytesMax: 1_048_576, framesMax: 16_384, shared: true, poison: true });
  const wrong: string[] = [];
  const files = sample();
  for (const { file, packets } of files) {
    await using source = await openCaptures([join(folder, file)], { pool });
    for (let block = await source.next(); block !== undefined; block = await source.next()) source.release(block);
    if (source.counters.frames !== packets) wrong.push(`${file}: ${source.counters.frames} instead of ${packets}`);
  }
  expect(files.length).toBeGreaterThan(SAMPLE);
  expect(wrong).toEqual([]);
});
