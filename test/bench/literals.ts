/**
 * `node test/bench/literals.ts [--megabytes 16] [--runs 5]`: how fast sets of literals are searched, by the engine's own
 * matcher and by Hyperscan where it is installed, on packets that look like traffic. The processor time of the
 * best run is told, and both have to find the same.
 */
import { parseArgs } from "node:util";
import { Random } from "#base/random.ts";
import { buildLiterals, type Literal, LiteralHits, type LiteralMatcher } from "#engine/match/literal.ts";
import { openHyperscan } from "#native/hyperscan.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const words =
  'GET POST HTTP/1.1 200 OK Host: User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Accept: text/html image/png index.php <div class= </div> <a href= function return var window document Content-Type: charset=utf-8 Set-Cookie: the and of with from session path=/ max-age=0 jquery.min.js width=100 Cache-Control: no-cache {"id": "name": true, null}, login admin update download .exe .dll cmd= /api/v1/ \r\n'.split(
    " ",
  );
const syllables =
  "ba Co da fE gi ho ju Ka le mi no pU qu ra se ti vo wa Xe yo zu 0x .php .exe / ? = & - _ %20 bot rat load cmd shell key 1 7 9 4 :: ,".split(
    " ",
  );

/** One packet's payload: text of HTTP, bytes that are encrypted, or a binary protocol with many zeros. */
function payload(random: Random): Uint8Array {
  const length = random.chance(0.6) ? 1400 : random.between(20, 600);
  const kind = random.unit();
  if (kind < 0.35) return random.bytes(length);
  if (kind < 0.45) return random.bytes(length).map((byte) => (byte < 140 ? 0 : byte & 0x3f));
  let text = "";
  while (text.length < length) text += `${random.pick(words)} `;
  return bytesOf(text.slice(0, length));
}

/** Like the content of a rule: 6 to 30 bytes, one in a hundred 4, mostly text, sometimes binary; `common` ones are words of the traffic. */
function literal(random: Random, common: boolean): Literal {
  const nocase = random.chance(0.5);
  if (common) return { bytes: bytesOf(random.pick(words).padEnd(4, " ")), nocase };
  const length = random.chance(0.01) ? 4 : random.between(6, 31);
  if (random.chance(0.15)) return { bytes: random.bytes(length), nocase };
  let text = "";
  while (text.length < length) text += random.pick(syllables);
  return { bytes: bytesOf(text.slice(0, length)), nocase };
}

interface Traffic {
  readonly block: Uint8Array;
  /** Where each packet starts, and one more: where the last one ends. */
  readonly starts: readonly number[];
}

function traffic(random: Random, size: number): Traffic {
  const block = new Uint8Array(size);
  const starts = [0];
  for (let at = 0; at < size; ) {
    const one = payload(random).subarray(0, size - at);
    block.set(one, at);
    at += one.length;
    starts.push(at);
  }
  return { block, starts };
}

/** Literals found, summed over the packets. */
function scanAll(matcher: LiteralMatcher, { block, starts }: Traffic): number {
  const hits = new LiteralHits();
  let sum = 0;
  for (let i = 1; i < starts.length; i++) {
    matcher.scan(block, starts[i - 1] as number, starts[i] as number, hits);
    sum += hits.count;
    hits.clear();
  }
  return sum;
}

function measure(name: string, build: () => LiteralMatcher | undefined, packets: Traffic, runs: number): number | undefined {
  const started = performance.now();
  const matcher = build();
  const built = performance.now() - started;
  if (matcher === undefined) return undefined;
  let best = Number.POSITIVE_INFINITY;
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage().user;
    found = scanAll(matcher, packets);
    best = Math.min(best, (process.cpuUsage().user - before) / 1000);
  }
  const speed = packets.block.length / 1000 / best;
  const cells = [matcher.count, name, `${speed.toFixed(0)} MB/s`, `built in ${built.toFixed(0)} ms`];
  const perPacket = (found / (packets.starts.length - 1)).toFixed(2);
  process.stdout.write(`${cells.join("  ")}  ${(matcher.memoryBytes / 1e6).toFixed(1)} MB  ${perPacket} found per packet\n`);
  return found;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { megabytes: { type: "string", default: "16" }, runs: { type: "string", default: "5" } } });
  const packets = traffic(new Random(1), Number(values.megabytes) * 1_000_000);
  const hyperscan = await openHyperscan();
  if (!hyperscan.found) process.stdout.write(`no Hyperscan: ${hyperscan.cause}\n`);
  for (const count of [100, 1000, 10_000, 30_000]) {
    const random = new Random(count);
    const literals = Array.from({ length: count }, (_, id) => literal(random, id < 5));
    const own = measure("own      ", () => buildLiterals(literals), packets, Number(values.runs));
    if (!hyperscan.found) continue;
    const theirs = measure("hyperscan", () => hyperscan.literals(literals), packets, Number(values.runs));
    if (theirs !== undefined && own !== theirs) throw new Error(`own found ${own}, Hyperscan ${theirs}`);
  }
}

await main();
