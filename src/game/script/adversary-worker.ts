/** For tests: a plugin's process whose plugin has everything that Node has, and tries it. What keeps it in are the fences alone. */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { GameScript } from "#contract/game-script.ts";
import { servePlugin } from "#game/native/serve-plugin.ts";
import { ScriptCalls } from "./script-calls.ts";
import { describe } from "./script-description.ts";
import { giveUpPermissions } from "./script-room.ts";

const tries: { readonly [name: string]: () => unknown } = {
  read: () => readFileSync("/etc/passwd", "utf8"),
  list: () => readdirSync("/"),
  own: () => readFileSync(import.meta.filename, "utf8"),
  write: () => writeFileSync("/tmp/oddwire-adversary", "was here"),
  run: () => execFileSync("/bin/true"),
  spawn: () => {
    const { error } = spawnSync("/bin/true");
    if (error !== undefined) throw error;
  },
  thread: () => new Worker("1", { eval: true }),
  library: () => process.dlopen({ exports: {} }, "/lib/x86_64-linux-gnu/libm.so.6"),
  signal: () => process.kill(process.ppid, 0),
  environment: () =>
    Object.keys(process.env)
      .filter((name) => !["UV_USE_IO_URING", "MALLOC_ARENA_MAX"].includes(name))
      .join() || "nothing",
};

function attempt(action: () => unknown): string {
  try {
    const got = action();
    return got === "nothing" ? got : `got ${String(got).slice(0, 40)}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const plugin: GameScript = {
  name: "Adversary",
  gameId: "adversary",
  version: "1",
  transports: ["udp"],
  ports: [1],
  decrypt: () =>
    new TextEncoder().encode(JSON.stringify(Object.fromEntries(Object.entries(tries).map(([name, action]) => [name, attempt(action)])))),
};

servePlugin({
  opensFiles: false,
  open: (mapping) => {
    giveUpPermissions();
    return new ScriptCalls(plugin, describe(plugin as unknown as Readonly<Record<string, unknown>>, false), mapping, () => undefined);
  },
});
