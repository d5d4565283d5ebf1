import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { PcapWriter } from "#capture/pcap-writer.ts";
import type { Signature } from "#engine/rules/signature.ts";
import { oddwire } from "#test/e2e/oddwire.ts";
import { datagramFrame, httpFrames } from "./rule-frames.ts";
import { holds, understand } from "./rule-oddwire.ts";
import { type RulePair, rulePairs } from "./rule-pairs.ts";
import { alertsIn, askSuricata, suricataVersion } from "./rule-suricata.ts";

/**
 * A thousand generated pairs of a rule and bytes, judged by Suricata and by us. One run of Suricata sees them all, each
 * on a port of its own. ODDWIRE_RULE_SEED and ODDWIRE_RULE_PAIRS choose others than those of every day.
 */
const pairCount = Number(process.env["ODDWIRE_RULE_PAIRS"] ?? 1200);
const seed = Number(process.env["ODDWIRE_RULE_SEED"] ?? 7);
const firstPort = 10_000;

/** Why the two may differ: what Suricata 7.0 does otherwise than its manual says, told by the rule's text. */
const explanations: readonly { readonly why: string; readonly options: RegExp }[] = [
  {
    why: "endswith of a negated content: Suricata looks at the content's first place alone, and refuses any place that its prefilter finds",
    options: /content:!"[^"]*";(?: (?:nocase|distance|within|offset|depth)[^;]*;)* endswith;/,
  },
  {
    why: "depth behind an offset that is a variable: Suricata adds the number of the variable to the depth",
    options: /offset:var\d+; depth:\d/,
  },
  {
    why: "a negative distance behind a depth: Suricata's prefilter takes the reach of the content for shorter than it is",
    options: /(?:depth:|startswith;).*content:"[^"]*";(?: nocase;)? distance:-\d+; within:/,
  },
  {
    why: "byte_extract or byte_math right behind transforms: Suricata reads the bytes as they were before",
    options: /^http\.request_body; (?:\w+(?::"[^"]*")?; )*?(?:bsize:[^;]*; )?byte_(?:extract|math):/,
  },
];

/** Why Suricata alone may refuse a rule: it names rules that could never match, or that lean on nothing. */
const refusals = [
  / (?:to_\w+|strip_whitespace|compress_whitespace); .*content:/,
  /pcre:!?"[^"]*R";/,
  /byte_math:[^;]*relative/,
  /dotprefix; /,
];

const ruleText = ({ about, options }: RulePair, port: number): string =>
  about === "payload"
    ? `alert udp any any -> any ${port} (msg:"m"; ${options}sid:${port};)`
    : `alert http any ${port} -> any any (msg:"m"; ${options}sid:${port};)`;

const shown = ({ options, bytes }: RulePair): string => `${options}on ${JSON.stringify(String.fromCharCode(...bytes))}`;

const version = suricataVersion();

describe.skipIf(version === undefined)(`rules as Suricata ${version ?? "(not installed)"} judges them`, () => {
  const pairs = rulePairs(new Random(seed), pairCount);
  const rules = pairs.map((pair, index) => ruleText(pair, firstPort + index));
  const frames = pairs.flatMap(({ about, bytes }, index) =>
    about === "payload" ? [datagramFrame(firstPort + index, bytes)] : httpFrames(firstPort + index, bytes),
  );
  const theirs = version === undefined ? undefined : askSuricata(rules, frames);
  const signatures = new Map(understand(rules).signatures.map((signature) => [signature.sid, signature]));

  test(`${pairCount} rules are understood or refused alike`, () => {
    const differing = pairs.filter((_, index) => theirs?.refused.has(firstPort + index) === signatures.has(firstPort + index));
    expect(differing.filter(({ options }) => !refusals.some((reason) => reason.test(options))).map(shown)).toEqual([]);
    expect(differing.length).toBeLessThan(pairCount / 20);
  });

  /** Compares who matched; what is left unexplained fails. */
  function compare(isOurs: (sid: number, pair: RulePair) => boolean): void {
    const unexplained: string[] = [];
    const explained = new Map<string, number>();
    let judged = 0;
    let matching = 0;
    pairs.forEach((pair, index) => {
      const sid = firstPort + index;
      if (!signatures.has(sid) || theirs?.refused.has(sid) !== false) return;
      const ours = isOurs(sid, pair);
      judged++;
      if (ours) matching++;
      if (ours === theirs.alerted.has(sid)) return;
      const why = explanations.find(({ options }) => options.test(pair.options))?.why;
      if (why === undefined) unexplained.push(`${ours ? "ours" : "theirs"} alone: ${shown(pair)}`);
      else explained.set(why, (explained.get(why) ?? 0) + 1);
    });
    expect(unexplained).toEqual([]);
    expect(judged).toBeGreaterThan(pairCount * 0.9);
    // About half of them match: a generator whose rules all fail would prove nothing.
    expect(matching).toBeGreaterThan(judged / 4);
    expect(matching).toBeLessThan((judged * 3) / 4);
    const differing = [...explained.values()].reduce((sum, count) => sum + count, 0);
    expect(differing).toBeLessThan(pairCount / 50);
    const reasons = [...explained].map(([why, count]) => `; ${count}: ${why}`).join("");
    process.stdout.write(`${judged} pairs judged, ${matching} match, ${differing} differ as explained${reasons}\n`);
  }

  test("they match the same bytes", () => compare((sid, { bytes }) => holds(signatures.get(sid) as Signature, bytes)));

  test("the program alerts on the same packets", async () => {
    const folder = mkdtempSync(join(tmpdir(), "oddwire-rules-"));
    try {
      const capture = join(folder, "all.pcap");
      const writer = new PcapWriter(capture);
      frames.forEach((frame, index) => {
        writer.write(1_700_000_000_000_000 + index * 1000, frame);
      });
      writer.close();
      writeFileSync(join(folder, "all.rules"), `${rules.join("\n")}\n`);
      const args = [
        "read",
        capture,
        "--rules",
        join(folder, "all.rules"),
        "--checksums",
        "ignore",
        "--no-store",
        "-o",
        join(folder, "out"),
      ];
      const { code, err } = await oddwire(args);
      expect(code, err).toBe(0);
      const alerted = alertsIn(readFileSync(join(folder, "out/eve.json"), "utf8"));
      compare((sid) => alerted.has(sid));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
