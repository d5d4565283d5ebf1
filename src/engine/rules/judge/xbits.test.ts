import { expect, test } from "vitest";
import { Xbits } from "./xbits.ts";

const MICROS = 1_000_000;
const A = "10.0.0.1";
const B = "10.0.0.2";

// As Suricata 7.0.10 does in the same order.
test("bits of hosts end with the second that their time is up in", () => {
  const bits = new Xbits();
  bits.change("set", "x", "ip_src", 10, 0, A, B);
  expect(bits.isSet("x", "ip_src", 1 * MICROS, A, B)).toBe(true);
  expect(bits.isSet("x", "ip_dst", 2 * MICROS, B, A)).toBe(true);
  expect(bits.isSet("x", "ip_src", 2 * MICROS, B, A)).toBe(false);
  expect(bits.isSet("x", "ip_pair", 2 * MICROS, A, B)).toBe(false);
  expect(bits.isSet("x", "ip_src", 10.9 * MICROS, A, B)).toBe(true);
  expect(bits.isSet("x", "ip_src", 11 * MICROS, A, B)).toBe(false);
  expect(bits.size).toBe(0);
});

test("toggle takes away what is there, even when its time is up", () => {
  const bits = new Xbits();
  bits.change("toggle", "x", "ip_src", 10, 0, A, B);
  expect(bits.isSet("x", "ip_src", 0, A, B)).toBe(true);
  bits.change("toggle", "x", "ip_src", 10, 45 * MICROS, A, B);
  expect(bits.isSet("x", "ip_src", 45 * MICROS, A, B)).toBe(false);
});

test("a pair has its bits whoever sends", () => {
  const bits = new Xbits();
  bits.change("set", "x", "ip_pair", 10, 0, A, B);
  expect(bits.isSet("x", "ip_pair", 0, B, A)).toBe(true);
  bits.change("unset", "x", "ip_pair", 10, 0, B, A);
  expect(bits.isSet("x", "ip_pair", 0, A, B)).toBe(false);
});

test("a full table drops the bit that was set first, and tells", () => {
  const bits = new Xbits(2);
  for (const bit of ["x", "y", "z"]) bits.change("set", bit, "ip_src", 10, 0, A, B);
  expect(["x", "y", "z"].map((bit) => bits.isSet(bit, "ip_src", 0, A, B))).toEqual([false, true, true]);
  expect(bits.evictions).toBe(1);
});
