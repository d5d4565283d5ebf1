import type { Repetition } from "./repetition.ts";

const tokenBits = 5;
const binBits = 3;
const planes = tokenBits + binBits;
const wordBits = 32;

/**
 * Compares a window's actions with those L earlier, for each L up to half of it, 32 pairs at a time. Bits of the actions
 * (five) and of the quintiles of their waits (three) stand in planes, one bit of each plane for each place:
 *
 *     plane 0   …1 0 0 1 1 0      lowest bit of the actions, place 0 on the right
 *     plane 5   …0 1 1 0 0 1      lowest bit of the quintiles
 *
 * Two places are equal where no plane differs. Planes moved by 0…31 places serve all L with that remainder.
 */
export class ActionRepeats {
  /** Planes of one word side by side. */
  readonly #own: Int32Array;
  readonly #moved: Int32Array;
  /** The best of the window: how long, at which L, and the last place of the run, which is counted from the earlier action. */
  #longest = 0;
  #lag = 0;
  #end = 0;

  constructor(actionsMax: number) {
    const words = Math.ceil(actionsMax / wordBits) + 1;
    this.#own = new Int32Array(words * planes);
    this.#moved = new Int32Array(words * planes);
  }

  /** `tokens` below 32 and `bins` below 8, `n` of each. */
  find(tokens: Uint8Array, bins: Uint8Array, n: number, out: Repetition): void {
    this.#fill(tokens, bins, n);
    this.#longest = 0;
    this.#lag = 0;
    this.#end = -1;
    let [actionMatch, selfMatch] = [0, 0];
    const half = n >> 1;
    for (let rest = 0; rest < wordBits && rest <= half; rest++) {
      this.#move(rest, n);
      for (let lag = rest === 0 ? wordBits : rest; lag <= half; lag += wordBits) {
        const counts = this.#compare(lag, n - lag);
        const [equal, both] = [counts & 0xffff, counts >>> 16];
        if (equal > actionMatch * (n - lag)) actionMatch = equal / (n - lag);
        if (both > selfMatch * (n - lag)) selfMatch = both / (n - lag);
      }
    }
    out.longestRunLength = this.#longest;
    out.longestRunLag = this.#lag;
    out.longestRunAt = this.#end - this.#longest + 1;
    out.longestRun = this.#longest / n;
    out.actionMatch = actionMatch;
    out.selfMatch = selfMatch;
  }

  #fill(tokens: Uint8Array, bins: Uint8Array, n: number): void {
    const own = this.#own;
    own.fill(0, 0, (Math.ceil(n / wordBits) + 1) * planes);
    for (let i = 0; i < n; i++) {
      const at = (i >>> 5) * planes;
      const bits = ((bins[i] as number) << tokenBits) | (tokens[i] as number);
      for (let plane = 0; plane < planes; plane++) own[at + plane] = (own[at + plane] as number) | (((bits >>> plane) & 1) << (i & 31));
    }
  }

  /** Moves all planes by `rest` places towards the first. */
  #move(rest: number, n: number): void {
    const [own, moved] = [this.#own, this.#moved];
    const end = Math.ceil(n / wordBits) * planes;
    if (rest === 0) moved.set(own.subarray(0, end));
    else for (let at = 0; at < end; at++) moved[at] = ((own[at] as number) >>> rest) | ((own[at + planes] as number) << (wordBits - rest));
  }

  /** Pairs of equal actions at one lag, and from bit 16 those whose waits are alike as well; notes the longest run. */
  #compare(lag: number, pairs: number): number {
    const [a, b] = [this.#own, this.#moved];
    const words = (pairs + wordBits - 1) >>> 5;
    let [at, to] = [0, (lag >>> 5) * planes];
    let counts = 0;
    let run = 0;
    for (let word = 0; word < words; word++, at += planes, to += planes) {
      const valid = word === words - 1 ? -1 >>> (wordBits * words - pairs) : -1;
      const differ =
        ((a[at] as number) ^ (b[to] as number)) |
        ((a[at + 1] as number) ^ (b[to + 1] as number)) |
        ((a[at + 2] as number) ^ (b[to + 2] as number)) |
        ((a[at + 3] as number) ^ (b[to + 3] as number)) |
        ((a[at + 4] as number) ^ (b[to + 4] as number));
      const equal = ~differ & valid;
      if (equal !== 0) {
        const waits =
          ((a[at + 5] as number) ^ (b[to + 5] as number)) |
          ((a[at + 6] as number) ^ (b[to + 6] as number)) |
          ((a[at + 7] as number) ^ (b[to + 7] as number));
        counts += ones(equal) + (ones(equal & ~waits) << 16);
      }
      run = this.#run(equal, run, word, lag);
    }
    if (run > 0) this.#note(run, lag, pairs - 1);
    return counts;
  }

  /** Takes 32 places of a lag; `run` are the equal ones right before them. Returns how many of the last ones are equal. */
  #run(equal: number, run: number, word: number, lag: number): number {
    if (equal === -1) return run + wordBits;
    const first = trailing(~equal);
    if (run + first > 0) this.#note(run + first, lag, word * wordBits + first - 1);
    if (equal !== 0) this.#inside(equal, word, lag);
    return Math.clz32(~equal);
  }

  /** Runs that begin and end within 32 places; only those that would be the longest are looked for. */
  #inside(equal: number, word: number, lag: number): void {
    const wanted = lag < this.#lag ? this.#longest : this.#longest + 1;
    if (wanted >= wordBits) return;
    // What is left are the places at which `have` equal ones begin.
    let begins = equal;
    for (let have = 1; have < wanted && begins !== 0; ) {
      const more = Math.min(have, wanted - have);
      begins &= begins >>> more;
      have += more;
    }
    if (begins === 0) return;
    for (let rest = equal; rest !== 0; ) {
      const from = trailing(rest);
      const length = trailing(~(rest >>> from));
      this.#note(length, lag, word * wordBits + from + length - 1);
      if (from + length >= wordBits) return;
      rest &= -1 << (from + length);
    }
  }

  /** The longest wins; of equally long ones that at the least lag, and of these the first. */
  #note(length: number, lag: number, end: number): void {
    if (length < this.#longest || (length === this.#longest && lag >= this.#lag)) return;
    this.#longest = length;
    this.#lag = lag;
    this.#end = end;
  }
}

/** Number of zeros below the lowest 1; 32 for 0. */
const trailing = (bits: number): number => wordBits - Math.clz32(~bits & (bits - 1));

/** Number of ones (Warren, Hacker's Delight, 5-1). */
function ones(bits: number): number {
  let x = bits - ((bits >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
