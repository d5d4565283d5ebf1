import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { InformationHitters, informationBytes } from "./name-information.ts";

describe("informationBytes", () => {
  test.each([
    ["one letter repeated carries nothing", "aaaaaaaa", 0],
    ["two letters in turn carry a bit each", "abababab", 1],
    ["sixteen different characters carry four bits each", "0123456789abcdef", 8],
    ["nothing carries nothing", "", 0],
  ])("%s", (_case, text, bytes) => expect(informationBytes(text)).toBeCloseTo(bytes, 12));
});

const data = (random: Random): string => Array.from({ length: 40 }, () => random.between(0, 32).toString(32)).join("");

describe("InformationHitters", () => {
  test("a tunnel among 5,000 domains stands first, its bytes within a fifth", () => {
    const random = new Random(3);
    const hitters = new InformationHitters(256);
    let carried = 0;
    for (let i = 0; i < 20_000; i++) {
      hitters.add(`site${Math.floor(random.exponential(600)) % 5000}.com`, random.pick(["www", "mail", "cdn", "api", "img1"]));
      if (i % 40 !== 0) continue;
      const text = data(random);
      carried += informationBytes(text);
      hitters.add("tunnel.example", text);
    }
    const [first] = hitters.top(1);
    expect(first?.domain).toBe("tunnel.example");
    expect(Math.abs(((first?.bytes ?? 0) - (first?.bytesError ?? 0)) / carried - 1)).toBeLessThan(0.25);
    expect(Math.abs((first?.unique ?? 0) / 500 - 1)).toBeLessThan(0.25);
  });

  test("the same names again, and names without a subdomain, carry nothing more", () => {
    const hitters = new InformationHitters(8);
    for (let i = 0; i < 1000; i++) {
      hitters.add("busy.example", `host${i % 4}`);
      hitters.add("busy.example", "");
    }
    expect(hitters.top(9)).toHaveLength(1);
    expect(hitters.top(1)[0]?.bytes).toBeLessThan(1.3 * 4 * informationBytes("host1"));
    expect(hitters.top(1)[0]?.unique).toBeLessThan(4.5);
  });

  test("a thousand names that each carry little are as heavy as they are together", () => {
    const hitters = new InformationHitters(8);
    for (let i = 0; i < 1000; i++) hitters.add("slow.example", `n${i}`);
    const carried = Array.from({ length: 1000 }, (_, i) => informationBytes(`n${i}`)).reduce((sum, bytes) => sum + bytes, 0);
    expect(Math.abs((hitters.top(1)[0]?.bytes ?? 0) / carried - 1)).toBeLessThan(0.3);
  });

  test("what gives way takes its count along as error, and a new window begins at nothing", () => {
    const hitters = new InformationHitters(1);
    hitters.add("a.example", "0123456789abcdef");
    hitters.add("b.example", "fedcba9876543210");
    expect(hitters.top(2)).toEqual([expect.objectContaining({ domain: "b.example", bytes: 16, bytesError: 8 })]);
    expect(hitters.top(1)[0]?.unique).toBeLessThan(1.5);
    hitters.clear();
    expect([hitters.top(1), hitters.totalBytes]).toEqual([[], 0]);
    hitters.add("c.example", "0123456789abcdef");
    expect(hitters.top(1)).toEqual([expect.objectContaining({ domain: "c.example", bytes: 8, bytesError: 0 })]);
  });
});
