import { count, many, si } from "#base/units.ts";
import { memberOf } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { Column } from "#tui/parts/column.ts";
import { drawText, fact, heading, type Line, span } from "#tui/parts/line.ts";
import { List } from "#tui/parts/list.ts";
import { Poll } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import type { Page, View } from "#tui/view.ts";
import { Detail } from "./detail.ts";
import { eventLines } from "./event-lines.ts";
import { endsText, eventTime, playerOf, severityLook, severityRank, valueText } from "./reading.ts";
import { timeColumn, timeText } from "./time-column.ts";

const everyMs = 3000;
/** Findings that are grouped. */
const findingsMax = 1000;
/** Findings of a group that its detail lists. */
const groupLinesMax = 50;

/** Findings that say the same of anybody: the newest first among them. */
interface FindingGroup {
  readonly key: string;
  readonly newest: OddwireEvent;
  readonly all: readonly OddwireEvent[];
}

/** What the detectors say does not belong, grouped, with the reasons. */
export class FindingsView implements View {
  readonly title = "Findings";
  readonly #page: Page;
  readonly #list: List<FindingGroup>;
  readonly #detail = new Detail();
  readonly #poll: Poll<readonly FindingGroup[]>;
  #query = "";

  constructor(page: Page) {
    this.#page = page;
    this.#list = new List(
      columnsFor(() => page.live().summary?.time),
      (group) => group.key,
    );
    this.#poll = new Poll(
      (signal) => this.#ask(signal),
      everyMs,
      () => this.#told(),
    );
  }

  hints(): string {
    const keys = "f its flow  p its player";
    return this.#detail.isOpen ? `Esc back  ${keys}  ↑↓ scroll` : `Enter why  ${keys}  s order  / search`;
  }

  query(): string {
    return this.#query;
  }

  search(text: string): void {
    this.#query = text;
    this.#poll.again(true);
  }

  show(): void {
    this.#poll.start();
  }

  hide(): void {
    this.#poll.stop();
  }

  key(name: string): boolean {
    const newest = this.#list.row?.newest;
    const player = newest === undefined ? undefined : playerOf(newest);
    if (name === "f" && newest?.flow_id !== undefined) this.#page.openFlow(newest.flow_id);
    else if (name === "p" && player !== undefined) this.#page.openPlayer(player);
    else if (this.#detail.isOpen) return this.#detail.key(name);
    else if (name === "enter" && newest !== undefined) this.#detail.open();
    else if (name === "escape" && this.#query !== "") this.search("");
    else return this.#list.key(name);
    return true;
  }

  draw(area: Area): void {
    this.#detail.draw(
      area,
      (part) => this.#drawList(part),
      () => (this.#list.row === undefined ? [] : groupLines(this.#list.row, this.#page.live().summary?.time)),
    );
  }

  #drawList(area: Area): void {
    const { trouble, answer } = this.#poll;
    const total = answer?.reduce((sum, group) => sum + group.all.length, 0) ?? 0;
    const newest = total >= findingsMax ? "the newest " : "";
    area.text(0, 0, `${many(this.#list.count, "kind")} of ${newest}${many(total, "finding")}, the gravest first`, style.strong);
    const y = 1 + (trouble === undefined ? 0 : drawText(area.part(0, 1), trouble, style.bad));
    const empty = answer === undefined ? "asking the server …" : "nothing was found; the line above says what could not be looked at";
    this.#list.draw(area.part(0, y), trouble === undefined ? empty : "");
  }

  #told(): void {
    this.#list.set(this.#poll.answer ?? []);
    this.#page.changed();
  }

  async #ask(signal: AbortSignal): Promise<readonly FindingGroup[]> {
    const q = this.#query === "" ? undefined : this.#query;
    const { events } = await this.#page.api.events("finding", { q, limit: findingsMax }, signal);
    return groupsOf(events);
  }
}

/**
 * Groups by cause where the detector names one, otherwise by detector, severity and who it is about: a title holds
 * numbers that differ each time.
 */
export function groupsOf(events: readonly OddwireEvent[]): readonly FindingGroup[] {
  const groups = Map.groupBy(events, (event) => {
    const finding = memberOf(event, "finding");
    const id = valueText(finding["id"]);
    if (id !== "") return id;
    return `${valueText(finding["detector"])} ${valueText(finding["severity"])} ${playerOf(event) ?? event.src_ip ?? ""}`;
  });
  return [...groups]
    .map(([key, all]) => ({ key, newest: all[0] as OddwireEvent, all }))
    .toSorted((a, b) => severityRank[reasonOf(b.newest).severity] - severityRank[reasonOf(a.newest).severity]);
}

const scoreOf = (event: OddwireEvent): number => {
  const score = memberOf(event, "finding")["score"];
  return typeof score === "number" ? score : 0;
};
/** A cause is told anew when it was seen ten times as often: the newest event knows how often that is. */
function timesOf({ newest, all }: FindingGroup): number {
  const signs = memberOf(newest, "finding")["signs"];
  return typeof signs === "number" ? signs : all.length;
}
const categoryOf = (event: OddwireEvent): string => valueText(memberOf(event, "finding")["category"]);
const detectorOf = (event: OddwireEvent): string => valueText(memberOf(event, "finding")["detector"]);

const columnsFor = (now: () => number | undefined): readonly Column<FindingGroup>[] => [
  {
    title: "severity",
    width: 8,
    text: ({ newest }) => reasonOf(newest).severity,
    look: ({ newest }) => severityLook[reasonOf(newest).severity],
    order: ({ newest }) => severityRank[reasonOf(newest).severity],
  },
  {
    title: "score",
    width: 5,
    right: true,
    spare: 2,
    text: ({ newest }) => scoreOf(newest).toFixed(2),
    order: ({ newest }) => scoreOf(newest),
  },
  { title: "times", width: 5, right: true, text: (group) => si(timesOf(group)), order: timesOf },
  timeColumn("newest", 1, now, ({ newest }: FindingGroup) => eventTime(newest)),
  { title: "category", width: 12, spare: 6, text: ({ newest }) => categoryOf(newest), order: ({ newest }) => categoryOf(newest) },
  {
    title: "detector",
    width: 14,
    most: 18,
    grow: 1,
    spare: 3,
    text: ({ newest }) => detectorOf(newest),
    order: ({ newest }) => detectorOf(newest),
  },
  { title: "what", width: 24, grow: 3, most: 80, text: ({ newest }) => reasonOf(newest).title },
  { title: "why", width: 20, grow: 4, spare: 5, text: ({ newest }) => reasonOf(newest).why, look: () => style.dim },
  { title: "who", width: 15, grow: 2, most: 45, spare: 4, text: ({ newest }) => playerOf(newest) ?? endsText(newest) },
];

/** The newest in full, then the others of its group. */
function groupLines({ newest, all }: FindingGroup, now: number | undefined): readonly Line[] {
  const others = all.slice(1, groupLinesMax + 1);
  const rest = all.length - 1 - others.length;
  return [
    ...eventLines(newest),
    ...(others.length === 0 ? [] : heading(`the same before (${count(all.length - 1)})`)),
    ...others.map((event): Line => {
      const { title, why } = reasonOf(event);
      return [span(`${timeText(eventTime(event), now)}  `, style.dim), span(`${title}: ${why}`)];
    }),
    ...(rest > 0 ? [fact("and", `${count(rest)} more`)] : []),
  ];
}
