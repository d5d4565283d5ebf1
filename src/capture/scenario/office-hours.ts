import type { Random } from "#base/random.ts";
import type { Host } from "./office.ts";

const HOUR = 3_600e6;
const DAY = 24 * HOUR;
/** Hour of the office's day at which the scenario begins, whatever the clock says: people are there when it is played. */
const beginHour = 9;
const workDays = 5;
/** Where nobody comes for so many days, nobody comes. */
const daysMax = 10;

/** When somebody is at a machine on one day, hours of it. */
interface WorkDay {
  readonly day: number;
  readonly comes: number;
  readonly lunchFrom: number;
  readonly lunchTo: number;
  readonly leaves: number;
}

/** When the office's people are there, and how busy the world outside is. The first day is a Monday. */
export class OfficeHours {
  readonly #random: Random;
  readonly #begin: number;
  readonly #days = new Map<string, WorkDay>();

  /** `begin`: packet time at which the scenario begins, µs. */
  constructor(random: Random, begin: number) {
    this.#random = random;
    this.#begin = begin;
  }

  /** Microseconds until somebody is at the machine; 0 while somebody is. */
  away(host: Host, now: number): number {
    const time = this.#officeTime(now);
    const first = Math.floor(time / DAY);
    const hour = (time - first * DAY) / HOUR;
    for (let day = first; day < first + daysMax; day++) {
      const { comes, lunchFrom, lunchTo, leaves } = this.#workDay(host.name, day);
      if (day > first) {
        if (leaves > comes) return (day * 24 + comes) * HOUR - time;
      } else if (hour < leaves) {
        if (hour < comes) return (comes - hour) * HOUR;
        return hour >= lunchFrom && hour < lunchTo ? (lunchTo - hour) * HOUR : 0;
      }
    }
    return daysMax * DAY;
  }

  /** How many of those who would come on a busy evening come now, 0.1 … 1: customers, players. */
  custom(now: number): number {
    const hour = (this.#officeTime(now) / HOUR) % 24;
    return 0.55 - 0.45 * Math.cos(((hour - 4) / 24) * 2 * Math.PI);
  }

  #officeTime(now: number): number {
    return now - this.#begin + beginHour * HOUR;
  }

  #workDay(name: string, day: number): WorkDay {
    const known = this.#days.get(name);
    if (known?.day === day) return known;
    const random = this.#random.fork(`${name} ${day}`);
    const comes = 8.5 + random.normal(0, 0.5);
    const lunchFrom = 12.2 + random.normal(0, 0.3);
    const made: WorkDay = {
      day,
      // On the first day everybody is there when it begins.
      comes: day === 0 ? Math.min(comes, beginHour - 0.1) : comes,
      lunchFrom,
      lunchTo: lunchFrom + 0.5 + 0.5 * random.unit(),
      leaves: day > 0 && random.chance(day % 7 < workDays ? 0.05 : 0.96) ? 0 : Math.max(14, 17.5 + random.normal(0, 0.8)),
    };
    this.#days.set(name, made);
    return made;
  }
}
