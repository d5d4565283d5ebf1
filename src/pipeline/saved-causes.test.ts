import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Cause, causesFromSaved, causesToSaved } from "./saved-causes.ts";

const count = fc.integer({ min: 1, max: 2 ** 40 });
const cause: fc.Arbitrary<[string, Cause]> = fc.tuple(
  fc.string(),
  fc.record({
    id: fc.stringMatching(/^[0-9a-f]{16}$/),
    first: count,
    last: count,
    signs: count,
    retellAt: count,
    severity: fc.integer({ min: 0, max: 4 }),
    score: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1 }),
  }),
);

test("what was saved comes back through a file as it was", () => {
  fc.assert(
    fc.property(fc.array(cause), count, (causes, clock) => {
      const saved: unknown = JSON.parse(JSON.stringify(causesToSaved(clock, causes)));
      expect(causesFromSaved(saved)).toEqual({ clock, causes });
    }),
    { seed: 7 },
  );
});

test("whatever stands in a file is causes or none, and never an exception", () => {
  const wrong = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.array(cause, { minLength: 1 }), wrong, fc.nat(), fc.nat(), (causes, value, which, place) => {
      expect(() => causesFromSaved(value)).not.toThrow();
      const saved = JSON.parse(JSON.stringify(causesToSaved(1, causes))) as { causes: unknown[][] };
      const one = saved.causes[which % saved.causes.length] as unknown[];
      one[place % one.length] = value;
      const found = causesFromSaved(saved);
      for (const [key, { last, signs, severity }] of found?.causes ?? [])
        expect([typeof key, Number.isSafeInteger(last), signs > 0, severity >= 0 && severity <= 4]).toEqual(["string", true, true, true]);
    }),
    { seed: 8 },
  );
});
