import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pcapFile } from "#capture/testing.ts";
import { oddwire, sleep, start, temporary, until } from "./oddwire.ts";
import { conversations, trafficFile } from "./traffic.ts";

describe("after kill -9 while writing", () => {
  const folder = temporary();
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(() => {
    writeFileSync(folder.at("long.pcap"), trafficFile(30_000, 100));
    // Ten seconds of packet time, one conversation every 5 ms.
    const slow = conversations(2000, 100).map((record) => {
      const micros = (record.seconds * 1e6 + (record.fraction ?? 0) - 1_750_000_000 * 1e6) * 5;
      return { data: record.data, seconds: 1_750_000_000 + Math.floor(micros / 1e6), fraction: micros % 1e6 };
    });
    writeFileSync(folder.at("slow.pcap"), pcapFile({}, slow));
  });

  test("the store of a file run is whole, and eve.json has whole lines but for the last", async () => {
    const out = folder.at("file");
    const running = start(["read", folder.at("long.pcap"), "-o", out]);
    expect(await until(() => size(`${out}/eve.json`) > 2_000_000 && size(`${out}/oddwire.db`) > 0)).toBe(true);
    running.process.kill("SIGKILL");
    expect(await running.ended).toBe("SIGKILL");
    expect(wholeLines(`${out}/eve.json`)).toBeGreaterThan(1000);
    expect(integrity(`${out}/oddwire.db`)).toBe("ok");
    const { code, err } = await oddwire(["query", "flows", "--count", "-o", out]);
    expect([code, err]).toEqual([0, ""]);
  });

  test("a live run has lost at most about a second", async () => {
    const out = folder.at("live");
    const running = start(["replay", folder.at("slow.pcap"), "-o", out, "--speed", "1x", "--listen", "127.0.0.1:0"]);
    await running.says(/the page is at/);
    expect(await until(() => size(`${out}/eve.json`) > 0)).toBe(true);
    // Packet time runs with the clock from here on.
    const [began, first] = [Date.now(), lastTime(`${out}/eve.json`)];
    await sleep(5000);
    const played = first + Date.now() - began;
    running.process.kill("SIGKILL");
    await running.ended;
    wholeLines(`${out}/eve.json`);
    expect(integrity(`${out}/oddwire.db`)).toBe("ok");
    const { out: rows } = await oddwire(["query", "dns", "--limit", "1", "--json", "-o", out]);
    const stored = timeOf(rows);
    // A second, and what a busy machine takes.
    expect(played - stored).toBeLessThan(1800);
    expect(played - lastTime(`${out}/eve.json`)).toBeLessThan(1800);
  });
});

function size(path: string): number {
  try {
    return readFileSync(path).length;
  } catch {
    return 0;
  }
}

/** Number of lines; throws when one that ends with a newline is no JSON. */
function wholeLines(path: string): number {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  for (const line of lines) JSON.parse(line);
  return lines.length;
}

/** Time of the last whole DNS event, ms. */
function lastTime(path: string): number {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return timeOf(lines.findLast((one) => one.includes('"event_type":"dns"')) ?? "{}");
}

/** Time of an event, ms. */
function timeOf(line: string): number {
  const { timestamp = "" } = JSON.parse(line) as { timestamp?: string };
  return Date.parse(timestamp.replace("+0000", "Z"));
}

function integrity(path: string): unknown {
  using database = new DatabaseSync(path);
  return Object.values(database.prepare("PRAGMA integrity_check").get() ?? {})[0];
}
