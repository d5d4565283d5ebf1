import { parentPort } from "node:worker_threads";
import { LiteralHits } from "#base/literal.ts";
import { openHyperscan } from "./hyperscan.ts";

/** Answers which of two literals it found, in a thread of its own. */
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hyperscan = await openHyperscan();
const hits = new LiteralHits();
if (hyperscan.found) {
  const matcher = hyperscan.literals([
    { bytes: bytes("absent"), nocase: false },
    { bytes: bytes("PRESENT"), nocase: true },
  ]);
  const text = bytes("a text that is longer than what is copied before it is scanned, with what is present at its end");
  matcher?.scan(text, 0, text.length, hits);
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window.
parentPort?.postMessage(Array.from(hits.ids.subarray(0, hits.count)));
