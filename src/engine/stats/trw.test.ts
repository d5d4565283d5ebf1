import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { RandomWalk } from "./trw.ts";

/** What becomes of hosts whose first contacts succeed this often: the share called scanners, and their contacts until then. */
function judge(success: number, hosts: number): { scanners: number; contacts: number } {
  const random = new Random(33);
  const walk = new RandomWalk();
  const states = new Float32Array(hosts);
  let [scanners, contacts] = [0, 0];
  for (let host = 0; host < hosts; host++) {
    while (walk.side(states[host] as number) === 0) {
      states[host] = walk.step(states[host] as number, random.chance(success));
      contacts++;
    }
    if (walk.side(states[host] as number) === 1) scanners++;
  }
  return { scanners: scanners / hosts, contacts: contacts / hosts };
}

describe("threshold random walk", () => {
  test.each([
    ["four failures make a scanner", "ffff", 1],
    ["three do not", "fff", 0],
    ["a success takes a failure back", "fffsf", 0],
    ["four net failures do", "ffsfff", 1],
    ["four successes are honest", "ssss", -1],
    ["what is decided stays", "ffffssssssss", 1],
  ])("%s", (_case, contacts, side) => {
    const walk = new RandomWalk();
    expect(walk.side(Array.from(contacts).reduce((state, contact) => walk.step(state, contact === "s"), 0))).toBe(side);
  });

  // A walk of ±1 steps between ±4 that goes up with chance q: (q/p)^4 against 1, and Wald's identity for its length.
  test("honest hosts of the paper's model: 1/257 are called scanners, below α = 1 %, after 6.6 contacts", () => {
    const { scanners, contacts } = judge(0.8, 20_000);
    expect(scanners).toBeLessThan(0.01);
    expect(Math.abs(scanners - 1 / 257)).toBeLessThan(0.0015);
    expect(Math.abs(contacts - (4 * (1 - 2 / 257)) / 0.6)).toBeLessThan(0.1);
  });

  test("scanners of the paper's model: 256/257 are found, above β = 99 %", () => {
    const { scanners, contacts } = judge(0.2, 20_000);
    expect(scanners).toBeGreaterThan(0.99);
    expect(Math.abs(contacts - 6.61)).toBeLessThan(0.1);
  });

  test("scanners that hit as rarely as the paper's did are found after at most 4.1 contacts", () => {
    const { scanners, contacts } = judge(0.01, 20_000);
    expect(scanners).toBe(1);
    expect(contacts).toBeGreaterThan(4);
    expect(contacts).toBeLessThanOrEqual(4.1);
  });

  test("of the hosts called scanners at least 97 % are, where one host in five scans", () => {
    const [honest, scanners] = [judge(0.8, 20_000).scanners * 4, judge(0.2, 20_000).scanners];
    expect(scanners / (scanners + honest)).toBeGreaterThan(0.97);
  });

  test.each([
    ["scanners that succeed more often than others", { honestSuccess: 0.2, scannerSuccess: 0.8 }],
    ["an honest host that always succeeds", { honestSuccess: 1 }],
    ["a detection no better than the false alarms", { detection: 0.01 }],
  ])("%s are no model", (_case, config) => expect(() => new RandomWalk(config)).toThrow(/scan/));
});
