import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  binEdges,
  bowleySkewness,
  countBars,
  describeBars,
  durationScore,
  evenness,
  gapScore,
  histogramScore,
  ritaBeacon,
  ritaScore,
  sizeScore,
  twoHeightScore,
  variationScore,
} from "./rita-score.ts";
import { medianDeviation } from "./sorted.ts";

/** RITA's own published unit vectors; without ODDWIRE_CORPORA they are skipped. */
const file = join(process.env["ODDWIRE_CORPORA"] ?? "", "dev/vectors/rita-beacon.json");
const available = process.env["ODDWIRE_CORPORA"] !== undefined && existsSync(file);

// biome-ignore lint/suspicious/noExplicitAny: a vector is whatever JSON holds
type Vector = Record<string, any>;
const vectors: Record<string, readonly Vector[]> = available ? JSON.parse(readFileSync(file, "utf8")) : {};
const heights = (counts: Record<string, number>): Map<number, number> =>
  new Map(Object.entries(counts).map(([height, bars]) => [Number(height), bars]));

const scorers: Record<string, (v: Vector) => number | undefined> = {
  GetBeaconScore: (v) =>
    ritaScore(
      { gaps: v["tsScore"], sizes: v["dsScore"], duration: v["durScore"], histogram: v["histScore"] },
      { gaps: v["tsWeight"], sizes: v["dsWeight"], duration: v["durWeight"], histogram: v["histWeight"] },
    ),
  GetTimestampScore: (v) => gapScore(v["tsList"]),
  GetDataSizeScore: (v) => sizeScore(v["bytesList"]),
  CalculateStatisticalScore: (v) => evenness(v["values"], v["defaultMadScore"] ?? 0),
  GetDurationScore: (v) =>
    durationScore(
      {
        datasetFrom: v["datasetMin"],
        datasetTo: v["datasetMax"],
        from: v["histMin"],
        to: v["histMax"],
        bars: v["totalBars"],
        longestRun: v["longestConsecutiveRun"],
      },
      v["minHoursThreshold"] ?? 0,
      v["idealConsistencyHours"],
    ),
  GetHistogramScore: (v) =>
    histogramScore(v["tsList"], v["datasetMin"], v["datasetMax"], v["beaconTimeSpan"], v["minHoursForBimodalAnalysis"]),
  CalculateCoefficientOfVariationScore: (v) => variationScore(v["freqList"]),
  CalculateBimodalFitScore: (v) =>
    twoHeightScore(heights(v["freqCount"]), v["totalBars"], v["minHoursForBimodalAnalysis"], v["modalOutlierRemoval"]),
};

describe.skipIf(!available)("RITA's published vectors (needs ODDWIRE_CORPORA)", () => {
  for (const [name, score] of Object.entries(scorers)) {
    test.each((vectors[name] ?? []).map((vector) => [vector["name"] as string, vector] as const))(`${name}: %s`, (_case, vector) => {
      const given = score(vector);
      if (vector["expectedError"] === true) expect(given).toBeUndefined();
      else expect(Math.abs((given ?? Number.NaN) - vector["expectedScore"])).toBeLessThanOrEqual(0.001);
    });
  }

  test.each((vectors["CalculateBowleySkewness"] ?? []).map((v) => [v["name"] as string, v] as const))("skewness: %s", (_case, v) => {
    const given = bowleySkewness(v["intervalsBetweenTimestamps"]);
    if (v["expectedError"] === true) expect(given).toBeUndefined();
    else expect(given).toBeCloseTo(v["expectedSkewness"], 3);
  });

  test.each(
    (vectors["CalculateMedianAbsoluteDeviation"] ?? [])
      .filter((v) => v["expectError"] !== true)
      .map((v) => [v["name"] as string, v] as const),
  )("median deviation: %s", (_case, v) => expect(medianDeviation(v["inputData"])).toBe(v["expectedMAD"]));

  test.each((vectors["ComputeHistogramBins"] ?? []).map((v) => [v["name"] as string, v] as const))("edges: %s", (_case, v) => {
    const edges = binEdges(v["startTime"], v["endTime"], v["numBins"]);
    if (v["expectedError"] === true) expect(edges).toBeUndefined();
    else
      for (const [i, edge] of (v["expectedBinEdges"] as number[]).entries()) expect(Math.abs((edges?.[i] ?? 0) - edge)).toBeLessThan(0.001);
  });

  test.each(
    [...(vectors["CreateHistogram"] ?? []), ...(vectors["GetFrequencyCounts"] ?? [])].map((v) => [v["name"] as string, v] as const),
  )("bars: %s", (_case, v) => {
    const tolerance = v["modalSensitivity"] ?? v["bimodalSensitivity"];
    const bars = v["binEdges"] === undefined ? describeBars(v["histogram"], tolerance) : countBars(v["tsList"], v["binEdges"], tolerance);
    if (v["expectedError"] === true) return expect(bars).toBeUndefined();
    expect(bars?.bars).toBe(v["expectedTotalBars"] ?? v["totalBars"]);
    expect(bars?.longestRun).toBe(v["expectedLongestRun"] ?? v["longestRun"]);
    expect(Object.fromEntries(bars?.heights ?? [])).toEqual(v["expectedFreqCount"] ?? v["expectedCounts"]);
  });
});

test("a clock over a whole day scores one, a single visit cannot be scored", () => {
  const day = 86_400;
  const times = Array.from({ length: 1441 }, (_, i) => i * 60);
  expect(
    ritaBeacon(
      times,
      times.map(() => 512),
      0,
      day,
    )?.score,
  ).toBeGreaterThan(0.99);
  expect(ritaBeacon([0, 1], [1, 1], 0, day)).toBeUndefined();
});
