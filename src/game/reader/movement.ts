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
  /** Fastest window, metres (or what the game counts in) per second. */
  topSpeed = 0;
  /** How far ahead the client's movement is, µs. */
  ahead = 0;
  /** Movement packets in a row that were ahead by more than is allowed. */
  aheadPackets = 0;
  /** Client's and packet time since the balance began, µs. */
  claimed = 0;
  /** The fastest windows, the fastest first. */
  readonly #fastest = new Float32Array(fastWindowsMin);
  #x = 0;
  #y = 0;
  #z = 0;
  #time = -1;
  #clientTime = -1;
  #balance = 0;
  #begin = 0;
  #windowFrom = 0;
  #path = 0;

  /** Packet time since the balance began, µs. */
  get elapsed(): number {
    return Math.max(0, this.#time - this.#begin);
  }

  /** Packet time of the last movement, µs; negative before the first. */
  get time(): number {
    return this.#time;
  }

  /** A movement packet while the game's tick is not known yet. */
  wait(time: number): void {
    this.#restart(time);
    this.#time = time;
    this.#clientTime = -1;
  }

  /** The speed that at least `fastWindowsMin` windows reached. */
  get sustainedSpeed(): number {
    return this.#fastest[fastWindowsMin - 1] as number;
  }

  /** One movement packet. `clientTime` in µs, -1 where packets do not tell it; `tick` is then what each adds. */
  move(time: number, x: number, y: number, z: number, clientTime: number, tick: number): void {
    const first = this.#time < 0;
    const passed = clientTime < 0 ? tick : clientTime - this.#clientTime;
    if (first || passed < 0 || passed - (time - this.#time) > jumpMaxUs) this.#restart(time);
    else {
      this.#clock(time, passed);
      this.#walk(time, Math.hypot(x - this.#x, y - this.#y, z - this.#z));
    }
    this.#x = x;
    this.#y = y;
    this.#z = z;
    this.#time = time;
    this.#clientTime = clientTime;
  }

  /** Packets are missing, or the server has put the player elsewhere: measuring begins anew. */
  reset(): void {
    this.#time = -1;
  }

  #restart(time: number): void {
    this.#balance = time;
    this.#begin = time;
    this.claimed = 0;
    this.aheadPackets = 0;
    this.#windowFrom = time;
    this.#path = 0;
  }

  #clock(time: number, passed: number): void {
    this.#balance = Math.max(this.#balance + passed, time - lagMaxUs);
    this.claimed += passed;
    this.ahead = this.#balance - time;
    this.aheadPackets = this.ahead > aheadMaxUs ? this.aheadPackets + 1 : 0;
  }

  #walk(time: number, step: number): void {
    if (!Number.isFinite(step)) return;
    this.#path += step;
    const elapsed = time - this.#windowFrom;
    if (elapsed < windowUs) return;
    // A window that went on for long was a pause: its path is not measured.
    if (elapsed < windowUs * 2) this.#speed((this.#path / elapsed) * 1e6);
    this.#windowFrom = time;
    this.#path = 0;
  }

  #speed(speed: number): void {
    const fastest = this.#fastest;
    this.topSpeed = Math.max(this.topSpeed, speed);
    if (speed <= (fastest[fastWindowsMin - 1] as number)) return;
    let at = fastWindowsMin - 1;
    for (; at > 0 && (fastest[at - 1] as number) < speed; at--) fastest[at] = fastest[at - 1] as number;
    fastest[at] = speed;
  }
}

/** Median of the speeds that players sustained; 0 while too few are known. */
export function usualTopSpeed(speeds: readonly number[]): number {
  const moving = speeds.filter((speed) => speed > 0).toSorted((a, b) => a - b);
  return moving.length < speedPlayersMin ? 0 : (moving[moving.length >> 1] as number);
}
