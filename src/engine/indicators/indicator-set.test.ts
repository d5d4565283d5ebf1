import { expect, test } from "vitest";
import { parseAddress } from "#base/address.ts";
import { Random } from "#base/random.ts";
import type { Hit, IndicatorType } from "./indicator.ts";
import { IndicatorSet } from "./indicator-set.ts";

const now = Date.UTC(2026, 5, 1) * 1000;
const setOf = (...texts: string[]): IndicatorSet => IndicatorSet.of(texts.map((text, i) => ({ name: `list-${i + 1}`, text })));

/** Looks `text` up as what `how` says. */
function find(set: IndicatorSet, how: string, text: string, time = now): Hit | undefined {
  if (how === "domain") return set.findDomain(text, time);
  if (how === "url") return set.findUrl(text, time);
  if (how !== "address") return set.findDigits(how as IndicatorType, text, time);
  const [address = "", port = "0"] = text.split("#");
  const parsed = parseAddress(address);
  return parsed === undefined ? undefined : set.findAddress(parsed.words, 0, parsed.version === 6, Number(port), time);
}

const sha256 = "ab".repeat(32);
const md5 = "cd".repeat(16);

test.each<[string, string, string, string, string | undefined]>([
  ["an address", "192.0.2.1", "address", "192.0.2.1", "192.0.2.1"],
  ["its neighbour", "192.0.2.1", "address", "192.0.2.2", undefined],
  ["an address in a network", "192.0.2.0/24", "address", "192.0.2.255", "192.0.2.0/24"],
  ["the narrowest network is told", "192.0.0.0/8\n192.0.2.0/24\n192.0.2.128/25", "address", "192.0.2.7", "192.0.2.0/24"],
  ["a network around others", "192.0.0.0/8\n192.0.2.0/24\n192.0.2.128/25", "address", "192.0.3.7", "192.0.0.0/8"],
  ["high addresses are not negative", "255.0.0.0/8\n1.0.0.0/8", "address", "255.1.2.3", "255.0.0.0/8"],
  ["IPv6", "2001:db8::/32", "address", "2001:db8::5", "2001:db8::/32"],
  ["IPv6 beside it", "2001:db8::/32", "address", "2001:db9::", undefined],
  ["the port that is meant", "192.0.2.1:443", "address", "192.0.2.1#443", "192.0.2.1:443"],
  ["another port", "192.0.2.1:443", "address", "192.0.2.1#80", undefined],
  ["a name", "evil.example", "domain", "evil.example", "evil.example"],
  ["a name below it, in capitals, with a dot", "evil.example", "domain", "WWW.Evil.Example.", "evil.example"],
  ["a name that only ends like it", "evil.example", "domain", "notevil.example", undefined],
  ["a name above it", "www.evil.example", "domain", "evil.example", undefined],
  ["the longest name is told", "example\nevil.example\na.b.evil.example", "domain", "x.evil.example", "evil.example"],
  ["a URL", "http://evil.example/a?b=c", "url", "evil.example/a?b=c", "evil.example/a?b=c"],
  ["a listed URL without a query stands for all queries", "http://evil.example/a", "url", "evil.example/a?b=c", "evil.example/a"],
  ["another path", "http://evil.example/a", "url", "evil.example/b", undefined],
  ["SHA-256 in capitals", sha256, "sha256", sha256.toUpperCase(), sha256],
  [
    "a certificate with colons",
    `# oddwire: type=certificate\n${"ab".repeat(20)}`,
    "certificate",
    Array(20).fill("ab").join(":"),
    "ab".repeat(20),
  ],
  ["32 digits are a file's MD5", md5, "md5", md5, md5],
  ["or JA3", md5, "ja3", md5, md5],
  ["but no HASSH", md5, "hassh", md5, undefined],
  ["what is called JA3 is no file", `# oddwire: type=ja3\n${md5}`, "md5", md5, undefined],
  ["JA4", "t13d1516h2_8daaf6152771_02713d6af862", "ja4", "t13d1516h2_8daaf6152771_02713d6af862", "t13d1516h2_8daaf6152771_02713d6af862"],
])("found: %s", (_case, list, how, text, value) => expect(find(setOf(list), how, text)?.value).toBe(value));

test.each<[string, string, string, string]>([
  ["an address", "192.0.2.1\n!192.0.2.1", "address", "192.0.2.1"],
  ["an address in an allowed network", "192.0.2.1\n!192.0.2.0/24", "address", "192.0.2.1"],
  ["an allowed address in a listed network", "192.0.2.0/24\n!192.0.2.1", "address", "192.0.2.1"],
  ["IPv6", "2001:db8::1\n!2001:db8::/32", "address", "2001:db8::1"],
  ["a name", "evil.example\n!evil.example", "domain", "evil.example"],
  ["a listed name below an allowed one", "a.evil.example\n!evil.example", "domain", "www.a.evil.example"],
  ["an allowed name below a listed one", "evil.example\n!good.evil.example", "domain", "x.good.evil.example"],
  ["a URL", "http://a.example/x\n!http://a.example/x", "url", "a.example/x"],
  ["a URL on an allowed host", "http://a.b.example/x\n!b.example", "url", "a.b.example/x"],
  ["a URL on an allowed address", "http://192.0.2.1/x\n!192.0.2.0/24", "url", "192.0.2.1/x"],
  ["a digest", `${sha256}\n!${sha256}`, "sha256", sha256],
  ["32 digits in any use", `${md5}\n!${md5}`, "ja3", md5],
  ["JA3 by its type", `${md5}\n# oddwire: type=ja3 allow\n${md5}`, "ja3", md5],
  ["JA4", "t13d1516h2_8daaf6152771_02713d6af862\n!t13d1516h2_8daaf6152771_02713d6af862", "ja4", "t13d1516h2_8daaf6152771_02713d6af862"],
])("allowed wins: %s", (_case, list, how, text) => {
  const [bad = "", ...rest] = list.split("\n");
  expect(find(setOf(bad), how, text)).toBeDefined();
  expect(find(setOf(rest.join("\n"), bad), how, text)).toBeUndefined();
  expect(find(setOf(list), how, text)).toBeUndefined();
});

test.each<[string, string, string]>([
  ["an address", "192.0.2.1", "address"],
  ["a name", "evil.example", "domain"],
  ["a digest", sha256, "sha256"],
])("what has expired at the packet's time counts no more: %s", (_case, value, how) => {
  const list = `value,expires,note\n${value},2026-06-01T00:00:01Z,old`;
  expect(find(setOf(list), how, value, now)?.note).toBe("old");
  expect(find(setOf(list), how, value, now + 1e6)).toBeUndefined();
  expect(find(setOf(list, `value,note\n${value},new`), how, value, now + 1e6)).toMatchObject({ note: "new", list: "list-2" });
  expect(find(setOf(`value,note\n${value},new`, list), how, value, now + 1e6)).toMatchObject({ note: "new", list: "list-1" });
});

test("a network that has expired leaves the one around it", () => {
  const set = setOf("value,expires\n192.0.2.0/24,2020-01-01\n192.0.0.0/16,");
  expect(find(set, "address", "192.0.2.1")?.value).toBe("192.0.0.0/16");
});

const networkOf = ({ word: w, prefix }: { word: number; prefix: number }): string =>
  `${(w >>> 24) & 255}.${(w >>> 16) & 255}.${(w >>> 8) & 255}.${w & 255}/${prefix}`;
test("networks say the same as looking at each of them", () => {
  const random = new Random(5);
  const word = (): number => (random.between(0, 4) << 30) | (random.between(0, 4) << 22) | random.between(0, 256);
  const networks = Array.from({ length: 400 }, () => ({ word: word(), prefix: 2 + random.between(0, 31) }));
  const set = setOf(networks.map(networkOf).join("\n"));
  for (let i = 0; i < 5000; i++) {
    const address = word();
    const around = networks.filter(({ word: w, prefix }) => (w ^ address) >>> (32 - prefix) === 0);
    const narrowest = around.length === 0 ? -1 : Math.max(...around.map(({ prefix }) => prefix));
    const hit = set.findAddress([address, 0, 0, 0], 0, false, 0, now);
    expect(hit === undefined ? -1 : Number(hit.value.split("/")[1] ?? 32)).toBe(narrowest);
  }
});

test("a report tells what came of each list", () => {
  const { report } = setOf("a.example\nnonsense\n!b.example", "192.0.2.1");
  expect(report).toMatchObject({
    loaded: 3,
    allowed: 1,
    rejected: 1,
    types: { domain: 1, address: 1 },
    lists: [
      { name: "list-1", loaded: 2, rejected: 1 },
      { name: "list-2", loaded: 1, rejected: 0 },
    ],
  });
  expect(report.troubles[0]).toMatchObject({ list: "list-1", line: 2 });
});

const hex = (n: number, digits: number): string => {
  const random = new Random(n + 1);
  return Array.from({ length: digits / 8 }, () => random.uint32().toString(16).padStart(8, "0")).join("");
};

test("a million entries stay below 100 MB, are found, and nothing else is", () => {
  const kinds = [
    (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    (i: number): string => `host${i}.evil${i % 1000}.example`,
    (i: number): string => `http://host${i}.example/path/${i}.bin`,
    (i: number): string => hex(i, 64),
    (i: number): string => hex(i, 32),
  ];
  const lines = ["value,source,expires,note"];
  for (let i = 0; i < 1_000_000; i++) lines.push(`${kinds[i % 5]?.(i)},feed-${i % 20},2027-01-01,campaign ${i % 5000}`);
  const started = performance.now();
  const set = setOf(lines.join("\n"));
  const seconds = (performance.now() - started) / 1000;
  expect(set.report).toMatchObject({ loaded: 1_000_000, rejected: 0 });
  expect(set.memoryBytes).toBeLessThan(60_000_000);
  expect(seconds).toBeLessThan(30);
  for (let i = 0; i < 100_000; i += 5) {
    expect(set.findDomain(`www.${kinds[1]?.(i + 1)}`, now)).toMatchObject({
      source: `feed-${(i + 1) % 20}`,
      note: `campaign ${(i + 1) % 5000}`,
    });
    expect(set.findDigits("sha256", hex(i + 3, 64), now)).toBeDefined();
    expect(set.findDomain(`host${i}.evil.example`, now)).toBeUndefined();
    expect(set.findDigits("sha256", hex(i + 4, 64), now)).toBeUndefined();
    expect(set.findAddress([(11 << 24) | i, 0, 0, 0], 0, false, 0, now)).toBeUndefined();
  }
});
