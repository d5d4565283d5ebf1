import type { Place } from "#base/place.ts";
import type { MmdbValue } from "./mmdb-value.ts";

/** Names of countries and organizations are cut to so many characters. */
const nameCharsMax = 120;
/** Control characters, and those that turn the direction of writing. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

type Members = { readonly [key: string]: MmdbValue };

/**
 * What a record says. MaxMind and DB-IP have `country.iso_code`, `country.names.en`, `autonomous_system_number` and
 * `autonomous_system_organization`; IPinfo has `country_code` or a `country` of two letters, `country_name`, `asn` as
 * `AS15169`, and `as_name`. What is damaged is left out.
 */
export function placeOfRecord(record: MmdbValue | undefined): Place | undefined {
  const members = membersOf(record);
  if (members === undefined) return undefined;
  const country = countryOf(members);
  const place = {
    ...country,
    system: systemOf(members),
    organization: textOf(members, "autonomous_system_organization", "as_name", "org"),
  };
  return place.country === "" && place.system === 0 && place.organization === "" ? undefined : place;
}

function countryOf(members: Members): Pick<Place, "country" | "countryName"> {
  // A network without a country of its own is at least registered in one.
  for (const name of ["country", "registered_country"]) {
    const part = membersOf(members[name]);
    const country = codeOf(part?.["iso_code"]);
    if (part !== undefined && country !== "") return { country, countryName: textOf(membersOf(part["names"]) ?? {}, "en") };
  }
  const country = codeOf(members["country_code"]) || codeOf(members["country"]);
  if (country === "") return { country: "", countryName: "" };
  const name = textOf(members, "country_name", "country");
  return { country, countryName: name === country ? "" : name };
}

function systemOf(members: Members): number {
  const value = members["autonomous_system_number"] ?? members["asn"];
  const number = typeof value === "string" ? Number(/^(?:AS)?(\d{1,10})$/.exec(value)?.[1] ?? 0) : value;
  return typeof number === "number" && Number.isInteger(number) && number > 0 && number < 2 ** 32 ? number : 0;
}

const codeOf = (value: MmdbValue | undefined): string => (typeof value === "string" && /^[A-Z]{2}$/.test(value) ? value : "");

function textOf(members: Members, ...names: readonly string[]): string {
  for (const name of names) {
    const value = members[name];
    if (typeof value === "string") return value.slice(0, nameCharsMax).replace(unprintable, "").trim();
  }
  return "";
}

const membersOf = (value: MmdbValue | undefined): Members | undefined =>
  typeof value === "object" && !Array.isArray(value) ? (value as Members) : undefined;
