import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { describeLiteralMatcher } from "#base/literal.common.ts";
import { LiteralHits, type LiteralMatcher } from "#base/literal.ts";
import { openHyperscan } from "./hyperscan.ts";
import { HEAD_WORDS, openCollector } from "./hyperscan-collector.ts";

const hyperscan = await openHyperscan();
const nothing: LiteralMatcher = { count: 0, longest: 0, memoryBytes: 0, scan: () => undefined };
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

if (hyperscan.found) describeLiteralMatcher("Hyperscan", (literals) => hyperscan.literals(literals) ?? nothing);

describe.skipIf(!hyperscan.found)("Hyperscan", () => {
  test("says its version and its memory", () => {
    if (!hyperscan.found) return;
    expect(hyperscan.version).toMatch(/^5\./);
    const matcher = hyperscan.literals([{ bytes: bytes("literal"), nocase: false }]);
    expect(matcher?.memoryBytes).toBeGreaterThan(500);
  });

  test("refuses what is too long for it, so that the own matcher takes it", () => {
    if (!hyperscan.found) return;
    expect(hyperscan.literals([{ bytes: new Uint8Array(100_000), nocase: false }])).toBeUndefined();
  });

  test("scans memory that is no JavaScript's, without a copy", async () => {
    if (!hyperscan.found) return;
    const koffi = (await import("koffi")).default;
    const owner = new Uint8Array(new ArrayBuffer(4096));
    const foreign = new Uint8Array(koffi.view(koffi.address(owner), 4096), 100, 1000);
    owner.set(bytes("foreign literal"), 500);
    const matcher = hyperscan.literals([{ bytes: bytes("foreign literal"), nocase: false }]);
    const hits = new LiteralHits();
    matcher?.scan(foreign, 390, 416, hits);
    expect([hits.count, owner.length]).toEqual([1, 4096]);
    hits.clear();
    matcher?.scan(foreign, 401, 416, hits);
    expect(hits.count).toBe(0);
  });

  test("works in a worker thread", async () => {
    const answer = await new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./hyperscan-test.worker.ts", import.meta.url));
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    expect(answer).toEqual([1]);
  });

  test("many matchers are made and forgotten", () => {
    if (!hyperscan.found) return;
    for (let i = 0; i < 200; i++) {
      const matcher = hyperscan.literals([{ bytes: bytes(`literal ${i}`), nocase: true }]);
      const hits = new LiteralHits();
      matcher?.scan(bytes(`a LITERAL ${i} of many, in a text that is longer than what is copied`), 0, 60, hits);
      expect(hits.count).toBe(1);
    }
  });
});

describe("the collector of hits", () => {
  test("in JavaScript appends until there is no room", async () => {
    expect(await call("unknown")).toEqual({ native: false, words: [2, 2, 7, 4_000_000_000, 0], answers: [0, 0, 1] });
  });

  test.skipIf(process.platform !== "linux" || !["x64", "arm64"].includes(process.arch))("in machine code does the same", async () => {
    expect(await call(process.arch)).toEqual({ native: true, words: [2, 2, 7, 4_000_000_000, 0], answers: [0, 0, 1] });
  });
});

/** Three hits into room for two. */
async function call(processor: string): Promise<{ readonly native: boolean; readonly words: number[]; readonly answers: unknown[] }> {
  const koffi = (await import("koffi")).default;
  const collector = openCollector(processor);
  const words = new Uint32Array(new ArrayBuffer(256));
  words[1] = 2;
  collector.aim(words);
  const type = koffi.proto("int", ["uint32_t", "uint64_t", "uint64_t", "uint32_t", "uintptr_t"]);
  const context = Number(koffi.address(words));
  const answers = [7, 4_000_000_000, 9].map((id) => koffi.call(BigInt(collector.address), type, id, 1, 2, 3, context) as unknown);
  return { native: collector.native, words: Array.from(words.subarray(0, HEAD_WORDS + 3)), answers };
}
