import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Literal, LiteralHits, type LiteralMatcher } from "./literal.ts";
import { Random } from "./random.ts";

/** What every search for many literals does. The judge compares byte by byte. */
export function describeLiteralMatcher(name: string, build: (literals: readonly Literal[]) => LiteralMatcher): void {
  describe(`${name} finds literals`, () => {
    const found = foundBy(build);

    test.each<[string, readonly Literal[], Uint8Array, number[]]>([
      ["nothing in nothing", [of("a")], bytes(""), []],
      ["a byte", [of("a"), of("b")], bytes("xxaxx"), [0]],
      ["a byte without case", [of("a", true), of("A"), of("@", true), of("`", true)], bytes("..A..@"), [0, 1, 2]],
      ["zero bytes", [of("\0"), of("\0\0"), of("\0a\0"), of("\0\0\0\0\0\0\0\0")], bytes("x\0a\0x"), [0, 2]],
      ["at both ends", [of("GET /index"), of("end")], bytes("GET /index and end"), [0, 1]],
      ["a whole text", [of("exactly this")], bytes("exactly this"), [0]],
      ["not what goes beyond", [of("longer than the text")], bytes("longer than the tex"), []],
      ["literals in each other", [of("abcdefgh"), of("bcdefg"), of("cdef"), of("de"), of("d")], bytes("xabcdefghx"), [0, 1, 2, 3, 4]],
      ["equal literals, each by its number", [of("same text"), of("same text"), of("SAME TEXT", true)], bytes("same text"), [0, 1, 2]],
      ["no folding beyond the letters", [of("[key]{x}", true), of("{KEY}[X]", true)], bytes("{key}[x]"), [1]],
      ["no folding of high bytes", [of("\xc4bcdefgh", true), of("\xe4BCDEFGH", true)], bytes("\xe4bcdefgh"), [1]],
      ["case where it counts", [of("Content-Type"), of("CONTENT-TYPE"), of("content-type", true)], bytes("Content-Type:"), [0, 2]],
      ["each once", [of("ab"), of("abab")], bytes("abababababab"), [0, 1]],
      ["high bytes", [of("\xff\xfe\xfd\xfc\xfb\xfa\xf9"), of("\xff")], bytes("\x00\xff\xfe\xfd\xfc\xfb\xfa\xf9"), [0, 1]],
    ])("%s", (_case, literals, text, expected) => {
      expect(found(literals, text)).toEqual(expected);
    });

    test("an empty set finds nothing", () => {
      const matcher = build([]);
      expect([matcher.count, matcher.longest]).toEqual([0, 0]);
      expect(found([], bytes("text"))).toEqual([]);
    });

    test("only bytes[from..to) count", () => {
      const text = bytes("xxneedle-in-hayxx");
      const literals = [of("needle-in-hay"), of("needle"), of("hay"), of("x")];
      expect(found(literals, text, 2, 15)).toEqual([0, 1, 2]);
      expect(found(literals, text, 3, 15)).toEqual([2]);
      expect(found(literals, text, 2, 14)).toEqual([1]);
      expect(found(literals, text, 5, 5)).toEqual([]);
    });

    test("an array may be anywhere in its memory, shared memory too", () => {
      const literals = [of("needle-in-hay"), of("hay!")];
      for (const memory of [new ArrayBuffer(4096), new SharedArrayBuffer(4096)])
        for (const offset of [0, 1, 2, 3, 5, 4096 - 200]) {
          const array = new Uint8Array(memory, offset, 200);
          array.fill(0x2e);
          array.set(bytes("a needle-in-hay!"), 77);
          expect(found(literals, array)).toEqual([0, 1]);
          expect(found(literals, array, 80)).toEqual([1]);
          expect(found(literals, array.subarray(70, 95))).toEqual([0, 1]);
        }
    });

    test("scans add to what was found, and clear forgets it", () => {
      const matcher = build([of("one"), of("two"), of("three")]);
      const hits = new LiteralHits(1);
      matcher.scan(bytes("two"), 0, 3, hits);
      matcher.scan(bytes("three two"), 0, 9, hits);
      expect(sorted(hits)).toEqual([1, 2]);
      expect([hits.has(0), hits.has(2), hits.has(9)]).toEqual([false, true, false]);
      hits.clear();
      matcher.scan(bytes("one two"), 0, 7, hits);
      expect(sorted(hits)).toEqual([0, 1]);
    });

    test("any literals in any bytes", () => {
      fc.assert(
        fc.property(scene, ({ literals, text, from, to }) => {
          expect(found(literals, text, from, to)).toEqual(naive(literals, text, from, to));
        }),
        { numRuns: 600 },
      );
    });

    test("a large set", () => {
      const random = new Random(77);
      const literals = Array.from({ length: 3000 }, () => randomLiteral(random));
      const matcher = build(literals);
      for (let round = 0; round < 8; round++) {
        const text = random.bytes(1500);
        for (let i = 0; i < 30; i++) {
          const { bytes: some } = random.pick(literals);
          text.set(some, random.between(0, text.length - some.length));
        }
        const hits = new LiteralHits();
        matcher.scan(text, 0, text.length, hits);
        expect(sorted(hits)).toEqual(naive(literals, text, 0, text.length));
      }
    });
  });
}

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const of = (text: string, nocase = false): Literal => ({ bytes: bytes(text), nocase });
/** Numbers that a matcher for these literals finds, in order. */
const foundBy =
  (build: (literals: readonly Literal[]) => LiteralMatcher) =>
  (literals: readonly Literal[], text: Uint8Array, from = 0, to = text.length): number[] => {
    const hits = new LiteralHits();
    build(literals).scan(text, from, to, hits);
    return sorted(hits);
  };
const sorted = (hits: LiteralHits): number[] => Array.from(hits.ids.subarray(0, hits.count)).toSorted((a, b) => a - b);

const letters = Array.from("abABzZ\0 [{");
/** Few distinct bytes, so that literals overlap and nearly match. */
const closeBytes = (min: number, max: number): fc.Arbitrary<Uint8Array> =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: min, maxLength: max }).map(bytes);
const someBytes = (min: number, max: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(closeBytes(min, max), fc.uint8Array({ minLength: min, maxLength: max }));
const oneLiteral: fc.Arbitrary<Literal> = fc.record({ bytes: someBytes(1, 14), nocase: fc.boolean() });
const scene = fc
  .record({
    literals: fc.array(oneLiteral, { minLength: 1, maxLength: 12 }),
    parts: fc.array(someBytes(0, 90), { maxLength: 4 }),
    picks: fc.array(fc.nat(11), { maxLength: 4 }),
    cut: fc.tuple(fc.nat(40), fc.nat(40)),
  })
  .map(({ literals, parts, picks, cut }) => {
    // The literals themselves stand between the parts, so that they are met.
    const pieces = parts.flatMap((part, i) => [part, literals[(picks[i] ?? 0) % literals.length]?.bytes ?? part]);
    const text = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
    const from = Math.min(cut[0] >> 1, text.length);
    return { literals, text, from, to: Math.max(from, text.length - (cut[1] >> 1)) };
  });

function randomLiteral(random: Random): Literal {
  const length = random.between(1, 100) < 4 ? random.between(1, 4) : random.between(4, 24);
  return { bytes: Uint8Array.from({ length }, () => random.between(0x40, 0x80)), nocase: random.chance(0.5) };
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

function naive(literals: readonly Literal[], text: Uint8Array, from: number, to: number): number[] {
  const occursAt = ({ bytes: wanted, nocase }: Literal, at: number): boolean =>
    wanted.every((byte, i) => text[at + i] === byte || (nocase && lower(text[at + i] as number) === lower(byte)));
  return literals.flatMap((literal, id) => {
    for (let at = from; at + literal.bytes.length <= to; at++) if (occursAt(literal, at)) return [id];
    return [];
  });
}
