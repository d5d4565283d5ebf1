import * as fc from "fast-check";
import type { Column, Kind } from "#schema/field.ts";
import type { Condition } from "#schema/plan.ts";
import { addressText } from "./address.ts";
import { columnsOf } from "./column-value.ts";

const ipv4 = fc.nat(0xffffffff).map(addressText);
const hex4 = fc.nat(0xffff).map((group) => group.toString(16).padStart(4, "0"));
const ipv6 = fc.array(hex4, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(":"));

/** Any address, spelled as events spell it. Often one of a few, so that events and queries meet. */
export const anyAddress: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("10.0.0.1", "10.0.0.2", "10.255.0.9", "192.168.1.1", "2001:0db8:0000:0000:0000:0000:0000:0001"),
  ipv4,
  ipv6,
);

/** A network in normal spelling. */
export const anyNetwork: fc.Arbitrary<string> = fc.constantFrom(
  "10.0.0.0/8",
  "10.0.0.0/31",
  "192.0.0.0/3",
  "0.0.0.0/0",
  "2001:0db8:0000:0000:0000:0000:0000:0000/32",
  "0000:0000:0000:0000:0000:0000:0000:0000/0",
);

/** Texts that have to survive quoting. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "tls",
    "TLS",
    "and",
    "in",
    "established",
    "www.example.com",
    "a b",
    'say "no"',
    "back\\slash",
    "it's",
    "(",
    "ä",
    "%",
    "_",
    "",
  ),
  fc.string({ maxLength: 8, unit: "grapheme-ascii" }),
);

const anyTime = fc.integer({ min: -5e15, max: 9e15 });
const anyInteger = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.maxSafeInteger());

/** Comparisons that the language can say about the column. */
function comparisonsOf(column: Column): readonly fc.Arbitrary<Condition>[] {
  const name = fc.constant(column.name);
  const exists = fc.record({ op: fc.constant("exists" as const), column: name });
  const like = fc.record({
    op: fc.constant("~" as const),
    column: name,
    value: column.format === "address" ? fc.constantFrom("10.", "db8", "1") : anyText,
  });
  const value: fc.Arbitrary<string | number> =
    column.format === "address"
      ? anyAddress
      : column.type === "text"
        ? anyText
        : column.format === "time"
          ? anyTime
          : column.type === "integer"
            ? anyInteger
            : fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
  const item = column.format === "address" ? fc.oneof(anyAddress, anyNetwork) : value;
  const list = fc.record({ op: fc.constant("in" as const), column: name, values: fc.array(item, { minLength: 1, maxLength: 4 }) });
  const equality = fc.record({ op: fc.constantFrom("=" as const, "!=" as const), column: name, value });
  const order = fc.record({ op: fc.constantFrom("<" as const, "<=" as const, ">" as const, ">=" as const), column: name, value });
  if (column.format === "address") return [equality, list, like, exists];
  return column.type === "text" ? [equality, list, like, exists, order] : [equality, list, exists, order];
}

/** Any condition over the kind's columns, as the parser makes it. */
export function anyCondition(kind: Pick<Kind, "columns">): fc.Arbitrary<Condition> {
  const comparison = fc.oneof(...columnsOf(kind).flatMap(comparisonsOf));
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparison,
      fc.record({ op: fc.constant("not" as const), part: tie("condition") }),
      fc.record({ op: fc.constantFrom("and" as const, "or" as const), parts: fc.array(tie("condition"), { minLength: 2, maxLength: 3 }) }),
    ),
  })).condition;
}
