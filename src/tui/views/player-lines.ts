import { duration, microsOf, moment } from "#base/time-words.ts";
import { bytes, count, plain } from "#base/units.ts";
import { type Evidence, evidenceOf } from "#client/evidence.ts";
import { endText, memberOf } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { PlayerAnswer, PlayerRow } from "#schema/player.ts";
import { bar, sparkline } from "#tui/parts/chart.ts";
import { fact, heading, type Line, line, span } from "#tui/parts/line.ts";
import { style } from "#tui/screen/style.ts";
import { fill } from "#tui/screen/text.ts";
import { verdictLook } from "./players.ts";
import { eventTime, severityLook, valueText } from "./reading.ts";
import { timeText } from "./time-column.ts";

const historyWidth = 60;
const opcodesMax = 40;
const stepsMax = 20;

type Members = { readonly [name: string]: unknown };

/** A player in full: verdict and why, what its packets are like, its sessions, what was found of it. */
export function playerLines(
  { player, event, history, sessions, findings, truncated }: PlayerAnswer,
  now: number | undefined,
): readonly Line[] {
  const members = memberOf(event, "player");
  const bot = memberOf(members, "bot");
  const scores = history.flatMap(({ score }) => (score === undefined ? [] : [score]));
  return [
    [span(player.name ?? player.id, style.strong), span(`  ${player.id}`, style.dim)],
    [],
    [span("verdict         ", style.dim), span(player.verdict ?? "nothing judges here", verdictLook(player.verdict))],
    ...(player.score === undefined ? [] : [fact("score", `${player.score.toFixed(3)} ${bar(player.score, 20)} (1 is a program)`)]),
    ...["classic", "rhythm", "sample"].flatMap((name) => (bot[name] === undefined ? [] : [fact(name, numberText(bot[name]))])),
    ...(scores.length > 1 ? [fact("score then", sparkline(scores, historyWidth, 1))] : []),
    ...markLines(player),
    ...factLines(player),
    ...heading("evidence, the strongest first"),
    ...evidenceLines(evidenceOf(bot)),
    ...statisticsLines(memberOf(members, "statistics")),
    ...heading(`sessions${truncated ? " (there are older ones)" : ""}`),
    ...sessions.map(({ session, since, age, state, address, port, packets_in: sent, packets_out: received }) =>
      line(
        `${String(session).padStart(5)}  ${timeText(microsOf(since), now)}  ${fill(duration(Math.floor(age)), 12)} ${fill(state, 7)} ` +
          `${fill(address === undefined ? "" : endText(address, port), 22)} ${count(sent)} in, ${count(received)} out`,
      ),
    ),
    ...heading("found of it"),
    ...(findings.length === 0 ? [line("nothing", style.dim)] : []),
    ...findings.map((finding): Line => {
      const { title, severity, why } = reasonOf(finding);
      return [
        span(`${timeText(eventTime(finding), now)}  `, style.dim),
        span(`${severity} `, severityLook[severity]),
        span(`${title}: ${why}`),
      ];
    }),
  ];
}

function markLines(player: PlayerRow): readonly Line[] {
  const words = [...(player.watched ? ["watched"] : []), ...(player.whitelisted ? ["on the whitelist: nothing is found of it"] : [])];
  return [
    ...(words.length === 0 ? [] : [fact("marks", words.join(", "), style.accent)]),
    ...(player.note === "" ? [] : [fact("note", player.note, style.accent)]),
  ];
}

function factLines(player: PlayerRow): readonly Line[] {
  const { position, health } = player;
  return [
    fact("game", player.game),
    fact("state", `${player.state} in session ${player.session}, for ${duration(Math.floor(player.age))}`),
    fact("since, seen", `${moment(microsOf(player.since))}, ${moment(microsOf(player.seen))}`),
    ...(player.address === undefined ? [] : [fact("from", endText(player.address, player.port))]),
    ...(player.level === undefined ? [] : [fact("level", String(player.level))]),
    ...(health === undefined ? [] : [fact("health", `${health.now} of ${health.most}`)]),
    ...(position === undefined ? [] : [fact("position", `${position.x}, ${position.y}, ${position.z} ${position.map ?? ""}`)]),
    fact("packets", `${count(player.packets_in)} in, ${count(player.packets_out)} out`),
    ...(player.rtt_ms === undefined ? [] : [fact("round trip", `${plain(player.rtt_ms)} ms`)]),
  ];
}

function evidenceLines(all: readonly Evidence[]): readonly Line[] {
  if (all.length === 0) return [line("none yet", style.dim)];
  return all.flatMap((evidence) => [
    [span("• ", style.dim), span(evidence.text)],
    ...(evidence.counts.length === 0
      ? []
      : [fact("  this player", sparkline(evidence.counts, historyWidth)), fact("  people", sparkline(evidence.people, historyWidth))]),
    ...(evidence.kind === "sequence" ? [fact("  in order", evidence.opcodes.join(" "))] : []),
    ...(evidence.kind === "path" ? [fact("  way points", evidence.points.map(([x, y]) => `${x},${y}`).join("  "))] : []),
  ]);
}

/** Opcodes with their gaps and sizes, and which follows which. */
function statisticsLines(statistics: Members): readonly Line[] {
  const opcodes = rowsOf(statistics["opcodes"]).slice(0, opcodesMax);
  const steps = rowsOf(statistics["transitions"]).slice(0, stepsMax);
  if (opcodes.length === 0) return [];
  return [
    ...heading(`statistics of ${numberText(statistics["actions"])} actions`),
    line(`${"opcode".padEnd(20)} ${"packets".padStart(8)} ${"/s".padStart(7)} ${"gap".padStart(17)} ${"size".padStart(14)}`, style.dim),
    ...opcodes.map((row): Line => {
      const arrow = row["direction"] === "to_client" ? "←" : "→";
      return line(
        `${arrow} ${fill(valueText(row["opcode"]), 18)} ${numberText(row["count"]).padStart(8)} ${rateText(row["per_second"]).padStart(7)} ` +
          `${spreadText(row["gap"], duration).padStart(17)} ${spreadText(row["size"], bytes).padStart(14)}`,
      );
    }),
    ...(steps.length === 0 ? [] : heading("what follows what")),
    ...steps.map((row) => line(`${numberText(row["count"]).padStart(9)}  ${valueText(row["from"])} → ${valueText(row["to"])}`)),
  ];
}

const rowsOf = (value: unknown): readonly Members[] =>
  Array.isArray(value) ? value.filter((row): row is Members => typeof row === "object" && row !== null) : [];
const numberText = (value: unknown): string => (typeof value === "number" ? plain(value) : "–");

const rateText = (value: unknown): string => (typeof value === "number" ? String(Number(value.toPrecision(3))) : "–");

/** `1.2 s ± 20 ms`. */
function spreadText(value: unknown, show: (value: number) => string): string {
  if (typeof value !== "object" || value === null) return "–";
  const { mean, stddev } = value as Members;
  return typeof mean === "number" && typeof stddev === "number" ? `${show(mean)} ± ${show(stddev)}` : "–";
}
