/** node test/bench/kitnet.ts [packets] [rounds]: speed of AfterImage and KitNET, and what the fast mode costs in detection. */
import { AfterImage } from "#engine/learn/after-image.ts";
import { areaUnderCurve, attackMix } from "#engine/learn/attack-mix.common.ts";
import { KitNet } from "#engine/learn/kitnet.ts";

const packets = Number(process.argv[2] ?? 150_000);
const rounds = Number(process.argv[3] ?? 5);
const grace = { mapExamples: 5000, trainExamples: 50_000 };
const learned = grace.mapExamples + grace.trainExamples;
const points = [...attackMix(packets, learned + 5000, 7)];
const attacks = points.map((point) => point.attack);

interface Round {
  readonly afterImage: number;
  readonly train: number;
  readonly score: number;
  readonly area: number;
  readonly autoencoders: number;
}

/** Processor time of this thread: others on the machine do not count. */
const cpuMicros = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** Microseconds per packet of each step. */
function run(mode: "exact" | "fast"): Round {
  const image = new AfterImage({ mode });
  const numbers = (length: number): Float64Array | Float32Array => (mode === "fast" ? new Float32Array(length) : new Float64Array(length));
  const features = numbers(packets * image.features);
  const rows = points.map((_, i) => features.subarray(i * image.features, (i + 1) * image.features));
  const out = numbers(image.features);
  let began = cpuMicros();
  points.forEach((point, i) => {
    image.update(point, out);
    features.set(out, i * image.features);
  });
  const afterImage = (cpuMicros() - began) / packets;
  const net = new KitNet({ features: image.features, mode, seed: 3, ...grace });
  for (const row of rows.slice(0, grace.mapExamples)) net.process(row);
  began = cpuMicros();
  for (let i = grace.mapExamples; i < learned; i++) net.process(rows[i] as Float64Array);
  const train = (cpuMicros() - began) / grace.trainExamples;
  const scores = new Float64Array(packets - learned);
  began = cpuMicros();
  for (let i = learned; i < packets; i++) scores[i - learned] = net.process(rows[i] as Float64Array);
  const score = (cpuMicros() - began) / scores.length;
  return { afterImage, train, score, area: areaUnderCurve(scores, attacks.slice(learned)), autoencoders: net.clusters.length };
}

const text = (micros: number): string => `${micros.toFixed(2)} µs = ${Math.round(1e3 / micros)} k/s`;
const only = process.argv[4];
for (const mode of ["exact", "fast"] as const) {
  if (only !== undefined && only !== mode) continue;
  const all = Array.from({ length: rounds }, () => run(mode));
  const best = (step: "afterImage" | "train" | "score"): number => Math.min(...all.map((round) => round[step]));
  console.log(`${mode}: best of ${rounds}, ${all[0]?.autoencoders} autoencoders, area under the curve ${all[0]?.area.toFixed(4)}`);
  console.log(`  AfterImage      ${text(best("afterImage"))}`);
  console.log(`  KitNET train    ${text(best("train"))}`);
  console.log(`  KitNET score    ${text(best("score"))}`);
  console.log(`  both, scoring   ${text(best("afterImage") + best("score"))}`);
}
