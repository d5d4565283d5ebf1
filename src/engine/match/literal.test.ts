import { expect, test } from "vitest";
import { describeLiteralMatcher } from "#base/literal.common.ts";
import { Random } from "#base/random.ts";
import { buildLiterals, type Literal, LiteralHits } from "./literal.ts";

describeLiteralMatcher("the engine's own matcher", (literals) => buildLiterals(literals));

test("the platform's matcher is taken when it can search these", () => {
  const own = buildLiterals([]);
  const literals: Literal[] = [{ bytes: Uint8Array.of(1), nocase: false }];
  expect(buildLiterals(literals, () => own)).toBe(own);
  expect(buildLiterals(literals, () => undefined).count).toBe(1);
});

test("30,000 literals are built at once and stay small", () => {
  const random = new Random(3);
  const literals = Array.from({ length: 30_000 }, () => ({ bytes: random.bytes(random.between(4, 30)), nocase: random.chance(0.5) }));
  const started = performance.now();
  const matcher = buildLiterals(literals);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(matcher.memoryBytes).toBeLessThan(12_000_000);
  const hits = new LiteralHits();
  const last = literals.at(-1)?.bytes as Uint8Array;
  matcher.scan(last, 0, last.length, hits);
  expect(hits.has(29_999)).toBe(true);
});

test("a literal that ten thousand rules share costs no more than one", () => {
  const bytes = new Uint8Array(12).fill(0x41);
  const literals = Array.from({ length: 10_000 }, () => ({ bytes, nocase: true }));
  const matcher = buildLiterals(literals);
  const text = new Uint8Array(200_000).fill(0x61);
  const hits = new LiteralHits();
  const started = performance.now();
  matcher.scan(text, 0, text.length, hits);
  expect(hits.count).toBe(10_000);
  expect(performance.now() - started).toBeLessThan(2000);
});
