/**
 * `node test/bench/players.ts [--players 10000] [--actions 60]`: what a player of a game costs. The packets of the
 * example game come in clear, so that the reader is measured and no plugin: sessions, framing, fields, statistics,
 * movement, and both scorers with their verdicts and events. A small run before lets the code load and become fast; the
 * same small run once with and once without scorers tells their share.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadConfig } from "#app/config.ts";
import { type GameParts, gameReaderOf, judged } from "#app/games.ts";
import { LanternHost } from "#capture/scenario/lantern/host.ts";
import { lanternCatalog } from "#capture/scenario/lantern/layouts.ts";
import type { Forwarded } from "#contract/forward.ts";
import type { DecryptRequest } from "#contract/game-plugin.ts";
import { PlayerTraffic } from "./player-traffic.ts";

const { values } = parseArgs({
  options: { players: { type: "string", default: "10000" }, actions: { type: "string", default: "60" } },
});
const players = Number(values.players);
const actions = Number(values.actions);
const blockSteps = 4096;
/** Packets that the small runs have. */
const smallPackets = 600_000;
const packetsPerDecision = 8.6;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes on the heap and in array buffers, behind a collection. */
function memory(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

interface Figures {
  readonly packets: number;
  readonly decisions: number;
  /** Seconds that the players played, together. */
  readonly seconds: number;
  readonly events: number;
  /** Players whom a verdict called a bot: all are people. */
  readonly called: number;
  /** Processor time, µs: other work on the machine does not count. */
  readonly opening: number;
  readonly reading: number;
  readonly bytes: number;
}

async function run(count: number, judge: boolean): Promise<Figures> {
  const { config } = await loadConfig({ settings: [] });
  const host = new LanternHost();
  host.decrypt = async (batch: readonly DecryptRequest[]) => batch.map(({ bytes }) => ({ status: "ok" as const, bytes }));
  const parts: GameParts = {
    hosts: { claims: [{ name: "lantern", transports: ["tcp"], ports: [7777] }], hostFor: () => host },
    catalogFor: () => lanternCatalog,
  };
  let reader: ReturnType<typeof gameReaderOf> | undefined = gameReaderOf(config, judge ? await judged(config, parts) : parts);
  const called = new Set<string>();
  let [events, spent] = [0, 0];
  const read = async (steps: readonly Forwarded[]): Promise<void> => {
    const from = process.cpuUsage();
    await reader?.block(
      (take) => steps.forEach(take),
      steps.at(-1)?.time ?? 0,
      ({ members }) => {
        events++;
        const player = members["player"] as { readonly id: string; readonly bot?: { readonly verdict: string } } | undefined;
        if (player?.bot?.verdict === "bot") called.add(player.id);
      },
    );
    const { user, system } = process.cpuUsage(from);
    spent += user + system;
  };
  const traffic = new PlayerTraffic(count);
  let steps: Forwarded[] = [];
  for (let player = 0; player < count; player++) {
    steps.push(traffic.welcome(player));
    if (steps.length === blockSteps) await read(steps.splice(0));
  }
  await read(steps.splice(0));
  const opening = spent;
  for (let action = 0; action < actions; action++)
    for (let player = 0; player < count; player++) {
      steps.push(...traffic.decided(player));
      if (steps.length >= blockSteps) await read(steps.splice(0));
    }
  await read(steps);
  steps = [];
  // What goes when the reader goes was held for its players.
  const held = memory();
  reader = undefined;
  const bytes = held - memory();
  const { packets, decisions, seconds } = traffic;
  return { packets, decisions, seconds, events, called: called.size, opening, reading: spent - opening, bytes };
}

const small = Math.min(players >> 1, Math.ceil(smallPackets / packetsPerDecision / actions));
await run(small, true);
const [judging, plain] = [await run(small, true), await run(small, false)];
const all = await run(players, true);
const perPacket = all.reading / all.packets;
const share = judging.reading / judging.packets - plain.reading / plain.packets;
const perDecision = all.packets / all.decisions;
process.stdout.write(
  [
    `${players} players, ${actions} actions each, ${all.packets} packets of clients, ${all.events} events told, ${all.called} people called bots`,
    `opening   ${(all.opening / players).toFixed(2)} µs of a core per player`,
    `reading   ${perPacket.toFixed(2)} µs of a core per packet of the client, events and verdicts included (goal: 5)`,
    `          ${(perPacket * perDecision).toFixed(2)} µs per decision of the player, which is ${perDecision.toFixed(1)} packets: a walk is one for each tick`,
    `scorers   ${share.toFixed(2)} µs of it per packet, ${(share * perDecision).toFixed(2)} µs per decision (${small} players with and without)`,
    `a core    holds ${Math.round(all.seconds / (all.reading / 1e6))} players who play at this pace`,
    `memory    ${(all.bytes / players / 1024).toFixed(2)} KiB per player (goal: 8)`,
    "",
  ].join("\n"),
);
