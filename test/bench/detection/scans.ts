import { Random } from "#base/random.ts";
import type { Finding } from "#contract/detector.ts";
import flood from "#detectors/flood/index.ts";
import scan from "#detectors/scan/index.ts";
import { RandomWalk } from "#engine/stats/trw.ts";
import { type FlowWords, fakeStart, findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import { boxplotFires, robustZFires } from "./trivial.ts";

const seeds = [1, 2, 3, 4, 5];
const hostsEach = 20_000;

/** First contacts until the walk decides, and how; at most 1,000. */
function decide(walk: RandomWalk, random: Random, success: number): { readonly contacts: number; readonly isScanner: boolean } {
  let state = 0;
  for (let contacts = 1; contacts <= 1000; contacts++) {
    state = walk.step(state, random.chance(success));
    if (walk.side(state) !== 0) return { contacts, isScanner: walk.side(state) > 0 };
  }
  return { contacts: 1000, isScanner: false };
}

interface WalkRow {
  readonly contacts: number;
  readonly found: number;
}

function walkRow(seed: number, success: number): WalkRow {
  const walk = new RandomWalk();
  const random = new Random(seed);
  let contacts = 0;
  let found = 0;
  for (let i = 0; i < hostsEach; i++) {
    const decision = decide(walk, random, success);
    if (!decision.isScanner) continue;
    contacts += decision.contacts;
    found++;
  }
  return { contacts: contacts / found, found: found / hostsEach };
}

/** Hosts of Jung's model in front of the detector itself: the share of those that it accuses. */
function accused(seed: number, success: number, contacts: number): number {
  const hosts = 200;
  const random = new Random(seed);
  const history: Heard[] = [];
  for (let contact = 0; contact < contacts; contact++)
    for (let host = 0; host < hosts; host++) {
      const answered = random.chance(success);
      const words: FlowWords = {
        at: contact / 10,
        client: `10.9.${host >> 8}.${host & 255}`,
        server: `172.16.${contact >> 8}.${contact & 255}`,
      };
      history.push({ end: flowFact(answered ? { ...words, answered, packetsToClient: 3, flagsToClient: 0x12 } : words) });
    }
  const [definition] = scan.detectors ?? [];
  const found = definition === undefined ? [] : findingsOf(definition, history);
  return new Set(found.map(({ source }) => source)).size / hosts;
}

const worst = (values: readonly number[], isLowBad = false): number => (isLowBad ? Math.min(...values) : Math.max(...values));
const share = (value: number): string => value.toFixed(4);

/** The table of scans: the walk by the paper's model, then the detector, which demands breadth besides. */
export function scanTable(): string[] {
  const lines = [
    "Scans by the model of Jung et al. (first contacts succeed with the probability given), worst of five seeds:",
    "  success of a contact       walk: called scanner   mean contacts   detector accuses after 100 contacts",
  ];
  for (const success of [0.01, 0.1, 0.2, 0.5, 0.8, 0.95]) {
    const rows = seeds.map((seed) => walkRow(seed, success));
    const isScanner = success <= 0.2;
    const found = worst(
      rows.map((row) => row.found),
      isScanner,
    );
    const contacts = worst(rows.map((row) => row.contacts));
    const findings = worst(
      seeds.map((seed) => accused(seed, success, 100)),
      isScanner,
    );
    lines.push(
      `  ${String(success).padEnd(26)} ${share(found).padEnd(22)} ${(found === 0 || Number.isNaN(contacts) ? "–" : contacts.toFixed(2)).padEnd(15)} ${share(findings)}`,
    );
  }
  const [hit, alarm] = [
    worst(
      seeds.map((seed) => walkRow(seed, 0.2).found),
      true,
    ),
    worst(seeds.map((seed) => walkRow(seed, 0.8).found)),
  ];
  const [detected, wrong] = [
    worst(
      seeds.map((seed) => accused(seed, 0.2, 100)),
      true,
    ),
    worst(seeds.map((seed) => accused(seed, 0.8, 100))),
  ];
  for (const honest of [1, 10])
    lines.push(
      `  efficiency, ${honest} honest host(s) for each scanner: walk ${share(hit / (hit + honest * alarm))}, detector ${share(detected / (detected + honest * wrong))}`,
    );
  lines.push(`  effectiveness: walk ${share(hit)}, detector ${share(detected)}`);
  return lines;
}

/** When the attack of a made-up history begins, s. */
const attackAt = 5;
const lengthSeconds = 10;

interface Scene {
  readonly random: Random;
  readonly history: Heard[];
}

const anybody = (random: Random): string =>
  `${random.between(1, 224)}.${random.between(0, 256)}.${random.between(0, 256)}.${random.between(1, 255)}`;

/** Openings at random times; a share of them is answered after a way of 10 to 300 ms. */
function crowd(
  { random, history }: Scene,
  pace: number,
  from: number,
  to: number,
  answered: number,
  words: (random: Random) => FlowWords,
): void {
  for (let at = from; ; ) {
    at -= Math.log(1 - random.unit()) / pace;
    if (at >= to) return;
    const flow = words(random);
    history.push({ start: flowFact({ at, ...flow }) });
    if (!random.chance(answered)) continue;
    const way = 0.01 * 30 ** random.unit();
    history.push({ established: flowFact({ at: at + way, began: at, ...flow, answered: true, established: true, packetsToClient: 1 }) });
  }
}

const web = (random: Random): FlowWords => ({ client: anybody(random), server: "203.0.113.80", serverPort: 443, bytesToServer: 74 });
const names = (random: Random): FlowWords => ({ ...web(random), protocol: 17, serverPort: 53, flagsToServer: 0 });
const background = (scene: Scene, pace: number): void => {
  crowd(scene, pace, 0, lengthSeconds, 0.97, web);
  crowd(scene, pace, 0, lengthSeconds, 0.99, names);
};
const attack = (scene: Scene, pace: number, words: (random: Random) => FlowWords): void =>
  crowd(scene, pace, attackAt, lengthSeconds, 0, (random) => ({
    client: anybody(random),
    server: "203.0.113.80",
    bytesToServer: 60,
    ...words(random),
  }));

const floods: readonly (readonly [name: string, make: (scene: Scene) => void])[] = [
  ["SYN, 500/s, forged sources", (scene) => attack(scene, 500, () => ({ serverPort: 443 }))],
  ["SYN, 1,000/s, forged sources", (scene) => attack(scene, 1000, () => ({ serverPort: 443 }))],
  ["SYN, 10,000/s, one source", (scene) => attack(scene, 10_000, () => ({ client: "198.51.100.6", serverPort: 443 }))],
  [
    "UDP, 5,000/s, forged sources",
    (scene) => attack(scene, 5000, (random) => ({ protocol: 17, flagsToServer: 0, serverPort: random.between(1, 65_536) })),
  ],
  [
    "ping, 2,000/s, forged sources",
    (scene) => attack(scene, 2000, () => ({ protocol: 1, clientPort: 8, serverPort: 0, flagsToServer: 0 })),
  ],
  ["ACK, 3,000/s, forged sources", (scene) => attack(scene, 3000, () => ({ flagsToServer: 16, serverPort: 443 }))],
  [
    "NTP answers, 200/s",
    (scene) =>
      attack(scene, 200, (random) => ({
        client: "203.0.113.80",
        server: anybody(random),
        protocol: 17,
        serverPort: 123,
        clientPort: 80,
        packetsToServer: 0,
        packetsToClient: 1,
        bytesToClient: 468,
      })),
  ],
];
const crowds: readonly (readonly [name: string, make: (scene: Scene) => void])[] = [
  ["nothing but the background", () => undefined],
  ["a crowd twenty times as large, answered", (scene) => crowd(scene, 6000, attackAt, lengthSeconds, 0.98, web)],
  ["a crowd of which a third gets no answer", (scene) => crowd(scene, 1000, attackAt, lengthSeconds, 0.67, web)],
  ["an overloaded server: 1,000/s, seven of ten get no answer", (scene) => crowd(scene, 1000, attackAt, lengthSeconds, 0.3, web)],
  ["a dead server: 100 clients a second", (scene) => crowd(scene, 100, attackAt, lengthSeconds, 0, web)],
];

const timeOf = (heard: Heard): number => Object.values(heard)[0].time;

function historyOf(seed: number, make: (scene: Scene) => void): readonly Heard[] {
  const scene: Scene = { random: new Random(seed), history: [] };
  background(scene, 300);
  make(scene);
  return scene.history.toSorted((a, b) => timeOf(a) - timeOf(b));
}

const findingsIn = (seed: number, make: (scene: Scene) => void): Finding[] => {
  const history = historyOf(seed, make);
  return (flood.detectors ?? []).flatMap((definition) => findingsOf(definition, history));
};

/** What happens in each second: the trivial detectors look at nothing else. */
function perSecond(history: readonly Heard[]): readonly number[] {
  const counts = Array.from({ length: lengthSeconds }, () => 0);
  for (const heard of history) {
    const second = Math.floor((timeOf(heard) - fakeStart) / 1e6);
    if (second < lengthSeconds) counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

const trivialOf = (make: (scene: Scene) => void): string => {
  const paces = seeds.map((seed) => perSecond(historyOf(seed, make)));
  return `${String(paces.filter(boxplotFires).length).padEnd(9)} ${paces.filter(robustZFires).length}`;
};

/** Packet time from the first packet of the attack to the first finding, s; infinite without one. */
const delayOf = (found: readonly Finding[]): number => Math.min(...found.map(({ time }) => (time - fakeStart) / 1e6 - attackAt));

export function floodTable(): string[] {
  const lines = [
    "Floods over 300 connections and 300 questions a second to the same target: delay of the alarm, worst of five seeds; how often boxplot and robust z fire:",
  ];
  for (const [name, make] of floods) {
    const delay = worst(seeds.map((seed) => delayOf(findingsIn(seed, make))));
    lines.push(`  ${name.padEnd(60)} ${delay.toFixed(2)} s ${(delay >= 0 && delay <= 1 ? "" : "TOO LATE").padEnd(9)} ${trivialOf(make)}`);
  }
  lines.push("", "Without an attack: histories of ten seconds that are called a flood, of five; by boxplot; by robust z:");
  for (const [name, make] of crowds)
    lines.push(
      `  ${name.padEnd(60)} ${String(seeds.filter((seed) => findingsIn(seed, make).length > 0).length).padEnd(16)} ${trivialOf(make)}`,
    );
  return lines;
}
