import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Plan } from "#contract/store.ts";
import type { Kind } from "#schema/field.ts";
import { testKinds, testLines, testStart, toBytes } from "#store/testing.ts";
import { completeStore, SqliteSink, type SqliteSinkOptions } from "./sink.ts";
import { SqliteStore } from "./store.ts";

const DAY = 86_400_000_000;
const allFlows: Plan = { kind: "flow", where: undefined, order: { column: "time", descending: true }, limit: 10 };

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "oddwire-sink-"));
  path = join(directory, "oddwire.db");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Writes lines in batches of 500 and closes the store. */
async function fill(
  lines: readonly string[],
  options: SqliteSinkOptions = { mode: "file" },
  kinds: readonly Kind[] = testKinds,
): Promise<SqliteSink> {
  const sink = new SqliteSink(path, kinds, options);
  await sink.start();
  for (let at = 0; at < lines.length; at += 500) {
    await sink.write(toBytes(lines.slice(at, at + 500)));
    await sink.flush();
  }
  await sink[Symbol.asyncDispose]();
  return sink;
}

async function ask<T>(question: (store: SqliteStore) => Promise<T>, kinds: readonly Kind[] = testKinds): Promise<T> {
  const store = new SqliteStore(path, kinds);
  try {
    await store.start();
    return await question(store);
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

function sql(statement: string): unknown {
  const db = new DatabaseSync(path);
  try {
    return Object.values(db.prepare(statement).get() ?? {})[0];
  } finally {
    db.close();
  }
}

const indexes = (): unknown => sql("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name LIKE 'flow_%'");

describe("SqliteSink", () => {
  test("a file run leaves a store with the index by time, without log or journal; the other indexes come on demand", async () => {
    const sink = await fill(testLines(1000));
    expect(sink.counters).toMatchObject({ stored: 1000, rejected: 0, unknown: 0, lost: 0 });
    expect([indexes(), sql("PRAGMA journal_mode"), sql("PRAGMA integrity_check")]).toEqual([1, "wal", "ok"]);
    for (const end of ["-wal", "-journal"]) expect(statSync(path + end, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    await completeStore(path, testKinds);
    expect([indexes(), sql("PRAGMA integrity_check")]).toEqual([6, "ok"]);
  });

  test("a second run adds to the first", async () => {
    await fill(testLines(1000));
    await fill(testLines(500, { seed: 2 }));
    expect(await ask((store) => store.count(allFlows))).toBe(900);
    expect(sql("SELECT count(*) FROM flow")).toBe(900);
  });

  test("lines that are no events, and events of other kinds, are counted", async () => {
    const sink = await fill(["nonsense\n", '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"quic"}\n', ...testLines(10)]);
    expect(sink.counters).toMatchObject({ stored: 10, rejected: 1, unknown: 1 });
  });

  test("the view shows addresses as people write them", async () => {
    await fill(testLines(10));
    expect(sql("SELECT src_ip FROM flow_readable WHERE src_ip LIKE '10.%'")).toMatch(/^10\.\d+\.\d+\.\d+$/);
  });

  test("a batch may be shared memory or a part of a larger buffer, and overwritten when write is over", async () => {
    const bytes = toBytes(testLines(10));
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const part = Buffer.concat([Buffer.alloc(7), bytes, Buffer.alloc(9)]).subarray(7, 7 + bytes.length);
    const sink = new SqliteSink(path, testKinds, { mode: "file" });
    await sink.start();
    await sink.write(shared);
    await sink.write(part);
    part.fill(0xdb);
    await sink[Symbol.asyncDispose]();
    expect(sink.counters.stored).toBe(20);
  });

  test("events are in the store within the flush time, without a call", async () => {
    const sink = new SqliteSink(path, testKinds, { mode: "live", flushMs: 50, retentionDays: 0 });
    await sink.start();
    await sink.write(toBytes(testLines(10)));
    await ask(async (store) => {
      await expect.poll(() => store.count(allFlows)).toBe(6);
    });
    await sink[Symbol.asyncDispose]();
  });

  test("live capture never waits: what the writer cannot take is dropped, oldest first, and counted", async () => {
    const sink = new SqliteSink(path, testKinds, { mode: "live", retentionDays: 0 });
    await sink.start();
    const lock = new DatabaseSync(path);
    lock.exec("BEGIN IMMEDIATE");
    const began = performance.now();
    const megabyte = `${"x".repeat(1_048_575)}\n`;
    for (let i = 0; i < 90; i++) await sink.write(toBytes([megabyte]));
    expect(performance.now() - began).toBeLessThan(10_000);
    lock.exec("ROLLBACK");
    lock.close();
    await sink.write(toBytes(testLines(10)));
    await sink[Symbol.asyncDispose]();
    expect(sink.dropped).toBeGreaterThanOrEqual(18);
    expect(sink.counters.rejected + sink.dropped).toBe(90);
    expect(sink.counters.stored).toBe(10);
  });
});

describe("retention", () => {
  test("events older than the limit go, counted from the newest", async () => {
    const old = testLines(1000);
    const young = testLines(1000, { seed: 2, start: testStart + 10 * DAY });
    const sink = await fill([...old, ...young], { mode: "live", retentionDays: 7 });
    expect(sink.counters).toMatchObject({ stored: 2000, deleted: 1000 });
    expect(await ask((store) => store.describe())).toMatchObject({ from: testStart + 10 * DAY, rows: { flow: 600 } });
  });

  test("a few wrong clocks delete nothing", async () => {
    const wrong = testLines(100, { seed: 2, start: testStart + 3650 * DAY });
    const sink = await fill([...testLines(1000), ...wrong, ...testLines(1000, { seed: 3 })], { mode: "live", retentionDays: 7 });
    expect(sink.counters.deleted).toBe(0);
  });

  test.each(["file", "live"] as const)("a store that is too large loses its oldest events (%s)", async (mode) => {
    const bytesMax = 3_000_000;
    const sink = await fill(testLines(12_000, { step: 60_000_000 }), { mode, bytesMax, retentionDays: 0 });
    expect(sink.counters.stored).toBe(12_000);
    expect(sink.counters.deleted).toBeGreaterThan(3000);
    const { rows, from, to } = await ask((store) => store.describe());
    expect(Object.values(rows).reduce((sum, count) => sum + count, 0)).toBe(12_000 - sink.counters.deleted);
    expect(to).toBe(testStart + 11_999 * 60_000_000);
    expect(from).toBe(
      Number(
        sql(
          "SELECT min(t) FROM (SELECT min(time) AS t FROM flow UNION SELECT min(time) FROM dns UNION SELECT min(time) FROM tls UNION SELECT min(time) FROM http)",
        ),
      ),
    );
    expect(statSync(path).size).toBeLessThan(bytesMax * 1.5);
  });
});

describe("a store of another version", () => {
  const age = { name: "age", path: "flow.age", type: "integer", doc: "", index: true } as const;
  const later: readonly Kind[] = testKinds.map((kind) => (kind.name === "flow" ? { ...kind, columns: [...kind.columns, age] } : kind));

  test("gets the columns, indexes and tables that it lacks", async () => {
    await fill(testLines(100), { mode: "file" }, testKinds.slice(0, 4));
    await fill(testLines(100, { seed: 2 }), { mode: "file" }, later);
    expect(indexes()).toBe(7);
    expect(await ask((store) => store.count({ ...allFlows, where: { op: "=", column: "age", value: 0 } }), later)).toBe(60);
    expect(await ask((store) => store.count(allFlows), later)).toBe(120);
    expect(await ask((store) => store.describe(), later)).toMatchObject({ rows: { dns: 20 } });
  });

  test("is read by a newer program as it stands", async () => {
    await fill(testLines(100), { mode: "file" }, testKinds.slice(0, 4));
    await ask(async (store) => {
      expect(await store.count({ ...allFlows, where: { op: "exists", column: "age" } })).toBe(0);
      expect(await store.count({ ...allFlows, where: { op: "!=", column: "age", value: 1 } })).toBe(60);
      expect(await store.query({ ...allFlows, kind: "dns" })).toEqual({ events: [] });
      expect(await store.top({ ...allFlows, kind: "dns" }, "rrname")).toEqual([]);
    }, later);
  });

  test("is refused when it is newer", async () => {
    await fill(testLines(10));
    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 99");
    db.close();
    await expect(fill(testLines(10))).rejects.toMatchObject({ code: "ODW_STORE_NEWER" });
    await expect(ask((store) => store.describe())).rejects.toThrow("schema 99, this one knows 1");
  });
});

describe("what is no store", () => {
  test.each<[string, () => void, RegExp]>([
    ["a file of something else", () => writeFileSync(path, "x".repeat(5000)), /not a database/],
    ["the database of another program", () => new DatabaseSync(path).exec("CREATE TABLE t (a)"), /another program/],
    ["a directory", () => mkdirSync(path), /it is a directory/],
    [
      "the first half of a store",
      () => {
        copyFileSync(join(directory, "good.db"), path);
        truncateSync(path, 3000);
      },
      /malformed|not a database/,
    ],
  ])("%s is refused, for writing and for reading", async (_case, prepare, cause) => {
    await fill(testLines(100));
    copyFileSync(path, join(directory, "good.db"));
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    prepare();
    for (const attempt of [() => fill(testLines(10)), () => ask((store) => store.describe())]) {
      await expect(attempt()).rejects.toMatchObject({ code: "ODW_STORE_UNREADABLE" });
      await expect(attempt()).rejects.toThrow(cause);
    }
  });

  test("nothing at all is refused for reading only", async () => {
    await expect(ask((store) => store.describe())).rejects.toThrow("no such file");
    writeFileSync(path, "");
    await expect(ask((store) => store.describe())).rejects.toThrow("it is empty");
    await fill(testLines(10));
    expect(await ask((store) => store.count(allFlows))).toBe(6);
  });

  test("a page damaged in the middle makes an error, not a crash", async () => {
    await fill(testLines(3000));
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 40_000, bytes.length - 20_000);
    writeFileSync(path, bytes);
    await expect(ask((store) => store.query({ ...allFlows, limit: 5000 }))).rejects.toMatchObject({ code: "ODW_STORE_UNREADABLE" });
  });
});

describe("SqliteStore", () => {
  test("a question that takes too long is given up, and the next one is answered", async () => {
    await fill(testLines(4000));
    const store = new SqliteStore(path, testKinds, { timeoutMs: 0 });
    const slow: Plan = { ...allFlows, where: { op: "~", column: "state", value: "zzz" } };
    await expect(store.query(slow)).rejects.toMatchObject({ code: "ODW_QUERY_SLOW" });
    expect(await store.count(allFlows)).toBe(2400);
    await store[Symbol.asyncDispose]();
    await expect(store.count(allFlows)).rejects.toThrow("it was closed");
  });

  test("a store in a directory that cannot be written is read", async () => {
    await fill(testLines(100));
    chmodSync(path, 0o444);
    chmodSync(directory, 0o555);
    // Nothing is forbidden to root: another user has to try.
    const asNobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const child = spawn(
      process.execPath,
      ["--input-type=module", "-e", READER, new URL("./reader.ts", import.meta.url).href, path],
      asNobody,
    );
    const [output] = (await child.stdout.setEncoding("utf8").toArray()) as [string];
    chmodSync(directory, 0o755);
    expect(output).toBe("60\n");
  });
});

/** Tells how many flows there are. */
const READER = `
  const [readerUrl, path] = process.argv.slice(1);
  const { StoreReader } = await import(readerUrl);
  const { engineKinds } = await import(new URL("../../schema/kinds.ts", readerUrl).href);
  console.log(new StoreReader(path, engineKinds, 1000).count({ kind: "flow", order: { column: "time", descending: true }, limit: 1 }));
`;

describe("kill -9", () => {
  test.each(["file", "live"] as const)(
    "while events are written loses at most a second, and leaves a store that can be read (%s)",
    async (mode) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, new URL("./sink.ts", import.meta.url).href, path, mode], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      await expect.poll(() => Number(output.trim().split("\n").at(-1)?.split(" ")[1] ?? 0)).toBeGreaterThan(2500);
      const ended = new Promise((resolve) => {
        child.on("exit", resolve);
      });
      child.kill("SIGKILL");
      await ended;
      const writes = output
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(Number) as [number, number]);
      const [, killed] = writes.at(-1) as [number, number];
      const [safe] = writes.findLast(([, at]) => at < killed - 1000) as [number, number];
      expect(safe).toBeGreaterThan(500);
      expect(await ask((store) => store.count(allFlows))).toBeGreaterThanOrEqual(safe);
      expect(sql("PRAGMA integrity_check")).toBe("ok");
      await fill(testLines(10));
      expect(sql("SELECT count(*) FROM flow")).toBe(await ask((store) => store.count(allFlows)));
    },
  );

  test("in the middle of a large transaction of a file run: whoever reads next has what was committed", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", HALF_WRITER, new URL("./writer.ts", import.meta.url).href, path]);
    await new Promise((resolve) => {
      child.on("exit", resolve);
    });
    expect(statSync(`${path}-journal`).size).toBeGreaterThan(512);
    expect(statSync(path).size).toBeGreaterThan(10_000_000);
    expect(await ask((store) => store.count(allFlows))).toBe(1);
    expect(sql("PRAGMA integrity_check")).toBe("ok");
    expect(statSync(path).size).toBeLessThan(1_000_000);
  });
});

/** Commits one flow, writes many large ones that do not fit into the cache, and is killed before their commit. */
const HALF_WRITER = `
  const [writerUrl, path] = process.argv.slice(1);
  const { StoreWriter } = await import(writerUrl);
  const { engineKinds } = await import(new URL("../../schema/kinds.ts", writerUrl).href);
  const writer = new StoreWriter(path, engineKinds, { bulk: true, retentionDays: 0, bytesMax: 0 });
  const line = (pad) => Buffer.from('{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow","pad":"' + "x".repeat(pad) + '"}\\n');
  writer.write(line(1));
  writer.commit();
  for (let i = 0; i < 60; i++) writer.write(line(1_000_000));
  process.kill(process.pid, "SIGKILL");
`;

/** Writes ten flows every ten milliseconds; tells how many there are and at which millisecond. */
const WRITER = `
  const [sinkUrl, path, mode] = process.argv.slice(1);
  const { SqliteSink } = await import(sinkUrl);
  const { engineKinds } = await import(new URL("../../schema/kinds.ts", sinkUrl).href);
  const sink = new SqliteSink(path, engineKinds, { mode });
  await sink.start();
  const began = performance.now();
  let written = 0;
  setInterval(async () => {
    const line = '{"timestamp":"2026-01-31T12:00:00.000001+0000","flow_id":1,"event_type":"flow","src_ip":"10.0.0.1","flow":{"bytes_toserver":1}}\\n';
    await sink.write(new TextEncoder().encode(line.repeat(10)));
    written += 10;
    console.log(written + " " + Math.round(performance.now() - began));
  }, 10);
`;
