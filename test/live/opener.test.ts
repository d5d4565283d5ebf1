import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FrameSender } from "#native/frame-sender.ts";
import { datagram } from "./frames.ts";
import { VethPair, whyNotLive } from "./veth-pair.ts";

const reason = whyNotLive();
const PROGRAM = new URL("./open-engine.ts", import.meta.url).pathname;
const NOBODY = 65_534;
const NONE = "0000000000000000";

interface Line {
  readonly ready?: number;
  readonly threads?: number;
  readonly sets?: { readonly [name: string]: readonly string[] };
  readonly signal?: string;
  readonly damage?: string;
  readonly worker?: number;
  readonly frames?: number;
}

/** An opener with its engine in a network namespace, as a process group of its own. */
class Opened {
  readonly process: ChildProcess;
  readonly lines: Line[] = [];
  errors = "";
  readonly ended: Promise<number | null>;
  #rest = "";

  constructor(namespace: string, before: readonly string[], values: readonly string[]) {
    this.process = spawn("ip", ["netns", "exec", namespace, ...before, process.execPath, PROGRAM, ...values], { detached: true });
    this.process.stdout?.on("data", (chunk: Buffer) => this.#take(chunk.toString()));
    this.process.stderr?.on("data", (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    this.ended = new Promise((resolve) => void this.process.once("close", (code) => resolve(code)));
  }

  async until(condition: (line: Line) => boolean, milliseconds = 20_000): Promise<Line | undefined> {
    const end = Date.now() + milliseconds;
    while (Date.now() < end && !this.lines.some(condition) && this.process.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return this.lines.find(condition);
  }

  /** Process number of the engine, once it captures. */
  async ready(): Promise<number> {
    const line = await this.until((one) => one.ready !== undefined);
    if (line?.ready === undefined) throw new Error(`the engine did not start: ${this.errors}`);
    return line.ready;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.lines.push(JSON.parse(line) as Line);
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

describe.skipIf(reason !== undefined)(`the opener and its engine${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  let pair: VethPair;
  let started: Opened[] = [];
  beforeAll(() => {
    pair = new VethPair();
  });
  afterAll(() => pair[Symbol.dispose]());
  afterEach(async () => {
    for (const one of started) one.process.kill("SIGTERM");
    await Promise.all(started.map((one) => one.ended));
    started = [];
  });

  const open = (values: readonly string[], before: readonly string[] = []): Opened => {
    const opened = new Opened(pair.near, before, values);
    started.push(opened);
    return opened;
  };
  const send = (count: number): void => {
    const frames = Array.from({ length: count }, (_, i) => datagram({ id: i + 1, port: i, payload: 20, host: i % 40 }));
    new FrameSender(pair.socket(pair.far), pair.number(pair.far, pair.farInterface), frames).sendAll();
  };

  test("the engine captures, keeps no right in any thread, and owns its output", async () => {
    const parent = mkdtempSync(join(tmpdir(), "odw-live-"));
    chmodSync(parent, 0o755);
    const directory = join(parent, "out");
    try {
      const opened = open([pair.nearInterface, "2", "", "run", directory]);
      await opened.ready();
      const { sets, threads } = opened.lines.find((line) => line.ready !== undefined) ?? {};
      expect(threads).toBeGreaterThan(4);
      expect(sets).toEqual({
        Uid: [Array(4).fill(NOBODY).join("\t")],
        CapEff: [NONE],
        CapPrm: [NONE],
        CapBnd: [NONE],
        CapAmb: [NONE],
        NoNewPrivs: ["1"],
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      send(200);
      await opened.until((line) => (line.frames ?? 0) > 0);
      opened.process.kill("SIGTERM");
      expect(await opened.ended).toBe(7);
      expect(opened.lines.filter((line) => line.signal !== undefined)).toEqual([{ signal: "SIGTERM" }]);
      expect(statSync(join(directory, "eve.json")).uid).toBe(NOBODY);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });

  test("Ctrl-C, which goes to the whole process group, reaches the engine once", async () => {
    const opened = open([pair.nearInterface]);
    await opened.ready();
    process.kill(-(opened.process.pid ?? 0), "SIGINT");
    expect(await opened.ended).toBe(7);
    expect(opened.lines.filter((line) => line.signal !== undefined)).toEqual([{ signal: "SIGINT" }]);
  });

  test("an engine that crashes is told, and the opener fails", async () => {
    const opened = open([pair.nearInterface, "1", "", "crash"]);
    expect(await opened.ended).toBe(1);
    expect(opened.errors).toContain("the engine was ended by SIGSEGV");
  });

  test("the engine ends when the opener is killed", async () => {
    const opened = open([pair.nearInterface]);
    const engine = await opened.ready();
    opened.process.kill("SIGKILL");
    for (let i = 0; i < 2000 && isAlive(engine); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isAlive(engine)).toBe(false);
  });

  test("a worker gets a new socket when the interface was made anew", async () => {
    const opened = open([pair.nearInterface, "2"]);
    await opened.ready();
    pair.disconnect();
    await opened.until((line) => line.damage?.includes("went away") === true);
    pair.connect();
    const back = await opened.until((line) => line.damage?.includes("is back") === true);
    await opened.until((line) => line.worker === 1 && line.damage?.includes("is back") === true);
    expect(back?.damage).toContain("its frames in between are missing");
    send(100);
    expect(await opened.until((line) => (line.frames ?? 0) > 0)).toBeDefined();
  });

  test("a user without rights is told what to do", async () => {
    const opened = open([pair.nearInterface], ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]);
    expect(await opened.ended).toBe(1);
    expect(opened.errors).toMatch(/no right to capture on odw0: .*EPERM.*run with sudo/);
  });

  test("a user with CAP_NET_RAW only captures, and the engine has not even that", async () => {
    const before = [
      "setpriv",
      "--reuid",
      "nobody",
      "--regid",
      "nogroup",
      "--clear-groups",
      "--inh-caps",
      "+net_raw",
      "--ambient-caps",
      "+net_raw",
    ];
    const opened = open([pair.nearInterface], before);
    await opened.ready();
    const { sets } = opened.lines.find((line) => line.ready !== undefined) ?? {};
    expect(sets).toMatchObject({ CapEff: [NONE], CapPrm: [NONE], CapAmb: [NONE], NoNewPrivs: ["1"] });
  });

  test("a user that does not exist is refused before anything is opened", async () => {
    const opened = open([pair.nearInterface, "1", "no-such-user"]);
    expect(await opened.ended).toBe(1);
    expect(opened.errors).toContain("cannot run as no-such-user: there is no such user");
  });
});
