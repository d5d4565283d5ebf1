import { expect, test } from "vitest";
import type { InspectorDefinition, RuleMaterial } from "#contract/inspector.ts";
import { definePlugin } from "#contract/plugin.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import type { RuleAnswer, RuleCommand } from "#pipeline/rule-reload.ts";
import { defaultConfig } from "#schema/config.ts";
import { RuleSwap } from "./rule-swap.ts";

const material = (text: string): RuleMaterial => ({ files: [{ name: "rules", text }], variables: { addresses: {}, ports: {} }, lists: {} });

const rulesOf = (text: string) => ({ text, report: { loaded: 1, rejected: [], memoryBytes: 0 } });

function swapOf(threads: number) {
  const gates: string[] = [];
  const definition: InspectorDefinition = {
    name: "a",
    isWanted: () => true,
    load: ({ material: { files } }) => rulesOf(files[0]?.text ?? ""),
    create: () => {
      throw new Error("nothing is judged here");
    },
    createGate: (rules) => {
      gates.push((rules as ReturnType<typeof rulesOf>).text);
      return { admit: () => true, use: (next) => void gates.push((next as ReturnType<typeof rulesOf>).text) };
    },
  };
  const posted: [number, RuleCommand][] = [];
  const swap = new RuleSwap({
    plugins: [definePlugin({ name: "p", summary: "", inspectors: [definition] })],
    platform: createNodePlatform(),
    config: defaultConfig,
    rules: material("old"),
    threads,
    post: (thread, command) => posted.push([thread, command]),
  });
  return { swap, gates, posted };
}

const ready = (generation: number, loaded = 1): RuleAnswer => ({
  type: "rules-ready",
  generation,
  reports: [
    {
      inspector: "a",
      loaded,
      rejectedCount: loaded === 0 ? 1 : 0,
      rejected: loaded === 0 ? [{ file: "rules", line: 3, column: 1, kind: "error", cause: "nonsense", mend: "mend it" }] : [],
      memoryBytes: 0,
    },
  ],
});
const rows = { count: 0 } as never;

test("threads load, then all swap, then the gates change; alerts of the faster wait for the slower", async () => {
  const { swap, gates, posted } = swapOf(2);
  expect(swap.gatesFor(0)).toHaveLength(1);
  const done = swap.use(material("new"));
  swap.take(0, ready(1));
  swap.take(1, ready(1));
  await expect.poll(() => posted.map(([thread, { type }]) => `${type} ${thread}`)).toEqual(["load 0", "load 1", "swap 0", "swap 1"]);
  swap.take(1, { type: "rules-used", generation: 1 });
  expect(swap.gatesFor(1)).toBeUndefined();
  expect(swap.gatesFor(0)).toHaveLength(1);
  swap.hold(rows);
  expect(swap.released()).toEqual([]);
  expect(gates).toEqual(["old"]);
  swap.take(0, { type: "rules-used", generation: 1 });
  expect(await done).toMatchObject([{ inspector: "a", loaded: 1 }]);
  expect(gates).toEqual(["old", "new"]);
  expect(swap.released()).toEqual([rows]);
  expect(swap.gatesFor(1)).toHaveLength(1);
});

test.each<[string, RuleAnswer, RegExp]>([
  ["a thread that fails", { type: "rules-failed", generation: 1, cause: "no memory" }, /no memory.*old rules stay/],
  ["a set of which nothing is understood", ready(1, 0), /rules line 3: nonsense/],
])("keeps the old rules: %s", async (_case, answer, message) => {
  const { swap, gates, posted } = swapOf(2);
  swap.gatesFor(0);
  const done = swap.use(material("new"));
  swap.take(0, answer);
  swap.take(1, ready(1));
  await expect(done).rejects.toThrow(message);
  expect(posted.filter(([, { type }]) => type === "forget")).toHaveLength(2);
  expect(posted.some(([, { type }]) => type === "swap")).toBe(false);
  expect(gates).toEqual(["old"]);
});

test("a thread that has come to its end is not waited for", async () => {
  const { swap, posted } = swapOf(2);
  const done = swap.use(material("new"));
  swap.take(0, ready(1));
  swap.end(1);
  await expect.poll(() => posted.length).toBe(4);
  swap.take(0, { type: "rules-used", generation: 1 });
  await expect(done).resolves.toHaveLength(1);
});
