import { Random } from "#base/random.ts";
import type { Actor } from "./actor.ts";
import { actors as allActors } from "./actors/list.ts";
import { Noise } from "./content/noise.ts";
import { FrameBuffer, type Trace } from "./frames/frame-buffer.ts";
import { makeOffice, type Office } from "./office.ts";
import { OfficeHours } from "./office-hours.ts";
import { Outside } from "./outside.ts";
import { type Process, Scheduler } from "./scheduler.ts";
import { type Stage, World } from "./world.ts";

/** Length of a round, seconds of packet time. */
export const roundSeconds = 300;
/** 2026-01-05T09:00:00Z, a Monday, µs. */
export const defaultStartTime = 1_767_603_600_000_000;

export interface PlaybackOptions {
  readonly seed: number;
  /** Packet time of the beginning, µs. */
  readonly startTime?: number;
  /** Keeps who did what, for `labels`; costs memory for each pair of machines. */
  readonly traced?: boolean;
  /** All by default. */
  readonly actors?: readonly Actor[];
}

/** Plays the scenario: attacks round after round, each with the same machines and new numbers, and beside them ordinary life. */
export class Playback implements Stage {
  readonly scheduler = new Scheduler();
  readonly frames = new FrameBuffer();
  readonly office: Office;
  readonly outside: Outside;
  readonly noise: Noise;
  readonly hours: OfficeHours;
  /** What each actor did between which machines; one row for each actor unless traced. */
  readonly traces = new Map<string, Trace>();
  readonly #traced: boolean;
  readonly #random: Random;
  readonly #actors: readonly Actor[];

  constructor(options: PlaybackOptions) {
    this.#random = new Random(options.seed);
    this.#traced = options.traced ?? false;
    this.#actors = options.actors ?? allActors;
    this.office = makeOffice(this.#random.fork("office"));
    this.outside = new Outside(this.office.gateway, this.#random.fork("outside"));
    this.noise = new Noise(this.#random.fork("noise"));
    const begin = Math.floor(options.startTime ?? defaultStartTime);
    this.hours = new OfficeHours(this.#random.fork("hours"), begin);
    this.scheduler.spawn(this.#rounds(), begin);
  }

  trace(actor: string, label: "ordinary" | "attack", client: string, server: string): Trace {
    const key = this.#traced ? `${actor} ${client} ${server}` : actor;
    let trace = this.traces.get(key);
    if (trace === undefined) {
      trace = { actor, label, client, server, from: 0, to: 0, packets: 0 };
      this.traces.set(key, trace);
    }
    return trace;
  }

  *#rounds(): Process {
    const begin = this.scheduler.now;
    for (let round = 0; ; round++) {
      const from = this.scheduler.now;
      const next = from + roundSeconds * 1e6;
      for (const actor of this.#actors) {
        const { name, label, isLasting = false } = actor;
        if (isLasting && round > 0) continue;
        const until = isLasting ? Number.POSITIVE_INFINITY : next;
        const random = this.#random.fork(`round ${round}`).fork(name);
        const steady = this.#random.fork("steady").fork(name);
        const world = new World(this, { actor: name, label, round, begin, from, until, random: random.fork("world"), steady });
        this.scheduler.spawn(actor.start(world, random), from);
      }
      yield next - from;
    }
  }
}
