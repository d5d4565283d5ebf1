import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { GamePluginHost } from "#contract/game-plugin.ts";
import { openNativePlugin } from "./open.ts";
import { compilers, request, requests, textOf, Workshop, words } from "./testing.ts";

const workshop = new Workshop();
afterAll(() => workshop[Symbol.dispose]());

const failed = (cause: string): string => `the plugin failed at this packet: ${cause}`;
const of = (session: number, ...numbers: readonly number[]) => numbers.map((number) => request(number, { session, clientPort: session }));
const alive = (host: GamePluginHost): string => host.health.state;

describe.skipIf(compilers.length === 0)("native plugins (skipped without a C compiler)", () => {
  test("a plugin says what it is", async () => {
    await using host = await openNativePlugin(workshop.hostile("TABLES"));
    const { file, ...info } = host.info;
    expect(file).toMatch(/\.so$/);
    expect(info).toEqual({
      kind: "native",
      name: "Hostile",
      gameId: "hostile",
      version: "1.2.0",
      abi: 5,
      transports: ["tcp", "udp"],
      ports: [7777],
      header: {
        bytes: 8,
        bigEndian: true,
        opcode: { offset: 2, bytes: 2 },
        length: { offset: 0, bytes: 2, counts: "rest", adjust: -3 },
        fields: [{ name: "sequence", offset: 4, bytes: 4, type: "signed" }],
      },
      opcodes: [
        new Map([
          [1, "HELLO"],
          [3, "CHAT"],
        ]),
        new Map([
          [2, "KEY"],
          [3, "CHAT"],
        ]),
      ],
      tracksPlayers: true,
    });
  });

  test("answers come in the order of the requests, however many there are", async () => {
    await using host = await openNativePlugin(workshop.hostile());
    const [first, second] = await Promise.all([host.decrypt(requests(250)), host.decrypt(requests(1000))]);
    expect(words(first)).toEqual(Array.from({ length: 250 }, (_, index) => index));
    expect(words(second)).toEqual(Array.from({ length: 1000 }, (_, index) => index % 256));
    expect(host.health).toMatchObject({ state: "running", restarts: 0, failures: 0, requests: 1250 });
  });

  test.each([
    [
      "ok, skip, an error of the protocol, an answer that nobody knows",
      "ANSWERS",
      [0, "skip", "the plugin says that the data contradicts the protocol", "the plugin answers 42", 4],
    ],
    ["a size that is larger than the room", "SIZE_LIES", [0, 1, 2, 3, 4, "the plugin says that it wrote more than its output can hold", 6]],
  ])("%s", async (_case, name, expected) => {
    await using host = await openNativePlugin(workshop.hostile(name));
    expect(words(await host.decrypt(requests(expected.length)))).toEqual(expected);
    expect(host.health.restarts).toBe(0);
  });

  test.each([
    ["a crash", "KILL", failed("it crashed (SIGSEGV)")],
    ["a null pointer", "NULL_POINTER", failed("it crashed (SIGSEGV)")],
    ["the end of its process", "EXIT", failed("it ended (exit code 0)")],
    ["a hang", "HANG", failed("it did not answer within 400 ms")],
    ["writing a little beyond its output", "SCRIBBLE_NEAR", "the plugin wrote beyond its output"],
    ["writing far beyond its output", "SCRIBBLE_FAR", failed("it crashed (SIGSEGV)")],
    ["writing into its input", "SCRIBBLE_INPUT", failed("it crashed (SIGSEGV)")],
  ])("%s costs one packet, and no other", async (_case, name, why) => {
    await using host = await openNativePlugin(workshop.hostile(name), { deadlineMs: 400 });
    const expected: (number | string)[] = Array.from({ length: 200 }, (_, index) => index);
    expected[5] = why;
    expect(words(await host.decrypt(requests(200)))).toEqual(expected);
    expect(host.health).toMatchObject({ state: "running", failures: 1, deadlinesMissed: name === "HANG" ? 1 : 0 });
    expect(words(await host.decrypt(requests(2)))).toEqual([0, 1]);
    expect(host.health.restarts).toBe(1);
  });

  test.each([
    ["scribbles over its answers", "SCRIBBLE_BEFORE"],
    ["writes to the channel", "CHANNEL"],
  ])("a plugin that %s hurts its own packets only", async (_case, name) => {
    await using host = await openNativePlugin(workshop.hostile(name), { deadlineMs: 400 });
    const results = await host.decrypt(requests(20));
    expect(results).toHaveLength(20);
    expect(results.every(({ status }) => ["ok", "skip", "error"].includes(status))).toBe(true);
  });

  test("a plugin that fails again and again is quarantined, and everybody gets an answer", async () => {
    await using host = await openNativePlugin(workshop.hostile("KILL"));
    const batch = Array.from({ length: 40 }, (_, index) => request(index % 2 === 0 ? index + 100 : 5));
    const answers = words(await host.decrypt(batch));
    expect(answers.slice(0, 9)).toEqual([
      100,
      failed("it crashed (SIGSEGV)"),
      102,
      failed("it crashed (SIGSEGV)"),
      104,
      failed("it crashed (SIGSEGV)"),
      106,
      failed("it crashed (SIGSEGV)"),
      108,
    ]);
    expect(answers.slice(10)).toEqual(Array.from({ length: 30 }, () => "the plugin is quarantined: it crashed (SIGSEGV)"));
    expect(host.health).toMatchObject({ state: "quarantined", restarts: 4, failures: 35, lastTrouble: "it crashed (SIGSEGV)" });
    expect(words(await host.decrypt(requests(1)))).toEqual(["the plugin is quarantined: it crashed (SIGSEGV)"]);
    await expect(host.players()).resolves.toEqual([]);
  });

  test("the same packets get the same answers, however they are batched", async () => {
    const file = workshop.hostile("KILL");
    const all = Array.from({ length: 900 }, (_, index) => request([100, 450, 451].includes(index) ? 5 : 10 + (index % 200)));
    const told: (number | string)[][] = [];
    for (const batch of [900, 333, 60]) {
      // A busy machine is no plugin that hangs.
      await using host = await openNativePlugin(file, { deadlineMs: 20_000 });
      const parts = Array.from({ length: Math.ceil(all.length / batch) }, (_, index) => all.slice(index * batch, (index + 1) * batch));
      told.push(words((await Promise.all(parts.map((part) => host.decrypt(part)))).flat()));
      expect(host.health).toMatchObject({ state: "running", restarts: 3, failures: 3 });
    }
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  test("live: nobody waits for a plugin that hangs longer than twice the deadline", async () => {
    await using host = await openNativePlugin(workshop.hostile("HANG"), { deadlineMs: 300, waits: false });
    const start = performance.now();
    const results = await host.decrypt(requests(200));
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(words(results).slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(results[5]?.status).toBe("error");
    expect(words(results)[199]).toBe("the plugin is being started again: it did not answer within 300 ms");
  });

  test("slow is not taken for hung", async () => {
    await using host = await openNativePlugin(workshop.hostile("SLOW"), { deadlineMs: 600 });
    expect(words(await host.decrypt(requests(250)))).toEqual(Array.from({ length: 250 }, (_, index) => index));
    expect(host.health).toMatchObject({ restarts: 0, deadlinesMissed: 0 });
  });

  test.each([
    ["goes on without memory", "LEAK"],
    ["crashes without memory", "LEAK_CRASHES"],
  ])("a plugin that leaks and %s is started again before it takes the machine's", async (_case, name) => {
    await using host = await openNativePlugin(workshop.hostile(name), { memoryBytesMax: 128 * 2 ** 20 });
    for (let round = 0; round < 12 && host.health.restarts === 0; round++) {
      await host.decrypt(requests(64));
      await new Promise((resolve) => void setTimeout(resolve, 60));
    }
    expect(host.health.restarts).toBeGreaterThan(0);
    expect(host.health.lastTrouble).toMatch(/uses more than|crashed/);
  });

  test("outputs that do not fit one batch come all the same, in order", async () => {
    await using host = await openNativePlugin(workshop.hostile("FULL"));
    const results = await host.decrypt(requests(250));
    expect(
      results.map((result) => (result.status === "ok" ? [result.bytes.length, result.bytes[0], result.bytes[65_535]] : result)),
    ).toEqual(Array.from({ length: 250 }, (_, index) => [65_536, index, index]));
    expect(host.health.restarts).toBe(0);
  });

  test("long pieces have four times their room; longer ones than the limit are refused", async () => {
    await using host = await openNativePlugin(workshop.hostile("ARGUMENTS"));
    const long = await host.decrypt([
      request(0, { bytes: new Uint8Array(1_000_000) }),
      request(0, { bytes: new Uint8Array(1_048_577) }),
      request(0, { bytes: new Uint8Array(0) }),
    ]);
    expect(textOf(long[0])).toContain("room 4000000 ");
    expect(long[1]).toEqual({ status: "error", why: "the piece has 1048577 bytes, 1048576 are the limit" });
    expect(textOf(long[2])).toContain("room 65536 ");
  });

  test("what a call is told", async () => {
    await using host = await openNativePlugin(workshop.hostile("ARGUMENTS"));
    const v6 = { client: "2001:db8::1", server: "2001:db8::ffff", side: 1 as const, session: 2 ** 33 + 1 };
    const [four, six] = await host.decrypt([request(9), request(9, v6)]);
    expect(textOf(four)).toBe("v4 0 10.1.2.3:4567 192.0.2.9 room 65536 opened 0");
    expect(textOf(six)).toBe(
      "v6 9 1 20010db8000000000000000000000001:4567 20010db800000000000000000000ffff:7777 8589934593 1700000000000001 in 3 size 64",
    );
    await using always = await openNativePlugin(workshop.hostile("ARGUMENTS", "ALWAYS6"));
    expect(textOf((await always.decrypt([request(9)]))[0])).toBe(
      "v4 9 0 00000000000000000000ffff0a010203:4567 00000000000000000000ffffc0000209:7777 1 1700000000000001 in 3 size 64",
    );
  });

  test("IPv6 is left out by a plugin that has no call for it, or is too old", async () => {
    await using none = await openNativePlugin(workshop.hostile());
    await using old = await openNativePlugin(workshop.hostile("ARGUMENTS", "ABI=4"));
    for (const host of [none, old]) expect(await host.decrypt([request(1, { client: "::1" })])).toEqual([{ status: "skip" }]);
  });

  test("sessions and players, before and after a crash", async () => {
    await using host = await openNativePlugin(workshop.hostile("KILL"));
    for (const session of [1, 2, 3]) host.sessionOpened(session, request(0, { session, clientPort: session }));
    host.sessionClosed(3, "finished");
    const each = { level: 7, position: { x: 1.5, y: -2, z: 3, map: "meadow" }, id: "i".repeat(64) };
    const expected = [
      { session: 1, name: "player 0", ...each, connection: { packetsIn: 12, packetsOut: 34, rttMs: 5.5 } },
      { session: 2, name: "player 1", ...each },
    ];
    expect(await host.players()).toEqual(expected);
    expect(words(await host.decrypt(requests(7)))).toEqual([0, 1, 2, 3, 4, failed("it crashed (SIGSEGV)"), 6]);
    expect(await host.players()).toEqual(expected);
    expect(host.health.restarts).toBe(1);
  });

  test("a plugin that is started again is shown how each session began, and only then the rest", async () => {
    await using host = await openNativePlugin(workshop.hostile("KEYED", "KILL", "TRIGGER=99"));
    for (const session of [1, 2]) host.sessionOpened(session, request(0, { session, clientPort: session }));
    const crash = failed("it crashed (SIGSEGV)");
    // 77 is the key of a session; without it the plugin skips.
    expect(words(await host.decrypt([...of(1, 3, 77, 4), ...of(2, 5)]))).toEqual(["skip", 77, 4, "skip"]);
    expect(words(await host.decrypt([...of(1, 99, 6), ...of(2, 7, 77, 8)]))).toEqual([crash, 6, "skip", 77, 8]);
    host.sessionClosed(1, "finished");
    expect(words(await host.decrypt([...of(2, 99, 9), ...of(1, 10)]))).toEqual([crash, 9, "skip"]);
    expect(host.health).toMatchObject({ restarts: 2, failures: 2 });
  });

  test("ABI 3 has sessions and no players", async () => {
    await using host = await openNativePlugin(workshop.hostile("ABI=3"));
    expect(host.info.tracksPlayers).toBe(false);
    expect(await host.players()).toEqual([]);
  });

  test("more players than there is room for end the plugin, not the host", async () => {
    await using host = await openNativePlugin(workshop.hostile("TOO_MANY_PLAYERS"));
    expect(await host.players()).toEqual([]);
    expect(words(await host.decrypt(requests(3)))).toEqual([0, 1, 2]);
  });

  test("what it prints is kept, bounded, and its last words are told", async () => {
    await using host = await openNativePlugin(workshop.hostile("PRINTS"));
    expect(words(await host.decrypt(requests(4)))).toEqual([0, 1, 2, 3]);
    await expect.poll(() => host.health.lastTrouble).toMatch(/^it printed: (last words|line 999 .*)$/);
  });

  test("a library that is replaced while it is used goes on as it was", async () => {
    const file = workshop.hostile("KILL");
    await using host = await openNativePlugin(file);
    workshop.write(file.slice(file.lastIndexOf("/") + 1), "no library any more");
    expect(words(await host.decrypt(requests(8)))[7]).toBe(7);
    expect([alive(host), readFileSync(file, "utf8")]).toEqual(["running", "no library any more"]);
  });

  test("after its end it answers, and leaves no process", async () => {
    const host = await openNativePlugin(workshop.hostile());
    const running = host.decrypt(requests(100));
    await host[Symbol.asyncDispose]();
    expect(await running).toHaveLength(100);
    expect(words(await host.decrypt(requests(1)))[0]).toMatch(/the plugin is stopped/);
    expect(alive(host)).toBe("stopped");
  });
});
