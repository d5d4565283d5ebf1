import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OddwireError } from "#contract/errors.ts";
import { EveFileSink } from "./eve-file.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "oddwire-eve-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (name = "eve.json"): string => readFileSync(join(directory, name), "utf8");
const line = (n: number, length = 30): string => `{"n":${n},"pad":"${"x".repeat(length)}"}\n`;

describe("EveFileSink", () => {
  test("batches stand in the file in their order", async () => {
    const sink = new EveFileSink(join(directory, "new", "place"), { mode: "file" });
    await sink.start();
    let all = "";
    for (let n = 0; n < 100; n++) {
      const batch = line(n, n * 997);
      all += batch;
      await sink.write(bytes(batch));
    }
    await sink.flush();
    expect(read("new/place/eve.json")).toBe(all);
    await sink[Symbol.asyncDispose]();
  });

  test("the first lines of a file are written at once, whoever waits for them", async () => {
    const sink = new EveFileSink(directory, { mode: "file", flushMs: 1 << 30 });
    await sink.start();
    await sink.write(bytes(line(1)));
    await expect.poll(() => read(), { timeout: 20_000 }).toBe(line(1));
    await sink[Symbol.asyncDispose]();
  });

  test("a batch of several megabytes is written whole", async () => {
    const big = Array.from({ length: 40_000 }, (_, n) => line(n, 200)).join("");
    const sink = new EveFileSink(directory, { mode: "file" });
    await sink.start();
    await Promise.all([sink.write(bytes(big)), sink.write(bytes(big))]);
    await sink[Symbol.asyncDispose]();
    expect(read()).toBe(big + big);
    expect(sink.dropped).toBe(0);
  });

  test.each(["file", "live"] as const)("the bytes of a batch may be overwritten when write is over (%s)", async (mode) => {
    const sink = new EveFileSink(directory, { mode });
    await sink.start();
    for (const size of [100, 300_000]) {
      const lent = Buffer.from(line(size, size));
      await sink.write(lent);
      lent.fill(0xdb);
    }
    await sink[Symbol.asyncDispose]();
    expect(read()).toBe(line(100, 100) + line(300_000, 300_000));
  });

  test.each([
    ["a file run begins anew", "file", "new\n"],
    ["live capture goes on where it ended", "live", "old\nnew\n"],
  ] as const)("%s", async (_case, mode, expected) => {
    writeFileSync(join(directory, "eve.json"), "old\n");
    const sink = new EveFileSink(directory, { mode });
    await sink.start();
    await sink.write(bytes("new\n"));
    await sink[Symbol.asyncDispose]();
    expect(read()).toBe(expected);
  });

  test("events are on the disk within the flush time, without a call", async () => {
    const sink = new EveFileSink(directory, { mode: "live", flushMs: 20 });
    await sink.start();
    await sink.write(bytes(line(1)));
    await expect.poll(() => read()).toBe(line(1));
    await sink[Symbol.asyncDispose]();
  });

  test("rotated files are full, end with a line, and only so many are kept", async () => {
    const sink = new EveFileSink(directory, { mode: "file", rotateBytes: 200, rotateKeep: 2 });
    await sink.start();
    const lines = Array.from({ length: 20 }, (_, n) => line(n));
    await sink.write(bytes(lines.join("")));
    await sink[Symbol.asyncDispose]();
    const kept = [read("eve.json.2"), read("eve.json.1"), read()];
    for (const text of kept) expect(text.length).toBeLessThanOrEqual(200);
    expect(lines.join("").endsWith(kept.join(""))).toBe(true);
    expect(existsSync(join(directory, "eve.json.3"))).toBe(false);
  });

  test("whatever the sizes, rotation loses and cuts no line", async () => {
    const sizes = fc.array(fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 700 }), async (batches, rotateBytes) => {
        rmSync(directory, { recursive: true, force: true });
        const sink = new EveFileSink(directory, { mode: "file", rotateBytes, rotateKeep: 200 });
        await sink.start();
        const texts = batches.map((batch) => batch.map((size, n) => line(n, size)).join(""));
        for (const text of texts) {
          await sink.write(bytes(text));
          await sink.flush();
        }
        await sink[Symbol.asyncDispose]();
        const rotated = Array.from({ length: 200 }, (_, age) => `eve.json.${200 - age}`).filter((name) =>
          existsSync(join(directory, name)),
        );
        const files = [...rotated, "eve.json"].map((name) => read(name));
        expect(files.join("")).toBe(texts.join(""));
        for (const text of files) expect(text === "" || text.endsWith("\n")).toBe(true);
        for (const text of files) expect(text.length <= rotateBytes || text.indexOf("\n") === text.length - 1).toBe(true);
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  test("reopen goes on in a new file after the old one was moved away", async () => {
    const sink = new EveFileSink(directory, { mode: "live" });
    await sink.start();
    await sink.write(bytes("one\n"));
    await sink.flush();
    renameSync(join(directory, "eve.json"), join(directory, "moved"));
    await sink.write(bytes("two\n"));
    await sink.flush();
    sink.reopen();
    await sink.write(bytes("three\n"));
    await sink[Symbol.asyncDispose]();
    expect([read("moved"), read()]).toEqual(["one\ntwo\n", "three\n"]);
  });

  test("a directory that cannot be made is named with its cause", async () => {
    writeFileSync(join(directory, "file"), "");
    const sink = new EveFileSink(join(directory, "file", "out"), { mode: "file" });
    await expect(sink.start()).rejects.toMatchObject({ code: "ODW_OUT_UNWRITABLE" });
    await expect(sink.start()).rejects.toThrow("a part of the path is no directory");
  });

  test.skipIf(process.getuid?.() === 0)("a directory without the right to write is refused", async () => {
    chmodSync(directory, 0o500);
    await expect(new EveFileSink(directory, { mode: "file" }).start()).rejects.toThrow("permission denied");
    chmodSync(directory, 0o700);
  });
});

const onFullDisk = async (mode: "file" | "live", onFailure?: (error: OddwireError) => void): Promise<EveFileSink> => {
  symlinkSync("/dev/full", join(directory, "eve.json"));
  const sink = new EveFileSink(directory, { mode, ...(onFailure === undefined ? {} : { onFailure }) });
  await sink.start();
  return sink;
};

describe.skipIf(!existsSync("/dev/full"))("EveFileSink on a full disk", () => {
  test("a file run ends with the cause", async () => {
    const sink = await onFullDisk("file");
    await sink.write(bytes(line(1)));
    await expect(sink.flush()).rejects.toThrow("the disk is full");
    await expect(sink.write(bytes(line(2)))).rejects.toMatchObject({ code: "ODW_OUT_UNWRITABLE" });
    await expect(sink[Symbol.asyncDispose]()).rejects.toThrow("the disk is full");
  });

  test("live capture says it once, counts what is lost, and goes on when there is room", async () => {
    const failures: string[] = [];
    const sink = await onFullDisk("live", (error) => failures.push(error.message));
    for (let n = 0; n < 3; n++) {
      await sink.write(bytes(line(n) + line(n)));
      await sink.flush();
    }
    expect(failures).toHaveLength(1);
    expect(sink.dropped).toBe(6);
    rmSync(join(directory, "eve.json"));
    await new Promise((resolve) => setTimeout(resolve, 1050));
    await sink.write(bytes(line(9)));
    await sink[Symbol.asyncDispose]();
    expect(read()).toBe(line(9));
    expect(sink.dropped).toBe(6);
  });
});
