import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "#base/address.ts";
import { isMmdbRefusal, type Mmdb, openMmdb } from "./mmdb.ts";
import type { MmdbValue } from "./mmdb-value.ts";
import { type WrittenRow, writeMmdb } from "./mmdb-writer.common.ts";
import { knowledgeOf, PlaceBook } from "./place-book.ts";

const country = (code: string, name: string): MmdbValue => ({ country: { iso_code: code, names: { de: "x", en: name } } });
const rows: readonly WrittenRow[] = [
  ["192.0.2.0/24", country("DE", "Germany")],
  ["192.0.2.128/25", country("FR", "France")],
  ["198.51.100.7/32", country("US", "United States")],
  ["2001:db8::/32", country("JP", "Japan")],
];

const opened = (bytes: Uint8Array): Mmdb => {
  const answer = openMmdb(bytes);
  if (isMmdbRefusal(answer)) throw new Error(answer.cause);
  return answer;
};
const codeIn = (database: Mmdb, text: string): string => {
  const { words, version } = parseAddress(text) as NonNullable<ReturnType<typeof parseAddress>>;
  return new PlaceBook([database]).find(words, 0, version === 6)?.country ?? "";
};

describe.each([24, 28, 32] as const)("records of %i bits", (recordBits) => {
  test.each([
    ["an address is in its network", "192.0.2.5", "DE"],
    ["the smaller network counts", "192.0.2.200", "FR"],
    ["a network of one address", "198.51.100.7", "US"],
    ["its neighbour is not known", "198.51.100.8", ""],
    ["a version 6 address", "2001:db8:1::1", "JP"],
    ["an address nobody knows", "2001:db9::1", ""],
  ])("%s", (_case, address, code) => expect(codeIn(opened(writeMmdb(rows, { recordBits })), address)).toBe(code));
});

test("a database of version 4 alone knows nothing of version 6", () => {
  const database = opened(writeMmdb(rows.slice(0, 3), { version: 4 }));
  expect([codeIn(database, "192.0.2.5"), codeIn(database, "::c000:205")]).toEqual(["DE", ""]);
});

test.each([
  ["MaxMind's countries", country("DE", "Germany"), ["DE", "Germany", 0, ""]],
  [
    "a network that is only registered somewhere",
    { registered_country: { iso_code: "SE", names: { en: "Sweden" } } },
    ["SE", "Sweden", 0, ""],
  ],
  [
    "MaxMind's systems",
    { autonomous_system_number: 3320, autonomous_system_organization: "Deutsche Telekom AG" },
    ["", "", 3320, "Deutsche Telekom AG"],
  ],
  ["IPinfo lite", { country: "Germany", country_code: "DE", asn: "AS3320", as_name: "Telekom" }, ["DE", "Germany", 3320, "Telekom"]],
  ["IPinfo's older form", { country: "DE", country_name: "Germany", asn: "AS3320" }, ["DE", "Germany", 3320, ""]],
  ["a code that is none", { country: { iso_code: "D\u001b" } }, undefined],
  ["names that would steer a terminal", { asn: 1, as_name: "a\u001b[2Jb\u202e" }, ["", "", 1, "a[2Jb"]],
  ["a number that is none", { autonomous_system_number: 1.5, as_name: "" }, undefined],
])("a record of %s", (_case, record, expected) => {
  const book = new PlaceBook([opened(writeMmdb([["192.0.2.0/24", record]]))]);
  const place = book.find([0xc0_00_02_01 | 0, 0, 0, 0], 0, false);
  expect(place === undefined ? undefined : [place.country, place.countryName, place.system, place.organization]).toEqual(expected);
});

test("countries of one database and systems of another stand together", () => {
  const systems = opened(writeMmdb([["192.0.0.0/16", { autonomous_system_number: 64_500, autonomous_system_organization: "Example" }]]));
  const countries = opened(writeMmdb(rows));
  expect(knowledgeOf(systems)).toEqual({ countries: false, systems: true });
  expect(knowledgeOf(countries)).toEqual({ countries: true, systems: false });
  const book = new PlaceBook([countries, systems]);
  const words = [0xc0_00_02_01 | 0, 0, 0, 0];
  const place = book.find(words, 0, false);
  expect(place).toEqual({ country: "DE", countryName: "Germany", system: 64_500, organization: "Example" });
  expect(book.find(words, 0, false)).toBe(place);
});

test.each([
  ["no database", new Uint8Array(100), "it is no MaxMind database"],
  ["an empty file", new Uint8Array(0), "it is no MaxMind database"],
  ["a file cut at its front", writeMmdb(rows).slice(600), "the file is damaged: it ends before its"],
  ["a file cut at its end", writeMmdb(rows).slice(0, -20), "the file is damaged: a value reaches beyond the end"],
])("%s is refused with cause and mend", (_case, bytes, cause) => {
  const answer = openMmdb(bytes);
  expect(answer).toMatchObject({ cause: expect.stringContaining(cause), mend: expect.any(String) });
});

test("values that point to themselves are given up", () => {
  const whole = writeMmdb([["192.0.2.0/24", { a: ["b", "c"] }]]);
  const database = opened(whole);
  // The record's map becomes a list whose items all point to the list.
  const data = database.shape.nodes * 6 + 16;
  whole.set([0x04, 0x04, 0x20, 0x00, 0x20, 0x00, 0x20, 0x00, 0x20, 0x00], data);
  const offset = database.place([0xc0_00_02_01 | 0, 0, 0, 0], 0, false);
  expect(database.record(offset)).toBeUndefined();
});

test("no bytes hang, throw, or give an object that is no place", () => {
  const whole = writeMmdb(rows);
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(changes, fc.array(fc.integer(), { minLength: 4, maxLength: 4 }), fc.nat(whole.length), (edits, words, cut) => {
      const bytes = whole.slice(edits.length > 8 ? cut : 0);
      for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
      const answer = openMmdb(bytes);
      if (isMmdbRefusal(answer)) return answer.cause !== "" && answer.mend !== "";
      const book = new PlaceBook([answer]);
      return [words, [0xc0_00_02_01 | 0, 0, 0, 0]].every((address) =>
        [true, false].every((ipv6) => {
          const place = book.find(address, 0, ipv6);
          return place === undefined || /^([A-Z]{2})?$/.test(place.country);
        }),
      );
    }),
    { numRuns: 3000, seed: 17 },
  );
});
