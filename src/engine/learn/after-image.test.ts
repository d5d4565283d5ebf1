import { describe, expect, test } from "vitest";
import { AfterImage, type AfterImageOptions, featureNames, type TrafficPoint } from "./after-image.ts";
import { attackMix } from "./attack-mix.common.ts";
import { DampedTable } from "./damped-table.ts";
import { Halving } from "./halving.ts";
import { ModelRefused } from "./model-file.ts";

const lambdas = [5, 3, 1, 0.1, 0.01];

/** One damped stream, and one pair of them, as the formulas say: everything decays, nothing is shared. */
class Stream {
  w = 0;
  ls = 0;
  ss = 0;
  last: number;
  readonly lambda: number;
  constructor(lambda: number, seconds: number) {
    this.lambda = lambda;
    this.last = seconds;
  }
  decay(seconds: number): void {
    const gamma = 2 ** (-this.lambda * Math.max(0, seconds - this.last));
    this.w *= gamma;
    this.ls *= gamma;
    this.ss *= gamma;
    this.last = Math.max(this.last, seconds);
  }
  insert(seconds: number, x: number): void {
    this.decay(seconds);
    this.w += 1;
    this.ls += x;
    this.ss += x * x;
  }
  get mean(): number {
    return this.w > 0 ? this.ls / this.w : 0;
  }
  get variance(): number {
    return this.w > 0 ? Math.abs(this.ss / this.w - this.mean ** 2) : 0;
  }
}
interface Pair {
  sr: number;
  w3: number;
  last: number;
  r: Map<number, number>;
}

class PlainAfterImage {
  readonly #streams = new Map<string, Stream>();
  readonly #pairs = new Map<string, Pair>();
  #stream(table: string, key: string, lambda: number, seconds: number): Stream {
    const name = `${table} ${key} ${lambda}`;
    const stream = this.#streams.get(name) ?? new Stream(lambda, seconds);
    this.#streams.set(name, stream);
    return stream;
  }
  #one(stream: Stream, seconds: number, x: number): number[] {
    stream.insert(seconds, x);
    return [stream.w, stream.mean, stream.variance];
  }
  #two(table: string, from: number, to: number, seconds: number, x: number, lambda: number): number[] {
    const i = this.#stream(table, `${from}`, lambda, seconds);
    const first = this.#one(i, seconds, x);
    const j = this.#stream(table, `${to}`, lambda, seconds);
    j.decay(seconds);
    const name = `${table} ${Math.min(from, to)} ${Math.max(from, to)} ${lambda}`;
    const pair = this.#pairs.get(name) ?? { sr: 0, w3: 0, last: seconds, r: new Map<number, number>() };
    this.#pairs.set(name, pair);
    const gamma = 2 ** (-lambda * Math.max(0, seconds - pair.last));
    pair.last = Math.max(pair.last, seconds);
    for (const [key, value] of pair.r) pair.r.set(key, value * gamma);
    const other = from === to ? 0 : (pair.r.get(to) ?? 0);
    pair.sr = pair.sr * gamma + (x - i.mean) * other;
    pair.w3 = pair.w3 * gamma + 1;
    pair.r.set(from, x - i.mean);
    const cov = pair.sr / pair.w3;
    const deviations = Math.sqrt(i.variance) * Math.sqrt(j.variance);
    return [...first, Math.hypot(i.variance, j.variance), Math.hypot(i.mean, j.mean), cov, deviations > 0 ? cov / deviations : 0];
  }
  update(p: TrafficPoint): number[] {
    return [
      ...lambdas.flatMap((l) => this.#one(this.#stream("mi", `${p.sourceMacIp}`, l, p.seconds), p.seconds, p.bytes)),
      ...lambdas.flatMap((l) => this.#two("h", p.sourceHost, p.destinationHost, p.seconds, p.bytes, l)),
      ...lambdas.flatMap((l) => {
        const stream = this.#stream("jit", `${p.sourceHost}>${p.destinationHost}`, l, p.seconds);
        return this.#one(stream, p.seconds, Math.max(0, p.seconds - stream.last));
      }),
      ...lambdas.flatMap((l) => this.#two("hp", p.sourceSocket, p.destinationSocket, p.seconds, p.bytes, l)),
    ];
  }
}

const worst = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, i) => Math.abs((a[i] as number) - value) / Math.max(1, Math.abs(value))));
const at = (seconds: number, bytes: number, from: number, to: number): TrafficPoint => ({
  seconds,
  bytes,
  sourceMacIp: from,
  sourceHost: from,
  destinationHost: to,
  sourceSocket: from + 1000,
  destinationSocket: to + 1000,
});
const small: AfterImageOptions = { macIpRowsMax: 8, hostRowsMax: 8, hostPairRowsMax: 8, socketRowsMax: 8, socketPairRowsMax: 8 };

describe("AfterImage", () => {
  test("gives what the formulas give, packet by packet", () => {
    const image = new AfterImage({ mode: "exact" });
    const plain = new PlainAfterImage();
    const out = new Float64Array(100);
    let most = 0;
    for (const point of attackMix(6000, 3000, 5)) {
      image.update(point, out);
      most = Math.max(most, worst(out, plain.update(point)));
    }
    expect(most).toBeLessThan(1e-9);
    expect(image.evicted).toBe(0);
  });

  test("gives these numbers for three packets", () => {
    const image = new AfterImage({ mode: "exact", lambdas: [1] });
    const out = new Float64Array(20);
    for (const point of [at(10, 100, 1, 2), at(11, 60, 2, 1), at(12, 400, 1, 2)]) image.update(point, out);
    // Two seconds at λ = 1 leave a quarter: w = 1.25, LS = 425, SS = 162,500; the peer has 60 once, and residual 0.
    expect(worst(out, [1.25, 340, 14_400, 1.25, 340, 14_400, 14_400, Math.hypot(340, 60), 0, 0, 1.25, 1.6, 0.64])).toBeLessThan(1e-12);
    expect(out.slice(13, 20)).toEqual(out.slice(3, 10));
  });

  test("fast differs from exact by little, and not with time", () => {
    const exact = new AfterImage({ mode: "exact" });
    const fast = new AfterImage({ mode: "fast" });
    const [a, b] = [new Float64Array(100), new Float32Array(100)];
    const scale = new Float64Array(100);
    const difference = new Float64Array(100);
    for (const point of attackMix(30_000, 20_000, 6)) {
      exact.update(point, a);
      fast.update(point, b);
      a.forEach((value, i) => {
        scale[i] = Math.max(scale[i] as number, Math.abs(value));
        difference[i] = Math.max(difference[i] as number, Math.abs(value - (b[i] as number)));
      });
    }
    expect(Math.max(...difference.map((one, i) => one / (scale[i] as number)))).toBeLessThan(5e-4);
  });

  test.each([
    ["a clock that goes back", [at(5, 100, 1, 2), at(3, 100, 1, 2), at(4, 200, 2, 1)]],
    ["a year of silence", [at(0, 100, 1, 2), at(3e7, 100, 2, 1), at(6e7, 100, 1, 2)]],
    ["a host that speaks to itself", [at(0, 100, 1, 1), at(0.1, 300, 1, 1), at(0.2, 200, 1, 1)]],
    ["keys of 53 bits and equal halves", [at(0, 60, 2 ** 52, 2 ** 52 + 2 ** 32), at(1, 90, 2 ** 52 + 2 ** 32, 2 ** 52)]],
  ])("survives %s", (_case, points) => {
    for (const mode of ["exact", "fast"] as const) {
      const image = new AfterImage({ mode });
      const out = new Float64Array(100);
      for (const point of points) {
        image.update(point, out);
        expect(out.every(Number.isFinite)).toBe(true);
      }
    }
  });

  test("forgets what was seen longest ago when a table is full, and counts it", () => {
    const image = new AfterImage(small);
    const out = new Float64Array(100);
    for (let i = 0; i < 30; i++) image.update(at(i / 100, 100, i, 1000), out);
    expect(image.evicted).toBeGreaterThan(100);
    image.update(at(0.31, 100, 29, 1000), out);
    expect(out[0]).toBeGreaterThan(1.9);
    image.update(at(0.32, 100, 1, 1000), out);
    expect(out[0]).toBe(1);
  });

  test("fast takes packets of one size for what they are, whatever the hour", () => {
    const image = new AfterImage({ mode: "fast" });
    const out = new Float32Array(100);
    for (let i = 0; i < 5000; i++) image.update(at(1.7e9 + i * 0.0137, i % 2 === 0 ? 97 : 1313, (i % 2) + 1, 2 - (i % 2)), out);
    const names = featureNames();
    const sizes = out.filter((_, i) => /bytes.*(variance|radius|correlation)$/.test(names[i] as string));
    expect(sizes).toEqual(new Float32Array(sizes.length));
  });

  test("names each feature once", () => {
    const names = featureNames();
    expect(new Set(names).size).toBe(100);
    expect([names[0], names[21], names[65], names[99]]).toEqual([
      "MAC and IP bytes, 5/s, weight",
      "host pair bytes, 5/s, correlation",
      "socket pair bytes, 5/s, weight",
      "socket pair bytes, 0.01/s, correlation",
    ]);
  });

  test.each(["exact", "fast"] as const)("goes on where it was saved: %s", (mode) => {
    const image = new AfterImage({ ...small, mode });
    const points = [...attackMix(600, 300, 9)];
    const [a, b] = [new Float64Array(100), new Float64Array(100)];
    for (const point of points.slice(0, 400)) image.update(point, a);
    const again = AfterImage.from(image.state(), { ...small, mode });
    for (const point of points.slice(400)) {
      image.update(point, a);
      again.update(point, b);
      expect(b).toEqual(a);
    }
  });

  test("refuses a state of other tables by naming the difference", () => {
    const state = new AfterImage(small).state();
    expect(() => AfterImage.from(state, { ...small, hostRowsMax: 16 })).toThrow(/hostRowsMax was 8 and is 16/);
    expect(() => AfterImage.from(state.subarray(0, 50), small)).toThrow(ModelRefused);
  });
});

test("a damped table finds each key until eight others took its place", () => {
  const table = new DampedTable(64, 1, (length) => new Float64Array(length));
  for (let key = 0; key < 40; key++) table.rows[table.touch(key, 7, key + 1, 0)] = key;
  const found = Array.from({ length: 40 }, (_, key) => key).filter((key) => table.rows[table.touch(key, 7, 100 + key, 0)] === key);
  expect(found.length + table.evicted).toBeGreaterThanOrEqual(40);
  expect(found.length).toBeGreaterThan(30);
});

test("halving is 2^-y", () => {
  const halving = new Halving();
  for (let y = 0; y < 520; y += 0.0137) expect(Math.abs(halving.of(y) - 2 ** -y)).toBeLessThanOrEqual(1e-10 * 2 ** -y + 1e-150);
});
