import { expect, test } from "vitest";
import type { Detector } from "#contract/detector.ts";
import { defineDetector } from "#contract/plugin.ts";
import { type Config, defaultConfig } from "#schema/config.ts";
import { integer } from "#schema/config-key.ts";
import { DetectorSeats } from "./detector-seats.ts";

const config = (values: Readonly<Record<string, unknown>>): Config => ({ ...defaultConfig, ...values });

/** Detectors that remember what they were made with; `made` holds all that there ever were. */
function seatsOf(saved: Readonly<Record<string, unknown>> = {}) {
  const made: { readonly name: string; readonly settings: unknown; readonly saved: unknown }[] = [];
  const define = (name: string, more: Partial<Detector>, reads: readonly string[] = []) =>
    defineDetector({
      name,
      summary: name,
      category: "scan",
      reads,
      settings: { limit: integer(1, "", "A limit.") },
      create: (context) => {
        made.push({ name, settings: context.settings, saved: context.saved });
        return { save: () => `${name} ${made.length}`, ...more };
      },
    });
  const definitions = [
    define("one", { onTransaction: () => undefined }, ["dns"]),
    define("two", { onFlow: () => undefined }),
    define("three", { onTransaction: () => undefined, onAlert: () => undefined }, ["tls"]),
  ];
  const seats = new DetectorSeats({
    config: config({ "three.enabled": false }),
    definitions,
    listeners: [],
    report: () => undefined,
    saved,
  });
  return { seats, made };
}

const none = (): boolean => false;

test("who gets other settings is made anew with what it has learnt; the others go on as they are", () => {
  const { seats, made } = seatsOf({ one: "early" });
  const [, second] = seats.seats;
  expect(seats.configure(config({ "three.enabled": false, "one.limit": 7 }), none)).toEqual(["one"]);
  expect(seats.seats[1]?.detector).toBe(second?.detector);
  expect(made.map(({ name, settings, saved }) => [name, settings, saved])).toEqual([
    ["one", { limit: 1 }, "early"],
    ["two", { limit: 1 }, undefined],
    ["one", { limit: 7 }, "one 2"],
  ]);
});

test("who is switched off keeps what it has learnt, for the next run and for when it is on again", () => {
  const { seats, made } = seatsOf();
  expect(seats.configure(config({ "one.enabled": false, "three.enabled": false }), none)).toEqual(["one"]);
  expect([seats.seats.map(({ name }) => name), seats.parked]).toEqual([["two"], { one: "one 2" }]);
  seats.configure(config({ "three.enabled": false }), none);
  expect([made.at(-1)?.saved, seats.parked]).toEqual(["one 2", {}]);
});

test("what was learnt by those that are off from the start is not lost", () => {
  expect(seatsOf({ three: "kept", stranger: "not ours" }).seats.parked).toEqual({ three: "kept" });
});

test("who was benched begins anew without what may have broken it", () => {
  const { seats, made } = seatsOf();
  const broken = seats.seats[0]?.detector;
  seats.configure(config({ "three.enabled": false }), (detector) => detector === broken);
  expect([made.at(-1)?.name, made.at(-1)?.saved, seats.seats[0]?.detector === broken]).toEqual(["one", undefined, false]);
});

test("other facts are wanted, and kinds keep their numbers", () => {
  const { seats } = seatsOf();
  expect(seats.wish).toMatchObject({ starts: true, kinds: ["dns"] });
  seats.configure(config({ "one.enabled": false, "two.enabled": false }), none);
  expect(seats.wish).toMatchObject({ starts: false, kinds: ["dns", "tls", "alert"] });
  expect([...seats.readers.keys()]).toEqual(["tls"]);
  expect(seats.isIdle).toBe(false);
  seats.configure(config({ "one.enabled": false, "two.enabled": false, "three.enabled": false }), none);
  expect(seats.isIdle).toBe(true);
});

test("a detector that cannot say what it has learnt is no reason to fail", () => {
  const { seats } = seatsOf();
  const broken = {
    save: (): never => {
      throw new Error("broken");
    },
  };
  Object.assign(seats.seats[0]?.detector ?? {}, broken);
  expect(seats.configure(config({ "one.limit": 3, "three.enabled": false }), none)).toEqual(["one"]);
});
