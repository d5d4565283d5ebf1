import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oddwire, temporary } from "./oddwire.ts";
import { trafficFile } from "./traffic.ts";

interface Report {
  readonly alerts: number;
  readonly rules: readonly {
    readonly sid: number;
    readonly alerts: number;
    readonly alone: number;
    readonly days: Readonly<Record<string, number>>;
    readonly hostCount: number;
    readonly duplicates: readonly { readonly rule: string; readonly alerts: number }[];
  }[];
}

const conversations = 40;
const folder = temporary();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  writeFileSync(folder.at("traffic.pcap"), trafficFile(conversations));
  writeFileSync(
    folder.at("try.rules"),
    [
      'alert tcp any any -> any any (flags:S; msg:"opened"; sid:1;)',
      'alert tcp any any -> any any (content:"HTTP/1.1"; msg:"spoken"; sid:2;)',
      'alert udp any any -> any 53 (content:"example"; msg:"asked"; sid:3;)',
    ].join("\n"),
  );
});

const tried = (...args: readonly string[]) => oddwire(["backtest", folder.at("traffic.pcap"), ...args]);

describe("oddwire backtest", () => {
  test("counts alerts by rule, day and host, and what repeats what", async () => {
    const { code, out } = await tried("--rules", folder.at("try.rules"), "--json");
    expect(code).toBe(0);
    const { alerts, rules } = JSON.parse(out) as Report;
    expect(rules.map(({ sid, alerts: told }) => [sid, told])).toEqual([
      [2, 80],
      [1, 40],
      [3, 40],
    ]);
    expect(alerts).toBe(160);
    for (const rule of rules) {
      expect(Object.values(rule.days).reduce((sum, count) => sum + count, 0)).toBe(rule.alerts);
      expect(rule.hostCount).toBeGreaterThan(1);
    }
    const [spoken, opened, asked] = rules;
    expect([spoken?.alone, opened?.alone, asked?.alone]).toEqual([0, 0, 40]);
    expect(spoken?.duplicates).toEqual([{ rule: "1:1", alerts: 80 }]);
  });

  test("without rules, keywords or indicators there is nothing to try", async () => {
    const { code, err } = await tried();
    expect(code).toBe(2);
    expect(err).toContain("--rules FILE");
  });
});
