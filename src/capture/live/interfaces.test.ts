import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OddwireError } from "#contract/errors.ts";
import { captureInterfaces, defaultRoute, missedFrames, requireInterface } from "./interfaces.ts";

const HEAD4 = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const route4 = (name: string, destination: string, metric: number, mask: string): string =>
  `${name}\t${destination}\t010200C0\t0003\t0\t0\t${metric}\t${mask}\t0\t0\t0\n`;
const route6 = (name: string, destination: string, bits: string, metric: string): string =>
  `${destination} ${bits} ${"0".repeat(32)} 00 ${"0".repeat(32)} ${metric} 00000001 00000000 00000001     ${name}\n`;
const ZERO = "0".repeat(32);

test.each([
  ["no table at all", "", "", undefined],
  ["only a network of its own", HEAD4 + route4("eth0", "000200C0", 0, "00FFFFFF"), "", undefined],
  ["one default route", HEAD4 + route4("eth0", "00000000", 0, "00000000"), "", "eth0"],
  ["the lower metric", HEAD4 + route4("wlan0", "00000000", 600, "00000000") + route4("eth0", "00000000", 100, "00000000"), "", "eth0"],
  ["half of a split default is none", HEAD4 + route4("tun0", "00000000", 0, "00000080"), "", undefined],
  ["IPv6 where there is no IPv4", HEAD4, route6("lo", ZERO, "00", "ffffffff") + route6("eth1", ZERO, "00", "00000400"), "eth1"],
  ["IPv4 before IPv6", HEAD4 + route4("eth0", "00000000", 900, "00000000"), route6("eth1", ZERO, "00", "00000001"), "eth0"],
  ["a torn line", `${HEAD4}eth0`, "abc", undefined],
])("default route: %s", (_case, ipv4, ipv6, name) => {
  expect(defaultRoute(ipv4, ipv6)).toBe(name);
});

test("an interface that does not exist is named with the choices", () => {
  const choices = captureInterfaces().map((one) => one.name);
  expect(() => requireInterface("nix0")).toThrow(OddwireError);
  expect(() => requireInterface("nix0")).toThrow(`no interface nix0 (one of: ${choices.join(", ")})`);
});

test.skipIf(process.platform !== "linux")("loopback is known for what it is", () => {
  expect(requireInterface("lo")).toMatchObject({ name: "lo", loopback: true, hardware: 772 });
});

test.skipIf(process.platform !== "linux")("what an interface lost is asked of the one that is meant", () => {
  const index = Number(readFileSync("/sys/class/net/lo/ifindex", "utf8"));
  expect(missedFrames("lo", index)).toBeGreaterThanOrEqual(0);
  expect(missedFrames("lo", index + 1)).toBeUndefined();
  expect(missedFrames("nix0", 1)).toBeUndefined();
});
