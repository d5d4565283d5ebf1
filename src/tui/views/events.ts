import { count } from "#base/units.ts";
import { reasonOf } from "#client/reason.ts";
import type { KindFacts } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { Column } from "#tui/parts/column.ts";
import { drawText } from "#tui/parts/line.ts";
import { List } from "#tui/parts/list.ts";
import { Poll } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { REVERSED, style } from "#tui/screen/style.ts";
import { textWidth } from "#tui/screen/text.ts";
import type { Page, View } from "#tui/view.ts";
import { Detail } from "./detail.ts";
import { eventLines } from "./event-lines.ts";
import { clientText, eventTime, playerOf, serverText, severityLook, valueAt, valueText } from "./reading.ts";
import { timeColumn } from "./time-column.ts";

const everyMs = 2000;
const kindsEveryMs = 10_000;
const eventsMax = 500;
/** The first tab: what comes now, of every kind. */
const LIVE = "live";
/** Kinds that people look for first; the others follow by name. */
const first = ["finding", "alert", "anomaly"];
/** Columns that say little in one line. */
const quiet = new Set([
  "time",
  "src_ip",
  "src_port",
  "dest_ip",
  "dest_port",
  "proto",
  "flow_id",
  "pcap_cnt",
  "community_id",
  "start",
  "end",
]);

/** What was told, by kind: the live stream, and the stored events of each kind. */
export class EventsView implements View {
  readonly title = "Events";
  readonly #page: Page;
  readonly #detail = new Detail();
  readonly #kinds: Poll<{ readonly kinds: readonly KindFacts[]; readonly rows: { readonly [kind: string]: number } }>;
  readonly #poll: Poll<readonly OddwireEvent[]>;
  #list: List<OddwireEvent>;
  #kind = LIVE;
  #wasChosen = false;
  /** The last event that came before the live stream was searched: those up to it were not asked. */
  #unasked: OddwireEvent | undefined;
  readonly #queries = new Map<string, string>();
  /** The event whose detail is open: it stays while the list moves on. */
  #opened: OddwireEvent | undefined;

  constructor(page: Page) {
    this.#page = page;
    this.#kinds = new Poll(
      (signal) => this.#askKinds(signal),
      kindsEveryMs,
      () => this.#toldKinds(),
    );
    this.#poll = new Poll(
      (signal) => this.#ask(signal),
      everyMs,
      () => this.#told(),
    );
    this.#list = new List(this.#columns(), eventId);
  }

  hints(): string {
    if (this.#detail.isOpen) return "Esc back  f its flow  p its player  ↑↓ scroll";
    return "←→ kind  Enter detail  f its flow  s order  / search";
  }

  query(): string {
    return this.#queries.get(this.#kind) ?? "";
  }

  search(text: string): void {
    this.#queries.set(this.#kind, text);
    if (this.#kind === LIVE) {
      this.#page.wish(text);
      this.#unasked = text === "" ? undefined : this.#page.live().events.at(-1);
      this.told();
    }
    this.#poll.again(true);
  }

  /** The server did not take the search of the live stream: what was in force still is. */
  refused(): void {
    const { filter } = this.#page.live();
    this.#queries.set(LIVE, filter);
    if (filter === "") this.#unasked = undefined;
    this.told();
  }

  show(): void {
    this.#kinds.start();
    this.#poll.start();
    this.told();
  }

  hide(): void {
    this.#kinds.stop();
    this.#poll.stop();
  }

  told(): void {
    if (this.#kind !== LIVE) return;
    const { events } = this.#page.live();
    this.#list.set(events.slice(this.#unasked === undefined ? 0 : events.lastIndexOf(this.#unasked) + 1).toReversed());
  }

  key(name: string): boolean {
    const event = this.#detail.isOpen ? this.#opened : this.#list.row;
    const player = event === undefined ? undefined : playerOf(event);
    if (name === "f" && event?.flow_id !== undefined) this.#page.openFlow(event.flow_id);
    else if (name === "p" && player !== undefined) this.#page.openPlayer(player);
    else if (this.#detail.isOpen) return this.#detail.key(name);
    else if (name === "left" || name === "right") this.#turn(name === "right" ? 1 : -1);
    else if (name === "escape" && this.query() !== "") this.search("");
    else if (name === "enter" && event !== undefined) {
      this.#opened = event;
      this.#detail.open();
    } else return this.#list.key(name);
    return true;
  }

  draw(area: Area): void {
    this.#drawTabs(area.part(0, 0, area.width, 1));
    this.#detail.draw(
      area.part(0, 1),
      (part) => this.#drawList(part),
      () => (this.#opened === undefined ? [] : eventLines(this.#opened)),
    );
  }

  #drawTabs(area: Area): void {
    const rows = this.#kinds.answer?.rows ?? {};
    const tabs = this.#tabs().map((kind) => ({ kind, text: ` ${kind}${kind === LIVE ? "" : ` ${count(rows[kind] ?? 0)}`} ` }));
    // The chosen tab is always seen: those before it go first.
    let from = 0;
    const chosen = tabs.findIndex(({ kind }) => kind === this.#kind);
    while (from < chosen && tabs.slice(from, chosen + 1).reduce((sum, { text }) => sum + textWidth(text), 2) > area.width) from++;
    let x = from > 0 ? area.text(0, 0, "‹ ", style.dim) : 0;
    for (const { kind, text } of tabs.slice(from)) {
      if (x + textWidth(text) > area.width - 2) {
        area.text(area.width - 1, 0, "›", style.dim);
        break;
      }
      x = area.text(x, 0, text, kind === this.#kind ? style.strong + REVERSED : style.dim);
    }
  }

  #drawList(area: Area): void {
    const { trouble, answer } = this.#poll;
    const { skipped } = this.#page.live();
    const note = this.#kind === LIVE && skipped > 0 ? `${count(skipped)} events were too many to show here; the store has them` : undefined;
    let y = 0;
    if (trouble !== undefined) y = drawText(area, trouble, style.bad);
    else if (note !== undefined) y = drawText(area, note, style.warning);
    const empty = answer === undefined ? "asking the server …" : this.query() === "" ? "nothing yet" : "no event matches";
    this.#list.draw(area.part(0, y), trouble === undefined ? empty : "");
  }

  /** Kinds of which there are events. */
  #tabs(): readonly string[] {
    const rows = this.#kinds.answer?.rows ?? {};
    const stored = Object.keys(rows).filter((kind) => (rows[kind] ?? 0) > 0);
    return [LIVE, ...stored.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))];
  }

  #turn(step: number): void {
    const tabs = this.#tabs();
    this.#wasChosen = true;
    this.#choose(tabs[(tabs.indexOf(this.#kind) + step + tabs.length) % tabs.length] ?? LIVE);
  }

  #choose(kind: string): void {
    this.#kind = kind;
    this.#list = new List(this.#columns(), eventId);
    this.#poll.again(true);
    this.told();
  }

  #told(): void {
    if (this.#kind !== LIVE && this.#poll.answer !== undefined) this.#list.set(this.#poll.answer);
    this.#page.changed();
  }

  /** Where no engine runs the live stream says nothing: the first kind of the store is opened instead. */
  #toldKinds(): void {
    const { status, summary } = this.#page.live();
    const [, stored] = this.#tabs();
    if (!this.#wasChosen && this.#kind === LIVE && status === "live" && summary === undefined && stored !== undefined) this.#choose(stored);
    this.#page.changed();
  }

  async #askKinds(signal: AbortSignal) {
    const [kinds, health] = await Promise.all([this.#page.api.kinds(signal), this.#page.api.health(signal)]);
    return { kinds, rows: health.store?.rows ?? {} };
  }

  async #ask(signal: AbortSignal): Promise<readonly OddwireEvent[]> {
    if (this.#kind === LIVE) return [];
    const q = this.query();
    return (await this.#page.api.events(this.#kind, { q: q === "" ? undefined : q, limit: eventsMax }, signal)).events;
  }

  #columns(): readonly Column<OddwireEvent>[] {
    return [
      timeColumn("time", 0, () => this.#page.live().summary?.time, eventTime),
      ...(this.#kind === LIVE ? [kindColumn] : []),
      { title: "client", width: 15, grow: 2, most: 45, spare: 1, text: clientText, order: clientText },
      { title: "server", width: 15, grow: 2, most: 45, text: serverText, order: serverText },
      {
        title: "what",
        width: 30,
        grow: 8,
        text: (event) => this.#words(event),
        look: (event) => severityLook[reasonOf(event).severity] * judgedOf(event),
      },
    ];
  }

  /** An event in one line: its reasons, or the values of its kind's own columns. */
  #words(event: OddwireEvent): string {
    if (judgedOf(event) === 1) {
      const { title, severity, why } = reasonOf(event);
      return `${severity} ${title}${why === "" ? "" : `: ${why}`}`;
    }
    const kind = this.#kinds.answer?.kinds.find(({ name }) => name === event.event_type);
    if (kind === undefined) return "";
    return kind.columns
      .filter(({ name }) => !quiet.has(name))
      .map(({ name, path }) => [name, valueText(valueAt(event, path))])
      .filter(([, value]) => value !== "")
      .map(([name, value]) => `${name} ${value}`)
      .join("  ");
  }
}

const kindColumn: Column<OddwireEvent> = {
  title: "kind",
  width: 8,
  most: 12,
  grow: 1,
  text: (event) => event.event_type,
  look: () => style.accent,
  order: (event) => event.event_type,
};

const rank = (kind: string): number => (first.includes(kind) ? first.indexOf(kind) : first.length);

/** 1 for kinds that say how grave something is. */
const judgedOf = ({ event_type: kind }: OddwireEvent): 0 | 1 => (kind === "finding" || kind === "alert" || kind === "anomaly" ? 1 : 0);

/** Events have no id: what they say first is one. */
const eventId = (event: OddwireEvent): string =>
  `${event.timestamp} ${event.event_type} ${event.flow_id ?? ""} ${event.pcap_cnt ?? ""} ${valueText(event["tx_id"])} ${event.src_port ?? ""}`;
