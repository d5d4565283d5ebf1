import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { InspectorDefinition, LoadedRules, RuleMaterial } from "#contract/inspector.ts";
import { definePlugin, type Plugin } from "#contract/plugin.ts";
import { defaultConfig } from "#schema/config.ts";
import { createNodePlatform } from "./node-platform.ts";
import { type RuleAnswer, type RuleCommand, RuleReload } from "./rule-reload.ts";
import { Shard } from "./shard.ts";

interface Texts extends LoadedRules {
  readonly text: string;
}

const material = (text: string): RuleMaterial => ({
  files: [{ name: "rules", text }],
  variables: { addresses: {}, ports: {} },
  lists: {},
});

const inspector = { readsStreams: false, open: () => undefined, stream() {}, gap() {}, event() {}, packet() {}, flowEnd() {} };

/** An inspector that remembers which texts it was given, in each of the 16 partitions; `bad` cannot be loaded. */
function recorder(name: string, wants: string, steps: number) {
  const used: string[] = [];
  const definition: InspectorDefinition = {
    name,
    isWanted: ({ files }) => files.some(({ text }) => text.includes(wants)),
    load: ({ material: { files } }) => loaded(files[0]?.text ?? ""),
    *loadInSteps({ material: { files } }) {
      for (let i = 0; i < steps; i++) yield undefined;
      return loaded(files[0]?.text ?? "");
    },
    create: (rules) => {
      used.push((rules as Texts).text);
      return { ...inspector, use: (next) => void used.push((next as Texts).text) };
    },
    createGate: () => ({ admit: () => true, use() {} }),
  };
  return { definition, used };
}

function loaded(text: string): Texts {
  if (text.includes("bad")) throw new Error("this is no rule");
  return { text, report: { loaded: text.length, rejected: [], memoryBytes: 0 } };
}

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

function reloadOf(plugins: readonly Plugin[], first: RuleMaterial | undefined) {
  const channel = new MessageChannel();
  channels.push(channel);
  const options = { config: defaultConfig, plugins, platform: createNodePlatform() };
  const shard = new Shard({
    ...options,
    partitions: [0, 1],
    rules: first,
    facts: {
      starts: false,
      established: false,
      ends: false,
      updates: false,
      neighbours: false,
      packets: false,
      unanswered: false,
      kinds: [],
    },
  });
  let posts = 0;
  const reload = new RuleReload(shard, options, channel.port2, () => posts++);
  const answers: RuleAnswer[] = [];
  return {
    say: (command: RuleCommand): void => {
      channel.port1.postMessage(command);
    },
    /** Steps until nothing more is answered. */
    run: (): RuleAnswer[] => {
      for (let i = 0; i < 200; i++) reload.step(false);
      for (let got = receiveMessageOnPort(channel.port1); got !== undefined; got = receiveMessageOnPort(channel.port1))
        answers.push(got.message);
      return answers.splice(0);
    },
    posts: () => posts,
    shard,
  };
}

test("new rules are loaded beside the old ones, and used after the swap, by all partitions", () => {
  const { definition, used } = recorder("a", "a", 1000);
  const { say, run, posts } = reloadOf([definePlugin({ name: "p", summary: "", inspectors: [definition] })], material("a1"));
  expect(used).toEqual(["a1", "a1"]);
  say({ type: "load", generation: 1, rules: material("a2") });
  expect(run()).toMatchObject([{ type: "rules-ready", generation: 1, reports: [{ inspector: "a", loaded: 2, rejectedCount: 0 }] }]);
  expect(used).toHaveLength(2);
  say({ type: "swap", generation: 1 });
  expect(run()).toEqual([{ type: "rules-used", generation: 1 }]);
  expect(used.slice(2)).toEqual(["a2", "a2"]);
  expect(posts()).toBe(1);
});

test("what cannot be loaded changes nothing", () => {
  const { definition, used } = recorder("a", "a", 3);
  const { say, run } = reloadOf([definePlugin({ name: "p", summary: "", inspectors: [definition] })], material("a1"));
  say({ type: "load", generation: 1, rules: material("a bad one") });
  expect(run()).toEqual([{ type: "rules-failed", generation: 1, cause: "this is no rule" }]);
  say({ type: "swap", generation: 1 });
  expect(run()).toEqual([]);
  expect(used).toEqual(["a1", "a1"]);
});

test("a swap of an older set, and a set that is forgotten, change nothing", () => {
  const { definition, used } = recorder("a", "a", 3);
  const { say, run } = reloadOf([definePlugin({ name: "p", summary: "", inspectors: [definition] })], material("a1"));
  say({ type: "load", generation: 1, rules: material("a2") });
  run();
  say({ type: "load", generation: 2, rules: material("a3") });
  say({ type: "swap", generation: 1 });
  run();
  say({ type: "forget", generation: 2 });
  say({ type: "swap", generation: 2 });
  run();
  expect(used).toEqual(["a1", "a1"]);
});

test("an inspector that nothing concerned before joins behind those that are there, and none leaves", () => {
  const a = recorder("a", "a", 0);
  const b = recorder("b", "b", 0);
  // The shelf's order is the other way round.
  const plugins = [definePlugin({ name: "p", summary: "", inspectors: [b.definition, a.definition] })];
  const { say, run, shard } = reloadOf(plugins, material("a1"));
  say({ type: "load", generation: 1, rules: material("b2") });
  run();
  say({ type: "swap", generation: 1 });
  run();
  expect(shard.inspectors.map(({ definition }) => definition.name)).toEqual(["a", "b"]);
  expect([a.used, b.used]).toEqual([
    ["a1", "a1", "b2", "b2"],
    ["b2", "b2"],
  ]);
});

test("a step takes about two milliseconds, however long loading takes", () => {
  const slow: InspectorDefinition = {
    ...recorder("a", "a", 0).definition,
    *loadInSteps() {
      for (let i = 0; i < 40; i++) {
        const until = performance.now() + 1;
        while (performance.now() < until);
        yield undefined;
      }
      return loaded("a");
    },
  };
  const channel = new MessageChannel();
  channels.push(channel);
  const options = {
    config: defaultConfig,
    plugins: [definePlugin({ name: "p", summary: "", inspectors: [slow] })],
    platform: createNodePlatform(),
  };
  const shard = new Shard({
    ...options,
    partitions: [0],
    facts: {
      starts: false,
      established: false,
      ends: false,
      updates: false,
      neighbours: false,
      packets: false,
      unanswered: false,
      kinds: [],
    },
  });
  const reload = new RuleReload(shard, options, channel.port2, () => undefined);
  channel.port1.postMessage({ type: "load", generation: 1, rules: material("a") });
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    const from = performance.now();
    reload.step(false);
    times.push(performance.now() - from);
  }
  expect(times.filter((time) => time > 0.5).length).toBeGreaterThan(10);
  expect(times.toSorted((x, y) => x - y)[50]).toBeLessThan(50);
});
