import { loadConfig } from "#app/config.ts";
import { KindListener } from "#app/kind-listener.ts";
import { enabledPlugins } from "#app/plugins.ts";
import { BlockPoolMemory } from "#capture/block.ts";
import { actors } from "#capture/scenario/actors/list.ts";
import { labels } from "#capture/scenario/labels.ts";
import { defaultStartTime, Playback } from "#capture/scenario/playback.ts";
import { ScenarioSource } from "#capture/scenario/scenario-source.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { runInline } from "#pipeline/run-inline.ts";
import { type FindingCategory, isAttackCategory } from "#schema/finding.ts";
import { boxplotLimit, robustZLimit } from "./trivial.ts";

/** A finding of a run over made-up traffic. */
interface Found {
  readonly detector: string;
  readonly category: FindingCategory;
  readonly title: string;
  readonly time: number;
  /** Addresses of those whom it is about. */
  readonly source: string;
  readonly target: string;
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
  // Its agent names the tool; what it tries is for rules.
  "http-probe": ["scan", "exploit", "policy"],
  "port-scan": ["scan"],
  "ssh-brute-force": ["bruteforce"],
  "syn-flood": ["flood"],
};

async function play(
  seed: number,
  seconds: number,
  names: readonly string[] | undefined,
  settings: readonly string[],
  onFound?: (found: Found) => void,
): Promise<ScenarioRun> {
  const { config } = await loadConfig({ settings: ["engine.workers=1", ...settings] });
  const pool = new BlockPoolMemory({ bytesMax: 1 << 20, framesMax: 8192, blocks: 1, shared: false, poison: false });
  const source = new ScenarioSource({ seed, seconds, pool, ...(names === undefined ? {} : { actors: names }) });
  const findings = new Map<string, Found>();
  let flows = 0;
  const listener = new KindListener("finding", (event) => {
    const finding = event["finding"] as { id?: string; detector: string; category: FindingCategory; title: string };
    const id = finding.id ?? finding.title;
    if (findings.has(id)) return;
    const found: Found = {
      ...finding,
      source: String(event["src_ip"]),
      target: String(event["dest_ip"]),
      time: Date.parse(event["timestamp"].replace("+0000", "Z")) * 1000,
    };
    findings.set(id, found);
    onFound?.(found);
  });
  const result = await runInline({ config, source, sinks: [listener], plugins: enabledPlugins(config), platform: createNodePlatform() });
  flows = result.events.get("flow") ?? 0;
  return { packets: source.counters.frames, flows, seconds, findings: [...findings.values()] };
}

const tell = ({ category, detector, title }: Found): string => `      ${category.padEnd(12)} ${detector}: ${title}`;

/** Packets of each second, and in which seconds each attacker and each ordinary actor sends. */
interface Truth {
  readonly counts: readonly number[];
  readonly attacked: ReadonlyMap<string, ReadonlySet<number>>;
}

function truthOf(seed: number, seconds: number): Truth {
  const counts = Array.from({ length: seconds }, () => 0);
  const attacked = new Map<string, Set<number>>();
  const { frames, scheduler, traces } = new Playback({ seed });
  const sent = new Map<string, number>();
  while (scheduler.nextTime < defaultStartTime + seconds * 1e6) {
    scheduler.step();
    if (frames.count === 0) continue;
    const second = Math.floor((scheduler.now - defaultStartTime) / 1e6);
    counts[second] = (counts[second] ?? 0) + frames.count;
    frames.clear();
    for (const { actor, label, packets } of traces.values()) {
      if (label !== "attack" || packets === sent.get(actor)) continue;
      sent.set(actor, packets);
      const own = attacked.get(actor) ?? new Set();
      attacked.set(actor, own.add(second));
    }
  }
  return { counts, attacked };
}

/** The address that is claimed by two machines. */
const spoofed = "192.168.10.1";

/** Whom a finding may be about: the attackers by name; the victims of the flood, whose sources are forged; the address that is claimed. */
function addressesOf(seed: number): ReadonlyMap<string, ReadonlySet<string>> {
  const addresses = new Map<string, Set<string>>();
  for (const { actor, label, client, server } of labels(seed)) {
    if (label !== "attack") continue;
    const own = addresses.get(actor) ?? new Set();
    addresses.set(actor, own.add(actor === "syn-flood" ? server : actor === "arp-spoof" ? spoofed : client));
  }
  return addresses;
}

const isAbout = ({ source, target }: Found, addresses: ReadonlySet<string> | undefined): boolean =>
  addresses?.has(source) === true || addresses?.has(target) === true;

const above = (counts: readonly number[], limit: number): ReadonlySet<number> =>
  new Set(counts.flatMap((count, second) => (count > limit ? [second] : [])));

/** The attackers of the scenario and who of them is found, over several seeds, beside alarms at seconds with many packets. */
export async function scenarioTable(seeds: readonly number[], seconds: number): Promise<string[]> {
  const hits = new Map<string, [ours: number, boxplot: number, robustZ: number]>();
  const unasked: string[] = [];
  const alarms: [number, number] = [0, 0];
  for (const seed of seeds) {
    const { findings } = await play(seed, seconds, undefined, []);
    const { counts, attacked } = truthOf(seed, seconds);
    const addresses = addressesOf(seed);
    const trivial = [above(counts, boxplotLimit(counts)), above(counts, robustZLimit(counts))] as const;
    const anyAttack = new Set([...attacked].flatMap(([actor, times]) => (actor in wanted && actor !== "beacon" ? [...times] : [])));
    trivial.forEach((fired, i) => {
      alarms[i] = (alarms[i] ?? 0) + fired.difference(anyAttack).size;
    });
    for (const [actor, categories] of Object.entries(wanted)) {
      const times = attacked.get(actor) ?? new Set();
      const row = hits.get(actor) ?? [0, 0, 0];
      const fires = [
        findings.some((found) => categories.includes(found.category) && isAbout(found, addresses.get(actor))),
        ...trivial.map((fired) => !fired.isDisjointFrom(times)),
      ];
      fires.forEach((isHit, i) => {
        if (isHit) row[i] = (row[i] ?? 0) + 1;
      });
      hits.set(actor, row);
    }
    const accused = findings.filter(({ category }) => isAttackCategory(category));
    for (const found of accused)
      if (![...addresses.values()].some((own) => isAbout(found, own))) unasked.push(`seed ${seed} ${tell(found)}`);
  }
  const of = (count: number): string => `${count} of ${seeds.length}`.padEnd(10);
  return [
    `Attackers of the scenario in ${seconds} s of packet time (made up), seeds ${seeds.join(", ")}; boxplot and robust z of packets a second, any alarm while the attacker sends:`,
    `  ${"".padEnd(18)} Oddwire   boxplot   robust z`,
    ...[...hits].map(
      ([actor, [ours, boxplot, robustZ]]) =>
        `  ${actor.padEnd(18)} ${of(ours)}${of(boxplot)}${of(robustZ)}${(wanted[actor] ?? []).join(" or ")}`,
    ),
    `  boxplot fires in ${alarms[0]} seconds without an attack but the beacon, robust z in ${alarms[1]}, of ${seeds.length * seconds}`,
    ...(unasked.length === 0 ? ["  Oddwire accuses nobody else."] : ["  Accused beside:", ...unasked]),
  ];
}

/** Ordinary traffic alone, for hours of packet time: everything that is told is false or an observation. `onFound` hears of it at once. */
export async function soakTable(
  seed: number,
  hours: number,
  settings: readonly string[],
  onFound: (line: string) => void,
): Promise<string[]> {
  const names = actors.filter(({ label }) => label === "ordinary").map(({ name }) => name);
  const started = performance.now();
  const { packets, flows, findings } = await play(seed, hours * 3600, names, settings, (found) =>
    onFound(`after ${((found.time - defaultStartTime) / 3600e6).toFixed(1)} h ${tell(found).trim()}`),
  );
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
