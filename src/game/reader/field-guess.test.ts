import { array, assert, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { bodies } from "#capture/scenario/lantern/bodies.ts";
import { guessFields } from "./field-guess.ts";
import { UnknownOpcode } from "./unknown-opcode.ts";

const random = new Random(3);
const many = (make: (i: number) => Uint8Array, every = 100_000) =>
  Array.from({ length: 40 }, (_, i) => ({ bytes: make(i), time: 1e9 + i * every + random.between(0, 20_000), session: 1 }));

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
