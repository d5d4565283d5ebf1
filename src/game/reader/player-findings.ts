import type { ForwardedEvent } from "#contract/forward.ts";
import { aheadMaxUs, aheadPacketsMin, configuredFactorMin, fastWindowsMin, speedFactorMin } from "./movement.ts";
import type { Player } from "./player.ts";
import type { BotEvidence, BotVerdict, Likeness } from "./player-scorer.ts";

interface Reason {
  readonly feature: string;
  readonly value: number | string;
  readonly threshold?: number;
  readonly sample?: number;
}

interface PlayerFinding {
  /** Name under which it is told once for each player. */
  readonly name: string;
  readonly title: string;
  readonly severity: "low" | "medium" | "high";
  readonly score: number;
  readonly why: readonly Reason[];
}

/** What the pieces of evidence are, for people. */
const words: Readonly<Record<string, string>> = {
  sequence: "looped sequence",
  path: "repeated path",
};
/** Measures told in one finding, the rarest first, behind what comes again. */
const measuresMax = 4;

export const nameOf = ({ facts, id }: Player): string => (facts.name === undefined ? id : `${facts.name} (${id})`);

/** A program plays: what the scorer says, in the words of its evidence. */
export function botFinding(player: Player, verdict: BotVerdict): PlayerFinding | undefined {
  if (verdict.verdict !== "bot") return undefined;
  const { evidence, sample } = verdict;
  const measures = evidence.filter(({ kind, text }) => kind === "text" && !text.startsWith("not looked at")).slice(0, measuresMax);
  // Waits and answers are to be looked at: what is odd about them, the measures say.
  const loops = evidence.filter(({ kind }) => kind === "sequence" || kind === "path");
  const why = [...loops, ...measures].map((piece): Reason => ({ ...reasonOf(piece), sample }));
  return { name: "bot", title: `A program seems to play ${nameOf(player)}`, severity: "medium", score: verdict.score, why };
}

/** A measure says what it means, then its numbers; of what can be seen the kind says what it is. */
function reasonOf({ kind, text }: BotEvidence): Reason {
  const colon = text.indexOf(": ");
  if (kind !== "text" || colon < 0) return { feature: words[kind] ?? kind, value: text };
  return { feature: text.slice(0, colon), value: text.slice(colon + 2) };
}

/** The client's clock runs ahead of real time. */
export function clockFinding(player: Player): PlayerFinding | undefined {
  const { movement } = player;
  if (movement === undefined || movement.ahead <= aheadMaxUs || movement.aheadPackets < aheadPacketsMin) return undefined;
  const [claimed, elapsed] = [seconds(movement.claimed), seconds(movement.elapsed)];
  return {
    name: "speed-hack",
    title: `The client of ${nameOf(player)} runs faster than time`,
    severity: "high",
    score: 0.95,
    why: [
      { feature: `seconds of movement within ${elapsed} s`, value: claimed, threshold: elapsed },
      { feature: "seconds ahead of the capture's clock", value: seconds(movement.ahead), threshold: seconds(aheadMaxUs) },
      { feature: "movement packets ahead in a row", value: movement.aheadPackets, threshold: aheadPacketsMin },
    ],
  };
}

/** Times that a player has to be a second ahead of what is possible. */
const paceAlarmsMin = 3;

/** More actions than the game lets anybody do, for so long that no stalled line explains it. */
export function paceFinding(player: Player, possible: number | undefined): PlayerFinding | undefined {
  const verdict = player.pace?.verdict();
  if (possible === undefined || verdict === undefined || verdict.fastReports < paceAlarmsMin) return undefined;
  return {
    name: "impossible-rate",
    title: `${nameOf(player)} does more than the game allows`,
    severity: "high",
    score: 0.9,
    why: [
      {
        feature: "actions a second since the player was last slower",
        value: Math.round(verdict.speed * possible * 10) / 10,
        threshold: possible,
        sample: verdict.reports,
      },
      { feature: "times a second ahead of that", value: verdict.fastReports, threshold: paceAlarmsMin },
    ],
  };
}

/** Faster than the game's players can be: `possible` is configured, or else `usual` is what the median player reaches. */
export function speedFinding(player: Player, usual: number, possible: number | undefined): PlayerFinding | undefined {
  const speed = player.movement?.sustainedSpeed ?? 0;
  const limit = possible === undefined ? usual * speedFactorMin : possible * configuredFactorMin;
  if (limit === 0 || speed <= limit) return undefined;
  const whose = possible === undefined ? `the median player's top speed is ${usual.toFixed(1)}` : `the game's is ${possible}`;
  return {
    name: "impossible-speed",
    title: `${nameOf(player)} moves faster than the game allows`,
    severity: "high",
    score: 0.9,
    why: [
      {
        feature: `speed over windows of two seconds; ${whose}`,
        value: Math.round(speed * 10) / 10,
        threshold: Math.round(limit * 10) / 10,
        sample: fastWindowsMin,
      },
    ],
  };
}

/** Two accounts do the same in the same rhythm. */
export function likeFinding(player: Player, other: Player, likeness: Likeness): PlayerFinding {
  return {
    name: "same-macro",
    title: `${nameOf(player)} and ${nameOf(other)} play the same macro`,
    severity: "medium",
    score: likeness.similarity,
    why: [
      { feature: likeness.why, value: Math.round(likeness.similarity * 100) / 100 },
      { feature: "other player", value: other.id },
    ],
  };
}

/** Tells a finding of a player, once for each name. A finding bans nobody: it is for people to look at. */
export function tellFinding(emit: ForwardedEvent, player: Player, finding: PlayerFinding | undefined, time: number, number: number): void {
  if (finding === undefined || player.found.includes(finding.name)) return;
  player.found.push(finding.name);
  const { name, ...rest } = finding;
  const detector = name === "bot" || name === "same-macro" ? "game-bot" : "game-movement";
  const members = { finding: { detector, category: "policy", ...rest, score: Math.round(rest.score * 1000) / 1000, player: player.id } };
  emit({ kind: "finding", time, number, flow: player.flow, members });
}

const seconds = (micros: number): number => Math.round(micros / 1e5) / 10;
