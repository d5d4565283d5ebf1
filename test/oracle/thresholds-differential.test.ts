import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { Thresholds } from "#engine/rules/judge/thresholds.ts";
import { datagramFrame } from "./rule-frames.ts";
import { understand } from "./rule-oddwire.ts";
import { askSuricata, suricataVersion } from "./rule-suricata.ts";

/** Rules with thresholds and the moments at which they match, counted by Suricata and by us. Each rule has a port of its own. */
const ruleCount = 60;
const matchesEach = 60;
const firstPort = 10_000;
const MICROS = 1_000_000;

interface Match {
  readonly rule: number;
  /** In µs. */
  readonly time: number;
  readonly hosts: readonly [from: number, to: number];
}

function thresholdText(random: Random): string {
  const count = `count ${random.between(1, 5)}, seconds ${random.pick([1, 2, 5, 10])}`;
  if (random.chance(0.25)) return `detection_filter:track ${random.pick(["by_src", "by_dst"])}, ${count}`;
  const type = random.pick(["limit", "threshold", "both"]);
  return `threshold:type ${type}, track ${random.pick(["by_src", "by_dst", "by_both", "by_rule"])}, ${count}`;
}

function matchesOf(random: Random): Match[] {
  const matches: Match[] = [];
  for (let rule = 0; rule < ruleCount; rule++) {
    let time = 0;
    for (let i = 0; i < matchesEach; i++) {
      // Often whole seconds, so that ends of windows are met exactly.
      time += random.chance(0.5) ? random.between(0, 4) * MICROS : random.between(1, 3 * MICROS);
      const from = random.between(1, 4);
      matches.push({ rule, time, hosts: [from, (from % 3) + 1] });
    }
  }
  return matches.toSorted((a, b) => a.time - b.time);
}

const version = suricataVersion();

describe.skipIf(version === undefined)(`thresholds as Suricata ${version ?? "(not installed)"} counts`, () => {
  test(`${ruleCount} rules, ${matchesEach} matches each`, () => {
    const random = new Random(11);
    const rules = Array.from({ length: ruleCount }, (_, index) => {
      const port = firstPort + index;
      return `alert udp any any -> any ${port} (msg:"m"; content:"x"; ${thresholdText(random)}; sid:${port};)`;
    });
    const matches = matchesOf(random);
    const frames = matches.map(({ rule, hosts }) => datagramFrame(firstPort + rule, Uint8Array.of(0x78), hosts));
    const theirs = askSuricata(
      rules,
      frames,
      matches.map(({ time }) => time),
    );
    const { signatures, rejections } = understand(rules);
    expect(rejections).toEqual([]);
    expect(theirs.refused.size).toBe(0);
    const thresholds = new Thresholds();
    const ours = new Map<number, number[]>();
    matches.forEach(({ rule, time, hosts: [from, to] }, frame) => {
      const signature = signatures[rule];
      if (signature === undefined) return;
      if (!thresholds.admit(rule, signature.thresholds, signature.suppressions, time, `10.0.0.${from}`, `10.0.0.${to}`, 0)) return;
      ours.set(signature.sid, [...(ours.get(signature.sid) ?? []), frame]);
    });
    for (let index = 0; index < ruleCount; index++)
      expect(ours.get(firstPort + index) ?? [], rules[index]).toEqual(theirs.frames.get(firstPort + index) ?? []);
  });
});
