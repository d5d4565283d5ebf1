import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OddwireEvent } from "#contract/event.ts";
import { addressText } from "#query/address.ts";
import { columnsOf, columnValue } from "#query/column-value.ts";
import { brokenLines, oddLines, testEvents, testKinds, testLines } from "#store/testing.ts";
import { Chunk } from "./chunk.ts";
import { BROKEN_LINE, LineColumns, UNKNOWN_KIND } from "./line-columns.ts";

const encode = (text: string): Buffer => Buffer.from(text);

/** Reads the last of the lines, the others before it. */
function read(lines: LineColumns, ...texts: readonly string[]): { kind: number; row: readonly unknown[] } {
  let kind = BROKEN_LINE;
  const chunk = new Chunk(encode(texts.join("\n")));
  lines.use(chunk);
  for (let from = 0; from <= chunk.bytes.length; from = chunk.lineEnd(from) + 1) kind = lines.read(from, chunk.lineEnd(from));
  return { kind, row: kind < 0 ? [] : [...lines.row(kind)] };
}

/** The same, by way of objects. */
function expected(text: string): { kind: number; row: readonly unknown[] } {
  const event = JSON.parse(text) as { [member: string]: unknown };
  const kind = testKinds.findIndex(({ name }) => name === event["event_type"]);
  return { kind, row: columnsOf(testKinds[kind] ?? { columns: [] }).map((column) => columnValue(column, event) ?? null) };
}

/** As of a frame that is no IP: the kind's own members follow the kind. */
const withoutAddresses = (event: OddwireEvent): string =>
  JSON.stringify(Object.fromEntries(Object.entries(event).filter(([name]) => !/^(src|dest)_|^(proto|flow_id|pcap_cnt|vlan)$/.test(name))));

/** A member that other kinds have a column for. */
const withCommonObject = ({ timestamp, event_type, ...rest }: OddwireEvent): string =>
  JSON.stringify({
    timestamp,
    event_type,
    flow: { state: "new" },
    dns: { rcode: "NOERROR" },
    app_proto: "tls",
    http: { status: 1 },
    ...rest,
  });

describe("LineColumns", () => {
  test("the head is not kept twice", () => {
    const line =
      '{"timestamp":"2026-01-31T12:00:00.000001+0000","flow_id":5,"event_type":"flow","src_ip":"10.0.0.1","proto":"TCP","app_proto":"tls","flow":{}}';
    const { row } = read(new LineColumns(testKinds), line);
    expect(row.at(-1)).toBe('{"app_proto":"tls","flow":{}}');
    expect(row.slice(0, 4)).toEqual([1_769_860_800_000_001, 5, null, 0x0a000001]);
  });

  test.each([
    ["a head alone", '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow"}', "{}"],
    ["a short IPv6 address", '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow","src_ip":"::1"}', '{"src_ip":"::1"}'],
    [
      "a time zone",
      '{"timestamp":"2026-01-31T12:00:00.000001+0100","event_type":"flow"}',
      '{"timestamp":"2026-01-31T12:00:00.000001+0100","event_type":"flow"}',
    ],
  ])("the body keeps what the columns do not give back: %s", (_case, line, body) => {
    expect(read(new LineColumns(testKinds), line).row.at(-1)).toBe(body);
  });

  test("the quick way and the way by objects agree", () => {
    const lines = new LineColumns(testKinds);
    for (const text of [...testLines(300), ...oddLines].map((line) => line.trimEnd())) {
      const { kind, row } = read(lines, text);
      expect({ kind, row: row.slice(0, -1) }).toEqual(expected(text));
    }
  });

  test("a line is read the same whatever came before it", () => {
    const full = [...testLines(60), ...oddLines, ...brokenLines].map((line) => line.trimEnd());
    const texts = [...full, ...testEvents(60, { seed: 2 }).map(withoutAddresses), ...testEvents(60, { seed: 3 }).map(withCommonObject)];
    const alone = texts.map((text) => read(new LineColumns(testKinds), text));
    fc.assert(
      fc.property(fc.array(fc.nat(texts.length - 1), { minLength: 2, maxLength: 12 }), (order) => {
        const lines = new LineColumns(testKinds);
        for (const at of order) expect(read(lines, texts[at] as string)).toEqual(alone[at]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test.each(brokenLines)("no event: %j", (line) => expect(read(new LineColumns(testKinds), line).kind).toBe(BROKEN_LINE));

  test("an event of a kind that is not known", () => {
    expect(read(new LineColumns(testKinds), '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"quic"}').kind).toBe(UNKNOWN_KIND);
    expect(read(new LineColumns([]), '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow"}').kind).toBe(UNKNOWN_KIND);
  });

  test("whatever is done to a line, it is read as JSON.parse reads it, or refused", () => {
    const texts = [...testLines(40), ...oddLines].map((line) => line.trimEnd());
    const pieces = [
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "null",
      "0",
      "9",
      "-",
      ".",
      "e",
      " ",
      "\\u0041",
      "ä",
      '"event_type":"dns",',
      '"src_ip":"::1",',
      "\u0000",
    ];
    const edit = fc.record({ at: fc.nat(), cut: fc.nat(3), piece: fc.constantFrom("", ...pieces) });
    const lines = new LineColumns(testKinds);
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
        let line = text;
        for (const { at, cut, piece } of edits) line = line.slice(0, at % line.length) + piece + line.slice((at % line.length) + cut);
        line = line.toWellFormed();
        const { kind, row } = read(lines, line);
        if (kind < 0 || !isJson(line) || hasTwins(line)) return;
        expect({ kind, row: row.slice(0, -1) }).toEqual(expected(line));
      }),
      { seed: 4, numRuns: 4000 },
    );
  });

  test("addresses are spelled again as they were", () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const { row } = read(
          new LineColumns(testKinds.slice(0, 1)),
          `{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow","src_ip":"${text}"}`,
        );
        expect(row.at(-1)).toBe("{}");
        expect(addressText(row[3] as number)).toBe(text);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** True when the line has a member twice: then either value may be taken. */
const hasTwins = (text: string): boolean => {
  const keys = text.match(/"(?:event_type|src_ip)":/g) ?? [];
  return new Set(keys).size < keys.length || JSON.stringify(JSON.parse(text)).length < text.replaceAll(/\s/g, "").length - 12;
};
