import { clock } from "#base/time-words.ts";
import { type CoverageItem, coverageItems } from "#client/coverage-items.ts";
import type { LiveState } from "#client/live-connection.ts";
import type { Coverage } from "#schema/live.ts";
import { drawLine, type Span, span } from "#tui/parts/line.ts";
import type { Area } from "#tui/screen/screen.ts";
import { REVERSED, style } from "#tui/screen/style.ts";
import { textWidth } from "#tui/screen/text.ts";

/** The smallest terminal that everything is shown in. */
export const smallest = { width: 40, height: 10 } as const;

/** Tabs at the left, the connection at the right; both shorter where there is no room. */
export function drawHeader(area: Area, titles: readonly string[], current: number, live: LiveState): void {
  area.text(0, 0, " ".repeat(area.width), REVERSED);
  const full = titles.reduce((sum, title) => sum + title.length + 3, 0);
  const connection = connectionSpan(live, area.width < full + 24);
  const width = textWidth(connection.text);
  const titleMost = full + width <= area.width ? Number.POSITIVE_INFINITY : Math.floor((area.width - width) / titles.length) - 3;
  let x = 0;
  for (const [i, title] of titles.entries())
    x = area.text(x, 0, ` ${i + 1} ${title.slice(0, Math.max(1, titleMost))}`, i === current ? style.strong : REVERSED);
  if (x + width <= area.width) area.textRight(area.width, 0, connection.text, connection.look);
}

function connectionSpan({ status, summary }: LiveState, isNarrow: boolean): Span {
  if (status === "reconnecting") return span(isNarrow ? " ○ lost " : " ○ disconnected ", style.critical + REVERSED);
  if (status !== "live") return span(isNarrow ? " ○ … " : ` ○ ${status} `, style.warning + REVERSED);
  if (summary === undefined) return span(" ● stored ", REVERSED);
  const { finished } = summary.source;
  const words = finished ? "ended " : "live ";
  return span(` ${finished ? "■" : "●"} ${isNarrow ? "" : words}${clock(summary.time)} `, REVERSED);
}

/**
 * What could not be seen: "not found" is not "not looked at". Stands under the header of every view. Where no engine runs
 * it is that of the run that wrote the store, when that is known.
 */
export function drawCoverage(area: Area, { status, cause, summary }: LiveState, stored: Coverage | undefined): void {
  if (status === "reconnecting") {
    area.text(0, 0, `${cause ?? "the connection broke"}; trying again. What is shown is what was last known.`, style.critical);
    return;
  }
  const coverage = summary?.coverage ?? (status === "live" ? stored : undefined);
  if (coverage === undefined) {
    area.text(0, 0, status === "live" ? "No engine runs here: this is what is stored." : "Waiting for the server.", style.dim);
    return;
  }
  const told = coverageItems(coverage).filter(({ tone }) => tone !== "clear");
  const all = coverageItems(coverage).filter(({ tone, key }) => tone !== "clear" || key === "kernel_drops");
  // What was missed comes before what was not, where there is not room for both.
  const items = lengthOf(all) <= area.width ? all : told;
  const spans = items.flatMap(({ label, value, tone }, i) => [
    span(i === 0 ? "" : " · ", style.dim),
    span(`${label} ${value}`, tone === "marked" ? style.warning : style.dim),
  ]);
  const x = drawLine(area, 0, spans);
  const name = summary?.source.name ?? "the run that was stored";
  if (x + textWidth(name) + 2 <= area.width) area.textRight(area.width, 0, name, style.dim);
}

const lengthOf = (items: readonly CoverageItem[]): number =>
  items.reduce((sum, { label, value }) => sum + label.length + value.length + 1, (items.length - 1) * " · ".length);
