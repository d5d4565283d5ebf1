/**
 * `node test/bench/players.ts [--players 10000] [--actions 60] [--scorer no]`: what a player of a game costs. The packets of the
 * example game come in clear, so that the reader is measured and no plugin: sessions, framing, fields, statistics,
 * movement, and both scorers with their verdicts and events.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadConfig } from "#app/config.ts";
import { type GameParts, gameReaderOf, judged } from "#app/games.ts";
import { Random } from "#base/random.ts";
import { bodies } from "#capture/scenario/lantern/bodies.ts";
import { LanternHost } from "#capture/scenario/lantern/host.ts";
import { lanternCatalog } from "#capture/scenario/lantern/layouts.ts";
import { headerBytes, Opcode } from "#capture/scenario/lantern/packet.ts";
import { Person } from "#capture/scenario/lantern/person.ts";
import type { Forwarded } from "#contract/forward.ts";
import type { DecryptRequest } from "#contract/game-plugin.ts";

const { values } = parseArgs({
  options: {
    players: { type: "string", default: "10000" },
    actions: { type: "string", default: "60" },
    scorer: { type: "string", default: "yes" },
  },
});
const players = Number(values.players);
const actions = Number(values.actions);
const blockSteps = 4096;
const beginUs = 1.7e15;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes on the heap and in array buffers, behind a collection. */
function memory(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A packet in clear: what a plugin gives back. */
function packet(opcode: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, bytes.length, true);
  view.setUint16(2, opcode, true);
  bytes.set(body, headerBytes);
  return bytes;
}

const flowOf = (player: number) => ({
  flowId: player + 1,
  protocol: "lantern",
  transport: "tcp" as const,
  client: `10.${player >> 16}.${(player >> 8) & 255}.${player & 255}`,
  clientPort: 50_000,
  server: "10.255.0.1",
  serverPort: 7777,
  kind: "data" as const,
  missing: 0,
  reason: "",
});

const random = new Random(1);
const flows = Array.from({ length: players }, (_, i) => flowOf(i));
const minds = Array.from({ length: players }, (_, i) => new Person(random.fork(`player ${i}`)));
const clocks = new Float64Array(players).map((_, i) => i * 37);
let number = 0;

function step(player: number, side: 0 | 1, bytes: Uint8Array): Forwarded {
  return { ...(flows[player] as ReturnType<typeof flowOf>), side, bytes, number: ++number, time: beginUs + (clocks[player] as number) };
}

const tickUs = 100_000;
let packets = 0;

/** What a player sends for one decision: its packet, or the ticks of a walk. */
function decided(player: number): Forwarded[] {
  const decision = (minds[player] as Person).next();
  clocks[player] = (clocks[player] as number) + decision.wait;
  if ("walk" in decision) return Array.from({ length: Math.ceil(decision.walk / tickUs) }, () => walked(player, decision.heading));
  if (decision.deed === "attack") return [step(player, 0, packet(Opcode.attack, bodies.attack(decision.what, 1)))];
  return [step(player, 0, packet(decision.deed === "loot" ? Opcode.loot : Opcode.harvest, bodies.harvest(decision.what)))];
}

function walked(player: number, heading: number): Forwarded {
  const now = (clocks[player] as number) + tickUs;
  clocks[player] = now;
  const clock = now / 1e3;
  return step(player, 0, packet(Opcode.move, bodies.move(clock, { x: clock / 500, y: 2, z: 3 }, heading, 1)));
}

const { config } = await loadConfig({ settings: [] });
const host = new LanternHost();
host.decrypt = async (batch: readonly DecryptRequest[]) => batch.map(({ bytes }) => ({ status: "ok" as const, bytes }));
const parts: GameParts = {
  hosts: { claims: [{ name: "lantern", transports: ["tcp"], ports: [7777] }], hostFor: () => host },
  catalogFor: () => lanternCatalog,
};
const reader = gameReaderOf(config, values.scorer === "yes" ? await judged(config, parts) : parts);
let told = 0;
/** Processor time, µs: other work on the machine does not count. */
let spent = 0;
async function read(steps: readonly Forwarded[]): Promise<void> {
  const from = process.cpuUsage();
  await reader.block(
    (take) => steps.forEach(take),
    steps.at(-1)?.time ?? 0,
    () => told++,
  );
  const { user, system } = process.cpuUsage(from);
  spent += user + system;
}

const before = memory();
let steps: Forwarded[] = [];
for (let player = 0; player < players; player++) {
  steps.push(step(player, 1, packet(Opcode.welcome, bodies.welcome(player + 1, 3, "meadow", { x: 1, y: 2, z: 3 }))));
  if (steps.length === blockSteps) await read(steps.splice(0));
}
await read(steps.splice(0));
const opened = spent;
spent = 0;
for (let action = 0; action < actions; action++)
  for (let player = 0; player < players; player++) {
    const made = decided(player);
    packets += made.length;
    steps.push(...made);
    if (steps.length >= blockSteps) await read(steps.splice(0));
  }
await read(steps);
steps = [];
const after = memory();
process.stdout.write(
  [
    `${players} players, ${actions} actions each, ${packets} packets, ${told} events told`,
    `opening   ${(opened / players).toFixed(2)} µs of a core per player`,
    `reading   ${(spent / packets).toFixed(2)} µs of a core per packet of the client, events and verdicts included (goal: 5)`,
    `memory    ${((after - before) / players / 1024).toFixed(2)} KiB per player (goal: 8)`,
    "",
  ].join("\n"),
);
