import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { oddwire, program } from "./oddwire.ts";

/** util-linux's `script` gives a program a terminal of its own. */
const hasScript = spawnSync("script", ["--version"]).status === 0;
const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/** `oddwire tui` on a terminal of 80×24, typed to and read. */
class Typed {
  readonly #child: ChildProcess;
  readonly ended: Promise<number>;
  output = "";

  constructor(url: string, environment: NodeJS.ProcessEnv = {}) {
    const command = `stty rows 24 cols 80; echo "pid $$"; exec ${program} tui --url ${url}`;
    const child = spawn("script", ["-qefc", command, "/dev/null"], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, TERM: "xterm-256color", SHELL: "/bin/sh", ...environment },
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.on("close", (code) => resolve(code ?? -1));
    });
  }

  /** Process of the page itself. */
  get pid(): number {
    return Number(/pid (\d+)/.exec(this.output)?.[1]);
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  says(what: string): Promise<void> {
    return expect.poll(() => this.output).toContain(what);
  }

  /** Ends whatever is left. */
  end(): void {
    this.#child.kill("SIGKILL");
  }
}

test("without a terminal it says what is missing, as wrong usage", async () => {
  const { code, err } = await oddwire(["tui"]);
  expect(err).toContain("needs a terminal");
  expect(code).toBe(2);
});

describe.skipIf(!hasScript)("on a terminal (skipped where util-linux's script is absent)", () => {
  let server: FakeServer;
  let typed: Typed;

  beforeEach(async () => {
    server = await startFakeServer();
    typed = new Typed(server.url);
  });

  afterEach(async () => {
    typed.end();
    await server[Symbol.asyncDispose]();
  });

  test("it draws, hears keys, and gives the terminal back on q", async () => {
    await typed.says(ENTER);
    await typed.says("Protocols");
    typed.type("2");
    await typed.says("Flows that go on");
    typed.type("q");
    expect(await typed.ended).toBe(0);
    expect(typed.output.endsWith(LEAVE)).toBe(true);
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("it gives the terminal back on %s", async (signal, code) => {
    await typed.says("Protocols");
    process.kill(typed.pid, signal);
    expect(await typed.ended).toBe(code);
    expect(typed.output.endsWith(LEAVE)).toBe(true);
  });

  test("Ctrl-C is a key, and ends it", async () => {
    await typed.says("Protocols");
    typed.type("\x03");
    expect(await typed.ended).toBe(0);
    expect(typed.output.endsWith(LEAVE)).toBe(true);
  });

  test("a server that goes away is told", async () => {
    await typed.says("Protocols");
    await server[Symbol.asyncDispose]();
    await typed.says("trying again");
  });

  test("without colours there are none", async () => {
    typed.end();
    typed = new Typed(server.url, { NO_COLOR: "1" });
    await typed.says("Protocols");
    typed.type("q");
    await typed.ended;
    for (const [, codes = ""] of typed.output.split("\x1b[").flatMap((part) => [/^([\d;]*)m/.exec(part) ?? []]))
      expect(codes.split(";").filter((code) => /^[34]\d$/.test(code))).toEqual([]);
  });
});
