import { expect, test } from "vitest";
import type { InspectorOptions } from "#contract/inspector.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import type { RuleWord } from "#schema/rule-word.ts";
import { keywordInspector } from "./definition.ts";
import { KeywordGate } from "./gate.ts";
import { loadKeywords } from "./load.ts";

const words: readonly RuleWord[] = [
  { name: "http.uri", type: "bytes", protocols: ["http"], side: "toServer", doc: "" },
  { name: "http.user_agent", type: "bytes", protocols: ["http"], side: "toServer", doc: "" },
  { name: "dns.query", type: "bytes", protocols: ["dns"], side: "toServer", doc: "" },
];

const optionsOf = (text: string): InspectorOptions => ({
  material: { files: [], variables: { addresses: {}, ports: {} }, lists: {}, keywords: [{ name: "list", text }] },
  words,
  platform: createNodePlatform(),
  config: {},
});
const loaded = (text: string) => loadKeywords(optionsOf(text)).rules.map(({ signature }) => signature);

test("a keyword becomes a signature for each place that it is looked for in", () => {
  const signatures = loaded('word "wget" context=http-uri,dns,shell severity=high note="a note"');
  expect(signatures.map(({ buffers, scope }) => [buffers[0]?.buffer, scope])).toEqual([
    ["http.uri", "transaction"],
    ["dns.query", "transaction"],
    // Of flows whose protocol is not known, and of those that are known and none of some.
    ["payload", "stream"],
    ["payload", "stream"],
  ]);
  expect(signatures[0]).toMatchObject({
    gid: 9001,
    rev: 1,
    message: "a note",
    category: "keyword",
    priority: 1,
    metadata: { list: ["list"] },
  });
});

test("an expression becomes one for each literal that may lead to it", () => {
  expect(loaded("regex /(?:abcd|efgh)x/i context=dns").map(({ prefilter }) => String.fromCharCode(...(prefilter?.literal ?? [])))).toEqual([
    "abcd",
    "efgh",
  ]);
});

test("direction and ports are kept", () => {
  const [signature] = loaded('word "wget" context=shell direction=to_server port=80,90-91');
  expect([79, 80, 91, 92].map((port) => signature?.header.targetPorts.has(port))).toEqual([false, true, true, false]);
  expect(signature?.flowTests[0]).toEqual({ type: "side", side: "to_server" });
  const [other] = loaded('word "wget" context=shell direction=to_client port=80');
  expect([other?.header.sourcePorts.has(80), other?.header.sourcePorts.has(81), other?.header.targetPorts.any]).toEqual([
    true,
    false,
    true,
  ]);
});

test("lines that are wrong, and keywords without a place, are rejected with their place; the others count", () => {
  const { report } = loadKeywords(optionsOf('nonsense\nword "abc" context=dns direction=to_client\nword "def" context=dns'));
  expect(report.loaded).toBe(1);
  expect(report.rejected.map(({ file, line, column, kind }) => [file, line, column, kind])).toEqual([
    ["list", 1, 1, "error"],
    ["list", 2, 1, "error"],
  ]);
});

test("the plugin wants a list", () => {
  expect(keywordInspector.isWanted({ ...optionsOf("").material, keywords: [] })).toBe(false);
  expect(keywordInspector.isWanted(optionsOf("").material)).toBe(true);
});

test("a keyword is told once a flow, wherever it is found, and again in the next one", () => {
  const gate = new KeywordGate(loadKeywords(optionsOf('word "wget" context=http-uri,dns\nword "curl" context=dns')));
  const admit = (rule: number, flow: number): boolean => gate.admit(rule, 0, "192.0.2.1", "192.0.2.2", flow);
  expect([admit(0, 5), admit(1, 5), admit(2, 5), admit(0, 6), admit(9, 5)]).toEqual([true, false, true, true, false]);
});
