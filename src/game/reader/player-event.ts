import type { Player } from "./player.ts";
import type { BotVerdict } from "./player-scorer.ts";
import type { FieldSpread, OpcodeCounts, Spread } from "./player-statistics.ts";
import type { Unusual } from "./unusual.ts";

/** Opcodes and steps told of one player. */
const opcodesToldMax = 24;
const stepsToldMax = 24;
/** Pieces of evidence told. */
const evidenceToldMax = 16;

const directions = ["to_server", "to_client"] as const;

/** Four significant digits are enough for people, and keep events small. */
const round = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : 0);
const rounded = ({ mean, stddev }: Spread): Spread => ({ mean: round(mean), stddev: round(stddev) });

export interface PlayerTold {
  readonly state: "online" | "left";
  readonly time: number;
  readonly verdict: BotVerdict | undefined;
  readonly whitelisted: boolean;
  readonly unusual: readonly Unusual[];
}

/** The `player` member of a player's event. */
export function playerMember(player: Player, told: PlayerTold): { readonly [member: string]: unknown } {
  const { facts, statistics, flow, rttMs, missing } = player;
  const age = Math.max(0, told.time - player.since) / 1e6;
  const { verdict } = told;
  return {
    id: player.id,
    ...(facts.name !== undefined && { name: facts.name }),
    game: flow.protocol,
    session: player.session,
    state: told.state,
    since: new Date(Math.floor(player.since / 1000)).toISOString(),
    age: round(age),
    ...(facts.level !== undefined && { level: Math.round(facts.level) }),
    ...(facts.x !== undefined && facts.y !== undefined && { position: position(player) }),
    ...(facts.health !== undefined && { health: { now: facts.health, most: facts.healthMost ?? facts.health } }),
    connection: {
      packets_in: statistics.packets[0],
      packets_out: statistics.packets[1],
      ...(rttMs !== undefined && { rtt_ms: round(rttMs) }),
      ...(missing > 0 && { missing }),
    },
    statistics: {
      actions: verdict?.sample ?? statistics.packets[0],
      opcodes: statistics
        .opcodes()
        .slice(0, opcodesToldMax)
        .map(opcodeRow(age + player.before / 1e6)),
      transitions: statistics
        .steps()
        .slice(0, stepsToldMax)
        .map(({ from, to, count }) => ({ from: from.name, to: to.name, count })),
      ...(told.unusual.length > 0 && {
        unusual: told.unusual.map((row) => ({ ...row, usual: round(row.usual), share: round(row.share) })),
      }),
    },
    ...(verdict !== undefined && { bot: botMember(verdict, told.whitelisted) }),
  };
}

function position({ facts }: Player): { readonly [member: string]: unknown } {
  const { x = 0, y = 0, z = 0, map } = facts;
  return { x: round(x), y: round(y), z: round(z), ...(map !== undefined && { map }) };
}

const opcodeRow =
  (played: number) =>
  ({ opcode, count, gap, size, fields }: OpcodeCounts): { readonly [member: string]: unknown } => ({
    opcode: opcode.name,
    direction: directions[opcode.side],
    count,
    per_second: round(played > 0 ? count / played : 0),
    ...(gap !== undefined && { gap: rounded(gap) }),
    size: rounded(size),
    ...(fields.length > 0 && { fields: fields.map(fieldRow) }),
  });

const fieldRow = ({ name, mean, stddev, min, max }: FieldSpread): { readonly [member: string]: unknown } => ({
  name,
  mean: round(mean),
  stddev: round(stddev),
  min: round(min),
  max: round(max),
  ...(mean !== 0 && { cv: round(stddev / Math.abs(mean)) }),
});

function botMember(verdict: BotVerdict, whitelisted: boolean): { readonly [member: string]: unknown } {
  const { classic, rhythm, sample, score, evidence } = verdict;
  return {
    verdict: verdict.verdict,
    score: round(score),
    ...(classic !== undefined && { classic: round(classic) }),
    ...(rhythm !== undefined && { rhythm: round(rhythm) }),
    sample,
    ...(whitelisted && { whitelisted: true }),
    evidence: evidence.slice(0, evidenceToldMax),
  };
}
