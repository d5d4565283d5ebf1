import { count, many, si } from "#base/units.ts";
import { memberOf } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { FindingRow, FindingState } from "#schema/finding-mark.ts";
import type { Column } from "#tui/parts/column.ts";
import { drawText, fact, heading, type Line, span } from "#tui/parts/line.ts";
import { List } from "#tui/parts/list.ts";
import { Poll, troubleText } from "#tui/parts/poll.ts";
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
  /** Where it stands and what people and their verdicts say of it; absent where a finding has no id. */
  readonly row?: FindingRow | undefined;
}

/** Keys that say where a finding stands. */
const stateKeys: Readonly<Record<string, FindingState>> = { v: "seen", c: "closed", w: "false", b: "benign" };

/** What the detectors say does not belong, grouped, with the reasons. */
export class FindingsView implements View {
  readonly title = "Findings";
  readonly #page: Page;
  readonly #list: List<FindingGroup>;
  readonly #detail = new Detail();
  readonly #poll: Poll<readonly FindingGroup[]>;
  #query = "";
  /** Only those that still want somebody to look. */
  #onlyOpen = false;

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
    const keys = "v seen  c closed  w wrong  b benign  n note  f flow  p player";
    return this.#detail.isOpen ? `Esc back  ${keys}` : `Enter why  ${keys}  o ${this.#onlyOpen ? "open" : "all"}  s order  /`;
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
    const row = this.#list.row?.row;
    if (row !== undefined && this.#mark(name, row)) return true;
    const newest = this.#list.row?.newest;
    const player = newest === undefined ? undefined : playerOf(newest);
    if (name === "f" && newest?.flow_id !== undefined) this.#page.openFlow(newest.flow_id);
    else if (name === "p" && player !== undefined) this.#page.openPlayer(player);
    else if (this.#detail.isOpen) return this.#detail.key(name);
    else if (name === "enter" && newest !== undefined) this.#detail.open();
    else if (name === "o") {
      this.#onlyOpen = !this.#onlyOpen;
      this.#poll.again(true);
    } else if (name === "escape" && this.#query !== "") this.search("");
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

  #mark(name: string, row: FindingRow): boolean {
    const state = stateKeys[name];
    if (state !== undefined) void this.#change(row, { state: state === row.state ? "new" : state });
    else if (name === "n") this.#page.ask("note on this finding:", row.note, (note) => void this.#change(row, { note }));
    else return false;
    return true;
  }

  async #change(row: FindingRow, change: { readonly state?: FindingState; readonly note?: string }): Promise<void> {
    try {
      await this.#page.api.markFinding(row.id, change);
      this.#page.say(`${row.title}: ${change.state ?? "noted"}`, "good");
      this.#poll.again();
    } catch (error) {
      this.#page.say(troubleText(error), "bad");
    }
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
    const { api } = this.#page;
    const [{ events }, rows] = await Promise.all([
      api.events("finding", { q, limit: findingsMax }, signal),
      api.findings({ q, limit: findingsMax }, signal).then(
        ({ findings }) => new Map(findings.map((row) => [row.id, row])),
        // A server without states of findings still tells what was found.
        () => new Map<string, FindingRow>(),
      ),
    ]);
    const groups = groupsOf(events).map((group) => ({ ...group, row: rows.get(group.key) }));
    return this.#onlyOpen ? groups.filter(({ row }) => row === undefined || row.state === "new" || row.state === "seen") : groups;
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
  {
    title: "state",
    width: 6,
    spare: 1,
    text: ({ row }) => row?.state ?? "",
    look: ({ row }) => stateLook(row),
    order: ({ row }) => row?.state ?? "",
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

const stateLook = (row: FindingRow | undefined) => (row?.state === "new" ? style.accent : style.dim);

/** What people and their verdicts say. */
function markLines(row: FindingRow | undefined): readonly Line[] {
  if (row === undefined) return [];
  const { state, note, who, opinion } = row;
  return [
    ...heading("state"),
    fact("state", who === "" ? state : `${state}, by ${who}`),
    ...(note === "" ? [] : [fact("note", note)]),
    ...(opinion === undefined || opinion.verdict === "unknown"
      ? []
      : [fact("seems", `${opinion.verdict}, like ${count(opinion.alike)} of ${count(opinion.verdicts)} verdicts`)]),
  ];
}

/** The newest in full, then the others of its group. */
function groupLines({ newest, all, row }: FindingGroup, now: number | undefined): readonly Line[] {
  const others = all.slice(1, groupLinesMax + 1);
  const rest = all.length - 1 - others.length;
  return [
    ...eventLines(newest),
    ...markLines(row),
    ...(others.length === 0 ? [] : heading(`the same before (${count(all.length - 1)})`)),
    ...others.map((event): Line => {
      const { title, why } = reasonOf(event);
      return [span(`${timeText(eventTime(event), now)}  `, style.dim), span(`${title}: ${why}`)];
    }),
    ...(rest > 0 ? [fact("and", `${count(rest)} more`)] : []),
  ];
}
