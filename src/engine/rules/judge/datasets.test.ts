import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { BufferJudge } from "./buffer.ts";
import { type DatasetOptions, Datasets } from "./datasets.ts";
import { Scratch } from "./scratch.ts";
import { bytesOf, testsOf } from "./testing.ts";

const digest = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest("latin1");
const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest("hex");
const base64 = (text: string): string => btoa(text);

function has(sets: Datasets, name: string, text: string): boolean {
  return sets.has(name, bytesOf(text), 0, text.length);
}

// As Suricata 7.0.10 answers, down to the digests in hexadecimal, which it does not take.
test.each<[string, DatasetOptions, string, string, boolean]>([
  ["a string", { type: "string" }, `${base64("abc")}\n${base64("x,y")}\n`, "x,y", true],
  ["another string", { type: "string" }, base64("abc"), "abcd", false],
  ["a digest", { type: "md5" }, hex("md5", "abc"), digest("md5", "abc"), true],
  ["a digest in capitals", { type: "sha256" }, hex("sha256", "abc").toUpperCase(), digest("sha256", "abc"), true],
  ["no digest at all", { type: "md5" }, hex("md5", "abc"), "abc", false],
  ["an IPv4 address", { type: "ip" }, "10.0.0.1\n2001:db8::1", "\x0a\0\0\x01", true],
  ["an IPv6 address", { type: "ip" }, "10.0.0.1\n2001:db8::1", "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", true],
  ["IPv4 written as IPv6", { type: "ip" }, "::ffff:10.0.0.1", "\x0a\0\0\x01", true],
  ["ipv4", { type: "ipv4" }, "10.0.0.1", "\x0a\0\0\x01", true],
  ["a digest in hexadecimal", { type: "sha1" }, hex("sha1", "abc"), hex("sha1", "abc"), true],
  ["a name below", { type: "string", subdomains: true }, base64("example.com"), "www.example.com", true],
  ["a name beside", { type: "string", subdomains: true }, base64("example.com"), "badexample.com", false],
  ["JSON, lines", { type: "string", format: "ndjson", valueKey: "a.b" }, '{"a":{"b":"abc"}}\nnot json\n{"a":1}', "abc", true],
  ["JSON, an array", { type: "ip", format: "json", valueKey: "ip" }, '{"list":[{"ip":"10.0.0.1"}]}', "\x0a\0\0\x01", true],
])("%s", (_case, options, text, value, expected) => {
  const sets = new Datasets();
  sets.define("x", options);
  expect(sets.load("x", text)).toEqual([]);
  expect(has(sets, "x", value)).toBe(expected);
});

test("lines that are no values are named", () => {
  const sets = new Datasets();
  sets.define("x", { type: "md5" });
  expect(sets.load("x", `# digests\n\nnonsense\n${hex("md5", "abc")}\n${hex("md5", "abc")},many`)).toEqual([3, 5]);
  expect(sets.sizeOf("x")).toBe(1);
});

test("values are added once and taken away once; a full set leaves out, and tells", () => {
  const sets = new Datasets(2);
  sets.define("x", { type: "string" });
  const add = (text: string): boolean => sets.add("x", bytesOf(text), 0, text.length);
  expect(["a", "a", "b", "c"].map(add)).toEqual([true, false, true, false]);
  expect(sets.leftOut).toBe(1);
  expect(sets.remove("x", bytesOf("a"), 0, 1)).toBe(true);
  expect(sets.remove("x", bytesOf("a"), 0, 1)).toBe(false);
  expect(sets.has("unknown", bytesOf("a"), 0, 1)).toBe(false);
});

test.each([
  ["isset: there", { type: "dataset", name: "s", check: "isset" }, "abc", true],
  ["isnotset: not there", { type: "dataset", name: "s", check: "isnotset" }, "abcd", true],
  ["isnotset: an unknown set has nothing", { type: "dataset", name: "none", check: "isnotset" }, "abc", true],
  ["set: there already", { type: "dataset", name: "s", check: "set" }, "abc", false],
  ["unset: there", { type: "dataset", name: "s", check: "unset" }, "abc", true],
  ["datarep: more", { type: "datarep", name: "s", operator: ">", value: 100 }, "abc", true],
  ["datarep: less", { type: "datarep", name: "s", operator: "<", value: 100 }, "abc", false],
  ["datarep: equal", { type: "datarep", name: "s", operator: "=", value: 200 }, "abc", true],
  ["datarep: unknown value", { type: "datarep", name: "s", operator: "<", value: 100 }, "zzz", false],
] as const)("a rule asks: %s", (_case, one, text, expected) => {
  const scratch = new Scratch();
  const sets = new Datasets();
  sets.define("s", { type: "string" });
  sets.load("s", `${base64("abc")},200`);
  scratch.datasets = sets;
  expect(new BufferJudge().match(testsOf([one]), bytesOf(text), 0, text.length, scratch)).toBe(expected);
});
