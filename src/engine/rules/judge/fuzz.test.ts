import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { BufferTests, ByteTest, Content, Transform, Value } from "#engine/rules/signature.ts";
import { BufferJudge } from "./buffer.ts";
import { Datasets } from "./datasets.ts";
import { IpReputation } from "./ip-reputation.ts";
import { Scratch } from "./scratch.ts";
import { binary, byteExtract, byteJump, byteMath, byteTest, content, isDataAt, pattern, testsOf } from "./testing.ts";
import { transformed } from "./transforms.ts";

const wild = [0, 1, 2, 3, 7, 255, 65_535, -1, -2, -300, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 53 - 1];
const names = ["a", "b", "never"];
const letters = "aAbB01 .=%:\n\0\xff";

/** Makes tests out of the types' whole range. */
class Fuzz {
  readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  value(): Value {
    return this.random.chance(0.3)
      ? { variable: this.random.pick(names) }
      : this.random.chance(0.6)
        ? this.random.between(0, 9)
        : this.random.pick(wild);
  }

  bytes(max: number): Uint8Array {
    return Uint8Array.from({ length: this.random.between(0, max) }, () => letters.charCodeAt(this.random.between(0, letters.length)));
  }

  content(): Content {
    const { random } = this;
    const nocase = random.chance(0.3);
    const text = String.fromCharCode(...this.bytes(4));
    const more = { nocase, negated: random.chance(0.2), endswith: random.chance(0.1), offset: random.chance(0.3) ? this.value() : 0 };
    const depth = random.chance(0.3) ? this.value() : undefined;
    return random.chance(0.5)
      ? content(text, { ...more, depth })
      : content(text, { ...more, distance: this.value(), within: random.chance(0.5) ? this.value() : undefined });
  }

  one(): ByteTest {
    const { random } = this;
    const relative = random.chance(0.5);
    const text = random.pick([undefined, undefined, "hex", "dec", "oct", "auto"] as const);
    const format = binary(random.chance(0.8) ? random.between(0, 9) : this.value(), {
      little: random.chance(0.3),
      dce: random.chance(0.2),
      text,
    });
    const place = { format, relative, offset: this.value() };
    const bitmask = random.pick([0, 0, 1, 0xf0, 0x8000_0000, 0xffff_ffff]);
    switch (random.between(0, 10)) {
      case 0:
        return byteTest(random.pick(["<", ">", "=", "<=", ">=", "&", "^"]), this.value(), {
          ...place,
          bitmask,
          negated: random.chance(0.3),
        });
      case 1:
        return byteJump({ ...place, bitmask, multiplier: random.pick([0, 1, 2, 65_535]), align: random.chance(0.3), from: random.pick(["here", "beginning", "end"]), postOffset: this.value() }); // biome-ignore format: one of many
      case 2:
        return byteExtract(random.pick(names), { ...place, multiplier: random.pick([1, 2, 65_535]), align: random.pick([0, 2, 4]) });
      case 3:
        return byteMath(random.pick(names), random.pick(["+", "-", "*", "/", "<<", ">>"]), this.value(), { ...place, bitmask });
      case 4:
        return isDataAt(this.value(), { relative, negated: random.chance(0.5) });
      case 5:
        return pattern(random.pick(["a+", "^b", "(a|b)*", "$", ""]), { relative, negated: random.chance(0.3) });
      case 6:
        return { type: "special", name: random.pick(["ftpbounce", "rpc"]), values: [random.pick(wild), undefined, 1] };
      case 7:
        return { type: "dataset", name: random.pick(names), check: random.pick(["isset", "isnotset", "set", "unset"]) };
      case 8:
        return { type: "entropy", bytes: random.between(0, 9), offset: random.between(0, 9), operator: ">", value: 1 };
      default:
        return { type: "bsize", test: { operator: "variable", compare: random.pick(["=", "<", ">"]), variable: random.pick(names) } };
    }
  }

  tests(): BufferTests {
    const { random } = this;
    const tests = Array.from({ length: random.between(0, 8) }, () => (random.chance(0.5) ? this.content() : this.one()));
    const base64 = {
      from: "payload",
      bytes: random.chance(0.5) ? random.pick(wild) : undefined,
      offset: random.pick(wild),
      relative: random.chance(0.5),
    };
    return testsOf(tests, random.chance(0.2) ? { buffer: "base64_data", base64 } : {});
  }

  transform(): Transform {
    const { random } = this;
    const plain = ["dotprefix", "domain", "tld", "strip_whitespace", "compress_whitespace", "to_lowercase", "to_uppercase", "header_lowercase", "strip_pseudo_headers", "url_decode", "to_md5"] as const; // biome-ignore format: one of many
    if (random.chance(0.7)) return { type: random.pick(plain) };
    if (random.chance(0.3)) return { type: "xor", key: this.bytes(3) };
    if (random.chance(0.5)) return { type: "from_base64", bytes: random.pick([0, 3, 9]), offset: random.pick([0, 1, 65_535]), mode: random.pick(["rfc2045", "rfc4648", "strict"]) }; // biome-ignore format: one of many
    return {
      type: "subslice",
      offset: random.pick(wild),
      bytes: random.chance(0.5) ? random.pick(wild) : undefined,
      truncate: random.chance(0.5),
    };
  }
}

test.each([1, 2, 3])("no tests and no bytes may throw, hang or read beyond their borders (seed %d)", (seed) => {
  const fuzz = new Fuzz(seed);
  const judge = new BufferJudge();
  const scratch = new Scratch();
  scratch.datasets = new Datasets();
  scratch.sourceAddress = 1;
  const started = performance.now();
  for (let round = 0; round < 5000; round++) {
    const tests = fuzz.tests();
    const inner = fuzz.bytes(40);
    const answers = [0x61, 0xdb].map((fill) => {
      const bytes = new Uint8Array(inner.length + 16).fill(fill);
      bytes.set(inner, 8);
      scratch.beginRule();
      scratch.minimumEnd = round % 4 === 0 ? 8 + (round % 40) : 0;
      scratch.precedingBytes = round % 3 === 0 ? round % 11 : 0;
      return judge.match(tests, bytes, 8, 8 + inner.length, scratch);
    });
    // What stands around the bytes changes nothing.
    expect(answers[0], JSON.stringify(tests)).toBe(answers[1]);
    for (const place of scratch.places.slice(0, scratch.placeCount))
      expect(place.offset + place.length).toBeLessThanOrEqual(inner.length * 2);
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("no transforms and no bytes may throw", () => {
  const fuzz = new Fuzz(4);
  const tools = { digest: () => new Uint8Array(16) };
  for (let round = 0; round < 5000; round++) {
    const transforms = Array.from({ length: fuzz.random.between(0, 4) }, () => fuzz.transform());
    const bytes = fuzz.bytes(40);
    const copy = bytes.slice();
    expect(transformed(transforms, bytes, tools).length).toBeLessThan(200);
    expect(bytes).toEqual(copy);
  }
});

test("no text of a list may throw", () => {
  const fuzz = new Fuzz(5);
  const words = ["10.0.0.1", "::1", "/8", ",", "\n", "1", "YWJj", "zz", "{", '{"a":1}', "#", "-", " "];
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: fuzz.random.between(0, 20) }, () => fuzz.random.pick(words)).join("");
    const sets = new Datasets();
    for (const type of ["string", "md5", "ip", "ipv4"] as const) {
      sets.define(type, { type });
      sets.load(type, text);
    }
    sets.define("json", { type: "string", format: fuzz.random.pick(["json", "ndjson"]), valueKey: "a" });
    sets.load("json", text);
    const reputation = new IpReputation();
    reputation.loadCategories(text);
    reputation.load(text);
  }
});
