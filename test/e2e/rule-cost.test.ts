import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oddwire, temporary } from "./oddwire.ts";
import { trafficFile } from "./traffic.ts";

interface Costs {
  readonly rules: readonly unknown[];
  readonly cost: {
    readonly packets: number;
    readonly rules: readonly {
      readonly rule: { readonly sid: number };
      readonly tried: number;
      readonly matched: number;
      readonly triedPerMillionPackets: number;
      readonly verdict: string;
      readonly advice: string;
    }[];
  };
}

const conversations = 40;
const folder = temporary();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  writeFileSync(folder.at("traffic.pcap"), trafficFile(conversations));
  writeFileSync(
    folder.at("own.rules"),
    [
      'alert tcp any any -> any any (msg:"short"; content:"TP"; fast_pattern; content:"never there at all"; sid:1;)',
      'alert tcp any any -> any any (msg:"spoken"; content:"HTTP/1.1"; sid:2;)',
      'alert udp any any -> any 53 (msg:"absent"; content:"nobody asks"; sid:3;)',
      'alert tcp any any -> any any (msg:"everywhere"; dsize:>0; content:!"never there at all"; window:4711; sid:4;)',
    ].join("\n"),
  );
});

const checked = (...args: readonly string[]) =>
  oddwire(["rules", "check", folder.at("own.rules"), "--against", folder.at("traffic.pcap"), ...args]);

describe("oddwire rules check --against", () => {
  test("counts how often each rule is tried and matches, those tried most often first", async () => {
    const { code, out } = await checked("--json");
    expect(code).toBe(0);
    const { rules, cost } = JSON.parse(out) as Costs;
    expect(rules).toHaveLength(4);
    const bySid = new Map(cost.rules.map((one) => [one.rule.sid, one]));
    expect(bySid.get(2)).toMatchObject({ tried: 80, matched: 80, verdict: "cheap", advice: "" });
    expect(bySid.get(3)).toMatchObject({ tried: 0, matched: 0, verdict: "idle", advice: "" });
    const short = bySid.get(1);
    expect(short).toMatchObject({ matched: 0, verdict: "dear" });
    expect(short?.tried).toBeGreaterThanOrEqual(80);
    expect(short?.advice).toBe(`"TP" is tried ${short?.tried} times: set fast_pattern on "never there at all"`);
    expect(short?.triedPerMillionPackets).toBe(Math.round(((short?.tried ?? 0) * 1e6) / cost.packets));
    expect(bySid.get(4)).toMatchObject({ matched: 0, verdict: "dear" });
    expect(bySid.get(4)?.advice).toContain("it has no literal");
    const tried = cost.rules.map((one) => one.tried);
    expect(tried).toEqual(tried.toSorted((a, b) => b - a));
  });

  test("tells people the verdicts and what would help", async () => {
    const { code, out } = await checked();
    expect(code).toBe(0);
    expect(out).toContain("4 of 4 rules accepted");
    expect(out).toMatch(/2 dear, 1 cheap, 1 never tried/);
    expect(out).toMatch(/1:1 .*dear +TP +short/);
    expect(out).toContain('set fast_pattern on "never there at all"');
  });

  test("a folder without captures is an error that says so", async () => {
    mkdirSync(folder.at("empty"));
    const { code, err } = await oddwire(["rules", "check", folder.at("own.rules"), "--against", folder.at("empty")]);
    expect(code).toBe(2);
    expect(err).toContain("holds no capture");
  });
});
