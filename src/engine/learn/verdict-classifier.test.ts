import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { ModelRefused } from "./model-file.ts";
import { type Verdict, VerdictClassifier } from "./verdict-classifier.ts";
import { type FindingFacts, featuresOf } from "./verdict-features.ts";

const beacon = (network: string, port: number, seconds: number): FindingFacts => ({
  detector: "beacon",
  category: "command-and-control",
  protocol: "tls",
  port,
  networks: [network, "internet"],
  reasons: { "interval seconds": seconds, score: 0.8 },
});
const scan = (network: string, ports: number): FindingFacts => ({
  detector: "scan",
  category: "reconnaissance",
  protocol: "tcp",
  networks: [network],
  reasons: { ports },
});

/** The office's habits: its updates beacon each hour and are benign; scans of the monitoring network are mistakes. */
function finding(random: Random): readonly [FindingFacts, Verdict] {
  const kind = random.between(0, 4);
  if (kind === 0) return [beacon("10.1.0.0/16", 443, 3600 + random.between(-20, 20)), "benign"];
  if (kind === 1) return [beacon("10.2.0.0/16", 8443, random.between(20, 60)), "true"];
  if (kind === 2) return [scan("10.9.0.0/16", random.between(20, 400)), "false"];
  return [scan("10.2.0.0/16", random.between(500, 9000)), "true"];
}
function taught(verdicts: number): { classifier: VerdictClassifier; random: Random } {
  const random = new Random(3);
  const classifier = new VerdictClassifier();
  for (let i = 0; i < verdicts; i++) classifier.learn(...finding(random));
  return { classifier, random };
}

describe("a classifier of verdicts", () => {
  test.each([
    [30, 0.75],
    [100, 0.97],
    [1000, 0.98],
  ])("after %d verdicts is right in %d of the cases", (verdicts, share) => {
    const { classifier, random } = taught(verdicts);
    let right = 0;
    for (let i = 0; i < 400; i++) {
      const [facts, verdict] = finding(random);
      if (classifier.judge(facts).verdict === verdict) right++;
    }
    expect(right / 400).toBeGreaterThanOrEqual(share);
  });

  test("does not claim more than it knows: its probabilities are met", () => {
    const random = new Random(5);
    const classifier = new VerdictClassifier();
    // One in five verdicts on the same finding is another one.
    const verdict = (): Verdict => (random.chance(0.2) ? "true" : "benign");
    for (let i = 0; i < 200; i++) classifier.learn(beacon("10.1.0.0/16", 443, 3600), verdict());
    const opinion = classifier.judge(beacon("10.1.0.0/16", 443, 3600));
    expect(opinion.verdict).toBe("benign");
    expect(opinion.probability).toBeGreaterThan(0.65);
    expect(opinion.probability).toBeLessThan(0.93);
  });

  test.each<[string, number, FindingFacts]>([
    ["has heard little", 9, beacon("10.1.0.0/16", 443, 3600)],
    [
      "has never seen such a finding",
      200,
      { detector: "dns-tunnel", category: "exfiltration", port: 53, protocol: "dns", networks: ["10.7.0.0/16"] },
    ],
  ])("says unknown when it %s", (_case, verdicts, facts) => {
    expect(taught(verdicts).classifier.judge(facts).verdict).toBe("unknown");
  });

  test("says unknown where verdicts contradict each other", () => {
    const classifier = new VerdictClassifier();
    for (let i = 0; i < 60; i++) classifier.learn(scan("10.1.0.0/16", 50), i % 2 === 0 ? "true" : "false");
    expect(classifier.judge(scan("10.1.0.0/16", 50)).verdict).toBe("unknown");
  });

  test("names what tells the cases apart", () => {
    const { classifier } = taught(300);
    const { verdict, reasons } = classifier.judge(beacon("10.1.0.0/16", 443, 3600), 5);
    expect(verdict).toBe("benign");
    expect(reasons).toHaveLength(5);
    expect(reasons.map(({ feature }) => feature)).toContain("detector beacon, network 10.1.0.0/16");
    expect(reasons[0]?.weight).toBeGreaterThan(0);
  });

  test("takes a change of mind", () => {
    const { classifier, random } = taught(200);
    for (let i = 0; i < 300; i++) {
      const [facts, verdict] = finding(random);
      classifier.learn(facts, verdict === "benign" ? "true" : verdict);
    }
    expect(classifier.judge(beacon("10.1.0.0/16", 443, 3600)).verdict).toBe("true");
  });
});

test.each([
  ["a large number", 1500, "x v 1024…2048"],
  ["a share", 0.8, "x v 0.75…1"],
  ["nought", 0, "x v 0…0.25"],
  ["a negative number", -3, "x v −2…4"],
  ["no number", Number.NaN, "x v without a number"],
])("a reason becomes a range: %s", (_case, value, feature) => {
  expect(featuresOf({ detector: "x", category: "y", reasons: { v: value } })).toContain(feature);
});

describe("a saved classifier", () => {
  test("goes on alike, as JSON", () => {
    const { classifier, random } = taught(400);
    const again = VerdictClassifier.from(JSON.parse(JSON.stringify(classifier.state())));
    for (let i = 0; i < 50; i++) {
      const [facts, verdict] = finding(random);
      expect(again.judge(facts)).toEqual(classifier.judge(facts));
      classifier.learn(facts, verdict);
      again.learn(facts, verdict);
    }
  });

  test("is refused with other parameters", () => {
    expect(() => VerdictClassifier.from(taught(5).classifier.state(), { places: 512 })).toThrow(/places was 4096 and is 512/);
  });

  test("is refused or usable whatever its fields are", () => {
    const good = taught(40).classifier.state();
    const body = good.body as object;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(body)), fc.jsonValue(), (field, value) => {
        try {
          const classifier = VerdictClassifier.from({ ...good, body: { ...body, [field]: value } });
          classifier.learn(scan("10.1.0.0/16", 50), "true");
          expect(classifier.judge(scan("10.1.0.0/16", 50)).probability).not.toBeNaN();
        } catch (error) {
          expect(error).toBeInstanceOf(ModelRefused);
        }
      }),
    );
  });
});
