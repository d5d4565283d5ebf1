import type { Places } from "#base/place.ts";
import type { PacketTest } from "#engine/rules/signature.ts";
import type { Ends } from "./ends.ts";

/** `geoip` as a rule has it. */
export type CountryTest = Extract<PacketTest, { type: "geoip" }>;

/** True when the addresses are of the countries that the rule wants; one whose country is not known never is. */
export function countriesFit(tests: readonly CountryTest[], ends: Ends, places: Places | undefined): boolean {
  return tests.every((test) => {
    if (ends.version === 0 || places === undefined) return false;
    const fits = (at: number): boolean => {
      const country = places.find(ends.words, at, ends.version === 6)?.country ?? "";
      return country !== "" && test.countries.includes(country) !== test.negated;
    };
    if (test.side === "src") return fits(0);
    if (test.side === "dst") return fits(4);
    return test.side === "both" ? fits(0) && fits(4) : fits(0) || fits(4);
  });
}
