/** Memory per player and time per action, with as many players as a busy server has. */
import { createBotScorers } from "#engine/bots/bot-scorer.ts";
import { benchConfig } from "./feed.ts";
import { makeAccount } from "./generator.ts";

const players = 10_000;
const accounts = 20;
const actions = 801;

export interface Cost {
  readonly players: number;
  readonly bytesPerPlayer: number;
  readonly microsPerAction: number;
}

export function runCost(): Cost {
  const played = Array.from({ length: accounts }, (_, i) => makeAccount(77_000_000 + i, "person", actions, false).packets);
  const before = used();
  const make = createBotScorers(benchConfig);
  const scorers = Array.from({ length: players }, make);
  for (let i = 0; i < 20; i++) feed(scorers, played, i);
  const bytes = used() - before;
  // A sample of the players fills its rings first, since a full window costs most; processor time, not the clock on the wall.
  const busy = scorers.slice(0, 1000);
  for (let i = 20; i < 400; i++) feed(busy, played, i);
  const started = process.cpuUsage();
  for (let i = 400; i < actions; i++) feed(busy, played, i);
  const { user, system } = process.cpuUsage(started);
  return { players, bytesPerPlayer: bytes / players, microsPerAction: (user + system) / (busy.length * (actions - 400)) };
}

type Packets = ReturnType<typeof makeAccount>["packets"];

function feed(scorers: readonly ReturnType<ReturnType<typeof createBotScorers>>[], played: readonly Packets[], at: number): void {
  for (let player = 0; player < scorers.length; player++) {
    const packet = played[player % accounts]?.[at];
    if (packet !== undefined) scorers[player]?.action(packet.time, packet.opcode, packet.size, 0);
  }
}

function used(): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  // What arrays held outside the heap is given back behind the second one.
  collect?.();
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
