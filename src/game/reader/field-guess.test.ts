import { crc32 } from "node:zlib";
import { array, assert, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { bodies } from "#capture/scenario/lantern/bodies.ts";
import { guessFields } from "./field-guess.ts";
import { UnknownOpcode } from "./unknown-opcode.ts";

const random = new Random(3);
const many = (make: (i: number) => Uint8Array, every = 100_000) =>
  Array.from({ length: 40 }, (_, i) => {
    const bytes = make(i);
    return { bytes, length: bytes.length, time: 1e9 + i * every + random.between(0, 20_000), session: 1 };
  });

const looks = (samples: ReturnType<typeof many>): string[] =>
  guessFields(samples, false).map(({ offset, bytes, looks_like }) => `${offset}+${bytes} ${looks_like}`);

test.each([
  [
    "a movement packet: clock, three coordinates, heading, flags",
    many((i) => bodies.move(5_000 + i * 100, { x: 100 + i * 0.6, y: 50 - i * 0.4, z: 3 + i * 0.01 }, random.unit() * 6, (i % 2) + 1)),
    ["0+4 timestamp", "4+4 position", "8+4 position", "12+4 position", "16+4 float", "20+1 small number"],
  ],
  ["a counter", many((i) => bodies.harvest(700 + i * 3)), ["0+4 counter"]],
  ["a constant", many(() => bodies.harvest(700)), ["0+4 constant"]],
  ["a text", many(() => bodies.hello(3, "lantern 1.4 beta")), ["0+4 constant", "4+16 text"]],
] as const)("%s", (_case, samples, fields) => {
  expect(looks([...samples])).toEqual(fields);
});

/** A body with a sum behind it, or before it. */
const summed = (body: Uint8Array, bytes: 1 | 2 | 4, value: number, { before = false, big = false } = {}): Uint8Array => {
  const out = new Uint8Array(body.length + bytes);
  out.set(body, before ? bytes : 0);
  const view = new DataView(out.buffer);
  const at = before ? 0 : body.length;
  if (bytes === 1) view.setUint8(at, value);
  else if (bytes === 2) view.setUint16(at, value, !big);
  else view.setUint32(at, value, !big);
  return out;
};
const sum = (body: Uint8Array): number => body.reduce((all, byte) => all + byte, 0);

/** A body of movement, with a counter. */
const walking = (i: number): Uint8Array =>
  summed(bodies.move(5_000 + i * 100, { x: 100 + i * 0.6, y: 50 - i * 0.4, z: 3 }, random.unit() * 6, 1), 4, i).subarray(0, 24);

test.each([
  ["a CRC-32 at the end", (body: Uint8Array) => summed(body, 4, crc32(body)), "24+4 checksum: the CRC-32 of the bytes before it"],
  [
    "the same before the body, big endian",
    (body: Uint8Array) => summed(body, 4, crc32(body), { before: true, big: true }),
    "0+4 checksum: the CRC-32, big endian of the bytes behind it",
  ],
  ["a sum of two bytes", (body: Uint8Array) => summed(body, 2, sum(body) & 0xffff), "24+2 checksum: the sum of the bytes before it"],
  ["a sum of one byte", (body: Uint8Array) => summed(body, 1, sum(body) & 0xff), "24+1 checksum: the sum of the bytes before it"],
  ["an unknown tag", (body: Uint8Array) => summed(body, 4, random.between(0, 2 ** 32 - 1)), "24+4 checksum: ends the body"],
])("%s is a checksum", (_case, make, told) => {
  const fields = guessFields(
    many((i) => make(walking(i))),
    false,
  );
  const found = fields.filter(({ looks_like }) => looks_like === "checksum");
  expect(found.map(({ offset, bytes, looks_like, why }) => `${offset}+${bytes} ${looks_like}: ${why}`)).toEqual([
    expect.stringContaining(told),
  ]);
});

/** As long as its number says, and a little. */
const uneven = (i: number): Uint8Array => Uint8Array.from({ length: 6 + (i % 5) }, (_, at) => (i * 7 + at * i) & 0xff);

test("a checksum of bodies of different lengths is counted from their end, and equal bodies have none", () => {
  const made = guessFields(
    many((i) => summed(uneven(i), 4, crc32(uneven(i)))),
    false,
  );
  expect(made.at(-1)).toMatchObject({ offset: -4, bytes: 4, looks_like: "checksum" });
  const same = guessFields(
    many(() => new Uint8Array(12)),
    false,
  );
  expect(same.map(({ looks_like }) => looks_like)).toEqual(["constant", "constant", "constant"]);
});

test("random bytes are no field and look encrypted", () => {
  const unknown = new UnknownOpcode();
  for (let i = 0; i < 64; i++) unknown.add(random.bytes(64), i * 1000, 1);
  const profile = unknown.profile(false);
  expect(profile.entropy_says).toBe("like encrypted or compressed bytes");
  expect(profile.fields.filter(({ looks_like }) => looks_like !== "varies" && looks_like !== "small number")).toEqual([]);
  expect(profile).toMatchObject({ count: 64, samples: 64, sessions: 1, length_min: 64, length_max: 64 });
});

test("no bodies may throw", () => {
  assert(
    property(array(uint8Array({ maxLength: 120 }), { maxLength: 20 }), (all) => {
      const unknown = new UnknownOpcode();
      for (const [i, body] of all.entries()) unknown.add(body, i, i % 3);
      expect(unknown.profile(true).count).toBe(all.length);
    }),
  );
});
