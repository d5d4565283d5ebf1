import { afterAll, beforeAll, expect, test } from "vitest";
import type { RuleControl } from "#contract/control.ts";
import { OddwireError } from "#contract/errors.ts";
import { defaultConfig } from "#schema/config.ts";
import type { RuleState } from "#schema/rule-lists.ts";
import { createApiServer } from "./server.ts";

const state: RuleState = { generation: 3, loaded_at: 5, kinds: [], troubles: [], changed: ["own.txt"] };
const calls: unknown[][] = [];

/** Notes what it is asked; refuses the line `wrong`. */
const control = new Proxy({} as RuleControl, {
  get:
    (_target, name) =>
    (...given: unknown[]) => {
      calls.push([name, ...given]);
      if (given[0] === "wrong") throw new OddwireError("ODW_LIST_BAD", { where: "column 1", cause: "it is wrong", mend: "mend it" });
      if (name === "state" || name === "reload") return state;
      return name === "testKeywords" ? [] : { done: name };
    },
});

const server = createApiServer({
  kinds: [],
  config: { ...defaultConfig, "api.listen": "127.0.0.1:0" },
  rules: control,
  version: "0",
  startedAt: 0,
});
let url = "";
beforeAll(async () => {
  url = (await server.start()).url;
});
afterAll(() => server[Symbol.asyncDispose]());

async function ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
  const text = typeof body === "string" ? body : body === undefined ? null : JSON.stringify(body);
  const type = body === undefined ? {} : { "content-type": typeof body === "string" ? "text/plain" : "application/json" };
  calls.length = 0;
  const answer = await fetch(`${url}/api/v1/${path}`, { method, body: text, headers: { ...type, ...headers } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test.each<[string, string, string, unknown, unknown[]]>([
  ["rules", "GET", "rules", undefined, ["state"]],
  ["a reload", "POST", "rules/reload", undefined, ["reload"]],
  ["keywords", "GET", "keywords", undefined, ["keywords"]],
  ["a text is tried", "GET", "keywords/test?text=abc&context=shell", undefined, ["testKeywords", "abc", "shell"]],
  ["a keyword is added", "POST", "keywords", { line: 'word "abc"' }, ["addKeyword", 'word "abc"']],
  ["a keyword is switched off", "PATCH", "keywords/17", { on: false }, ["switchKeyword", 17, false]],
  ["a keyword is removed", "DELETE", "keywords/17", undefined, ["removeKeyword", 17]],
  ["indicators", "GET", "indicators", undefined, ["indicators"]],
  ["a value is looked up", "GET", "indicators/test?value=a.example", undefined, ["testIndicator", "a.example", undefined]],
  [
    "an indicator is added",
    "POST",
    "indicators",
    { value: "a.example", note: "x", allow: true },
    ["addIndicator", { value: "a.example", note: "x", allow: true }],
  ],
  ["an indicator is removed", "DELETE", "indicators", { value: "a.example" }, ["removeIndicator", "a.example"]],
  ["a list is written", "PUT", "indicators/lists/feed.txt", "a.example\n", ["putIndicatorList", "feed.txt", "a.example\n"]],
  ["a list is switched on", "PATCH", "indicators/lists/feed.txt", { on: true }, ["switchList", "indicators", "feed.txt", true]],
  ["a list is removed", "DELETE", "indicators/lists/feed.txt", undefined, ["removeIndicatorList", "feed.txt"]],
])("asked: %s", async (_case, method, path, body, call) => {
  expect((await ask(method, path, body)).status).toBe(200);
  expect(calls).toEqual([call]);
});

test.each<[string, string, string, unknown, number, RegExp]>([
  ["what the list refuses", "POST", "keywords", { line: "wrong" }, 400, /column 1: it is wrong/],
  ["a body that is none", "POST", "keywords", undefined, 400, /must be a JSON object/],
  ["a member that is missing", "POST", "keywords", {}, 400, /line is missing/],
  ["a member that is none", "POST", "keywords", { line: "x", colour: "red" }, 400, /"colour" is no member/],
  ["a member of another type", "PATCH", "keywords/17", { on: "yes" }, 400, /on must be a boolean/],
  ["a number that is none", "DELETE", "keywords/abc", undefined, 400, /whole number/],
  ["a line that is too long", "POST", "keywords", { line: "x".repeat(9000) }, 400, /longer/],
  ["a list as JSON", "PUT", "indicators/lists/x", { a: 1 }, 400, /plain text/],
  ["a method that is none", "PUT", "keywords", { line: "x" }, 404, /nothing is at/],
])("refused: %s", async (_case, method, path, body, status, message) => {
  const answer = await ask(method, path, body);
  expect(answer.status).toBe(status);
  expect((answer.body["error"] as { message: string }).message).toMatch(message);
});

test("pages of other hosts change nothing", async () => {
  const { status } = await ask("POST", "keywords", { line: 'word "abc"' }, { origin: "http://evil.example" });
  expect([status, calls]).toEqual([403, []]);
  expect((await ask("POST", "rules/reload", undefined, { origin: url })).status).toBe(200);
});
