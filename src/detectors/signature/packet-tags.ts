import type { Effect } from "#engine/rules/effect.ts";

/** Tags that one flow or host may carry; further ones are not set. */
const tagsMax = 50;
const MICROS_PER_SECOND = 1_000_000;

/** `tag:session,…` or `tag:host,…` as a rule has it. */
export type Tag = Extract<Effect, { type: "tag" }>;

interface Running {
  readonly rule: number;
  readonly tag: Tag;
  start: number;
  packets: number;
  bytes: number;
  /** The packet that set it has gone by. */
  hasBegun: boolean;
}

/**
 * The tags that rules have set on one flow or host: its next packets are told until all are used up. As in Suricata, the
 * packet that matched is not told itself, but it counts; a rule that matches again begins its count anew.
 */
export class PacketTags {
  #running: Running[] = [];

  get isEmpty(): boolean {
    return this.#running.length === 0;
  }

  /** The rule with this number has matched; time in µs. */
  set(rule: number, tag: Tag, time: number): void {
    const known = this.#running.find((one) => one.rule === rule);
    if (known !== undefined) {
      known.start = time;
      known.packets = 0;
      known.bytes = 0;
    } else if (this.#running.length < tagsMax) this.#running.push({ rule, tag, start: time, packets: 0, bytes: 0, hasBegun: false });
  }

  /** A packet of it: true when it is told. `bytes` are those that were captured. */
  packet(time: number, bytes: number): boolean {
    let isTold = false;
    let isOver = false;
    for (const one of this.#running) {
      one.bytes += bytes;
      one.packets++;
      if (!one.hasBegun) {
        one.hasBegun = true;
        continue;
      }
      if (isUsedUp(one, time)) isOver = true;
      else isTold = true;
    }
    if (isOver) this.#running = this.#running.filter((one) => !isUsedUp(one, time));
    return isTold;
  }

  /** Rules have other numbers: nothing renews these tags, which run on. */
  forgetRules(): void {
    this.#running = this.#running.map((one) => ({ ...one, rule: -1 }));
  }
}

function isUsedUp({ tag, start, packets, bytes }: Running, time: number): boolean {
  if (tag.metric === "packets") return packets > tag.count;
  if (tag.metric === "bytes") return bytes > tag.count;
  return Math.floor(time / MICROS_PER_SECOND) - Math.floor(start / MICROS_PER_SECOND) > tag.count;
}

/** What a rule tags sessions with. */
export const sessionTagOf = (effects: readonly Effect[]): Tag | undefined =>
  effects.find((effect): effect is Tag => effect.type === "tag" && effect.scope === "session");

/** What a rule tags the hosts of a packet with. */
export const hostTagsOf = (effects: readonly Effect[]): readonly Tag[] =>
  effects.filter((effect): effect is Tag => effect.type === "tag" && effect.scope !== "session");
