import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LearntFile } from "#app/learnt.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { eventsOf, parseLines, start, temporary, until } from "./oddwire.ts";
import { eventsIn, firstDifference, type Reading, reading } from "./reading.ts";
import { scanFile } from "./traffic.ts";

const folder = temporary();
afterAll(() => folder[Symbol.dispose]());
const machines = Array.from({ length: 3 }, (_, i) => [10, 0, 0, 20 + i]);
beforeAll(() => {
  writeFileSync(folder.at("scan.pcap"), scanFile([10, 0, 0, 5], machines, 80));
  writeFileSync(folder.at("later.pcap"), later(scanFile([10, 0, 0, 5], machines, 80), 300));
  writeFileSync(folder.at("next-day.pcap"), later(scanFile([10, 0, 0, 5], machines, 80), 86_400));
});

function made(name: string): string {
  mkdirSync(folder.at(name), { recursive: true });
  return folder.at(name);
}

/** Flows of the scanner, and of whoever asks for a page before it comes. */
const flowsOfCapture = machines.length * 80 + 2;

/** Events of a file that is being written: its last line may not be whole. */
function wholeEvents(out: string): readonly OddwireEvent[] {
  const text = readFileSync(`${out}/eve.json`, "utf8");
  return parseLines(text.slice(0, text.lastIndexOf("\n") + 1));
}

/** The same capture at another time. */
function later(file: Uint8Array, seconds: number): Uint8Array {
  const moved = Uint8Array.from(file);
  const view = new DataView(moved.buffer);
  for (let at = 24; at < moved.length; at += 16 + view.getUint32(at + 8, true))
    view.setUint32(at, view.getUint32(at, true) + seconds, true);
  return moved;
}

const scansOf = (events: readonly OddwireEvent[]): readonly { readonly id: string; readonly signs: number }[] =>
  events
    .filter(({ event_type, src_ip }) => event_type === "finding" && src_ip === "10.0.0.5")
    .map((event) => event["finding"] as { readonly id: string; readonly signs: number; readonly detector: string })
    .filter(({ detector }) => detector === "scan");

const read = (capture: string, workers: number, learnt?: string): Promise<Reading> =>
  reading([folder.at(capture)], {
    settings: [`engine.workers=${workers}`, ...(learnt === undefined ? [] : [`detect.learnt=${made(learnt)}`])],
  });

describe("a finding that is open when the program ends", () => {
  test("goes on in the next run: the same on one worker and on three", async () => {
    const results = await Promise.all(
      [1, 3].map(
        async (workers) => [await read("scan.pcap", workers, `w${workers}`), await read("later.pcap", workers, `w${workers}`)] as const,
      ),
    );
    const [[before, after], [, sharded]] = results as [[Reading, Reading], [Reading, Reading]];
    expect(scansOf(eventsIn(before)).length).toBeGreaterThan(0);
    expect(scansOf(eventsIn(after)).filter(({ signs }) => signs === 1)).toEqual([]);
    expect(firstDifference(after.eve, sharded.eve)).toBeUndefined();
    const [one, three] = [1, 3].map((workers) => readFileSync(`${folder.at(`w${workers}`)}/learnt.json`, "utf8"));
    expect(three === one).toBe(true);
  });

  test("is a new one after the cool-down", async () => {
    const before = scansOf(eventsIn(await read("scan.pcap", 1, "day")));
    const after = scansOf(eventsIn(await read("next-day.pcap", 1, "day")));
    expect(after.map(({ signs }) => signs)).toEqual(before.map(({ signs }) => signs));
    expect(after.map(({ id }) => id)).not.toEqual(before.map(({ id }) => id));
  });

  test("files that are read without a folder know nothing of earlier ones", async () => {
    const before = await read("scan.pcap", 1);
    await read("scan.pcap", 1, "apart");
    const again = await read("scan.pcap", 1);
    expect(firstDifference(before.eve, again.eve)).toBeUndefined();
  });

  test("goes on in a live engine; a damaged file is said, put aside, and all is told anew", async () => {
    const out = made("live");
    let flows = 0;
    const run = async (capture: string): Promise<{ readonly told: number; readonly said: string }> => {
      const running = start(["replay", folder.at(capture), "-o", out, "--speed", "max", "--listen", "127.0.0.1:0"]);
      flows += flowsOfCapture;
      const isOver = (): boolean =>
        existsSync(`${out}/eve.json`) && wholeEvents(out).filter(({ event_type }) => event_type === "flow").length >= flows;
      expect(await until(isOver, 60_000)).toBe(true);
      running.process.kill("SIGINT");
      await running.ended;
      return { told: scansOf(eventsOf(out)).filter(({ signs }) => signs === 1).length, said: running.err };
    };
    const first = await run("scan.pcap");
    expect(first.told).toBeGreaterThan(0);
    expect((await run("later.pcap")).told).toBe(first.told);
    writeFileSync(`${out}/learnt.json`, readFileSync(`${out}/learnt.json`, "utf8").slice(0, 100));
    const anew = await run("later.pcap");
    expect(anew.said).toMatch(/learnt\.json cannot be used/);
    expect(anew.told).toBe(2 * first.told);
    expect(existsSync(`${out}/learnt.json.bad`)).toBe(true);
  }, 180_000);
});

test("kill -9 while it is written leaves a whole file, again and again", async () => {
  const said: string[] = [];
  const path = made("killed");
  const file = new LearntFile(path, (line) => said.push(line));
  let newest = 0;
  for (let round = 0; round < 6; round++) {
    const writer = fork(new URL("./learnt-worker.ts", import.meta.url), [path, String(newest)]);
    // Killed somewhere within the save that follows one that was told.
    const target = newest + 2 + round;
    writer.on("message", (saved) => {
      if (Number(saved) >= target) setTimeout(() => writer.kill("SIGKILL"), round);
    });
    await once(writer, "exit");
    const { round: kept, filler } = file.load() as { readonly round: number; readonly filler: string };
    expect(kept).toBeGreaterThanOrEqual(target);
    expect(filler === String(kept % 10).repeat(2_000_000)).toBe(true);
    newest = kept;
  }
  expect(said).toEqual([]);
});
