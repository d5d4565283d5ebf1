import { expect, test } from "vitest";
import { summaryAt } from "#client/testing.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { mergeNewest, NEWEST_MAX } from "./live-state.ts";
import { LiveStore } from "./live-store.ts";

const anomaly = (second: number, event = "decoder.ipv4.trunc_pkt"): OddwireEvent => ({
  timestamp: `2026-01-01T00:00:${String(second % 60).padStart(2, "0")}.${String(second).padStart(6, "0")}+0000`,
  event_type: "anomaly",
  anomaly: { type: "decode", event },
});

/** A store whose frames happen when the test says so. */
function manualStore() {
  const frames: (() => void)[] = [];
  const store = new LiveStore((flush) => frames.push(flush));
  let told = 0;
  store.subscribe(() => told++);
  return {
    store,
    frame: () => {
      for (const flush of frames.splice(0)) flush();
    },
    told: () => told,
    waiting: () => frames.length,
  };
}

test("many messages in a frame are told once", () => {
  const { store, frame, told, waiting } = manualStore();
  for (let i = 0; i < 10; i++) store.receive({ type: "summary", summary: summaryAt(i) });
  expect([told(), waiting()]).toEqual([0, 1]);
  frame();
  expect([told(), store.state().summary?.sequence, store.series.count]).toEqual([1, 9, 10]);
});

test("while paused the view stands, the wait is counted, and nothing is lost afterwards", () => {
  const { store, frame } = manualStore();
  store.receive({ type: "summary", summary: summaryAt(1) });
  frame();
  store.pause(true);
  store.receive({ type: "summary", summary: summaryAt(2) });
  store.receive({ type: "summary", summary: summaryAt(3) });
  store.receive({ type: "events", events: [anomaly(3)] });
  frame();
  expect([store.state().summary?.sequence, store.state().held, store.state().newest.length]).toEqual([1, 2, 0]);
  store.pause(false);
  frame();
  expect([store.state().summary?.sequence, store.state().held, store.state().newest.length]).toEqual([3, 0, 1]);
  expect(store.series.count).toBe(3);
});

test("a lost connection shows while paused", () => {
  const { store, frame } = manualStore();
  store.pause(true);
  store.receive({ type: "connection", connection: { status: "reconnecting", cause: "server closed" } });
  frame();
  expect(store.state().connection.status).toBe("reconnecting");
});

test("unchanged state is not told", () => {
  const { store, frame, told } = manualStore();
  store.receive({ type: "events", events: [] });
  frame();
  expect(told()).toBe(0);
});

test("newest: only anomalies and findings, newest first, without repeats, bounded", () => {
  const dns: OddwireEvent = { timestamp: "2026-01-01T00:00:09.000000+0000", event_type: "dns" };
  const first = mergeNewest([], [anomaly(1), dns, anomaly(2), anomaly(1)]);
  expect(first.map((event) => event.timestamp.slice(17, 19))).toEqual(["02", "01"]);
  expect(mergeNewest(first, [anomaly(2)])).toBe(first);
  const many = mergeNewest(
    first,
    Array.from({ length: 500 }, (_, i) => anomaly(i, `event-${i}`)),
  );
  expect(many).toHaveLength(NEWEST_MAX);
  const finding: OddwireEvent = { timestamp: "2025-12-31T00:00:00.000000+0000", event_type: "finding", finding: { title: "old" } };
  expect(mergeNewest(many, [finding]).at(-1), "a flood of anomalies pushes no finding out").toBe(finding);
});

test("events are counted by kind", () => {
  const { store, frame } = manualStore();
  store.receive({ type: "events", events: [anomaly(1), { timestamp: "x", event_type: "dns" }] });
  store.receive({ type: "events", events: [{ timestamp: "y", event_type: "dns" }] });
  frame();
  expect(store.state().arrived).toEqual({ anomaly: 1, dns: 2 });
});
