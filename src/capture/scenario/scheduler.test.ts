import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Process, Scheduler } from "./scheduler.ts";

function* ticks(scheduler: Scheduler, waits: readonly number[], seen: number[]): Process {
  for (const wait of waits) {
    seen.push(scheduler.now);
    yield wait;
  }
}

test("time never goes back, and every wait is kept, whatever the processes", () => {
  const waits = fc.array(fc.integer({ min: -3, max: 50 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100), waits), { maxLength: 30 }), (processes) => {
      const scheduler = new Scheduler();
      const all: number[][] = [];
      for (const [at, list] of processes) {
        const seen: number[] = [];
        all.push(seen);
        scheduler.spawn(ticks(scheduler, list, seen), at);
      }
      let last = 0;
      while (scheduler.nextTime < Number.POSITIVE_INFINITY) {
        scheduler.step();
        expect(scheduler.now).toBeGreaterThanOrEqual(last);
        last = scheduler.now;
      }
      processes.forEach(([at, list], i) => {
        let time = at;
        const due = list.map((wait) => {
          const now = time;
          time += Math.max(0, wait);
          return now;
        });
        expect(all[i]).toEqual(due);
      });
    }),
    { seed: 300, numRuns: 200 },
  );
});

test("of two at the same time, the first comes first", () => {
  const scheduler = new Scheduler();
  const order: string[] = [];
  function* say(name: string): Process {
    for (let i = 0; i < 3; i++) {
      order.push(name);
      yield 10;
    }
  }
  scheduler.spawn(say("a"), 5);
  scheduler.spawn(say("b"), 5);
  while (scheduler.nextTime < 100) scheduler.step();
  expect(order.join("")).toBe("ababab");
});

test("what does not fit is counted and does not run", () => {
  const scheduler = new Scheduler();
  for (let i = 0; i < 65_540; i++) scheduler.spawn(ticks(scheduler, [], []), i);
  expect(scheduler.refused).toBe(4);
});
