import type { GameOpcodes } from "./game-opcodes.ts";
import type { PlayerStatistics } from "./player-statistics.ts";

/** Players that a game must have before anybody is compared with the others. */
export const populationPlayersMin = 8;
/** An opcode or step that at most this share of the players sends is rare. */
export const rareShareMax = 0.05;
/** Times that a player must have sent something rare before it is told. */
export const rareCountMin = 5;
/** Packets that the player's past must hold before its present is compared with it, and the present itself. */
export const pastPacketsMin = 200;
export const recentPacketsMin = 50;
/** An opcode's share must have changed by this factor … */
export const shareFactorMin = 4;
/** … and by more than chance: G of the likelihood-ratio test with one degree of freedom (p = 0.0001). */
export const shareTestMin = 15.1;
/** Rows told of one player at a time. */
const rowsMax = 8;

/** What a player sends that others, or the player itself until now, rarely send. */
export interface Unusual {
  readonly what: "opcode" | "step";
  /** `CMSG_TRADE`, or `CMSG_TRADE → CMSG_MOVE`. */
  readonly name: string;
  readonly compared_with: "others" | "own past";
  /** Times that the player sent it. */
  readonly count: number;
  /** Share of the other players who send it, or share of the player's packets until now. */
  readonly usual: number;
  /** Share of the player's packets. */
  readonly share: number;
  /** The rule in words. */
  readonly why: string;
}

/** Compares a player with the game's others and with its own past; the strangest first. */
export function unusual(statistics: PlayerStatistics, opcodes: GameOpcodes): readonly Unusual[] {
  return [...againstOthers(statistics, opcodes), ...againstPast(statistics)].slice(0, rowsMax);
}

function againstOthers(statistics: PlayerStatistics, opcodes: GameOpcodes): Unusual[] {
  const others = opcodes.players - 1;
  if (others + 1 < populationPlayersMin) return [];
  const sent = statistics.packets[0];
  const rows: Unusual[] = [];
  const rare = (what: "opcode" | "step", name: string, count: number, players: number): void => {
    const usual = (players - 1) / others;
    if (count < rareCountMin || usual > rareShareMax) return;
    const why = `sent ${count} times; ${players - 1} of ${others} other players send it (rare: at most ${rareShareMax * 100} %)`;
    rows.push({ what, name, compared_with: "others", count, usual, share: count / sent, why });
  };
  for (const { opcode, count } of statistics.opcodes()) if (opcode.side === 0) rare("opcode", opcode.name, count, opcode.players);
  const named = new Set(rows.map(({ name }) => name));
  for (const { from, to, count } of statistics.steps()) {
    // A step from or to a rare opcode is rare with it: it is told once.
    if (named.has(from.name) || named.has(to.name)) continue;
    const step = opcodes.step(from.index, to.index);
    if (step !== undefined) rare("step", `${from.name} → ${to.name}`, count, step.players);
  }
  return rows;
}

function againstPast(statistics: PlayerStatistics): Unusual[] {
  const sent = statistics.opcodes().filter(({ opcode }) => opcode.side === 0);
  const recent = sent.reduce((sum, counts) => sum + counts.recent, 0);
  const past = sent.reduce((sum, counts) => sum + counts.count - counts.recent, 0);
  if (past < pastPacketsMin || recent < recentPacketsMin) return [];
  const rows: Unusual[] = [];
  for (const { opcode, count, recent: now } of sent) {
    const before = count - now;
    const share = now / recent;
    // Half a packet each, so that what was never sent has a share to compare with.
    const usual = (before + 0.5) / (past + 0.5);
    const test = likelihoodRatio(now, recent, before, past);
    if (share < usual * shareFactorMin || test < shareTestMin) continue;
    const why = `${percent(share)} of the player's packets now, ${percent(before / past)} until now (factor ${shareFactorMin}, G = ${test.toFixed(1)} over ${shareTestMin})`;
    rows.push({ what: "opcode", name: opcode.name, compared_with: "own past", count: now, usual: before / past, share, why });
  }
  return rows;
}

const part = (seen: number, expected: number): number => (seen === 0 ? 0 : seen * Math.log(seen / expected));

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** G of the likelihood-ratio test that k of n and l of m come from one share (Sokal and Rohlf, Biometry, 17.4). */
export function likelihoodRatio(k: number, n: number, l: number, m: number): number {
  const share = (k + l) / (n + m);
  return 2 * (part(k, n * share) + part(n - k, n * (1 - share)) + part(l, m * share) + part(m - l, m * (1 - share)));
}
