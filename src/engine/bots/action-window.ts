/**
 * The last actions of a player and where they were made, in rings that grow to their size while they fill:
 *
 *   actions   3 B × actions      which kind of action, and the wait before it as a logarithm in 16 bits
 *   points    8 B × way points   x and y; none before the first
 */
export const waypointsMax = 128;

/** Actions and way points that there is room for at first; rings double until they have their size. */
const actionsFirst = 64;
const waypointsFirst = 16;
const actionBytes = 3;

/** Shorter waits count as this long, seconds. */
const waitSecondsMin = 0.001;
/** A wait is told from another by 1 part in 3,000; the longest is a month. */
const stepsPerNat = 3000;
const stepsMax = 65_535;

export class ActionWindow {
  readonly actionsMax: number;
  /** Of each action the lower and the upper byte of its wait, and its kind. */
  #actions: Uint8Array | undefined;
  #points: Float32Array | undefined;
  #count = 0;
  #waypoints = 0;

  constructor(actionsMax: number) {
    this.actionsMax = actionsMax;
  }

  /** Actions ever pushed. */
  get count(): number {
    return this.#count;
  }

  push(gapSeconds: number, token: number): void {
    const place = this.#count % this.actionsMax;
    const at = place * actionBytes;
    if (this.#actions === undefined || at >= this.#actions.length) {
      const room = new Uint8Array(Math.min(this.actionsMax, Math.max(actionsFirst, place * 2)) * actionBytes);
      if (this.#actions !== undefined) room.set(this.#actions);
      this.#actions = room;
    }
    const wait = gapSeconds <= waitSecondsMin ? 0 : Math.min(stepsMax, Math.round(Math.log(gapSeconds / waitSecondsMin) * stepsPerNat));
    this.#actions[at] = wait;
    this.#actions[at + 1] = wait >>> 8;
    this.#actions[at + 2] = token;
    this.#count += 1;
  }

  /** A way point, unless it is where the last one was. */
  pushPoint(x: number, y: number): void {
    const points = this.#points;
    const last = ((this.#waypoints + waypointsMax - 1) % waypointsMax) * 2;
    if (points !== undefined && points[last] === Math.fround(x) && points[last + 1] === Math.fround(y)) return;
    const at = (this.#waypoints % waypointsMax) * 2;
    const room = points === undefined || at >= points.length ? this.#morePoints(at) : points;
    room[at] = x;
    room[at + 1] = y;
    this.#waypoints += 1;
  }

  #morePoints(used: number): Float32Array {
    const room = new Float32Array(Math.min(waypointsMax * 2, Math.max(waypointsFirst * 2, used * 2)));
    if (this.#points !== undefined) room.set(this.#points);
    this.#points = room;
    return room;
  }

  /** Copies the last actions, oldest first, and returns how many there are. Waits are seconds. */
  copyActions(gaps: Float64Array, tokens: Uint8Array): number {
    const actions = this.#actions;
    if (actions === undefined) return 0;
    const n = Math.min(this.#count, this.actionsMax);
    let at = ((this.#count - n) % this.actionsMax) * actionBytes;
    for (let i = 0; i < n; i++) {
      const wait = (actions[at] as number) | ((actions[at + 1] as number) << 8);
      gaps[i] = waitSecondsMin * Math.exp(wait / stepsPerNat);
      tokens[i] = actions[at + 2] as number;
      at += actionBytes;
      if (at === this.actionsMax * actionBytes) at = 0;
    }
    return n;
  }

  /** Copies the last way points, oldest first, and returns how many there are. */
  copyPoints(x: Float64Array, y: Float64Array): number {
    const points = this.#points;
    if (points === undefined) return 0;
    const n = Math.min(this.#waypoints, waypointsMax);
    for (let i = 0; i < n; i++) {
      const at = ((this.#waypoints - n + i) % waypointsMax) * 2;
      x[i] = points[at] as number;
      y[i] = points[at + 1] as number;
    }
    return n;
  }
}
