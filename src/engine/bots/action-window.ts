/**
 * The last actions of a player and where they were made, in rings that grow to their size while they fill:
 *
 *   gaps      4 B × actions    seconds since the action before
 *   tokens    1 B × actions    which kind of action
 *   points    8 B × way points x and y; none before the first
 */
export const waypointsMax = 128;

/** Actions and way points that there is room for at first; rings double until they have their size. */
const actionsFirst = 64;
const waypointsFirst = 16;
const none = new Float32Array(0);

export class ActionWindow {
  readonly actionsMax: number;
  #gaps: Float32Array = none;
  #tokens = new Uint8Array(0);
  #points: Float32Array = none;
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
    const at = this.#count % this.actionsMax;
    if (at >= this.#gaps.length) {
      const room = Math.min(this.actionsMax, Math.max(actionsFirst, at * 2));
      this.#gaps = grown(this.#gaps, new Float32Array(room));
      this.#tokens = grown(this.#tokens, new Uint8Array(room));
    }
    this.#gaps[at] = gapSeconds;
    this.#tokens[at] = token;
    this.#count += 1;
  }

  /** A way point, unless it is where the last one was. */
  pushPoint(x: number, y: number): void {
    const last = ((this.#waypoints + waypointsMax - 1) % waypointsMax) * 2;
    if (this.#waypoints > 0 && this.#points[last] === Math.fround(x) && this.#points[last + 1] === Math.fround(y)) return;
    const at = (this.#waypoints % waypointsMax) * 2;
    if (at >= this.#points.length)
      this.#points = grown(this.#points, new Float32Array(Math.min(waypointsMax * 2, Math.max(waypointsFirst * 2, at * 2))));
    this.#points[at] = x;
    this.#points[at + 1] = y;
    this.#waypoints += 1;
  }

  /** Copies the last actions, oldest first, and returns how many there are. */
  copyActions(gaps: Float64Array, tokens: Uint8Array): number {
    const n = Math.min(this.#count, this.actionsMax);
    for (let i = 0; i < n; i++) {
      const at = (this.#count - n + i) % this.actionsMax;
      gaps[i] = this.#gaps[at] as number;
      tokens[i] = this.#tokens[at] as number;
    }
    return n;
  }

  /** Copies the last way points, oldest first, and returns how many there are. */
  copyPoints(x: Float64Array, y: Float64Array): number {
    const n = Math.min(this.#waypoints, waypointsMax);
    for (let i = 0; i < n; i++) {
      const at = ((this.#waypoints - n + i) % waypointsMax) * 2;
      x[i] = this.#points[at] as number;
      y[i] = this.#points[at + 1] as number;
    }
    return n;
  }
}

function grown<T extends Float32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
