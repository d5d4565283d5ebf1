import type { Random } from "#base/random.ts";

/**
 * Made-up contacts of one host with another over up to a day, written from how malware and programs are described to
 * behave and knowing nothing of the scorer. Times are seconds from the start, ascending; a connection carries bytes.
 * Services that call home all day on the clock (time servers, keep-alives) are left out of the benign kinds: by time
 * and size alone they are beacons, and only a list of known services tells them apart.
 */
export interface Contacts {
  readonly times: readonly number[];
  readonly bytes: readonly number[];
  /** Until when the pair was watched, from zero on. */
  readonly until: number;
}
export type Kind = (random: Random) => Contacts;

const daySeconds = 86_400;
const eventsMax = 4096;

class Log {
  readonly #rows: [number, number][] = [];
  readonly #until: number;

  constructor(until: number) {
    this.#until = until;
  }

  add(time: number, bytes: number): void {
    if (time >= 0 && time < this.#until && this.#rows.length < 4 * eventsMax) this.#rows.push([time, Math.max(40, Math.round(bytes))]);
  }

  contacts(): Contacts {
    this.#rows.sort((a, b) => a[0] - b[0]);
    const rows = this.#rows.slice(0, eventsMax);
    return { times: rows.map(([time]) => time), bytes: rows.map(([, bytes]) => bytes), until: this.#until };
  }
}

const logNormal = (random: Random, median: number, spread: number): number => median * Math.exp(random.normal(0, spread));
const logUniform = (random: Random, low: number, high: number): number => low * (high / low) ** random.unit();

/** How long a beacon sleeps, given its mean period. */
export type Sleep = (random: Random, period: number) => number;
export const sleeps: Readonly<Record<string, Sleep>> = {
  "no jitter": (random, period) => period + Math.abs(random.normal(0, 0.05)),
  "jitter 20 %": (random, period) => period * (0.8 + 0.4 * random.unit()),
  "jitter 50 %": (random, period) => period * (0.5 + random.unit()),
  "gaussian 30 %": (random, period) => Math.max(0.05 * period, random.normal(period, 0.3 * period)),
  exponential: (random, period) => random.exponential(period),
};

/** What a check-in carries: always the same, one of a few answers, now and then a task, or padding against sizes. */
export type Payload = "constant" | "few" | "tasked" | "padded";

/**
 * A beacon with a mean period of 20 s to 30 min, watched for 8 to 24 h; `missing` of its beats are not seen. Every third one
 * begins while being watched. With `nights` the machine is off for 6 to 11 hours.
 */
export function beacon(sleep: Sleep, payload: Payload, missing: number, nights = false): Kind {
  return (random) => {
    const span = nights ? daySeconds : random.between(8, 25) * 3600;
    const period = logUniform(random, 20, 1800);
    const base = logUniform(random, 200, 3000);
    const few = [base, base + random.between(10, 400), base + random.between(10, 1200)];
    const asleepFrom = random.between(0, 10) * 3600;
    const asleepTo = asleepFrom + random.between(6, 12) * 3600;
    const log = new Log(span);
    const began = random.chance(0.33) ? random.unit() * span * 0.6 : 0;
    for (let time = began + random.unit() * period; time < span; time += sleep(random, period)) {
      if (random.chance(missing) || (nights && time > asleepFrom && time < asleepTo)) continue;
      log.add(time, payloadBytes(random, payload, base, few));
    }
    return log.contacts();
  };
}

function payloadBytes(random: Random, payload: Payload, base: number, few: readonly number[]): number {
  if (payload === "few") return random.chance(0.8) ? base : random.pick(few);
  if (payload === "tasked") return random.chance(0.05) ? logNormal(random, 20_000, 1.5) : base;
  if (payload === "padded") return base * (1 + random.unit());
  return base;
}

/** Stretches of time in which a person is at the machine: a working day or evening cut by breaks. */
function stretches(random: Random, span: number): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  let time = random.between(0, 4) * 3600;
  const night = time + random.between(7, 16) * 3600;
  while (time < Math.min(span, night)) {
    const length = logNormal(random, 2400, 0.9);
    parts.push([time, Math.min(time + length, span)]);
    time += length + logNormal(random, 1500, 1);
  }
  return parts;
}

const span = (random: Random): number => random.between(8, 25) * 3600;

/** Pages of one site: bursts of connections, then reading. */
const browsing: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  for (const [from, to] of stretches(random, until)) {
    if (random.chance(0.3)) continue;
    for (let time = from; time < to; time += logNormal(random, 45, 1.3)) {
      const parts = 1 + Math.floor(random.exponential(4));
      for (let i = 0, at = time; i < parts; i++, at += random.exponential(0.4)) log.add(at, logNormal(random, 8000, 1.6));
    }
  }
  return log.contacts();
};

/** A program that asks every so often while somebody is there, with requests of the person's own between. */
const pollingWithPauses: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  const period = random.pick([15, 30, 60, 120, 300]);
  const answer = logUniform(random, 300, 4000);
  for (const [from, to] of stretches(random, until)) {
    for (let time = from; time < to; time += period * (1 + random.normal(0, 0.02)))
      log.add(time, random.chance(0.85) ? answer : logNormal(random, 3 * answer, 1));
    for (let time = from; time < to; time += random.exponential(600)) log.add(time, logNormal(random, 9000, 1.3));
  }
  return log.contacts();
};

/** A board left open on a second screen: hours of even requests, then none. */
const dashboard: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  const period = random.pick([10, 30, 60]);
  const base = logUniform(random, 2000, 60_000);
  for (let opened = random.between(1, 3); opened > 0; opened--) {
    const from = random.unit() * until * 0.8;
    const to = from + logNormal(random, 5400, 0.6);
    for (let time = from; time < to; time += period + random.exponential(0.5)) log.add(time, base * (1 + random.normal(0, 0.05)));
  }
  return log.contacts();
};

/** Films: a piece every few seconds while one is watched. */
const streaming: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  const piece = random.pick([4, 6, 10]);
  for (let films = random.between(1, 5); films > 0; films--) {
    const from = random.unit() * until;
    const to = from + logNormal(random, 2400, 0.7);
    for (let time = from; time < to; time += piece * (1 + random.normal(0, 0.1))) log.add(time, logNormal(random, 900_000, 0.5));
  }
  return log.contacts();
};

/** Talk: clusters of messages, slow clock of presence between them. */
const chat: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  for (const [from, to] of stretches(random, until)) {
    for (let time = from; time < to; time += 240 + random.normal(0, 3)) log.add(time, 180);
    for (let talk = from; talk < to; talk += logNormal(random, 900, 1))
      for (let i = 0, at = talk; i < 1 + random.exponential(9); i++, at += logNormal(random, 9, 1))
        log.add(at, logNormal(random, 700, 0.9));
  }
  return log.contacts();
};

/** Mail: looked for every few minutes all day, plus what is sent, opened and pushed. */
const mail: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  for (const [from, to] of stretches(random, until)) {
    for (let time = from; time < to; time += 300 + random.exponential(4))
      log.add(time, random.chance(0.6) ? 900 : logNormal(random, 15_000, 1.4));
    for (let time = from; time < to; time += logNormal(random, 500, 1.2)) log.add(time, logNormal(random, 20_000, 1.3));
  }
  return log.contacts();
};

/** Advertisements and measurement: fetched whenever some page somewhere wants them. */
const measured: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  for (const [from, to] of stretches(random, until))
    for (let time = from; time < to; time += logNormal(random, 120, 1.2))
      for (let i = 0, at = time; i < 1 + random.exponential(1.5); i++, at += random.exponential(2))
        log.add(at, random.pick([420, 610, 990]));
  return log.contacts();
};

/** Updates and telemetry: batches at odd times with retries that back off. */
const telemetry: Kind = (random) => {
  const until = span(random);
  const log = new Log(until);
  for (let time = random.exponential(1500); time < until; time += random.exponential(1500)) {
    const tries = 1 + Math.floor(random.exponential(2));
    for (let i = 0, at = time, wait = 1; i < tries; i++, at += wait, wait *= 2) log.add(at, logNormal(random, 2500, 1));
  }
  return log.contacts();
};

/** Many people behind one address: independent arrivals whose rate follows the hours of the day. */
const crowd: Kind = (random) => {
  const until = random.between(14, 25) * 3600;
  const log = new Log(until);
  const mean = logUniform(random, 30, 300);
  const noon = random.unit() * daySeconds;
  for (let time = 0; time < until; time += random.exponential(mean / 2)) {
    const rate = 0.5 + 0.45 * Math.cos((2 * Math.PI * (time - noon)) / daySeconds);
    if (random.chance(rate)) log.add(time, logNormal(random, 5000, 1.3));
  }
  return log.contacts();
};

export const benignKinds: Readonly<Record<string, Kind>> = {
  browsing,
  "polling with pauses": pollingWithPauses,
  dashboard,
  streaming,
  chat,
  mail,
  measurement: measured,
  telemetry,
  crowd,
};
