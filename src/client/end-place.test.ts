import { expect, test } from "vitest";
import { endPlaceOf } from "./end-place.ts";

test.each([
  [
    "country, system and who runs it",
    ["DE", 3320, "Deutsche Telekom AG"],
    { code: "DE", text: "Germany (DE), AS3320 Deutsche Telekom AG" },
  ],
  ["a country alone", ["US", undefined, undefined], { code: "US", text: "United States (US)" }],
  ["a system alone", [undefined, 64_500, undefined], { code: "", text: "AS64500" }],
  ["a code without a name", ["XZ", undefined, undefined], { code: "XZ", text: "XZ" }],
  ["nothing", [undefined, undefined, undefined], undefined],
])("an end with %s", (_case, [country, system, organization], expected) =>
  expect(endPlaceOf(country, system, organization)).toEqual(expected),
);
