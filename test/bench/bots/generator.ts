import { Random } from "#base/random.ts";
import { type Decision, drawPerson, opcodeCount, personDecisions } from "./person.ts";
import { type Disguise, scriptDecisions } from "./script.ts";

/** A packet as the scorer is told of it. */
export interface MadePacket {
  /** µs. */
  readonly time: number;
  readonly opcode: number;
  readonly size: number;
  readonly toServer: boolean;
  readonly position?: Float64Array;
}

export interface Account {
  readonly label: "person" | Disguise;
  /** Sorted by time. */
  readonly packets: readonly MadePacket[];
  /** Decisions in them. */
  readonly actions: number;
}

export const moveOpcode = 100;
export const pingOpcode = 101;
const worldOpcode = 200;
const eventOpcode = 201;

/**
 * One account: decisions of a person or a script, sent by a client and a network that know nothing of who decided.
 * Tick rate, walking, pings, sizes, jitter and the server's updates are drawn for the account from the same
 * distributions for both; `kinds`: actions that the game tells apart. `whole` false leaves only the decided packets (sizes and jitter: largest extreme value and gamma, as in models of game traffic).
 */
export function makeAccount(seed: number, label: "person" | Disguise, actions: number, whole = true, kinds = opcodeCount): Account {
  const random = new Random(seed).fork(label === "person" ? "person" : "script");
  const decisions =
    label === "person"
      ? personDecisions(random.fork("decisions"), drawPerson(random.fork("habits")), actions)
      : scriptDecisions(random.fork("decisions"), label, actions);
  const packets = carry(random.fork("client"), coarse(random.fork("game"), decisions, kinds), whole);
  return { label, packets, actions: decisions.length };
}

/** The same decisions in a game that knows only so many kinds of actions: which fall together is drawn, and uneven. */
function coarse(random: Random, decisions: readonly Decision[], kinds: number): readonly Decision[] {
  if (kinds >= opcodeCount) return decisions;
  const kindOf = Array.from({ length: opcodeCount }, () => Math.floor(random.unit() ** 1.5 * kinds));
  return decisions.map((decision) => ({ ...decision, opcode: kindOf[decision.opcode] as number }));
}

function carry(random: Random, decisions: readonly Decision[], whole: boolean): MadePacket[] {
  const tick = 0.033 + random.unit() * 0.067;
  const jitter = 0.0005 + random.unit() * 0.0025;
  const sizes = Array.from({ length: opcodeCount }, () => Math.round(extreme(random, 30, 8)));
  const base = 1_700_000_000_000_000 + random.between(0, 1_000_000_000);
  const packets: MadePacket[] = [];
  const send = (seconds: number, opcode: number, size: number, toServer: boolean, position?: Float64Array) => {
    const late = jitter * (random.exponential(0.5) + random.exponential(0.5));
    const time = base + Math.round((seconds + late) * 1e6);
    packets.push({ time, opcode, size, toServer, ...(position === undefined ? {} : { position }) });
  };
  const onTick = (seconds: number) => Math.ceil(seconds / tick) * tick;
  let last: Decision | undefined;
  for (const decision of decisions) {
    send(onTick(decision.time), decision.opcode, sizes[decision.opcode] as number, true);
    if (whole && last !== undefined) walk(last, decision, tick, (at, place) => send(onTick(at), moveOpcode, 28, true, place));
    last = decision;
  }
  if (!whole) return packets.toSorted((a, b) => a.time - b.time);
  const end = last?.time ?? 0;
  for (let at = random.unit() * 5; at < end; at += 5) send(at, pingOpcode, 16, true);
  // Updates of the world at a steady rate would only measure the server; one in ten is enough to be told from events.
  for (let at = random.unit(); at < end; at += 0.5) send(at, worldOpcode, Math.round(extreme(random, 120, 36)), false);
  for (let at = random.exponential(4); at < end; at += random.exponential(4)) send(at, eventOpcode, 40, false);
  return packets.toSorted((a, b) => a.time - b.time);
}

/** The client reports the position on each tick while the player walks. */
function walk(from: Decision, to: Decision, tick: number, send: (at: number, place: Float64Array) => void): void {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  if (distance < 0.5) return;
  const gap = to.time - from.time;
  const start = from.time + gap * to.setOff;
  const seconds = Math.min((to.time - start) * 0.95, distance / 6, 8);
  const steps = Math.floor(seconds / tick);
  for (let i = 1; i <= steps; i++) {
    const share = i / steps;
    send(start + i * tick, Float64Array.of(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share));
  }
}

/** Largest extreme value distribution with location and scale. */
function extreme(random: Random, location: number, scale: number): number {
  return Math.max(8, location - scale * Math.log(-Math.log(random.unit() || 1e-9)));
}
