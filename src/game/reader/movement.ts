import { PlayerNumbers, places } from "#engine/bots/player-numbers.ts";

/** How far a client's clock may lag behind before its balance no longer grows, µs: what a stalled connection catches up with. */
export const lagMaxUs = 5_000_000;
/** How far ahead of the capture's clock a client's movement may be, µs. */
export const aheadMaxUs = 1_000_000;
/** Packets ahead of the clock in a row that are told. */
export const aheadPacketsMin = 10;
/** A client's clock that jumps further than this beyond what has passed begins anew, µs. */
const jumpMaxUs = 10_000_000;
/** Length of the windows over which speed is measured, µs. */
const windowUs = 2_000_000;
/** Windows faster than possible that are told. */
export const fastWindowsMin = 3;
/** Players whose speed must be known before anybody is compared with them. */
export const speedPlayersMin = 8;
/** How much faster than the median player's top speed is impossible. */
export const speedFactorMin = 2;
/** The same where the game's top speed is configured: room for rounding. */
export const configuredFactorMin = 1.15;

// What every player has; the fastest windows last, the fastest first.
const X = places.movement;
const Y = places.movement + 1;
const Z = places.movement + 2;
const TIME = places.movement + 3;
const CLIENT_TIME = places.movement + 4;
const BALANCE = places.movement + 5;
const BEGIN = places.movement + 6;
const WINDOW_FROM = places.movement + 7;
const PATH = places.movement + 8;
const AHEAD = places.movement + 9;
const CLAIMED = places.movement + 10;
const FASTEST = places.movement + 11;

/**
 * Watches one player's movement packets.
 *
 * The balance clock (the way Minecraft's server-side checks find sped-up clients: docs of Grim's timer check): each
 * movement packet adds the time that the client says has passed; it may lag, but never run ahead of the capture's
 * clock. Delays and bursts of the network do not matter, since they only move packets to later times.
 *
 * Speed: the path over windows of two seconds of packet time; the fastest ones are compared with what is possible.
 */
export class Movement {
  /** Movement packets in a row that were ahead by more than is allowed. */
  aheadPackets = 0;
  readonly #numbers: PlayerNumbers;

  /** A player has one: its numbers stand where every player has them. */
  constructor(numbers = new PlayerNumbers()) {
    this.#numbers = numbers;
    numbers.all[TIME] = -1;
    numbers.all[CLIENT_TIME] = -1;
  }

  /** Fastest window, metres (or what the game counts in) per second. */
  get topSpeed(): number {
    return this.#numbers.all[FASTEST] as number;
  }

  /** How far ahead the client's movement is, µs. */
  get ahead(): number {
    return this.#numbers.all[AHEAD] as number;
  }

  /** Client's and packet time since the balance began, µs. */
  get claimed(): number {
    return this.#numbers.all[CLAIMED] as number;
  }

  /** Packet time since the balance began, µs. */
  get elapsed(): number {
    const { all } = this.#numbers;
    return Math.max(0, (all[TIME] as number) - (all[BEGIN] as number));
  }

  /** Packet time of the last movement, µs; negative before the first. */
  get time(): number {
    return this.#numbers.all[TIME] as number;
  }

  /** A movement packet while the game's tick is not known yet. */
  wait(time: number): void {
    this.#restart(time);
    this.#numbers.all[TIME] = time;
    this.#numbers.all[CLIENT_TIME] = -1;
  }

  /** The speed that at least `fastWindowsMin` windows reached. */
  get sustainedSpeed(): number {
    return this.#numbers.all[FASTEST + fastWindowsMin - 1] as number;
  }

  /** One movement packet. `clientTime` in µs, -1 where packets do not tell it; `tick` is then what each adds. */
  move(time: number, x: number, y: number, z: number, clientTime: number, tick: number): void {
    const { all } = this.#numbers;
    const last = all[TIME] as number;
    const passed = clientTime < 0 ? tick : clientTime - (all[CLIENT_TIME] as number);
    if (last < 0 || passed < 0 || passed - (time - last) > jumpMaxUs) this.#restart(time);
    else {
      this.#clock(time, passed);
      this.#walk(time, Math.hypot(x - (all[X] as number), y - (all[Y] as number), z - (all[Z] as number)));
    }
    all[X] = x;
    all[Y] = y;
    all[Z] = z;
    all[TIME] = time;
    all[CLIENT_TIME] = clientTime;
  }

  /** Packets are missing, or the server has put the player elsewhere: measuring begins anew. */
  reset(): void {
    this.#numbers.all[TIME] = -1;
  }

  #restart(time: number): void {
    const { all } = this.#numbers;
    all[BALANCE] = time;
    all[BEGIN] = time;
    all[CLAIMED] = 0;
    all[WINDOW_FROM] = time;
    all[PATH] = 0;
    this.aheadPackets = 0;
  }

  #clock(time: number, passed: number): void {
    const { all } = this.#numbers;
    const balance = Math.max((all[BALANCE] as number) + passed, time - lagMaxUs);
    all[BALANCE] = balance;
    all[CLAIMED] = (all[CLAIMED] as number) + passed;
    all[AHEAD] = balance - time;
    this.aheadPackets = balance - time > aheadMaxUs ? this.aheadPackets + 1 : 0;
  }

  #walk(time: number, step: number): void {
    if (!Number.isFinite(step)) return;
    const { all } = this.#numbers;
    const path = (all[PATH] as number) + step;
    all[PATH] = path;
    const elapsed = time - (all[WINDOW_FROM] as number);
    if (elapsed < windowUs) return;
    // A window that went on for long was a pause: its path is not measured.
    if (elapsed < windowUs * 2) this.#speed((path / elapsed) * 1e6);
    all[WINDOW_FROM] = time;
    all[PATH] = 0;
  }

  #speed(speed: number): void {
    const { all } = this.#numbers;
    if (speed <= (all[FASTEST + fastWindowsMin - 1] as number)) return;
    let at = FASTEST + fastWindowsMin - 1;
    for (; at > FASTEST && (all[at - 1] as number) < speed; at--) all[at] = all[at - 1] as number;
    all[at] = speed;
  }
}

/** Median of the speeds that players sustained; 0 while too few are known. */
export function usualTopSpeed(speeds: readonly number[]): number {
  const moving = speeds.filter((speed) => speed > 0).toSorted((a, b) => a - b);
  return moving.length < speedPlayersMin ? 0 : (moving[moving.length >> 1] as number);
}
