/**
 * Finds frames that were seen a moment ago: on loopback each frame passes twice (sent, then received), and a mirror
 * port that copies both directions shows a frame twice. A table of fixed size, one slot for each fingerprint.
 *
 * A duplicate uses its original up: of four equal frames the second and the fourth are marked, so that a flood of
 * equal frames loses at most half. Only what a sender makes distinct is compared on a network (IPv4 with an
 * identification, TCP with data over IPv6): a repeated datagram is no duplicate.
 */
export class DuplicateFinder {
  readonly #loopback: boolean;
  readonly #fingerprints = new Int32Array(SLOTS);
  /** Originals of the slot that have not met their duplicate. */
  readonly #waiting = new Int32Array(SLOTS);
  readonly #frames = new Int32Array(SLOTS);
  readonly #times = new Float64Array(SLOTS);
  #frame = 0;

  constructor(loopback: boolean) {
    this.#loopback = loopback;
  }

  /** True when the Ethernet frame at `at` repeats one before it. `time` in microseconds. */
  isDuplicate(view: DataView, at: number, captured: number, wire: number, outgoing: boolean, time: number): boolean {
    this.#frame = (this.#frame + 1) | 0;
    const fingerprint = this.#loopback ? loopbackFingerprint(view, at, captured, wire) : networkFingerprint(view, at, captured);
    if (fingerprint === 0) return false;
    const slot = (fingerprint ^ (fingerprint >>> 16)) & (SLOTS - 1);
    const waiting = this.#fingerprints[slot] === fingerprint && this.#isFresh(slot, time) ? (this.#waiting[slot] as number) : 0;
    const duplicate = waiting > 0 && !(this.#loopback && outgoing);
    if (!duplicate && this.#loopback && !outgoing) return false;
    this.#fingerprints[slot] = fingerprint;
    this.#waiting[slot] = duplicate ? waiting - 1 : waiting + 1;
    this.#frames[slot] = this.#frame;
    this.#times[slot] = time;
    return duplicate;
  }

  #isFresh(slot: number, time: number): boolean {
    if (this.#loopback) return time - (this.#times[slot] as number) <= LOOPBACK_MICROS;
    const age = (this.#frame - (this.#frames[slot] as number)) | 0;
    return age >= 0 && age <= WINDOW_FRAMES && Math.abs(time - (this.#times[slot] as number)) <= WINDOW_MICROS;
  }
}

const SLOTS = 1024;
/** A mirror's copies are next to each other. */
const WINDOW_FRAMES = 64;
const WINDOW_MICROS = 5000;
/** Sent frames wait for the receiving side of loopback under load. */
const LOOPBACK_MICROS = 1_000_000;

const ETHERNET = 14;
const LOOPBACK_BYTES = 96;

/** All that both passages share: the length and the first bytes. Never 0. */
function loopbackFingerprint(view: DataView, at: number, captured: number, wire: number): number {
  let hash = wire | 0;
  const end = at + Math.min(captured, LOOPBACK_BYTES) - 3;
  for (let i = at + ETHERNET - 2; i < end; i += 4) hash = mix(hash, view.getInt32(i));
  return hash | 1;
}

/** What survives a switch: network and transport headers without hop limits and checksums. 0 when nothing makes it distinct. */
function networkFingerprint(view: DataView, at: number, captured: number): number {
  if (captured < ETHERNET + 40) return 0;
  const ip = at + ETHERNET;
  const type = view.getUint16(at + 12);
  if (type === 0x0800) return ipv4Fingerprint(view, ip);
  if (type === 0x86dd && captured >= ETHERNET + 60) return ipv6Fingerprint(view, ip);
  return 0;
}

function ipv4Fingerprint(view: DataView, ip: number): number {
  if (view.getUint16(ip + 4) === 0) return 0;
  let hash = mix(view.getInt32(ip + 4), (view.getUint16(ip + 2) << 8) | view.getUint8(ip + 9));
  for (let i = ip + 12; i < ip + 40; i += 4) hash = mix(hash, view.getInt32(i));
  return hash | 1;
}

function ipv6Fingerprint(view: DataView, ip: number): number {
  const TCP = 6;
  const dataOffset = (view.getUint8(ip + 40 + 12) >>> 4) * 4;
  if (view.getUint8(ip + 6) !== TCP || view.getUint16(ip + 4) <= dataOffset) return 0;
  let hash = view.getUint16(ip + 4);
  for (let i = ip + 8; i < ip + 60; i += 4) hash = mix(hash, view.getInt32(i));
  return hash | 1;
}

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1 | 0);
  return mixed ^ (mixed >>> 15);
};
