import { drawLine, type Line, line, span } from "#tui/parts/line.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import type { View } from "#tui/view.ts";

const keys: readonly (readonly [string, string])[] = [
  ["1 … 7, Tab", "the views"],
  ["↑ ↓  j k", "up and down; PgUp, PgDn, Home, End too"],
  ["Enter", "the detail of what is chosen"],
  ["Esc", "back from the detail; then ends the search"],
  ["← →", "kinds of events; what the list holds"],
  ["s  r", "orders the list by the next column; the other way round"],
  ["/", "searches (below); Enter on an empty line ends the search"],
  ["q  Ctrl-C", "ends the page; the server goes on"],
];

const language: readonly (readonly [string, string])[] = [
  ["src_ip = 10.0.0.0/8", "addresses compare with networks; = != < <= > >="],
  ["rrname ~ example", "contains; !~ contains not"],
  ["dest_port in 80,443", "one of; exists sni: the member is there"],
  ["time > -1h", "also 2026-01-31, -90m, now-7d"],
  ["bytes_toclient > 1M", "units k M G, Ki Mi Gi"],
  ["ip port host", "either side"],
  ["a and (b or not c)", "“and” may be left out"],
  ["word", "anywhere in the event"],
];

/** Keys and the query language; any key goes back. */
export function drawHelp(area: Area, view: View): void {
  const left: readonly Line[] = [line("Keys", style.strong), ...keys.map(([key, what]) => pair(key, what, 13))];
  const own: readonly Line[] = [[], line(`In ${view.title}`, style.strong), line(view.hints() === "" ? "no more keys" : view.hints())];
  const right: readonly Line[] = [line("Search", style.strong), ...language.map(([key, what]) => pair(key, what, 22))];
  const isWide = area.width >= 130;
  const lines = isWide ? [...left, ...own] : [...left, [], ...right, ...own];
  for (const [y, each] of lines.entries()) drawLine(area, y, each, 1);
  if (isWide) for (const [y, each] of right.entries()) drawLine(area.part(66, 0), y, each);
}

const pair = (key: string, what: string, width: number): Line => [span(key.padEnd(width), style.accent), span(what)];
