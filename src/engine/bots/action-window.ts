import { PlayerNumbers, pairAt, putPair, putSmall, sections, smallAt, smallsPerNumber } from "./player-numbers.ts";

/**
 * The last actions of a player and where they were made, in rings that grow to their size while they fill:
 *
 *   actions   8/3 B × actions    which kind of action, 5 bits, and the wait before it as a logarithm in 16
 *   points    8 B × way points   x and y; none before the first
 */
export const waypointsMax = 128;

/** Numbers that are added to a ring until it has its size. */
const growth = 16;

/** Shorter waits count as this long, seconds. */
const waitSecondsMin = 0.001;
/** A wait is told from another by 1 part in 3,000; the longest is a month. */
const stepsPerNat = 3000;
const stepsMax = 65_535;
const waitBits = 16;

export class ActionWindow {
  readonly actionsMax: number;
  readonly #numbers: PlayerNumbers;
  #count = 0;
  #waypoints = 0;

  constructor(actionsMax: number, numbers = new PlayerNumbers()) {
    this.actionsMax = actionsMax;
    this.#numbers = numbers;
  }

  /** Actions ever pushed. */
  get count(): number {
    return this.#count;
  }

  /** Way points ever pushed. */
  get waypoints(): number {
    return this.#waypoints;
  }

  /** `token` is below 32. */
  push(gapSeconds: number, token: number): void {
    const numbers = this.#numbers;
    const place = this.#count % this.actionsMax;
    const words = numbers.room(sections.actions);
    if (place >= words * smallsPerNumber)
      numbers.grow(sections.actions, Math.min(growth, Math.ceil(this.actionsMax / smallsPerNumber) - words));
    const wait = gapSeconds <= waitSecondsMin ? 0 : Math.min(stepsMax, Math.round(Math.log(gapSeconds / waitSecondsMin) * stepsPerNat));
    putSmall(numbers.all, numbers.from(sections.actions), place, wait | (token << waitBits));
    this.#count += 1;
  }

  /** A way point, unless it is where the last one was. */
  pushPoint(x: number, y: number): void {
    const numbers = this.#numbers;
    if (this.#waypoints > 0) {
      const last = (this.#waypoints - 1) % waypointsMax;
      const pair = pairAt(numbers.all, numbers.from(sections.points) + last);
      if (pair[0] === Math.fround(x) && pair[1] === Math.fround(y)) return;
    }
    const place = this.#waypoints % waypointsMax;
    const room = numbers.room(sections.points);
    if (place >= room) numbers.grow(sections.points, Math.min(growth, waypointsMax - room));
    putPair(numbers.all, numbers.from(sections.points) + place, x, y);
    this.#waypoints += 1;
  }

  /** Copies the last actions, oldest first, and returns how many there are. Waits are seconds. */
  copyActions(gaps: Float64Array, tokens: Uint8Array): number {
    const { all } = this.#numbers;
    const from = this.#numbers.from(sections.actions);
    const n = Math.min(this.#count, this.actionsMax);
    let place = (this.#count - n) % this.actionsMax;
    for (let i = 0; i < n; i++) {
      const action = smallAt(all, from, place);
      gaps[i] = waitSecondsMin * Math.exp((action & stepsMax) / stepsPerNat);
      tokens[i] = action >>> waitBits;
      place += 1;
      if (place === this.actionsMax) place = 0;
    }
    return n;
  }

  /** Copies the last way points, oldest first, and returns how many there are. */
  copyPoints(x: Float64Array, y: Float64Array): number {
    const { all } = this.#numbers;
    const from = this.#numbers.from(sections.points);
    const n = Math.min(this.#waypoints, waypointsMax);
    for (let i = 0; i < n; i++) {
      const pair = pairAt(all, from + ((this.#waypoints - n + i) % waypointsMax));
      x[i] = pair[0] as number;
      y[i] = pair[1] as number;
    }
    return n;
  }
}
