import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OddwireEvent } from "#contract/event.ts";
import type { LiveMessage } from "#schema/api.ts";
import { FakeEngine } from "#test/fake/fake-engine.ts";
import { fakeKinds } from "#test/fake/fake-kinds.ts";
import { kindResources } from "./kind-resources.ts";
import { filterMaker } from "./live-filter.ts";
import { type HubLimits, LiveHub } from "./live-hub.ts";
import { BUFFERED_BYTES_MAX, type LiveTransport } from "./live-reader.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A client that takes everything, unless it is told to be slow. */
class FakeClient implements LiveTransport {
  readonly messages: LiveMessage[] = [];
  buffered = 0;
  closed: number | undefined;

  send(text: string): void {
    this.messages.push(JSON.parse(text) as LiveMessage);
  }
  bufferedBytes(): number {
    return this.buffered;
  }
  close(code: number): void {
    this.closed = code;
  }
  types(): readonly string[] {
    return this.messages.map((message) => message.type);
  }
  last(): LiveMessage {
    return this.messages.at(-1) as LiveMessage;
  }
}

function startHub(limits: Partial<HubLimits> = {}) {
  const engine = new FakeEngine(1, 0);
  engine.tick();
  const makeFilter = filterMaker(kindResources(fakeKinds), () => 0);
  const hub = new LiveHub(engine, { readersMax: 3, eventsPerSecond: 400, ...limits }, makeFilter);
  hub.start();
  const join = (filter = "", resume?: number, stream?: string) => {
    const client = new FakeClient();
    const reader = hub.join(client, filter, resume === undefined ? undefined : { sequence: resume, stream });
    return { client, reader };
  };
  const second = () => {
    engine.tick();
    vi.advanceTimersByTime(1000);
  };
  return { engine, hub, join, second };
}

const numbers = (client: FakeClient) => client.messages.map((message) => ("sequence" in message ? message.sequence : undefined));
const dns = (number: number): OddwireEvent => ({ timestamp: "", event_type: "dns", dns: { rrname: `n${number}.example` } });

test("the snapshot comes first, then deltas and events with growing numbers", () => {
  const { join, second, engine } = startHub();
  const { client } = join();
  expect(client.messages[0]).toMatchObject({ type: "snapshot", summary: { sequence: 1 } });
  for (let i = 0; i < 5; i++) second();
  expect(client.types()).toContain("events");
  const seen = numbers(client) as number[];
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBe(seen.length);
  const deltas = client.messages.filter((message) => message.type === "delta");
  expect(deltas.at(-1)).toMatchObject({ summary: { sequence: engine.summary?.sequence } });
  expect(deltas[0]?.summary).not.toHaveProperty("flows");
});

test("who comes back gets exactly what was missed", () => {
  const { join, second, hub } = startHub();
  const { client } = join();
  second();
  const left = numbers(client).at(-1) as number;
  second();
  second();
  const { client: back } = join("", left, hub.stream);
  expect(numbers(back)).toEqual(numbers(client).filter((number) => (number as number) > left));
  expect(back.types()).not.toContain("snapshot");
});

test.each([
  ["a number of another run", 1, "another"],
  ["a number of the future", 1e6, undefined],
  ["a number that is no longer held", 0, undefined],
])("%s is answered with a snapshot", (_case, sequence, stream) => {
  const { join, second } = startHub();
  for (let i = 0; i < 700; i++) second();
  expect(join("", sequence, stream).client.types()[0]).toBe("snapshot");
});

test("a slow reader gets nothing while its buffer is full, then a snapshot, then deltas again", () => {
  const { join, second, hub, engine } = startHub();
  const { client } = join();
  client.buffered = BUFFERED_BYTES_MAX + 1;
  for (let i = 0; i < 20; i++) second();
  expect(client.types()).toEqual(["snapshot"]);
  expect(hub.counts.skippedMessages).toBeGreaterThan(20);
  client.buffered = 0;
  engine.tick();
  expect(client.last()).toMatchObject({ type: "snapshot", summary: { sequence: engine.summary?.sequence } });
  engine.tick();
  expect(client.last().type).toBe("delta");
});

test("a reader that reads nothing for minutes is cut off", () => {
  const { join, second, hub } = startHub();
  const { client } = join();
  client.buffered = BUFFERED_BYTES_MAX + 1;
  for (let i = 0; i < 400; i++) second();
  expect([client.closed, hub.counts.stalled]).toEqual([1013, 1]);
});

test("events beyond the limit are counted and said, the notable ones stay", () => {
  const { engine, join, hub } = startHub({ eventsPerSecond: 40 });
  const { client } = join();
  const flood = Array.from({ length: 500 }, (_, i) => dns(i));
  engine.tell([...flood, { timestamp: "", event_type: "finding" }]);
  vi.advanceTimersByTime(300);
  const message = client.last();
  expect(message).toMatchObject({ type: "events", skipped: 491 });
  expect(message.type === "events" && message.events.map((event) => event.event_type)).toContain("finding");
  expect(hub.counts.skippedEvents).toBe(491);
});

test("a filter sees all events, also those that others are spared", () => {
  const { engine, join } = startHub({ eventsPerSecond: 40 });
  const { client } = join('rrname = "n499.example"');
  engine.tell(Array.from({ length: 500 }, (_, i) => dns(i)));
  vi.advanceTimersByTime(300);
  expect(client.last()).toMatchObject({ type: "events", events: [dns(499)], skipped: 0 });
});

test("more events at once than are gathered cost no memory and are counted", () => {
  const { engine, join } = startHub();
  const { client } = join();
  for (let i = 0; i < 20; i++) engine.tell(Array.from({ length: 1000 }, (_, n) => dns(n)));
  vi.advanceTimersByTime(300);
  expect(client.last()).toMatchObject({ type: "events", skipped: 20_000 - 100 });
});

test("a pause stops the stream; its end brings a snapshot", () => {
  const { join, second } = startHub();
  const { client, reader } = join();
  reader.hear('{"pause":true}');
  expect(client.last()).toEqual({ type: "settings", filter: "", paused: true });
  second();
  expect(client.last().type).toBe("settings");
  reader.hear('{"pause":false}');
  expect(client.types().slice(-2)).toEqual(["settings", "snapshot"]);
});

test("another filter is confirmed and brings a snapshot of what matches", () => {
  const { join, engine } = startHub();
  const { client, reader } = join();
  engine.tell([dns(1), dns(2)]);
  vi.advanceTimersByTime(300);
  reader.hear(JSON.stringify({ filter: 'rrname = "n2.example"' }));
  expect(client.messages.at(-2)).toMatchObject({ type: "settings", filter: 'rrname = "n2.example"' });
  expect(client.last()).toMatchObject({ type: "snapshot", events: [dns(2)] });
});

test.each([
  ["what is no JSON", "hello", "no JSON"],
  ["what is no object", "[1]", "no JSON object"],
  ["an unknown member", '{"fliter":""}', "fliter"],
  ["a filter that is no text", '{"filter":1}', "filter must be"],
  ["a filter that names no column", '{"filter":"nonsense = 1"}', "nonsense"],
  ["a message that is too long", `{"filter":"${"x".repeat(9000)}"}`, "longer than"],
])("%s is answered with an error that names it, and changes nothing", (_case, text, part) => {
  const { join } = startHub();
  const { client, reader } = join();
  reader.hear(text);
  const message = client.last();
  expect(message.type === "error" && message.error.message).toContain(part);
});

test("too many wishes in a second are refused", () => {
  const { join } = startHub();
  const { client, reader } = join();
  for (let i = 0; i < 12; i++) reader.hear('{"pause":true}');
  expect(client.types().filter((type) => type === "error")).toHaveLength(2);
});

test("more readers than allowed are refused and counted; one that leaves makes room", () => {
  const { join, hub } = startHub();
  const first = join();
  join();
  join();
  expect(() => join()).toThrow("too many live streams");
  hub.leave(first.reader);
  join();
  expect([hub.readers, hub.counts.refused]).toEqual([3, 1]);
});

test("without an engine the stream opens with an empty snapshot", () => {
  const hub = new LiveHub(undefined, { readersMax: 1, eventsPerSecond: 10 }, () => undefined);
  hub.start();
  const client = new FakeClient();
  hub.join(client, "", undefined);
  expect(client.messages).toEqual([{ type: "snapshot", sequence: 0, stream: hub.stream, events: [] }]);
  hub.close();
  expect(client.closed).toBe(1001);
});
