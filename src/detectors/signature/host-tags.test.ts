import { expect, test } from "vitest";
import { HostTags } from "./host-tags.ts";
import type { Tag } from "./packet-tags.ts";

const tag = (scope: Tag["scope"], count: number): Tag => ({ type: "tag", scope, count, metric: "packets" });
const packets = (tags: HostTags, ...ends: readonly string[]): string =>
  ends.map((one) => (tags.packet(0, 60, one[0] ?? "", one[1] ?? "") ? "T" : "-")).join("");

test.each([
  ["the sender's, whoever the other side is", "src", 9, ["ab", "ba", "ac", "ca", "bc"], "-TTT-"],
  ["the receiver's", "dst", 9, ["ab", "ba", "ac", "cb"], "-T-T"],
  ["as many as the tag says, with the one that matched", "src", 3, ["ab", "ab", "ca", "ab"], "-TT-"],
] as const)("told are %s", (_case, scope, count, ends, told) => {
  const tags = new HostTags();
  tags.set(1, tag(scope, count), 0, "a", "b");
  expect(packets(tags, ...ends)).toBe(told);
});

test("the host that was tagged first is forgotten when there are too many", () => {
  const tags = new HostTags(2);
  for (const host of ["a", "b", "c"]) tags.set(1, tag("src", 9), 0, host, "x");
  packets(tags, "ay", "by", "cy");
  expect(packets(tags, "ay", "by", "cy")).toBe("-TT");
});
