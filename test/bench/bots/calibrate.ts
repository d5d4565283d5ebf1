/**
 * `npm run bench:bots -- --calibrate`: computes what people are like from made-up ones of seeds that no table reports,
 * and writes src/engine/bots/default-people.generated.ts. In three passes, since each needs the one before: the waits' quantiles,
 * the features, the families.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { windowFamilies, windowFeatures } from "#engine/bots/features.ts";
import { combine } from "#engine/bots/fusion.ts";
import { familyName, RhythmBench } from "#engine/bots/judge.ts";
import { type Distribution, type People, rarity } from "#engine/bots/people.ts";
import { benchConfig, type Sample, sampleSizes, samplesOf } from "./feed.ts";
import { type Account, makeAccount, moveOpcode, pingOpcode } from "./generator.ts";
import { opcodeCount } from "./person.ts";
import { fitDistribution } from "./tail-fit.ts";

// Numbers that happen to be constants of mathematics are still measured ones.
const header = "/* biome-ignore-all lint/suspicious/noApproximativeNumericConstant: measured numbers */\n";
const firstSeed = 9_000_000;
const edges = 19;
const fewKinds = 7;
/**
 * Made-up people hardly ever walk a path again, so that there is no tail to fit, and real ones do: it is assumed. Of people
 * 2 % have 1 way point in 20 on such a path, 1 in 2,500 have a quarter, 1 in 60,000 have half.
 */
const pathTail = [0.1, 0.04] as const;

export function calibrate(people: number, walkers: number): void {
  const accounts = Array.from({ length: people }, (_, i) => makeAccount(firstSeed + i, "person", 401, i < walkers, kindsOf(i)));
  const gapQuantiles = quantilesOfGaps(accounts);
  const origin = `${people} made-up people of test/bench/bots/person.ts, seeds from ${firstSeed}`;
  let reference: People = { origin, gapQuantiles, sizes: sampleSizes, distributions: {} };
  const bench = new RhythmBench({ ...benchConfig, rhythm: { ...benchConfig.rhythm, people: reference } });
  // Half of them walk: where a walk begins is an action too, and games differ in how much of it is told.
  const samples = accounts.flatMap((account, i) => samplesOf(account, bench, i >= walkers));
  const distributions: Record<string, readonly Distribution[]> = {};
  for (const feature of windowFeatures) distributions[feature.name] = bySize((size) => values(samples, size, feature.name));
  distributions["path-repeat"] = bySize((size) => values(samples, size, "path-repeat")).map((paths) => ({ ...paths, high: pathTail }));
  reference = { ...reference, distributions };
  for (const family of windowFamilies) distributions[familyName(family)] = bySize((size) => familyValues(samples, reference, family, size));
  write(reference);
}

/** Each third one plays a game that tells few kinds of actions apart. */
const kindsOf = (i: number): number => (i % 3 === 0 ? 2 + ((i / 3) % fewKinds) : opcodeCount);

const bySize = (of: (size: number) => readonly number[]): Distribution[] => sampleSizes.map((size) => fitDistribution(of(size)));

function values(samples: readonly Sample[], size: number, name: string): number[] {
  return samples
    .filter((sample) => sample.size === size)
    .flatMap((sample) => sample.judgement.parts.flatMap((part) => part.features))
    .filter((feature) => feature.name === name)
    .map((feature) => feature.value);
}

function familyValues(samples: readonly Sample[], people: People, family: string, size: number): number[] {
  return samples
    .filter((sample) => sample.size === size)
    .map((sample) => {
      const part = sample.judgement.parts.find((other) => other.name === family);
      const pValues = (part?.features ?? [])
        .filter((feature) => feature.name !== "path-repeat")
        .map((feature) => {
          const bots = windowFeatures.find((known) => known.name === feature.name)?.bots ?? "high";
          return rarity(people, feature.name, bots, feature.value, size) ?? 1;
        });
      return -Math.log(combine(pValues));
    });
}

function quantilesOfGaps(accounts: readonly Account[]): number[] {
  const centred: number[] = [];
  for (const account of accounts) {
    const times = account.packets.filter((packet) => packet.toServer && packet.opcode !== pingOpcode && packet.opcode !== moveOpcode);
    const logs = times.slice(1).map((packet, i) => Math.log(Math.max(0.001, (packet.time - (times[i]?.time ?? 0)) / 1e6)));
    const median = logs.toSorted((a, b) => a - b)[logs.length >> 1] as number;
    for (const value of logs) centred.push(value - median);
  }
  centred.sort((a, b) => a - b);
  return Array.from({ length: edges }, (_, i) =>
    Number((centred[Math.floor(((i + 1) / (edges + 1)) * centred.length)] as number).toFixed(4)),
  );
}

function write(people: People): void {
  const text = `${header}import type { People } from "./people.ts";

/**
 * What people are like where a game brings no reference of its own. Computed by \`npm run bench:bots -- --calibrate\`
 * from made-up people whose habits follow published and measured figures (docs/bots.md); no real player is in it.
 */
export const defaultPeople: People = {
  origin: ${JSON.stringify(people.origin)},
  gapQuantiles: ${JSON.stringify(people.gapQuantiles)},
  sizes: ${JSON.stringify(people.sizes)},
  distributions: {
${Object.entries(people.distributions)
  .map(([name, entries]) => distributionText(name, entries))
  .join("\n")}
  },
};
`;
  writeFileSync(join(import.meta.dirname, "../../../src/engine/bots/default-people.generated.ts"), text);
}

function distributionText(name: string, entries: readonly Distribution[]): string {
  return `    ${JSON.stringify(name)}: [\n${entries.map((entry) => `      ${JSON.stringify(entry)},`).join("\n")}\n    ],`;
}
