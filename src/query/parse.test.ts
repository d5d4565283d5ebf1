import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kind } from "#schema/field.ts";
import { anomalyKind, findingKind, flowKind } from "#schema/kinds.ts";
import type { Condition } from "#schema/plan.ts";
import { parseQuery, queryCharsMax } from "./parse.ts";
import { printCondition } from "./print.ts";
import { anyCondition } from "./testing.ts";

/** 2026-01-02T00:00:00Z */
const NOW = 1_767_312_000_000_000;
const HOUR = 3_600_000_000;

const tlsKind: Kind = {
  name: "tls",
  summary: "",
  fields: {},
  columns: [{ name: "sni", path: "tls.sni", type: "text", doc: "" }],
};

function where(text: string, kind: Kind = flowKind): Condition | string | undefined {
  const result = parseQuery(kind, text, { now: NOW });
  return result.ok ? result.plan.where : `${result.column}: ${result.cause}`;
}

const is = (column: string, value: string | number): Condition => ({ op: "=", column, value });

describe("parseQuery", () => {
  test.each<[string, string, Condition | undefined]>([
    ["an empty query has no condition", "  ", undefined],
    [
      "and binds closer than or",
      "src_port = 1 or src_port = 2 and dest_port = 3",
      { op: "or", parts: [is("src_port", 1), { op: "and", parts: [is("src_port", 2), is("dest_port", 3)] }] },
    ],
    [
      "brackets change that",
      "(src_port=1 or src_port=2) dest_port=3",
      { op: "and", parts: [{ op: "or", parts: [is("src_port", 1), is("src_port", 2)] }, is("dest_port", 3)] },
    ],
    ["not stands in front of anything", "not not (proto = UDP)", { op: "not", part: { op: "not", part: is("proto", "UDP") } }],
    ["a list may stand in brackets or not", "dest_port in 80, 443", { op: "in", column: "dest_port", values: [80, 443] }],
    ["not in", "dest_port not in (80,443)", { op: "not", part: { op: "in", column: "dest_port", values: [80, 443] } }],
    ["sizes in thousands", "bytes_toclient > 1.5M", { op: ">", column: "bytes_toclient", value: 1_500_000 }],
    ["sizes in 1024s", "bytes_toclient >= 2KiB", { op: ">=", column: "bytes_toclient", value: 2048 }],
    ["a time without a zone is UTC", "time > 2026-01-01T10:00", { op: ">", column: "time", value: NOW - 14 * HOUR }],
    ["a time with a zone", "time > 2026-01-01T12:00:00.5+02:00", { op: ">", column: "time", value: NOW - 14 * HOUR + 500_000 }],
    ["a day", "start < 2026-01-02", { op: "<", column: "start", value: NOW }],
    ["an hour ago", "time > -1h", { op: ">", column: "time", value: NOW - HOUR }],
    ["the same, said longer", "time > now-60m", { op: ">", column: "time", value: NOW - HOUR }],
    ["seconds since 1970", "time > 1767312000", { op: ">", column: "time", value: NOW }],
    ["an address in another spelling", "src_ip = 2001:DB8::1", is("src_ip", "2001:0db8:0000:0000:0000:0000:0000:0001")],
    ["a network behind = means in", "src_ip = 10.1.2.3/8", { op: "in", column: "src_ip", values: ["10.0.0.0/8"] }],
    [
      "a network behind != means not in",
      "src_ip != 10.0.0.0/8",
      { op: "not", part: { op: "in", column: "src_ip", values: ["10.0.0.0/8"] } },
    ],
    ["ip is either side", "ip = 10.0.0.1", { op: "or", parts: [is("src_ip", "10.0.0.1"), is("dest_ip", "10.0.0.1")] }],
    [
      "ip != is neither side",
      "ip != 10.0.0.1",
      { op: "not", part: { op: "or", parts: [is("src_ip", "10.0.0.1"), is("dest_ip", "10.0.0.1")] } },
    ],
    [
      "port is either side",
      "port in 53",
      {
        op: "or",
        parts: [
          { op: "in", column: "src_port", values: [53] },
          { op: "in", column: "dest_port", values: [53] },
        ],
      },
    ],
    ["columns by their path", "flow.bytes_toclient = 1", is("bytes_toclient", 1)],
    ["names in capitals", "Dest_Port == 1", is("dest_port", 1)],
    [
      "quotes of both kinds",
      `state = "a \\"b\\"" or state ~ 'c d'`,
      { op: "or", parts: [is("state", 'a "b"'), { op: "~", column: "state", value: "c d" }] },
    ],
    ["!~ is not ~", "app_proto !~ tls", { op: "not", part: { op: "~", column: "app_proto", value: "tls" } }],
    ["a member that is there", "exists app_proto", { op: "exists", column: "app_proto" }],
  ])("%s", (_case, text, expected) => expect(where(text)).toEqual(expected));

  test("the whole language at once", () => {
    const text =
      "src_ip = 10.0.0.1 and (dest_port in 80,443 or app_proto ~ tls) and not proto = UDP and bytes_toclient > 1M and time > 2026-01-01T10:00 and time > -1h";
    expect(where(text)).toMatchObject({ op: "and", parts: { length: 6 } });
  });

  test("a word alone is looked for in all texts", () => {
    const columns = [
      "proto",
      "app_proto",
      "application",
      "state",
      "reason",
      "community_id",
      "src_country",
      "src_as_org",
      "dest_country",
      "dest_as_org",
    ];
    expect(where("closed")).toEqual({ op: "or", parts: columns.map((column) => ({ op: "~", column, value: "closed" })) });
  });

  test("a word that may be an address is looked for there too", () => {
    const parts = (where("10.0.") as { parts: readonly { column: string }[] }).parts;
    expect(parts.map(({ column }) => column).slice(0, 2)).toEqual(["src_ip", "dest_ip"]);
  });

  test.each<[string, string, Condition]>([
    ["a name is looked for in the columns of names", "host ~ example", { op: "~", column: "sni", value: "example" }],
    [
      "a network is looked for in the addresses",
      "host = 10.0.0.0/8",
      { op: "or", parts: ["src_ip", "dest_ip"].map((column) => ({ op: "in", column, values: ["10.0.0.0/8"] })) },
    ],
  ])("host: %s", (_case, text, expected) => expect(where(text, tlsKind)).toEqual(expected));

  test.each([
    ["an unknown column, with the one that was meant", "scr_ip = 1", '1: unknown column "scr_ip"; did you mean src_ip?'],
    ["half of a name", "bytes = 1", '1: unknown column "bytes"; did you mean bytes_toserver?'],
    ["a column that is not near any", "zzzzzz = 1", expect.stringMatching(/^1: unknown column "zzzzzz"; flow has time, flow_id/)],
    ["a missing value", "proto = ", "9: expected a value behind =, found the end"],
    ["a missing bracket", "(proto = TCP", "13: expected ) for the ( at 1, found the end"],
    ["a bracket too many", "proto = TCP)", '12: expected and, or, or the end, found ")"'],
    ["a quote without end", 'proto = "TCP', '9: the quote " has no end'],
    ["no number", "src_port = http", '12: expected a number for src_port (80, 1.5k, 2M), found "http"'],
    ["half a port", "src_port = 1.5", '12: expected a whole number for src_port, found "1.5"'],
    ["no address", "src_ip = example.com", '10: expected an address or a network for src_ip, found "example.com"'],
    ["a network that is too long", "src_ip = 10.0.0.0/33", '10: expected an address or a network for src_ip, found "10.0.0.0/33"'],
    ["no time", "time > yesterday", '8: expected a time for time (2026-01-31, 2026-01-31T10:00, -1h), found "yesterday"'],
    [
      "a day that the calendar does not have",
      "time > 2026-13-01",
      '8: expected a time for time (2026-01-31, 2026-01-31T10:00, -1h), found "2026-13-01"',
    ],
    ["larger than, of addresses", "src_ip > 10.0.0.1", "8: src_ip holds addresses; expected =, !=, ~ or in with networks (10.0.0.0/8)"],
    ["a part of a number", "src_port ~ 8", "10: src_port holds numbers; expected =, !=, <, <=, >, >= or in"],
    [
      "a host name where there are none",
      "host = example.com",
      '8: these events have no host names; expected an address, found "example.com"',
    ],
    ["an operator alone", "= 5", '1: expected a column, a word or (, found "="'],
    ["and without a left side", "and proto = TCP", '1: expected a column, a word or (, found "and"'],
    ["too many brackets", "(".repeat(100), "33: more than 32 brackets inside each other"],
    ["too long a query", "a".repeat(queryCharsMax + 1), `${queryCharsMax + 1}: the query is longer than ${queryCharsMax} characters`],
    ["too many words", "a ".repeat(1000), expect.stringContaining("more than 512 comparisons")],
  ])("refuses %s", (_case, text, expected) => expect(where(text)).toEqual(expected));

  test("refuses relative times without a clock", () => {
    expect(parseQuery(flowKind, "time > -1h")).toMatchObject({ ok: false, column: 8 });
  });

  test("the plan says newest first, unless told otherwise", () => {
    expect(parseQuery(flowKind, "")).toEqual({
      ok: true,
      plan: { kind: "flow", where: undefined, order: { column: "time", descending: true }, limit: 100 },
    });
    expect(parseQuery(flowKind, "", { order: { column: "pkts", descending: false } })).toMatchObject({
      ok: false,
      cause: expect.stringContaining("did you mean pkts_"),
    });
  });

  test("what is printed means the same", () => {
    for (const kind of [flowKind, anomalyKind, findingKind])
      fc.assert(
        fc.property(anyCondition(kind), (condition) => {
          const text = printCondition(kind, condition);
          fc.pre(text.length <= queryCharsMax);
          expect(where(text, kind)).toEqual(condition);
        }),
        { seed: 1, numRuns: 400 },
      );
  });

  test("no text makes it throw, and the column is inside the text", () => {
    const piece = fc.constantFrom(
      "(",
      ")",
      "and",
      "or",
      "not",
      "in",
      "exists",
      "src_ip",
      "time",
      "host",
      "port",
      "=",
      "!=",
      "!",
      "~",
      ",",
      "10.0.0.0/8",
      "-1h",
      "1M",
      '"',
      "'",
      "\\",
      " ",
      "\u0000",
      "/",
      "::",
      "-",
      "+",
    );
    const text = fc.oneof(
      fc.string({ maxLength: 60, unit: "binary" }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(" ")),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (query) => {
        const result = parseQuery(flowKind, query, { now: NOW });
        if (!result.ok) expect(result.column >= 1 && result.column <= query.length + 1).toBe(true);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });
});
