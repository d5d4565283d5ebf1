import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact } from "#test/fake/fake-facts.ts";
import icmpTunnel from "./index.ts";

const [definition] = icmpTunnel.detectors ?? [];

/** A flow of echoes with these sizes each way. */
const echo = (requests: readonly number[], replies: readonly number[], more: FlowWords = {}): FlowWords => ({
  protocol: 1,
  clientPort: 8,
  serverPort: 0,
  began: 0,
  at: 600,
  packetsToServer: requests.length,
  packetsToClient: replies.length,
  bytesToServer: total(requests),
  bytesToClient: total(replies),
  sizeDeviationToServer: deviation(requests),
  sizeDeviationToClient: deviation(replies),
  gapMeanToServer: 1e6,
  gapMeanToClient: 1e6,
  gapDeviationToServer: 1e4,
  gapDeviationToClient: 1e4,
  ...more,
});
const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);
const deviation = (sizes: readonly number[]): number => {
  const mean = total(sizes) / Math.max(1, sizes.length);
  return Math.sqrt(total(sizes.map((size) => (size - mean) ** 2)) / Math.max(1, sizes.length));
};
const sizesOf = (count: number, size: (index: number) => number): number[] => Array.from({ length: count }, (_, i) => Math.round(size(i)));
const sweep = sizesOf(300, (i) => 60 + i * 4);
const irregular = { gapDeviationToServer: 5e6, gapDeviationToClient: 5e6 };

const findings = (flow: FlowWords): Finding[] => (definition === undefined ? [] : findingsOf(definition, [{ end: flowFact(flow) }]));

describe("icmp-tunnel", () => {
  test.each<[string, FlowWords, number]>([
    [
      "replies that carry more than their requests",
      echo(
        sizesOf(100, () => 70),
        sizesOf(100, (i) => 70 + (i % 20) * 60),
      ),
      1,
    ],
    [
      "requests that carry more than their replies, none lost",
      echo(
        sizesOf(100, () => 1400),
        sizesOf(100, () => 70),
      ),
      1,
    ],
    [
      "the same seen from the reply first",
      echo(
        sizesOf(100, () => 70),
        sizesOf(100, () => 1400),
        { clientPort: 0, serverPort: 0 },
      ),
      1,
    ],
    [
      "ICMPv6 just so",
      echo(
        sizesOf(100, () => 70),
        sizesOf(100, () => 900),
        { protocol: 58, clientPort: 128 },
      ),
      1,
    ],
    [
      "replies of other sizes with the same sum",
      echo(
        sizesOf(100, () => 500),
        sizesOf(100, (i) => (i % 2 === 0 ? 80 : 920)),
      ),
      1,
    ],
    [
      "a conversation of many sizes at irregular times",
      echo(
        sizesOf(300, (i) => (i % 9 === 0 ? 900 : 70)),
        sizesOf(300, (i) => (i % 9 === 0 ? 900 : 70)),
        irregular,
      ),
      1,
    ],
    [
      "replies of many sizes that nobody asked for",
      echo(
        sizesOf(200, (i) => (i % 9 === 0 ? 900 : 70)),
        [],
        { clientPort: 0 },
      ),
      1,
    ],
    [
      "a ping for hours is none",
      echo(
        sizesOf(9000, () => 98),
        sizesOf(9000, () => 98),
      ),
      0,
    ],
    [
      "a ping of which a third is lost is none",
      echo(
        sizesOf(900, () => 98),
        sizesOf(600, () => 98),
      ),
      0,
    ],
    [
      "a ping that nobody answers is none",
      echo(
        sizesOf(900, () => 98),
        [],
      ),
      0,
    ],
    [
      "short frames filled up on one side only are none",
      echo(
        sizesOf(900, () => 42),
        sizesOf(900, () => 60),
      ),
      0,
    ],
    ["a sweep over all sizes is none", echo(sweep, sweep), 0],
    ["a search for the MTU, whose large ones are lost, is none", echo(sweep, sweep.slice(0, 250)), 0],
    [
      "two monitors with two sizes on a clock are none",
      echo(
        sizesOf(600, (i) => (i % 2 === 0 ? 98 : 1042)),
        sizesOf(590, (i) => (i % 2 === 0 ? 98 : 1042)),
      ),
      0,
    ],
    [
      "replies of a flood, all alike, are none",
      echo(
        sizesOf(2000, () => 98),
        [],
        { clientPort: 0 },
      ),
      0,
    ],
    [
      "a capture that begins between request and reply is none",
      echo(
        sizesOf(50, () => 98),
        sizesOf(51, () => 98),
      ),
      0,
    ],
    [
      "too few to say are none",
      echo(
        sizesOf(8, () => 70),
        sizesOf(8, () => 900),
      ),
      0,
    ],
    [
      "unreachables are no echoes",
      echo(
        sizesOf(100, () => 70),
        sizesOf(100, () => 900),
        { clientPort: 3, serverPort: 3 },
      ),
      0,
    ],
    [
      "UDP from port 8 is no echo",
      echo(
        sizesOf(100, () => 70),
        sizesOf(100, () => 900),
        { protocol: 17 },
      ),
      0,
    ],
  ])("%s", (_case, flow, expected) => {
    expect(findings(flow)).toHaveLength(expected);
  });

  test("says why, with numbers", () => {
    const [finding] = findings(
      echo(
        sizesOf(100, () => 70),
        sizesOf(100, () => 900),
      ),
    );
    expect(finding).toMatchObject({ source: "10.0.0.1", target: "10.0.0.2", severity: "high" });
    expect(finding?.title).toBe(
      "10.0.0.1 and 10.0.0.2 sent each other 100 pings and 100 answers that do not repeat them, as answers to pings must: 70 bytes against 900 bytes on average",
    );
    expect(finding?.why[0]).toMatchObject({ feature: "bytes of replies beyond those of the requests", value: 83_000, sample: 200 });
  });
});
