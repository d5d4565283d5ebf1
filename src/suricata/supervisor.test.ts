import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Supervisor, type SupervisorLimits } from "./supervisor.ts";

let directory: string;
let started: Supervisor[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "odw-keep-"));
});
afterEach(async () => {
  await Promise.all(started.map((one) => one.stop()));
  started = [];
  rmSync(directory, { recursive: true });
});

/** A program that stands for Suricata. */
function program(script: string): string {
  const path = join(directory, "suricata");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function supervise(script: string, limits: Partial<SupervisorLimits> = {}, endsByItself = false) {
  const states: string[] = [];
  const made: Supervisor = new Supervisor({
    binary: script.startsWith("/") ? script : program(script),
    arguments: [],
    endsByItself,
    limits: { backoffMs: 10, backoffMsMax: 40, stopMs: 300, ...limits },
    onChange: () => void states.push(made.state),
  });
  started.push(made);
  made.start();
  return { made, states };
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("Supervisor", () => {
  test("it runs once it says so, and stops when it is asked to", async () => {
    const { made, states } = supervise("echo 'i: threads: Engine started.'; exec sleep 60");
    await until(() => made.state === "running");
    const { pid } = made.facts;
    expect(pid).toBeGreaterThan(0);
    await made.stop();
    expect(states).toEqual(["starting", "running", "stopped"]);
    expect(() => process.kill(pid as number, 0)).toThrow(/ESRCH/);
  });

  test("killed, it is started again", async () => {
    const { made } = supervise("echo Engine started.; exec sleep 60");
    await until(() => made.state === "running");
    process.kill(made.facts.pid as number, "SIGKILL");
    await until(() => made.facts.restarts === 1 && made.state === "running");
    expect(made.facts.ends).toEqual([expect.objectContaining({ signal: "SIGKILL", words: "Engine started." })]);
  });

  test("one that ends again and again is given up", async () => {
    const { made, states } = supervise("echo 'E: no such interface' >&2; exit 3", { restartsMax: 2 });
    await made.over;
    expect(states).toEqual(["starting", "restarting", "starting", "restarting", "starting", "failed"]);
    expect(made.facts).toMatchObject({
      restarts: 2,
      ends: Array(3).fill(expect.objectContaining({ code: 3, words: "E: no such interface" })),
    });
  });

  test("one that does not follow SIGTERM is killed", async () => {
    const { made } = supervise("trap '' TERM; echo Engine started.; while :; do sleep 0.05; done");
    await until(() => made.state === "running");
    const begun = performance.now();
    await made.stop();
    expect(made.state).toBe("stopped");
    expect(performance.now() - begun).toBeGreaterThan(250);
  });

  test("a program that is not there fails with the reason", async () => {
    const { made } = supervise("/nonexistent/suricata", { restartsMax: 0 });
    await made.over;
    expect([made.state, made.facts.ends[0]?.words]).toEqual(["failed", expect.stringContaining("ENOENT")]);
  });

  test("one that reads a file may end", async () => {
    const { made } = supervise("exit 0", {}, true);
    await made.over;
    expect([made.state, made.facts.ends]).toEqual(["stopped", []]);
  });

  test("what it prints is kept within limits", async () => {
    const { made } = supervise("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; exit 0", {}, true);
    await made.over;
    await until(() => made.facts.words.at(-1) === "line 499");
    expect([made.facts.words.length, made.facts.words.at(-1)]).toEqual([40, "line 499"]);
  });
});
