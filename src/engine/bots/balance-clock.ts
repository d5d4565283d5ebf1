/**
 * Speed hacks and impossible movement. A client that runs its clock too fast sends more movement reports than time
 * passes, however the network bunches them: each report pays one tick into a balance that packet time must cover.
 */
export interface BalanceClockConfig {
  /** Time that one movement report stands for, µs. */
  readonly tickMicros: number;
  /** How far the balance may lag behind packet time, µs: a client that was silent cannot save up more than this. */
  readonly driftMicros: number;
  /** How far the balance may run ahead before it is an alarm, µs: the bunching of the network. */
  readonly aheadMicros: number;
  /** Greatest distance that the game allows in a second, in the game's units; 0: not checked. */
  readonly unitsPerSecondMax: number;
  /** Jumps of at least this many units are teleports of the game (portals, deaths) and not judged; 0: none. */
  readonly teleportUnitsMin: number;
}

export interface MovementVerdict {
  readonly reports: number;
  /** Reports that came while the balance was further ahead than allowed. */
  readonly fastReports: number;
  /** Client time divided by packet time since the clock last fell behind; 1 is right. */
  readonly speed: number;
  /** Steps longer than the game allows for the ticks that they took. */
  readonly longSteps: number;
  readonly longestUnitsPerSecond: number;
}

export class BalanceClock {
  readonly #config: BalanceClockConfig;
  #balance = Number.NEGATIVE_INFINITY;
  #since = 0;
  #sinceReports = 0;
  #last = 0;
  #x = Number.NaN;
  #y = Number.NaN;
  #reports = 0;
  #fast = 0;
  #longSteps = 0;
  #longest = 0;

  constructor(config: BalanceClockConfig) {
    this.#config = config;
  }

  /** A movement report at packet time `time`, µs, with the position it tells. True when it is an alarm. */
  report(time: number, x: number, y: number): boolean {
    const { tickMicros, driftMicros, aheadMicros } = this.#config;
    const floor = time - driftMicros;
    if (this.#balance < floor) {
      this.#balance = floor;
      this.#since = time;
      this.#sinceReports = this.#reports;
    }
    this.#balance += tickMicros;
    this.#reports += 1;
    const long = this.#step(time, x, y);
    this.#last = time;
    const ahead = this.#balance > time + aheadMicros;
    if (ahead) {
      this.#fast += 1;
      // What was told is paid back, so that one burst is one alarm and not one for each report to come.
      this.#balance = time;
    }
    return ahead || long;
  }

  /** A step is judged by the time the client claims, at least one tick: bunched packets make no step impossible. */
  #step(time: number, x: number, y: number): boolean {
    const distance = Math.hypot(x - this.#x, y - this.#y);
    const seconds = (Math.max(this.#config.tickMicros, time - this.#last) + this.#config.driftMicros) / 1e6;
    const { unitsPerSecondMax, teleportUnitsMin } = this.#config;
    const known = Number.isFinite(distance) && this.#last > 0;
    this.#x = x;
    this.#y = y;
    if (!known || unitsPerSecondMax <= 0 || (teleportUnitsMin > 0 && distance >= teleportUnitsMin)) return false;
    this.#longest = Math.max(this.#longest, distance / seconds);
    const long = distance > unitsPerSecondMax * seconds;
    if (long) this.#longSteps += 1;
    return long;
  }

  verdict(): MovementVerdict {
    const passed = this.#last - this.#since;
    return {
      reports: this.#reports,
      fastReports: this.#fast,
      speed: passed > 0 ? ((this.#reports - this.#sinceReports - 1) * this.#config.tickMicros) / passed : 1,
      longSteps: this.#longSteps,
      longestUnitsPerSecond: this.#longest,
    };
  }
}
