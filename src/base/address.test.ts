import { expect, test } from "vitest";
import { ipv6FullText, macText, parseAddress } from "./address.ts";

test.each([
  ["an address of version 4", "192.168.0.254", 0xc0a800fe],
  ["leading zeros", "010.000.0.1", 0x0a000001],
  ["the least", "0.0.0.0", 0],
  ["the largest", "255.255.255.255", 0xffffffff],
])("%s is read", (_case, text, word) => expect(parseAddress(text)).toEqual({ version: 4, words: [word, 0, 0, 0] }));

test.each([
  ["nothing", ""],
  ["a number above 255", "1.2.3.256"],
  ["four digits", "1.2.3.0004"],
  ["three numbers", "1.2.3"],
  ["five numbers", "1.2.3.4.5"],
  ["an empty place", "1..2.3"],
  ["a point at the end", "1.2.3.4."],
  ["a point in front", ".1.2.3.4"],
  ["a sign", "1.2.3.-4"],
  ["a blank", "1.2.3.4 "],
  ["a line's end", "1.2.3.4\n"],
  ["a letter", "1.2.3.a"],
  ["a name", "example.org"],
])("%s is no address", (_case, text) => expect(parseAddress(text)).toBeUndefined());

test("IPv6 is read with an address of version 4 at its end, and written in full", () => {
  const parsed = parseAddress("fe80::0a:1.2.3.4");
  expect(parsed).toEqual({ version: 6, words: [0xfe800000, 0, 0xa, 0x01020304] });
  expect(ipv6FullText(...(parsed?.words ?? [0, 0, 0, 0]))).toBe("fe80:0000:0000:0000:0000:000a:0102:0304");
  expect(parseAddress("fe80::1.2.3")).toBeUndefined();
});

test("signed words are written as well", () =>
  expect(ipv6FullText(-1, 0x00010002, -0x8000_0000, 0xff)).toBe("ffff:ffff:0001:0002:8000:0000:0000:00ff"));

test("a MAC address has two digits for each byte", () =>
  expect(macText(new DataView(Uint8Array.from([9, 0, 0x16, 0x3e, 0xff, 0xa0, 1]).buffer), 1)).toBe("00:16:3e:ff:a0:01"));
