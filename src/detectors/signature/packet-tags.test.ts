import { expect, test } from "vitest";
import { PacketTags, type Tag } from "./packet-tags.ts";

const tag = (count: number, metric: Tag["metric"]): Tag => ({ type: "tag", scope: "session", count, metric });

/** Each packet: seconds, bytes. The first one sets the tag. */
test.each([
  [
    "four packets with the one that matched, which is not told",
    tag(4, "packets"),
    [
      [0, 66],
      [0, 66],
      [0, 60],
      [0, 87],
      [0, 54],
    ],
    "-TTT-",
  ],
  [
    "bytes, those of the packet that matched included",
    tag(279, "bytes"),
    [
      [0, 66],
      [0, 66],
      [0, 60],
      [0, 87],
      [0, 54],
    ],
    "-TTT-",
  ],
  [
    "a byte too few",
    tag(278, "bytes"),
    [
      [0, 66],
      [0, 66],
      [0, 60],
      [0, 87],
      [0, 54],
    ],
    "-TT--",
  ],
  [
    "whole seconds by the clock",
    tag(1, "seconds"),
    [
      [55.9, 1],
      [56.1, 1],
      [56.99, 1],
      [57, 1],
    ],
    "-TT-",
  ],
  [
    "no packet",
    tag(0, "packets"),
    [
      [0, 1],
      [0, 1],
    ],
    "--",
  ],
] as const)("told are %s", (_case, one, packets, told) => {
  const tags = new PacketTags();
  tags.set(1, one, packets[0][0] * 1e6);
  expect(packets.map(([time, bytes]) => (tags.packet(time * 1e6, bytes) ? "T" : "-")).join("")).toBe(told);
});

test("a rule that matches again begins its count anew, with the packet that it matched", () => {
  const tags = new PacketTags();
  tags.set(1, tag(2, "packets"), 0);
  const told = [tags.packet(0, 1)];
  tags.set(1, tag(2, "packets"), 0);
  for (let i = 0; i < 3; i++) told.push(tags.packet(0, 1));
  expect(told).toEqual([false, true, true, false]);
  expect(tags.isEmpty).toBe(true);
});
