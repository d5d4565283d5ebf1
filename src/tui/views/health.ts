import { duration, moment } from "#base/time-words.ts";
import { bytes, count } from "#base/units.ts";
import { coverageItems } from "#client/coverage-items.ts";
import type { Health } from "#schema/api.ts";
import type { PluginRow, PluginsAnswer } from "#schema/game.ts";
import { metrics } from "#schema/metrics.ts";
import type { BesideAnswer } from "#schema/suricata.ts";
import { bar } from "#tui/parts/chart.ts";
import { fact, heading, type Line, line, span } from "#tui/parts/line.ts";
import { Pager } from "#tui/parts/pager.ts";
import { Poll } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import { fill } from "#tui/screen/text.ts";
import type { Page, View } from "#tui/view.ts";
import { waitingLines } from "./detail.ts";

const everyMs = 2000;
const meanings: ReadonlyMap<string, string> = new Map(Object.values(metrics).map((metric) => [metric.name, metric.doc]));

/** Is the machinery well: engine, what could not be seen, store, Suricata beside, every counter. */
export class HealthView implements View {
  readonly title = "Health";
  readonly #page: Page;
  readonly #pager = new Pager();
  readonly #health: Poll<Health>;
  readonly #beside: Poll<BesideAnswer>;
  readonly #plugins: Poll<PluginsAnswer>;
  #words = "";

  constructor(page: Page) {
    this.#page = page;
    this.#health = new Poll((signal) => page.api.health(signal), everyMs, page.changed);
    this.#beside = new Poll((signal) => page.api.suricata(signal), everyMs, page.changed);
    this.#plugins = new Poll((signal) => page.api.plugins(signal), everyMs, page.changed);
  }

  hints(): string {
    return "↑↓ scroll  / counters by name or meaning";
  }

  query(): string {
    return this.#words;
  }

  search(text: string): void {
    this.#words = text;
    this.#pager.toTop();
  }

  show(): void {
    this.#health.start();
    this.#beside.start();
    this.#plugins.start();
  }

  hide(): void {
    this.#health.stop();
    this.#beside.stop();
    this.#plugins.stop();
  }

  key(name: string): boolean {
    if (name === "escape" && this.#words !== "") this.search("");
    else return this.#pager.key(name);
    return true;
  }

  draw(area: Area): void {
    const counters = counterLines(this.#page.live().summary?.counters, this.#words.toLowerCase());
    this.#pager.set(this.#words === "" ? [...this.#healthLines(), ...heading("Counters"), ...counters] : counters);
    this.#pager.draw(area);
  }

  #healthLines(): readonly Line[] {
    const { answer, trouble } = this.#health;
    if (answer === undefined) return waitingLines(trouble);
    return [
      ...(trouble === undefined ? [] : [line(trouble, style.bad)]),
      ...engineLines(answer),
      ...coverageLines(answer),
      ...storeLines(answer),
      ...pluginLines(this.#plugins.answer?.plugins ?? []),
      ...besideLines(this.#beside.answer),
    ];
  }
}

function engineLines(health: Health): readonly Line[] {
  const { source } = health;
  return [
    [span("Engine  ", style.strong), span(health.status, health.status === "ok" ? style.good : style.warning)],
    ...health.reasons.map((reason) => [span("• ", style.dim), span(reason, style.warning)]),
    fact("source", source === undefined ? "none: serving a store" : `${source.kind} ${source.name}${source.finished ? ", finished" : ""}`),
    fact("Oddwire", `${health.version} on Node ${health.node}`),
    fact("started", `${moment(health.started_at)}, ${duration(Math.floor(health.uptime_seconds))} ago`),
    fact("live clients", count(health.live_clients)),
  ];
}

function coverageLines({ coverage }: Health): readonly Line[] {
  if (coverage === undefined) return [];
  return [
    ...heading("What could not be looked at"),
    ...coverageItems(coverage).map(({ label, value, tone, meaning }): Line => {
      const look = tone === "marked" ? style.warning : tone === "clear" ? style.good : style.plain;
      return [span(fill(label, 16), style.dim), span(`${value.padStart(9)}  `, look), span(meaning, style.dim)];
    }),
  ];
}

function storeLines({ store }: Health): readonly Line[] {
  if (store === undefined) return [...heading("Store"), line("none: it runs with --no-store", style.dim)];
  const kinds = Object.entries(store.rows).toSorted((a, b) => b[1] - a[1]);
  const most = kinds[0]?.[1] ?? 0;
  const total = kinds.reduce((sum, [, rows]) => sum + rows, 0);
  const range = store.from === undefined || store.to === undefined ? "" : `, ${moment(store.from)} to ${moment(store.to)}`;
  return [
    ...heading("Store"),
    fact("holds", `${count(total)} events in ${bytes(store.bytes)}${range}`),
    ...kinds
      .filter(([, rows]) => rows > 0)
      .map(
        ([kind, rows]): Line => [
          span(fill(kind, 16), style.dim),
          span(`${count(rows).padStart(11)} `),
          span(bar(most === 0 ? 0 : rows / most, 30), style.accent),
        ],
      ),
  ];
}

/** Plugins of games: how each is, and its last trouble. */
function pluginLines(plugins: readonly PluginRow[]): readonly Line[] {
  if (plugins.length === 0) return [];
  return [
    ...heading("Plugins of games"),
    ...plugins.map(({ file, name, game = "", version = "", state, requests, failures = 0, restarts = 0, trouble }): Line => {
      const facts = [
        ...(requests === undefined ? [] : [`${count(requests)} pieces`]),
        ...(failures > 0 ? [`${count(failures)} failed`] : []),
        ...(restarts > 0 ? [`started again ${count(restarts)} times`] : []),
      ].join(", ");
      return [
        span(fill(name ?? file, 24)),
        span(fill(`${game} ${version}`, 20), style.dim),
        span(`${state}  `, state === "running" ? style.good : style.warning),
        span(
          `${facts}${trouble === undefined ? "" : `${facts === "" ? "" : ": "}${trouble}`}`,
          trouble === undefined ? style.dim : style.warning,
        ),
      ];
    }),
  ];
}

function besideLines(beside: BesideAnswer | undefined): readonly Line[] {
  if (beside === undefined || (beside.suricata.mode === "off" && beside.zeek === undefined)) return [];
  const { suricata, zeek } = beside;
  const look = suricata.state === "running" ? style.good : style.warning;
  return [
    ...(suricata.mode === "off"
      ? []
      : [
          ...heading("Suricata"),
          fact("state", `${suricata.state}${suricata.reason === "" ? "" : `: ${suricata.reason}`}`, look),
          ...(suricata.version === undefined ? [] : [fact("version", suricata.version)]),
          ...(suricata.source === undefined ? [] : [fact("source", suricata.source)]),
          ...(suricata.counts === undefined ? [] : [fact("feed", feedText(suricata.counts))]),
          ...(suricata.counters ?? [])
            .flatMap((group) => group.counters)
            .filter(({ loss, value }) => loss && value > 0)
            .map(({ name, value }) => fact("lost", `${name} ${count(value)}`, style.warning)),
        ]),
    ...(zeek === undefined
      ? []
      : [...heading("Zeek"), fact("state", zeek.state), fact("logs", zeek.source), fact("feed", feedText(zeek.counts))]),
  ];
}

const feedText = ({ lines, bad, alerts }: { readonly lines: number; readonly bad: number; readonly alerts: number }): string =>
  `${count(lines)} lines, ${count(bad)} bad, ${count(alerts)} alerts`;

/** Counters that are not zero, those that hold the words. */
function counterLines(counters: { readonly [name: string]: number } | undefined, words: string): readonly Line[] {
  if (counters === undefined) return [line("no engine runs here", style.dim)];
  const rows = Object.entries(counters).filter(
    ([name, value]) => value !== 0 && `${name} ${meanings.get(name) ?? ""}`.toLowerCase().includes(words),
  );
  if (rows.length === 0) return [line("no counter matches; perhaps it stands at zero", style.dim)];
  return rows.map(([name, value]) => [
    span(fill(name, 34)),
    span(`${count(value).padStart(15)}  `, style.strong),
    span(meanings.get(name) ?? "", style.dim),
  ]);
}
