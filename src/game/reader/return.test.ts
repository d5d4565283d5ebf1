import { describe, expect, test } from "vitest";
import { bodies } from "#capture/scenario/lantern/bodies.ts";
import { LanternHost } from "#capture/scenario/lantern/host.ts";
import { lanternCatalog } from "#capture/scenario/lantern/layouts.ts";
import { LanternSender, Opcode } from "#capture/scenario/lantern/packet.ts";
import type { Forwarded } from "#contract/forward.ts";
import { defaultBotConfig } from "#engine/bots/bot-config.ts";
import { createPlayerScorers } from "./bot-judge.ts";
import { Game } from "./game.ts";
import { GameReader } from "./game-reader.ts";
import { noCatalog } from "./packet-catalog.ts";
import { Player } from "./player.ts";
import { awayMax, PlayerTeller } from "./player-teller.ts";

type Members = { readonly [member: string]: unknown };

interface Statistics {
  readonly opcodes: readonly { readonly gap?: { readonly mean: number } }[];
}

const second = 1e6;
const hour = 3600 * second;
const loop = [Opcode.attack, Opcode.loot, Opcode.harvest, Opcode.attack, Opcode.useItem, Opcode.emote, Opcode.loot] as const;

/** A session of a macro: logs in as the account, if it has one, and goes on with its loop. */
function session(flowId: number, from: number, account: number | undefined, actions: number): Forwarded[] {
  const [client, server] = [new LanternSender(0, 77), new LanternSender(1, 77)];
  let time = from;
  const step = (side: 0 | 1, bytes: Uint8Array, kind: "data" | "end" = "data"): Forwarded => ({
    kind,
    side,
    bytes,
    time,
    flowId,
    number: flowId * 10_000,
    missing: 0,
    reason: "fin",
    protocol: "lantern",
    transport: "tcp",
    client: "10.0.0.9",
    clientPort: 40_000 + flowId,
    server: "10.0.0.1",
    serverPort: 7777,
  });
  const steps = [
    step(0, client.packet(Opcode.hello, bodies.hello(3, "lantern"))),
    step(1, server.packet(Opcode.key, bodies.key(77))),
    ...(account === undefined ? [] : [step(1, server.packet(Opcode.welcome, bodies.welcome(account, 7, "meadow", { x: 1, y: 2, z: 3 })))]),
  ];
  for (let i = 0; i < actions; i++) {
    time += second * (0.7 + ((i * 37) % 10) / 20);
    steps.push(step(0, client.packet(loop[i % loop.length] as number, bodies.harvest(i))));
  }
  return [...steps, step(0, new Uint8Array(0), "end")];
}

async function play(sessions: readonly (readonly Forwarded[])[]): Promise<Members[]> {
  const host = new LanternHost();
  const reader = new GameReader({
    hosts: { claims: [], hostFor: () => host },
    catalogFor: () => lanternCatalog,
    sessionsMax: 1000,
    playerIntervalUs: hour,
    packets: false,
    packetsPerSecondMax: 100,
    deadlineMs: 10_000,
    speeds: new Map(),
    isWhitelisted: () => false,
    createScorer: createPlayerScorers(defaultBotConfig),
  });
  const told: Members[] = [];
  for (const steps of sessions)
    await reader.block(
      (take) => steps.forEach(take),
      steps.at(-1)?.time ?? 0,
      ({ kind, members }) => {
        if (kind === "player") told.push(members["player"] as Members);
      },
    );
  await reader[Symbol.asyncDispose]();
  return told;
}

const bot = (player: Members | undefined): Members => player?.["bot"] as Members;

describe("a player who comes back", () => {
  test("is judged by what all sessions showed: none alone would be enough", async () => {
    const told = await play([0, 1, 2, 3].map((day) => session(day + 1, 1000 * second + day * 20 * hour, 42, 80)));
    expect(told.map(({ id, session: number }) => [id, number])).toEqual([1, 2, 3, 4].map((number) => ["lantern:42", number]));
    // The first action of a session has no wait before it; the client's hello counts where it is the player's first packet.
    expect(told.map((player) => bot(player)["sample"])).toEqual([80, 159, 238, 317]);
    expect(told.map((player) => bot(player)["verdict"])).toEqual(["undecided", "undecided", "bot", "bot"]);
  });

  test("had no wait of hours, and its opcodes no gap of hours", async () => {
    const told = await play([session(1, 1000 * second, 42, 80), session(2, 1000 * second + 9 * hour, 42, 80)]);
    const intervals = (bot(told[1])["evidence"] as Members[]).find(({ kind }) => kind === "intervals");
    expect(intervals?.["counts"]).toEqual([...Array.from({ length: 14 }, () => expect.any(Number)), 0, 0, 0]);
    const { opcodes } = (told[1] as Members)["statistics"] as Statistics;
    expect(Math.max(...opcodes.map(({ gap }) => gap?.mean ?? 0))).toBeLessThan(60);
  });

  test("whom the game does not name begins anew with each session", async () => {
    const told = await play([session(1, 1000 * second, undefined, 80), session(2, 9000 * second, undefined, 80)]);
    expect(told.map(({ id }) => id)).toEqual(["lantern:10.0.0.9:40001", "lantern:10.0.0.9:40002"]);
    expect(told.map((player) => bot(player)["sample"])).toEqual([80, 80]);
  });
});

test("of those who have left, the one that left first is forgotten first", () => {
  const game = new Game("lantern", new LanternHost(), noCatalog);
  const teller = new PlayerTeller({ playerIntervalUs: hour, speeds: new Map(), isWhitelisted: () => false });
  const flow = { flowId: 1, client: "a", clientPort: 1, server: "b", serverPort: 2, transport: "tcp", protocol: "lantern" } as const;
  const players = Array.from({ length: awayMax + 2 }, (_, i) => {
    const player = new Player(flow, i, 0, { opcodes: game.opcodes, createScorer: undefined });
    player.id = `lantern:${i}`;
    player.named = true;
    game.players.set(player.id, player);
    return player;
  });
  // The first one stays, the second leaves last but one.
  const [, next, ...others] = players as [Player, Player, ...Player[]];
  const last = others.pop() as Player;
  for (const player of [...others, next, last]) {
    player.open = 0;
    teller.leave(game, player);
  }
  expect([game.players.size, game.away.size]).toEqual([awayMax + 1, awayMax]);
  expect([0, 1, 2, 3].map((id) => game.players.has(`lantern:${id}`))).toEqual([true, true, false, true]);
});
