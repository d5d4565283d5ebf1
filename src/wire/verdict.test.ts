import { expect, test } from "vitest";
import { Verdict, VerdictKind, verdictEvent, verdictKind, verdictText } from "./verdict.ts";

test("every verdict has a number of its own, a text, and an event unless nothing is wrong", () => {
  const codes = Object.values(Verdict);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) {
    expect(verdictText(code)).not.toBe("unknown verdict");
    const isTold = verdictKind(code) >= VerdictKind.notice;
    expect(verdictEvent(code) !== undefined).toBe(isTold);
  }
});

test("events have names of their own", () => {
  const events = Object.values(Verdict).flatMap((code) => verdictEvent(code) ?? []);
  expect(new Set(events).size).toBe(events.length);
  for (const event of events) expect(event).toMatch(/^decoder\.[a-z0-9_.]+$/);
});

test.each([
  ["IPv4 longer than its frame", Verdict.ipv4Truncated, "decoder.ipv4.trunc_pkt"],
  ["TCP below 20 bytes", Verdict.tcpTooSmall, "decoder.tcp.pkt_too_small"],
  ["UDP below 8 bytes", Verdict.udpHeaderTooSmall, "decoder.udp.hlen_too_small"],
  ["a sound frame", Verdict.ok, undefined],
  ["a number that is no verdict", 9999, undefined],
] as const)("event: %s", (_case, code, event) => expect(verdictEvent(code)).toBe(event));

test("a number that is no verdict has a text all the same", () => expect(verdictText(9999)).toBe("unknown verdict"));
