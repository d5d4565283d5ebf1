import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type RiskPart, risksFromSaved, risksToSaved } from "./saved-risks.ts";

const part: fc.Arbitrary<[string, RiskPart]> = fc.tuple(
  fc.string(),
  fc.record({
    label: fc.string(),
    weight: fc.double({ noNaN: true, min: 0, max: 2 }),
    signs: fc.nat(),
    time: fc.nat(),
    techniques: fc.array(fc.string(), { maxLength: 3 }),
  }),
);
const host = fc.tuple(fc.ipV4(), fc.array(part, { minLength: 1, maxLength: 4 }));

const saved = (hosts: readonly (readonly [string, readonly [string, RiskPart][]])[]): { hosts: unknown[][] } =>
  JSON.parse(JSON.stringify(risksToSaved(5, new Map(hosts.map(([address, parts]) => [address, new Map(parts)])), () => true))) as {
    hosts: unknown[][];
  };

test("what was saved comes back through a file as it was", () => {
  fc.assert(
    fc.property(fc.uniqueArray(host, { selector: ([address]) => address }), (hosts) => {
      const found = risksFromSaved(saved(hosts))?.hosts.map(([address, parts]) => [address, new Map(parts)] as const);
      expect(found).toEqual(hosts.map(([address, parts]) => [address, new Map(parts)] as const));
    }),
    { seed: 7 },
  );
});

test("whatever stands in a file is risks or none, and never an exception", () => {
  fc.assert(
    fc.property(fc.array(host, { minLength: 1 }), fc.jsonValue(), fc.nat(), fc.nat(), (hosts, value, which, place) => {
      expect(() => risksFromSaved(value)).not.toThrow();
      const broken = saved(hosts);
      const parts = broken.hosts[which % broken.hosts.length]?.[1] as unknown[][];
      const one = parts[0] as unknown[];
      one[place % one.length] = value;
      for (const [, kept] of risksFromSaved(broken)?.hosts ?? [])
        for (const [key, { weight, time, techniques }] of kept)
          expect([typeof key, weight >= 0, time >= 0, Array.isArray(techniques)]).toEqual(["string", true, true, true]);
    }),
    { seed: 8 },
  );
});
