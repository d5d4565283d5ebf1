import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OddwireEvent } from "#contract/event.ts";
import type { Sink } from "#contract/sink.ts";
import type { Plan, Store } from "#contract/store.ts";
import { columnsOf, columnValue } from "#query/column-value.ts";
import { matcher } from "#query/matcher.ts";
import { parseQuery } from "#query/parse.ts";
import { anyCondition } from "#query/testing.ts";
import type { Kind } from "#schema/field.ts";
import { brokenLines, oddLines, testEvents, testKinds, testLines, testStart, toBytes } from "./testing.ts";

/** What the contract test needs of an implementation: an empty store, its writing and its reading side. */
export interface StoreUnderTest {
  readonly sink: Sink;
  /** Opens the reading side; called after the first flush. */
  open(): Promise<Store>;
  /** Takes everything away. */
  remove(): Promise<void>;
}

const flowKind = testKinds.find(({ name }) => name === "flow") as Kind;

/** The plan of a query. */
function plan(kind: string, text = "", more: Partial<Plan> = {}): Plan {
  const result = parseQuery(testKinds.find(({ name }) => name === kind) as Kind, text, { now: testStart });
  if (!result.ok) throw new Error(result.cause);
  return { ...result.plan, ...more };
}

async function all(store: Store, question: Plan): Promise<readonly OddwireEvent[]> {
  const events: OddwireEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.query(cursor === undefined ? question : { ...question, cursor });
    expect(page.events.length).toBeLessThanOrEqual(question.limit);
    events.push(...page.events);
    cursor = page.next;
  } while (cursor !== undefined);
  return events;
}

/** Packet numbers, which tell the events of these tests apart, and are shorter to read when they differ. */
const numbers = (events: readonly OddwireEvent[]): string =>
  events
    .map((event) => event.pcap_cnt ?? 0)
    .toSorted((a, b) => a - b)
    .join(" ");

const texts = (events: readonly unknown[]): readonly string[] => events.map((event) => JSON.stringify(event)).toSorted();

/** What every pair of sink and store promises. Each implementation runs it. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of stores`, () => {
    const events = testEvents(2000);
    let under: StoreUnderTest;
    let store: Store;

    beforeAll(async () => {
      under = await make();
      await under.sink.start();
      const lines = testLines(2000);
      for (let at = 0; at < lines.length; at += 300) await under.sink.write(toBytes(lines.slice(at, at + 300)));
      await under.sink.flush();
      store = await under.open();
    });
    afterAll(async () => {
      await store[Symbol.asyncDispose]();
      await under.sink[Symbol.asyncDispose]();
      await under.remove();
    });

    const ofKind = (kind: string): readonly OddwireEvent[] => events.filter((event) => event.event_type === kind);

    test.each(["flow", "dns", "tls", "http"])("events come back exactly as they stood: %s", async (kind) => {
      expect(texts(await all(store, plan(kind, "", { limit: 250 })))).toEqual(texts(ofKind(kind)));
    });

    test("newest first", async () => {
      const times = (await all(store, plan("flow", "", { limit: 77 }))).map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted().toReversed());
    });

    test.each([
      ["flow", "app_proto", true],
      ["flow", "app_proto", false],
      ["flow", "src_ip", true],
      ["flow", "bytes_toclient", false],
      ["tls", "sni", true],
      ["tls", "sni", false],
    ] as const)("pages of %s by %s have each event once (descending: %s)", async (kind, column, descending) => {
      const found = await all(store, plan(kind, "", { order: { column, descending }, limit: 37 }));
      expect(texts(found)).toEqual(texts(ofKind(kind)));
    });

    test("conditions mean the same as for live events", async () => {
      for (const kind of [flowKind, testKinds.at(-1) as Kind]) {
        const own = ofKind(kind.name);
        await fc.assert(
          fc.asyncProperty(fc.oneof(anyCondition(kind), seenCondition(kind, own)), async (where) => {
            const question: Plan = { ...plan(kind.name), where, limit: 5000 };
            const holds = matcher(kind, question);
            const expected = own.filter((event) => holds(event));
            expect(numbers((await store.query(question)).events)).toEqual(numbers(expected));
            expect(await store.count(question)).toBe(expected.length);
          }),
          { seed: 5, numRuns: 120 },
        );
      }
    });

    test.each([
      ["every value's newest event", "", 37],
      ["of these, those that meet a condition", "dest_port > 400 and not app_proto = dns", 5],
    ])("newest of a column: %s", async (_case, text, limit) => {
      const newest = new Map(ofKind("flow").map((event) => [event["app_proto"], event]));
      newest.delete(undefined);
      const question = plan("flow", text, { newestOf: "app_proto", limit });
      const holds = matcher(flowKind, question);
      const expected = [...newest.values()].filter((event) => holds(event));
      expect(texts(await all(store, question))).toEqual(texts(expected));
      expect(await store.count(question)).toBe(expected.length);
    });

    test("counts", async () => {
      expect(await store.count(plan("dns"))).toBe(ofKind("dns").length);
      expect(await store.count(plan("flow", "dest_port = 443"))).toBe(ofKind("flow").filter((event) => event.dest_port === 443).length);
    });

    test("the largest groups, by count and by sum", async () => {
      const ports = await store.top(plan("flow"), "dest_port");
      expect(new Set(ports.map(({ value }) => value))).toEqual(new Set([80, 443, 8080]));
      expect(ports.reduce((sum, { count }) => sum + count, 0)).toBe(ofKind("flow").length);
      const bytes = await store.top(plan("flow", "", { limit: 2 }), "src_ip", "bytes_toclient");
      expect(bytes).toHaveLength(2);
      const of = (address: unknown): number =>
        ofKind("flow").reduce(
          (sum, event) => sum + (event.src_ip === address ? (event["flow"] as { bytes_toclient: number }).bytes_toclient : 0),
          0,
        );
      for (const { value, sum } of bytes) expect(sum).toBe(of(value));
      expect((await store.top(plan("flow"), "app_proto")).map(({ value }) => value)).toContain(undefined);
    });

    test("describes itself", async () => {
      const described = await store.describe();
      expect(described).toMatchObject({ from: testStart, to: testStart + 1999 * 300 });
      expect(described.rows).toMatchObject({ flow: ofKind("flow").length, dns: ofKind("dns").length, stats: 0 });
      expect(described.bytes).toBeGreaterThan(1000);
    });

    test.each<[string, Promise<unknown> | (() => Promise<unknown>)]>([
      ["an unknown kind", () => store.query({ ...plan("flow"), kind: "nonsense" })],
      ["an unknown column", () => store.query({ ...plan("flow"), where: { op: "exists", column: 'x"; DROP TABLE flow; --' } })],
      ["an unknown column to sort by", () => store.query({ ...plan("flow"), order: { column: "rowid", descending: true } })],
      ["an unknown column to group by", () => store.top(plan("flow"), "body")],
      ["nonsense as cursor", () => store.query({ ...plan("flow"), cursor: "nonsense" })],
      [
        "the cursor of another query",
        async () => {
          const { next } = await store.query(plan("flow", "", { limit: 1 }));
          await store.query(plan("dns", "", { limit: 1, cursor: next as string }));
        },
      ],
    ])("refuses %s", async (_case, ask) => {
      await expect(typeof ask === "function" ? ask() : ask).rejects.toMatchObject({ code: "ODW_QUERY_BAD" });
    });

    test("values cannot become commands", async () => {
      expect(await store.count({ ...plan("flow"), where: { op: "=", column: "proto", value: "x' OR '1'='1" } })).toBe(0);
      expect(await store.count(plan("flow"))).toBe(ofKind("flow").length);
    });

    test("one batch of several megabytes, and events that are read while others are written", async () => {
      const more = testLines(12_000, { seed: 2, start: testStart + 10_000_000_000 });
      expect(toBytes(more).length).toBeGreaterThan(4_000_000);
      const written = under.sink.write(toBytes(more));
      expect((await store.query(plan("flow", "", { limit: 3 }))).events).toHaveLength(3);
      await written;
      await under.sink.flush();
      expect(await store.count(plan("flow", "time > 2026-01-31T14:00"))).toBe(7200);
    });

    test("lines in other spellings come back as the same events", async () => {
      await under.sink.write(toBytes(oddLines.map((line) => `${line}\n`)));
      await under.sink.flush();
      const found = await Promise.all(
        ["flow", "dns", "tls", "http"].map((kind) => all(store, plan(kind, "pcap_cnt != 0 and not exists pcap_cnt"))),
      );
      expect(texts(found.flat().map(sorted))).toEqual(texts(oddLines.map((line) => sorted(JSON.parse(line)))));
    });

    test("broken lines hurt nobody", async () => {
      const before = await store.count(plan("flow"));
      const good = testLines(10, { seed: 3 }).filter((line) => line.includes('"event_type":"flow"'));
      await under.sink.write(toBytes([...brokenLines.map((line) => `${line}\n`), ...good]));
      await under.sink.flush();
      expect(await store.count(plan("flow"))).toBe(before + good.length);
    });
  });
}

/** Comparisons with values that occur, so that about half of the questions have answers. */
function seenCondition(kind: Kind, events: readonly OddwireEvent[]): fc.Arbitrary<NonNullable<Plan["where"]>> {
  const columns = columnsOf(kind).filter((column) => column.format !== "address");
  return fc
    .tuple(fc.constantFrom(...columns), fc.nat(events.length - 1), fc.constantFrom("=", "!=", "<", "<=", ">", ">="))
    .map(([column, at, op]) => {
      const value = columnValue(column, events[at] as OddwireEvent);
      return value === undefined ? { op: "exists", column: column.name } : { op: op as "=", column: column.name, value };
    });
}

/** The event with its members sorted by name, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}
