import { describe, expect, test } from "vitest";
import type { ProcessEnd } from "#schema/suricata.ts";
import { type Sight, type Verdict, Watchdog } from "./watchdog.ts";

const end = (more: Partial<ProcessEnd> = {}): ProcessEnd => ({
  at: Date.now(),
  signal: "SIGKILL",
  uptime: 12.34,
  words: "Engine started.",
  ...more,
});
const process = (more: Partial<NonNullable<Sight["process"]>> = {}): NonNullable<Sight["process"]> => ({
  state: "running",
  ends: [],
  restarts: 0,
  restartsMax: 5,
  kept: true,
  ...more,
});
const sight = (more: Partial<Sight> = {}): Sight => ({ quiet: 0, heard: true, statsInterval: 8, packets: 100, ...more });

function dog() {
  const verdicts: Verdict[] = [];
  const made = new Watchdog({ silentIntervals: 3, onVerdict: (verdict) => void verdicts.push(verdict) });
  const titles = (): string[] => verdicts.map(({ severity, title }) => `${severity}: ${title}`);
  return { made, verdicts, titles };
}

describe("Watchdog", () => {
  test("one that runs and tells events is running", () => {
    const { made, titles } = dog();
    made.look(sight({ process: process() }));
    expect([made.state, made.reason, titles()]).toEqual(["running", "", []]);
  });

  test("an end is told once, with its reasons, and so is its return", () => {
    const { made, verdicts, titles } = dog();
    const ends = [end({ at: Date.now() - 1000 })];
    made.look(sight({ process: process() }));
    for (let i = 0; i < 3; i++) made.look(sight({ quiet: 2, process: process({ state: "restarting", ends, restarts: 1 }) }));
    expect([made.state, made.reason, titles()]).toEqual([
      "restarting",
      "Suricata was ended by SIGKILL",
      ["high: Suricata was ended by SIGKILL"],
    ]);
    expect(verdicts[0]?.why).toEqual([
      { feature: "end", value: "SIGKILL" },
      { feature: "uptime s", value: 12.3 },
      { feature: "restarts", value: 1, threshold: 5 },
      { feature: "last words", value: "Engine started." },
    ]);
    for (let i = 0; i < 3; i++) made.look(sight({ quiet: 0.1, process: process({ ends, restarts: 1 }) }));
    expect([made.state, made.reason, titles()[1]]).toEqual(["running", "", "info: Suricata runs again"]);
    expect(titles()).toHaveLength(2);
  });

  test("its return is not told before it has told something itself", () => {
    const { made, titles } = dog();
    const ends = [end({ at: Date.now() - 1000 })];
    made.look(sight({ quiet: 3, process: process({ ends }) }));
    expect(titles()).toEqual(["high: Suricata was ended by SIGKILL"]);
  });

  test("a second end is told too, and that it is given up", () => {
    const { made, titles } = dog();
    made.look(sight({ process: process({ state: "restarting", ends: [end({ at: 1000 })] }) }));
    made.look(sight({ process: process({ state: "failed", ends: [end({ at: 1000 }), { at: 2000, code: 1, uptime: 0, words: "" }] }) }));
    expect([made.state, titles()[1]]).toEqual(["failed", "high: Suricata ended with code 1 and is not started again"]);
  });

  test("a keeper that has gone is told once", () => {
    const { made, titles } = dog();
    for (let i = 0; i < 3; i++) made.look(sight({ process: process({ kept: false }) }));
    expect([made.state, titles()]).toEqual(["failed", ["high: Suricata's keeper has ended"]]);
  });

  test("silence while packets come is told once, with its reasons, and so is its end", () => {
    const { made, verdicts, titles } = dog();
    made.look(sight());
    made.look(sight({ quiet: 23, packets: 500 }));
    expect(titles()).toEqual([]);
    for (const quiet of [24, 25, 26]) made.look(sight({ quiet, packets: 600 }));
    expect([made.state, titles()]).toEqual(["silent", ["high: Suricata tells nothing"]]);
    expect(verdicts[0]?.why).toEqual([
      { feature: "quiet s", value: 24, threshold: 24 },
      { feature: "packets that Oddwire saw meanwhile", value: 500, threshold: 1 },
      { feature: "interval of its counters s", value: 8 },
    ]);
    made.look(sight({ quiet: 0 }));
    expect([made.state, titles()[1]]).toEqual(["running", "info: Suricata tells events again"]);
  });

  test("silence without packets is no silence", () => {
    const { made, titles } = dog();
    for (const quiet of [0, 30, 60]) made.look(sight({ quiet }));
    expect(titles()).toEqual([]);
  });

  test("a dead one is not told as silent as well", () => {
    const { made, titles } = dog();
    made.look(sight());
    made.look(sight({ quiet: 60, packets: 900, process: process({ state: "failed", ends: [end()] }) }));
    expect(titles()).toHaveLength(1);
  });

  test("one that was never heard is waited for", () => {
    const { made } = dog();
    made.look(sight({ heard: false, quiet: 1 }));
    expect(made.state).toBe("waiting");
  });
});
