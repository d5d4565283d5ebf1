import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { Finding } from "#contract/detector.ts";
import { benignName } from "#engine/names/dga/benign.ts";
import { randomFamilies, wordFamilies } from "#engine/names/dga/families.ts";
import { words } from "#engine/names/words.ts";
import { findingsOf, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import missingNames from "./index.ts";

const findings = (detector: string, history: readonly Heard[]): Finding[] => {
  const definition = missingNames.detectors?.find(({ name }) => name === detector);
  return definition === undefined ? [] : findingsOf(definition, history);
};

/** What a client is told about a name: an address, or nothing. */
function told(
  name: string,
  at: number,
  more: { readonly address?: string; readonly client?: string; readonly rcode?: string } = {},
): Heard {
  const { address, client = "10.0.0.5", rcode = address === undefined ? "NXDOMAIN" : "NOERROR" } = more;
  const answers = address === undefined ? {} : { answers: [{ rrname: name, rrtype: "A", ttl: 60, rdata: address }] };
  const fields = { version: 2, type: "answer", id: 1, opcode: 0, rrname: name, rrtype: "A", rcode, ...answers };
  return { message: messageFact("dns", fields, { client, server: "10.0.0.1", serverPort: 53, protocol: 17, at, side: 1 }) };
}

const random = new Random(3);
const vocabulary = words;
const people = many(400, () => `${benignName(random, vocabulary)}.com`);
const family = (name: string, count: number): readonly string[] =>
  ((randomFamilies[name] ?? wordFamilies[name])?.(5, count) ?? []).map((label) => (label.includes(".") ? label : `${label}.net`));
const letters = (count: number): string => many(count, () => "abcdefghijklmnopqrstuvwxyz"[random.between(0, 26)]).join("");

describe("dga", () => {
  test.each(Object.keys(randomFamilies).filter((name) => name !== "few-letters"))("finds a machine that seeks by %s", (name) => {
    const [finding] = findings(
      "dga",
      family(name, 60).map((host, i) => told(host, i * 5)),
    );
    expect(finding).toMatchObject({ source: "10.0.0.5", severity: "high" });
    expect(finding?.title).toMatch(/^10\.0\.0\.5 asked for \d+ made-up domains that do not exist within \d+ min, such as /);
  });

  test("finds joined words by their number", () => {
    expect(
      findings(
        "dga",
        family("two-words", 120).map((host, i) => told(host, i * 5)),
      ),
    ).not.toEqual([]);
  });

  test("says which made-up domain exists", () => {
    const [first = "", ...rest] = family("congruential", 60);
    const history = rest.map((host, i) => told(host, i * 5));
    const found = findings("dga", [...history.slice(0, 12), told(first, 61, { address: "198.51.100.7" }), ...history.slice(13)]);
    expect(found.at(-1)?.why).toContainEqual({ feature: "made-up domain that exists", value: first });
  });

  test.each<[string, readonly Heard[]]>([
    ["typing errors of a day", people.slice(0, 40).map((name, i) => told(name, i * 700))],
    [
      "a network's blocked domains among those that are not",
      people.map((name, i) => told(name, i * 3, i % 3 === 0 ? {} : { address: "192.0.2.1" })),
    ],
    ["one made-up domain again and again", many(300, (i) => told("xkqjzvwpgh.com", i))],
    ["hosts of one domain", many(300, (i) => told(`${letters(12)}.example.com`, i))],
    ["names of a private network", many(60, (i) => told(`${letters(12)}.lan`, i))],
    ["single labels, as browsers try them", many(60, (i) => told(letters(12), i))],
    ["made-up domains that exist", many(60, (i) => told(`${letters(12)}.com`, i, { address: "192.0.2.1" }))],
    ["a few made-up domains a day", family("congruential", 12).map((host, i) => told(host, i * 1900))],
    ["servers that fail", family("congruential", 60).map((host, i) => told(host, i, { rcode: "SERVFAIL" }))],
  ])("%s are none", (_case, history) => {
    expect(findings("dga", history)).toEqual([]);
  });
});

describe("nxdomain-storm", () => {
  test.each<[string, readonly Heard[], string | undefined]>([
    [
      "random names from many clients are a flood",
      many(400, (i) => told(`${letters(10)}.example.com`, i / 10, { client: `10.0.0.${i % 50}` })),
      "flood",
    ],
    [
      "the same when the servers give way",
      many(400, (i) => told(`${letters(10)}.example.com`, i / 10, { client: `10.0.0.${i % 50}`, rcode: "SERVFAIL" })),
      "flood",
    ],
    ["words of one client are a search", many(400, (i) => told(`${vocabulary[i * 3]}${i % 7}.example.com`, i / 10)), "scan"],
    [
      "words of many clients are told, no more",
      many(400, (i) => told(`${vocabulary[i * 3]}${vocabulary[i]}.example.com`, i / 10, { client: `10.0.0.${i % 50}` })),
      "observation",
    ],
    ["slow ones are none", many(400, (i) => told(`${letters(10)}.example.com`, i)), undefined],
    ["lists of senders of mail", many(400, (i) => told(`${i & 255}.${i >> 3}.0.192.list.example.org`, i / 10)), undefined],
    ["search lists behind every name", many(400, (i) => told(`www.${vocabulary[i * 3]}.com.corp.example.com`, i / 10)), undefined],
    ["names that exist", many(400, (i) => told(`${letters(10)}.example.com`, i / 10, { address: "192.0.2.1" })), undefined],
    ["one name again and again", many(4000, (i) => told("xkqjzvwpgh.example.com", i / 100)), undefined],
  ])("%s", (_case, history, category) => {
    const found = findings("nxdomain-storm", history);
    expect(found.map((finding) => finding.category)).toEqual(category === undefined ? [] : [category]);
  });
});
