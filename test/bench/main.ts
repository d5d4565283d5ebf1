/**
 * `npm run bench -- [--size 1g] [--input FILE]… [--runs 5] [--only oddwire,suricata] [--rules 1000,30000|FILE] [--json]`: Oddwire beside whichever
 * of suricata, tcpdump, tshark and scapy is installed, on the same file in the same session, round by round, so that
 * what disturbs one disturbs all. Without `--input` it reads the captures of $ODDWIRE_CORPORA/bench.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism, cpus, release, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type BenchInput, prepareHead, prepareInput } from "./capture-file.ts";
import { type Contender, contenders, ruleContenders } from "./contenders.ts";
import { type Measurement, measure, median, secondsToFirstByte } from "./measure.ts";
import { type Result, table } from "./report.ts";
import { writeRuleSet } from "./rule-set.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

/** Bytes of `100m`, `1g`, `4096`; decimal units. */
function sizeOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text);
  if (match === null) throw new Error(`--size ${text}: a number with k, m or g`);
  const unit = { k: 1e3, m: 1e6, g: 1e9 }[match[2]?.toLowerCase() ?? ""] ?? 1;
  return Math.round(Number(match[1]) * unit);
}

function standardInputs(): string[] {
  const corpora = process.env["ODDWIRE_CORPORA"] ?? join(import.meta.dirname, "../../../shared/corpora");
  const folder = join(corpora, "bench");
  if (!existsSync(folder)) throw new Error("no capture to read: set ODDWIRE_CORPORA, or give --input FILE");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".pcap.zst"))
    .map((name) => join(folder, name));
}

/** One run in a fresh directory; tells how long eve.json became. */
function runOnce(contender: Contender, input: BenchInput): { readonly run: Measurement; readonly eveBytes: number | undefined } {
  const out = mkdtempSync(join(tmpdir(), "oddwire-bench-"));
  try {
    const run = measure(contender.command(input, out));
    return { run, eveBytes: statSync(join(out, "eve.json"), { throwIfNoEntry: false })?.size };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const scaled = (run: Measurement, factor: number): Measurement => ({ ...run, wall: run.wall * factor, cpu: run.cpu * factor });

function compare(input: BenchInput, all: readonly Contender[], rounds: number): Result[] {
  const results = all.map((contender) => ({
    contender,
    runs: [] as Measurement[],
    eveBytes: undefined as number | undefined,
    remark: undefined as string | undefined,
  }));
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      const { contender } = result;
      const { onceUpTo, packetsMax } = contender;
      if (onceUpTo !== undefined && (round > 0 || input.bytes > onceUpTo)) {
        if (input.bytes > onceUpTo) result.remark = "left out: it would take too long";
        continue;
      }
      if (result.remark !== undefined && result.runs.length === 0) continue;
      progress(`  round ${round + 1} of ${rounds}: ${contender.name}`);
      const part = packetsMax === undefined ? input : prepareHead(input, packetsMax);
      try {
        const { run, eveBytes } = runOnce(contender, part);
        result.runs.push(scaled(run, input.packets / part.packets));
        result.eveBytes = eveBytes;
        if (part.packets < input.packets) result.remark = `times are extrapolated from the first ${part.packets} packets`;
      } catch (error) {
        result.remark = (error as Error).message;
      }
    }
  }
  return results.map(({ contender, runs, eveBytes, remark }) => ({
    name: contender.name,
    version: contender.version,
    command: contender
      .command({ ...input, path: "FILE" }, "OUT")
      .map(shown)
      .join(" "),
    runs,
    eveBytes,
    ...(remark === undefined ? {} : { remark }),
  }));
}

const shown = (word: string): string => (word.includes("\n") ? "'…'" : word.replace(/^.*\/bin\/oddwire$/, "bin/oddwire"));

const chosen = (all: readonly Contender[], only: readonly string[] | undefined): readonly Contender[] =>
  all.filter(({ name }) => only === undefined || only.some((one) => name.startsWith(one)));

/** With each set of rules: the whole capture, and a single packet, which costs the start and the loading alone. */
function compareRules(sets: string, input: BenchInput, cache: string, rounds: number, only: readonly string[] | undefined): object[] {
  return sets.split(",").map((set) => {
    const count = Number(set);
    const path = Number.isInteger(count) ? join(cache, `rules-${count}.rules`) : resolve(process.env["INIT_CWD"] ?? ".", set);
    const about = Number.isInteger(count) ? writeRuleSet(count, 1, input.path, path).about : `rules of ${set}`;
    const results = compare(input, chosen(ruleContenders(path), only), rounds);
    say(
      `\n${about}\n${input.path.replace(/^.*\//, "")}: ${(input.bytes / 1e6).toFixed(0)} MB, ${input.packets.toLocaleString("en")} packets`,
    );
    say(table(results, input.packets));
    const one = prepareHead(input, 1);
    const loading = compare(
      one,
      chosen([...ruleContenders(path), ...contenders().filter(({ name }) => name === "oddwire --no-store")], only),
      rounds,
    );
    say(`\nstart and loading (one packet; the last row has no rules)`);
    say(table(loading, one.packets));
    return { rules: about, results, loading };
  });
}

async function firstByte(contender: Contender, input: BenchInput): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), "oddwire-bench-"));
  const times: number[] = [];
  try {
    for (let i = 0; i < 5; i++) times.push(await secondsToFirstByte(contender.command(input, out), join(out, "eve.json")));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return median(times);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      input: { type: "string", multiple: true },
      size: { type: "string" },
      runs: { type: "string", default: "5" },
      only: { type: "string" },
      rules: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  // Oddwire starts as it does behind `npm ci`.
  spawnSync(process.execPath, [join(import.meta.dirname, "../../tools/bundle.mjs")], { stdio: "inherit" });
  const only = values.only?.split(",");
  const all = chosen(contenders(), only);
  const size = values.size === undefined ? undefined : sizeOf(values.size);
  const cache = join(import.meta.dirname, "../../.cache/bench");
  const report: object[] = [];
  say(`${cpus()[0]?.model ?? "?"}, ${availableParallelism()} cores, kernel ${release()}; one worker each, median of ${values.runs} rounds`);
  const here = process.env["INIT_CWD"] ?? process.cwd();
  for (const source of values.input?.map((path) => resolve(here, path)) ?? standardInputs()) {
    progress(`preparing ${source}`);
    const input = prepareInput(source, size, cache);
    // Everybody finds the file in memory.
    spawnSync("cat", [input.path], { stdio: ["ignore", "ignore", "inherit"] });
    if (values.rules !== undefined) {
      report.push({ input, sets: compareRules(values.rules, input, cache, Number(values.runs), only) });
      continue;
    }
    const results = compare(input, all, Number(values.runs));
    const oddwire = all.find(({ name }) => name === "oddwire");
    const first = oddwire === undefined ? undefined : await firstByte(oddwire, prepareHead(input, 20_000));
    report.push({ input, results, ...(first === undefined ? {} : { firstByteSeconds: first }) });
    say(`\n${input.path.replace(/^.*\//, "")}: ${(input.bytes / 1e6).toFixed(0)} MB, ${input.packets.toLocaleString("en")} packets`);
    say(table(results, input.packets));
    if (first !== undefined)
      say(`oddwire: ${Math.round(first * 1000)} ms from start to the first byte of eve.json (at most 20,000 packets)`);
  }
  if (values.json) say(JSON.stringify({ node: process.version, report }));
}

await main();
