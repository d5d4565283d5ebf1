import { loadConfig } from "#app/config.ts";
import { KindListener } from "#app/kind-listener.ts";
import { enabledPlugins } from "#app/plugins.ts";
import { BlockPoolMemory } from "#capture/block.ts";
import { actors } from "#capture/scenario/actors/list.ts";
import { labels } from "#capture/scenario/labels.ts";
import { ScenarioSource } from "#capture/scenario/scenario-source.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { runInline } from "#pipeline/run-inline.ts";
import { type FindingCategory, isAttackCategory } from "#schema/finding.ts";

/** A finding of a run over made-up traffic. */
interface Found {
  readonly detector: string;
  readonly category: FindingCategory;
  readonly title: string;
  readonly time: number;
}

interface ScenarioRun {
  readonly packets: number;
  readonly flows: number;
  readonly seconds: number;
  readonly findings: readonly Found[];
}

/** What is right to say of each attacker of the scenario. */
const wanted: Readonly<Record<string, readonly FindingCategory[]>> = {
  "arp-spoof": ["spoofing"],
  beacon: ["beacon", "c2"],
  "dns-tunnel": ["tunnel", "exfiltration"],
  exfiltration: ["exfiltration"],
  "generated-names": ["c2"],
  "http-probe": ["scan", "exploit"],
  "port-scan": ["scan"],
  "ssh-brute-force": ["bruteforce"],
  "syn-flood": ["flood"],
};

async function play(
  seed: number,
  seconds: number,
  names: readonly string[] | undefined,
  settings: readonly string[],
): Promise<ScenarioRun> {
  const { config } = await loadConfig({ settings: ["engine.workers=1", ...settings] });
  const pool = new BlockPoolMemory({ bytesMax: 1 << 20, framesMax: 8192, blocks: 1, shared: false, poison: false });
  const source = new ScenarioSource({ seed, seconds, pool, ...(names === undefined ? {} : { actors: names }) });
  const findings = new Map<string, Found>();
  let flows = 0;
  const listener = new KindListener("finding", (event) => {
    const finding = event["finding"] as { id?: string; detector: string; category: FindingCategory; title: string };
    const id = finding.id ?? finding.title;
    if (!findings.has(id)) findings.set(id, { ...finding, time: Date.parse(event["timestamp"].replace("+0000", "Z")) * 1000 });
  });
  const result = await runInline({ config, source, sinks: [listener], plugins: enabledPlugins(config), platform: createNodePlatform() });
  flows = result.events.get("flow") ?? 0;
  return { packets: source.counters.frames, flows, seconds, findings: [...findings.values()] };
}

const tell = ({ category, detector, title }: Found): string => `      ${category.padEnd(12)} ${detector}: ${title}`;

/** The attackers of the scenario and who of them is found, over several seeds. */
export async function scenarioTable(seeds: readonly number[], seconds: number): Promise<string[]> {
  const lines = [`Attackers of the scenario in ${seconds} s of packet time (made up), seeds ${seeds.join(", ")}:`];
  const hits = new Map<string, number>();
  const unasked: string[] = [];
  for (const seed of seeds) {
    const { findings } = await play(seed, seconds, undefined, []);
    const played = new Set(labels(seed, seconds).map(({ actor }) => actor));
    for (const actor of Object.keys(wanted))
      if (played.has(actor) && findings.some(({ category }) => wanted[actor]?.includes(category) === true))
        hits.set(actor, (hits.get(actor) ?? 0) + 1);
    const right = new Set(Object.values(wanted).flat());
    for (const finding of findings)
      if (isAttackCategory(finding.category) && !right.has(finding.category)) unasked.push(`seed ${seed} ${tell(finding)}`);
  }
  for (const [actor, categories] of Object.entries(wanted))
    lines.push(`  ${actor.padEnd(18)} ${hits.get(actor) ?? 0} of ${seeds.length}   as ${categories.join(" or ")}`);
  return [...lines, ...(unasked.length === 0 ? ["  No other attack is told."] : ["  Told beside:", ...unasked])];
}

/** Ordinary traffic alone, for hours of packet time: everything that is told is false or an observation. */
export async function soakTable(seed: number, hours: number, settings: readonly string[]): Promise<string[]> {
  const names = actors.filter(({ label }) => label === "ordinary").map(({ name }) => name);
  const started = performance.now();
  const { packets, flows, findings } = await play(seed, hours * 3600, names, settings);
  const accused = findings.filter(({ category }) => isAttackCategory(category));
  const counts = new Map<string, number>();
  for (const { detector, category } of findings) counts.set(`${category} ${detector}`, (counts.get(`${category} ${detector}`) ?? 0) + 1);
  return [
    `Benign soak (made up): ${hours} h of packet time, ${packets} packets, ${flows} flows, seed ${seed}, read in ${Math.round((performance.now() - started) / 1000)} s:`,
    `  ${accused.length} findings accuse somebody, ${findings.length - accused.length} observe or name a policy`,
    ...[...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `  ${name.padEnd(40)} ${count}`),
    ...accused.slice(0, 20).map(tell),
  ];
}
