import { bitRate, count, rate, si } from "#base/units.ts";
import { type OddGroup, oddGroups } from "#client/odd-groups.ts";
import { reasonOf } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { LiveSummary } from "#schema/live.ts";
import { drawColumns } from "#tui/parts/chart.ts";
import type { Column } from "#tui/parts/column.ts";
import { drawLine, span } from "#tui/parts/line.ts";
import { List } from "#tui/parts/list.ts";
import { Poll } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import type { Page, View } from "#tui/view.ts";
import { Detail } from "./detail.ts";
import { eventLines } from "./event-lines.ts";
import { endsText, eventTime, severityLook, severityRank } from "./reading.ts";
import { timeColumn } from "./time-column.ts";
import { drawTops, liveTops, storedTops, type Tops } from "./tops.ts";

const everyMs = 3000;
const storedEveryMs = 30_000;
/** Events of each kind that the newest odd things are looked for in. */
const eventsMax = 100;
const oddKinds = ["finding", "alert", "anomaly"] as const;

/** How much there is, of what, by whom, and what is odd about it. */
export class OverviewView implements View {
  readonly title = "Overview";
  readonly #page: Page;
  readonly #odd: Poll<readonly OddGroup[]>;
  readonly #stored: Poll<Tops | undefined>;
  readonly #list: List<OddGroup>;
  readonly #detail = new Detail();

  constructor(page: Page) {
    this.#page = page;
    this.#odd = new Poll(
      (signal) => this.#ask(signal),
      everyMs,
      () => this.#answered(),
    );
    this.#stored = new Poll((signal) => this.#askStored(signal), storedEveryMs, page.changed);
    this.#list = new List(
      columnsFor(() => page.live().summary?.time),
      (group) => group.key,
    );
  }

  hints(): string {
    return this.#detail.isOpen ? "Esc back  f its flow  ↑↓ scroll" : "↑↓ Enter why  f its flow";
  }

  show(): void {
    this.#odd.start();
    this.#stored.start();
  }

  hide(): void {
    this.#odd.stop();
    this.#stored.stop();
  }

  key(name: string): boolean {
    const event = this.#list.row?.newest;
    if (name === "f" && event?.flow_id !== undefined) {
      this.#page.openFlow(event.flow_id);
      return true;
    }
    if (this.#detail.isOpen) return this.#detail.key(name);
    if (name === "enter" && event !== undefined) {
      this.#detail.open();
      return true;
    }
    return this.#list.key(name);
  }

  draw(area: Area): void {
    this.#detail.draw(
      area,
      (part) => this.#drawAll(part),
      () => (this.#list.row === undefined ? [] : eventLines(this.#list.row.newest)),
    );
  }

  #drawAll(area: Area): void {
    const { summary } = this.#page.live();
    const tableHeight = Math.max(3, Math.min(10, Math.floor(area.height / 3)));
    if (summary === undefined) {
      const stored = this.#stored.answer;
      if (stored !== undefined) drawTops(area.part(0, 0, area.width, tableHeight), stored);
      this.#drawOdd(stored === undefined ? area : area.part(0, tableHeight + 1));
      return;
    }
    const chartHeight = Math.max(2, Math.min(8, Math.floor(area.height / 5)));
    drawNow(area.part(0, 0, area.width, 1), summary, Math.max(0, ...this.#page.throughput.bits.slice(-area.width)));
    drawColumns(area.part(0, 1, area.width, chartHeight), this.#page.throughput.bits);
    drawTops(area.part(0, chartHeight + 1, area.width, tableHeight), liveTops(summary));
    this.#drawOdd(area.part(0, chartHeight + tableHeight + 2));
  }

  #drawOdd(area: Area): void {
    const { trouble, answer } = this.#odd;
    area.text(0, 0, "What is odd", style.strong);
    if (trouble !== undefined) area.text(13, 0, trouble, style.bad);
    this.#list.draw(area.part(0, 1), answer === undefined ? "asking the server …" : "nothing so far");
  }

  /** While an engine runs its summaries say it. */
  async #askStored(signal: AbortSignal): Promise<Tops | undefined> {
    const { status, summary } = this.#page.live();
    return status === "live" && summary === undefined ? storedTops(this.#page, signal) : undefined;
  }

  #answered(): void {
    this.#list.set(this.#odd.answer ?? []);
    this.#page.changed();
  }

  /** Findings and alerts first, the newest first among them; without a store, what the live stream has told. */
  async #ask(signal: AbortSignal): Promise<readonly OddGroup[]> {
    let events: readonly OddwireEvent[];
    try {
      const pages = await Promise.all(oddKinds.map((kind) => this.#page.api.events(kind, { limit: eventsMax }, signal)));
      events = pages.flatMap((page) => page.events);
    } catch (error) {
      if (signal.aborted) throw error;
      events = this.#page.live().events.filter((event) => oddKinds.some((kind) => kind === event.event_type));
      if (events.length === 0) throw error;
    }
    const byTime = events.toSorted((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
    const judged = byTime.filter((event) => !isAnomaly(event));
    return oddGroups([...judged, ...byTime.filter(isAnomaly)]);
  }
}

const isAnomaly = (event: OddwireEvent): boolean => event.event_type === "anomaly";

const columnsFor = (now: () => number | undefined): readonly Column<OddGroup>[] => [
  timeColumn("time", 0, now, ({ newest }: OddGroup) => eventTime(newest)),
  {
    title: "severity",
    width: 8,
    text: ({ newest }) => reasonOf(newest).severity,
    look: ({ newest }) => severityLook[reasonOf(newest).severity],
    order: ({ newest }) => severityRank[reasonOf(newest).severity],
  },
  { title: "times", width: 5, right: true, spare: 2, text: (group) => si(group.count), order: (group) => group.count },
  { title: "kind", width: 7, spare: 3, text: ({ newest }) => newest.event_type },
  { title: "what", width: 24, grow: 2, most: 90, text: ({ newest }) => reasonOf(newest).title },
  { title: "who", width: 18, grow: 1, spare: 1, text: ({ newest }) => endsText(newest) },
];

function drawNow(area: Area, summary: LiveSummary, most: number): void {
  const x = drawLine(area, 0, [
    span(bitRate(summary.bits_per_second), style.strong),
    span("  packets ", style.dim),
    span(rate(summary.packets_per_second)),
    span("  flows ", style.dim),
    span(count(summary.live_flows)),
    span("  events ", style.dim),
    span(rate(summary.events_per_second)),
  ]);
  const peak = `peak ${bitRate(most)}`;
  if (x + peak.length + 2 < area.width) area.textRight(area.width, 0, peak, style.dim);
}
