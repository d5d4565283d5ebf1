import { Random } from "#base/random.ts";
import type { DetectorDefinition, Finding } from "#contract/detector.ts";
import { findingsOf, flowFact, type Heard, messageFact } from "#test/fake/fake-facts.ts";

const seeds = [402, 403, 404, 405, 406];
const clients = 40;
const days = 14;
const mega = 1e6;

type Kind = "web pages" | "mail" | "video calls" | "syncing" | "backup each night" | "photos now and then" | "once, to a new place";

/** What a client and a destination exchange in one hour, over one connection. */
interface Exchange {
  readonly at: number;
  readonly client: string;
  readonly server: string;
  readonly name: string | undefined;
  readonly sent: number;
  readonly got: number;
}

const spread = (random: Random, median: number, deviation: number): number => median * Math.exp(random.normal(0, deviation));
const addressOf = (i: number): string => `198.51.${Math.floor(i / 250)}.${1 + (i % 250)}`;
const clientOf = (i: number): string => `10.0.0.${10 + i}`;

/** Two weeks of an office: who is there from eight to six on weekdays, and what each does then by habit; a place has a name and 1 to 20 servers. */
class Office {
  readonly exchanges: Exchange[] = [];
  /** What each destination is used for. */
  readonly kinds = new Map<string, Kind>();
  readonly #random: Random;
  #servers = 0;

  /** `once`: chance that somebody passes something on to a new place in a working hour. */
  constructor(seed: number, once: number) {
    this.#random = new Random(seed);
    const sites = Array.from({ length: 60 }, (_, i) => this.#place(`site-${i}.example`, "web pages", 3));
    const mail = this.#place("mail.example", "mail", 4);
    const calls = this.#place("calls.example", "video calls", 20);
    const stores = [0, 1, 2, 3].map((i) => this.#place(`store-${i}.example`, "syncing", 10));
    const albums = [0, 1, 2, 3, 4, 5].map((i) => this.#place(`album-${i}.example`, "photos now and then", 10));
    for (let i = 0; i < clients; i++) {
      const own = this.#random.fork(`client ${i}`);
      const pick = <T>(list: readonly T[]): T => list[own.between(0, list.length)] as T;
      const store = own.chance(0.5) ? pick(stores) : undefined;
      const album = own.chance(0.3) ? pick(albums) : undefined;
      const vault = own.chance(0.1) ? this.#place(undefined, "backup each night", 1) : undefined;
      const size = spread(own, 400 * mega, 0.8);
      for (let hour = 0; hour < days * 24; hour++) {
        const say = (to: () => Exchange, sent: number, got: number): void =>
          void this.exchanges.push({ ...to(), at: hour * 3600 + own.unit() * 3000, client: clientOf(i), sent, got });
        if (vault !== undefined && hour % 24 === 2) say(vault, spread(own, size, 0.5), mega);
        // Telephones and notebooks are about at night, too.
        if (album !== undefined && own.chance(0.02)) say(album, spread(own, 150 * mega, 1), mega);
        if (hour % 24 < 8 || hour % 24 >= 18 || hour % 168 >= 120) continue;
        for (let k = 0; k < 4; k++) say(pick(sites), spread(own, mega / 2, 1), spread(own, 5 * mega, 1.2));
        say(mail, spread(own, 3 * mega, 1.5), spread(own, 3 * mega, 1.5));
        if (own.chance(0.15)) say(calls, spread(own, 500 * mega, 0.4), spread(own, 700 * mega, 0.4));
        if (store !== undefined) say(store, spread(own, 20 * mega, 1.5), spread(own, 10 * mega, 1.5));
        if (own.chance(once))
          say(this.#place(`once-${this.#servers}.example`, "once, to a new place", 1), spread(own, 100 * mega, 1), mega);
      }
    }
  }

  /** A destination: each call reaches one of its servers. */
  #place(name: string | undefined, kind: Kind, servers: number): () => Exchange {
    const first = this.#servers;
    this.#servers += servers;
    for (let i = 0; i < servers; i++) this.kinds.set(addressOf(first + i), kind);
    return () => ({ at: 0, client: "", server: addressOf(first + this.#random.between(0, servers)), name, sent: 0, got: 0 });
  }
}

const heard = (exchanges: readonly Exchange[]): Heard[] =>
  exchanges
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ name, sent, got, ...words }, i): Heard[] => {
      const flow = { ...words, flowId: i + 1, answered: true, established: true };
      const end: Heard = { end: flowFact({ ...flow, bytesToServer: Math.round(sent), bytesToClient: Math.round(got) }) };
      return name === undefined ? [end] : [{ message: messageFact("tls", { sni: `www.${name}` }, flow) }, end];
    });

/** One theft from each of three clients on three days of two weeks, to a server of its own without a known name. */
function thefts(random: Random, bytes: number, isAtNight: boolean): Exchange[] {
  return [3, 7, 11].map((day, i) => ({
    at: (day * 24 + (isAtNight ? random.between(0, 6) : random.between(9, 17))) * 3600,
    client: clientOf(random.between(0, clients)),
    server: `203.0.113.${i + 1}`,
    name: undefined,
    sent: bytes,
    got: bytes / 100,
  }));
}

const isAccused = ({ category }: Finding): boolean => category === "exfiltration";

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

function rowsOf(detector: DetectorDefinition, habit: string, once: number): string[] {
  const offices = seeds.map((seed) => new Office(seed, once));
  const runs = offices.map(({ exchanges, kinds }) => {
    const found = findingsOf(detector, heard(exchanges));
    const accused = found.filter(isAccused).map(({ target }) => kinds.get(target ?? "") ?? "web pages");
    return { accused, observed: found.length - accused.length };
  });
  const accused = runs.flatMap((run) => run.accused);
  const caught = (bytes: number, isAtNight: boolean): string => {
    const perOffice = offices.map(({ exchanges }, i) => {
      const list = thefts(new Random(seeds[i] as number), bytes, isAtNight);
      const targets = findingsOf(detector, heard([...exchanges, ...list]))
        .filter(isAccused)
        .map(({ target }) => target);
      return list.filter(({ server }) => targets.includes(server)).length;
    });
    return `${sum(perOffice)} of ${seeds.length * 3}`;
  };
  const weeks = (seeds.length * days) / 7;
  return [
    `  ${habit}:`,
    `    accused without a theft: ${accused.length} in ${weeks} weeks, at most ${Math.max(...runs.map((run) => run.accused.length))} in an office; ${sum(runs.map(({ observed }) => observed))} observed`,
    ...[...new Set(accused)].toSorted().map((kind) => `      ${kind.padEnd(28)} ${accused.filter((one) => one === kind).length}`),
    ...[300, 600, 2000].flatMap((amount) => [
      `    ${`${amount} MB stolen by day`.padEnd(30)} ${caught(amount * mega, false)}`,
      `    ${`${amount} MB stolen at night`.padEnd(30)} ${caught(amount * mega, true)}`,
    ]),
  ];
}

/** Offices in which forty people browse, call, sync, back up and pass files on: who is accused, and which thefts are. */
export const uploadOfficeTable = (detector: DetectorDefinition): string[] => [
  `Offices of ${clients} clients, ${days} days each, same seeds, with services that are shared:`,
  ...rowsOf(detector, "each passes 100 MB on to a new place every second week", 1 / 100),
  ...rowsOf(detector, "each does so twice a year", 1 / 1250),
];
