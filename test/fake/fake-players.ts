import type { Random } from "#base/random.ts";
import { type Micros, TimeText } from "#base/time.ts";
import type { OddwireEvent } from "#contract/event.ts";

const tellEverySeconds = 10;
const names = ["Ariadne", "Borin", "Cassia", "Dorn", "Elwyn", "Farid", "Gwen", "Hakon", "Imre", "Jorunn", "Kestrel", "Lumi"] as const;
/** The player that a program plays, and one that may be played by one. */
const botNumber = 7;
const doubtfulNumber = 3;
const edgesSeconds = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 30, 60];
const human = [0, 1, 4, 9, 22, 31, 36, 40, 33, 28, 19, 9, 5, 3, 1, 1];
const machine = [0, 0, 0, 0, 0, 2, 118, 121, 1, 0, 0, 0, 0, 0, 0, 0];

/** Twelve people, or programs, that play an imaginary game. Each tells how it stands every ten seconds. */
export class FakePlayers {
  readonly #random: Random;
  readonly #timeText = new TimeText();
  readonly #since = new Map<number, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** What is told in the second that ends at `time`, microseconds. */
  tick(time: number, sequence: number): readonly OddwireEvent[] {
    return names.flatMap((_name, number) => {
      if ((sequence + number) % tellEverySeconds !== 0) return [];
      if (!this.#since.has(number)) this.#since.set(number, time - 4_000_000);
      return [this.#player(number, time, sequence), ...(number === botNumber && sequence % 60 < 10 ? [this.#finding(time)] : [])];
    });
  }

  #head(kind: string, number: number, time: number): OddwireEvent {
    return {
      timestamp: this.#timeText.format(time as Micros),
      event_type: kind,
      flow_id: 5_000_000_000_000 + number,
      src_ip: `203.0.113.${10 + number}`,
      src_port: 40_000 + number,
      dest_ip: "10.0.0.9",
      dest_port: 7777,
      proto: "TCP",
      pkt_src: "wire/pcap",
    };
  }

  #player(number: number, time: number, sequence: number): OddwireEvent {
    const since = this.#since.get(number) as number;
    const age = (time - since) / 1e6;
    const actions = Math.round(age * (1.1 + number / 20));
    const most = 100 + number * 25;
    const turn = (sequence * (number + 1)) / 40;
    const player = {
      id: `lantern:${100 + number}`,
      name: names[number],
      game: "lantern",
      session: number + 1,
      state: number === 11 ? "left" : "online",
      since: new Date(since / 1000).toISOString(),
      age,
      level: 3 + number * 4,
      position: { x: Math.round(Math.cos(turn) * 400) / 2, y: Math.round(Math.sin(turn) * 400) / 2, z: 12, map: "Greywood" },
      health: { now: this.#random.between(Math.floor(most / 3), most), most },
      connection: { packets_in: actions * 4, packets_out: actions * 9, rtt_ms: 20 + number * 3 },
      statistics: statisticsOf(actions, number === botNumber),
      bot: this.#bot(number, actions),
    };
    return { ...this.#head("player", number, time), player };
  }

  #bot(number: number, actions: number): unknown {
    const isBot = number === botNumber;
    const goal = isBot ? 0.97 : number === doubtfulNumber ? 0.55 : 0.06 + number / 100;
    const share = Math.min(1, actions / 200);
    const score = Math.max(0, Math.min(1, 0.3 * (1 - share) + goal * share + this.#random.between(-25, 25) / 1000));
    const verdict = score > 0.9 ? "bot" : score < 0.4 && actions > 60 ? "human" : "undecided";
    return {
      verdict,
      score,
      classic: Math.max(0, score - 0.1),
      rhythm: score,
      sample: actions,
      evidence: isBot ? botEvidence : humanEvidence,
    };
  }

  #finding(time: number): OddwireEvent {
    const finding = {
      detector: "game-bot",
      category: "policy",
      title: `A program seems to play ${names[botNumber]} (lantern:${100 + botNumber})`,
      severity: "medium",
      score: 0.97,
      why: [{ feature: "the same 12 actions again and again", value: 19, threshold: 3, sample: 240 }],
      player: `lantern:${100 + botNumber}`,
    };
    return { ...this.#head("finding", botNumber, time), finding };
  }
}

function statisticsOf(actions: number, isBot: boolean): unknown {
  const row = (opcode: string, direction: string, share: number, mean: number) => ({
    opcode,
    direction,
    count: Math.round(actions * share),
    per_second: Number((share * 1.2).toPrecision(3)),
    gap: { mean, stddev: isBot ? mean / 50 : mean * 0.9 },
    size: { mean: 24 + share * 10, stddev: isBot ? 0 : 3 },
  });
  return {
    actions,
    opcodes: [row("WORLD_STATE", "to_client", 6, 0.2), row("MOVE", "to_server", 0.7, 1.2), row("ATTACK", "to_server", 0.2, 4.1)],
    transitions: [
      { from: "MOVE", to: "MOVE", count: Math.round(actions * 0.5) },
      { from: "MOVE", to: "ATTACK", count: Math.round(actions * 0.2) },
    ],
  };
}

const point = (i: number): readonly [number, number] => [Math.round(Math.cos(i / 3) * 900) / 10, Math.round(Math.sin(i / 1.5) * 400) / 10];

const botEvidence = [
  { kind: "text", text: "length of the longest run of actions that comes again: 118 (longest-run), 1 of 4000 people comes as far" },
  { kind: "text", text: "share of the way points that lie on a path walked again: 0.98 (path-repeat), 1 of 900 people comes as far" },
  {
    kind: "intervals",
    text: "waits between 242 actions, median 1 s; people's are drawn around the same median",
    edgesSeconds,
    counts: [...machine, 0],
    people: [...human, 0],
  },
  {
    kind: "sequence",
    text: "the same 12 actions 19 times, 12 actions apart",
    opcodes: ["MOVE", "MOVE", "ATTACK", "ATTACK", "ATTACK", "USE_ITEM", "MOVE", "MOVE", "ATTACK", "ATTACK", "ATTACK", "LOOT"],
    intervalsSeconds: [1.002, 0.998, 1.001, 1, 1.003, 0.999, 1, 1.001, 0.998, 1, 1.002, 0.999],
    repeats: 19,
  },
  { kind: "path", text: "the same path over 20 way points, 19 times", points: Array.from({ length: 20 }, (_, i) => point(i)), repeats: 19 },
];

const humanEvidence = [
  {
    kind: "intervals",
    text: "waits between 242 actions, median 1.2 s; people's are drawn around the same median",
    edgesSeconds,
    counts: [...human.toReversed(), 0].map((count, i) => Math.round((count + (human[i] ?? 0) * 3) / 4)),
    people: [...human, 0],
  },
];
