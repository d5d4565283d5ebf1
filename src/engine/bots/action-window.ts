/**
 * The last actions of a player and where they were made, in rings of fixed size in one piece of memory:
 *
 *   gaps      4 B × actions    seconds since the action before
 *   tokens    1 B × actions    which kind of action
 *   x, y      4 B × way points each
 */
export const waypointsMax = 128;

export class ActionWindow {
  readonly actionsMax: number;
  readonly #gaps: Float32Array;
  readonly #tokens: Uint8Array;
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  #count = 0;
  #waypoints = 0;

  constructor(actionsMax: number) {
    this.actionsMax = actionsMax;
    const memory = new ArrayBuffer(actionsMax * 4 + waypointsMax * 8 + actionsMax);
    this.#gaps = new Float32Array(memory, 0, actionsMax);
    this.#x = new Float32Array(memory, actionsMax * 4, waypointsMax);
    this.#y = new Float32Array(memory, actionsMax * 4 + waypointsMax * 4, waypointsMax);
    this.#tokens = new Uint8Array(memory, actionsMax * 4 + waypointsMax * 8, actionsMax);
  }

  /** Actions ever pushed. */
  get count(): number {
    return this.#count;
  }

  push(gapSeconds: number, token: number): void {
    const at = this.#count % this.actionsMax;
    this.#gaps[at] = gapSeconds;
    this.#tokens[at] = token;
    this.#count += 1;
  }

  /** A way point, unless it is where the last one was. */
  pushPoint(x: number, y: number): void {
    const last = (this.#waypoints + waypointsMax - 1) % waypointsMax;
    if (this.#waypoints > 0 && this.#x[last] === Math.fround(x) && this.#y[last] === Math.fround(y)) return;
    const at = this.#waypoints % waypointsMax;
    this.#x[at] = x;
    this.#y[at] = y;
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
      const at = (this.#waypoints - n + i) % waypointsMax;
      x[i] = this.#x[at] as number;
      y[i] = this.#y[at] as number;
    }
    return n;
  }
}
