import { duration, microsOf } from "#base/time-words.ts";
import { count } from "#base/units.ts";
import { endText } from "#client/flow-row.ts";
import type { PlayerAnswer, PlayerMarkChange, PlayerRow } from "#schema/player.ts";
import { bar } from "#tui/parts/chart.ts";
import type { Column } from "#tui/parts/column.ts";
import { drawText } from "#tui/parts/line.ts";
import { List } from "#tui/parts/list.ts";
import { Poll, troubleText } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { type Style, style } from "#tui/screen/style.ts";
import type { Page, View } from "#tui/view.ts";
import { AskedDetail } from "./detail.ts";
import { playerLines } from "./player-lines.ts";
import { timeText } from "./time-column.ts";

const everyMs = 2000;
const playersMax = 500;
const marks = [undefined, "watched", "whitelisted", "noted"] as const;

/** Players of games: who may be a program, why, and what people say of them. */
export class PlayersView implements View {
  readonly title = "Players";
  readonly #page: Page;
  readonly #list: List<PlayerRow>;
  readonly #detail: AskedDetail<PlayerAnswer>;
  readonly #poll: Poll<readonly PlayerRow[]>;
  #opened = "";
  #query = "";
  #marked: (typeof marks)[number];

  constructor(page: Page) {
    this.#page = page;
    this.#detail = new AskedDetail(everyMs, () => page.changed());
    this.#list = new List(
      columnsFor(() => page.live().summary?.time),
      (row) => row.id,
      "score",
    );
    this.#poll = new Poll(
      (signal) => this.#ask(signal),
      everyMs,
      () => this.#told(),
    );
  }

  hints(): string {
    if (this.#detail.isOpen) return "Esc back  w watch  l whitelist  n note  f its flow";
    return `Enter detail  w watch  l whitelist  n note  m ${this.#marked ?? "all"}  s order  /`;
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
    this.#detail.show();
  }

  hide(): void {
    this.#poll.stop();
    this.#detail.hide();
  }

  key(name: string): boolean {
    const player = this.#chosen();
    if (player !== undefined && this.#mark(name, player)) return true;
    if (name === "f" && player?.flow_id !== undefined) this.#page.openFlow(player.flow_id);
    else if (this.#detail.isOpen) return this.#detail.key(name);
    else if (name === "enter" && player !== undefined) this.open(player.id);
    else if (name === "m") {
      this.#marked = marks[(marks.indexOf(this.#marked) + 1) % marks.length];
      this.#poll.again(true);
    } else if (name === "escape" && this.#query !== "") this.search("");
    else return this.#list.key(name);
    return true;
  }

  /** Shows a player's detail. */
  open(id: string): void {
    this.#opened = id;
    this.#detail.open((signal) => this.#page.api.player(id, signal));
  }

  draw(area: Area): void {
    this.#detail.draw(
      area,
      (part) => this.#drawList(part),
      (answer) => playerLines(answer, this.#page.live().summary?.time),
    );
  }

  #drawList(area: Area): void {
    const { trouble, answer } = this.#poll;
    const which = this.#marked === undefined ? "Players" : `Players that are ${this.#marked}`;
    area.text(0, 0, `${which} (${count(this.#list.count)})`, style.strong);
    const y = 1 + (trouble === undefined ? 0 : drawText(area.part(0, 1), trouble, style.bad));
    const empty = answer === undefined ? "asking the server …" : "none: a game's plugin tells of its players, and `oddwire demo` has some";
    this.#list.draw(area.part(0, y), trouble === undefined ? empty : "");
  }

  /** The player that keys are about: the opened one, else the chosen one. */
  #chosen(): PlayerRow | undefined {
    if (!this.#detail.isOpen) return this.#list.row;
    const { answer } = this.#detail;
    return answer?.player.id === this.#opened ? answer.player : undefined;
  }

  #mark(name: string, player: PlayerRow): boolean {
    if (name === "w") void this.#change(player, { watched: !player.watched }, player.watched ? "no longer watched" : "watched");
    else if (name === "l") {
      const words = player.whitelisted ? "no longer on the whitelist" : "on the whitelist: nothing is found of it";
      void this.#change(player, { whitelisted: !player.whitelisted }, words);
    } else if (name === "n")
      this.#page.ask(`note on ${player.name ?? player.id}:`, player.note, (note) => void this.#change(player, { note }, "noted"));
    else return false;
    return true;
  }

  async #change(player: PlayerRow, change: PlayerMarkChange, done: string): Promise<void> {
    try {
      await this.#page.api.markPlayer(player.id, change);
      this.#page.say(`${player.name ?? player.id}: ${done}`, "good");
      this.#poll.again();
      if (this.#detail.isOpen) this.#detail.again();
    } catch (error) {
      this.#page.say(troubleText(error), "bad");
    }
  }

  #told(): void {
    // By name first, so that those with the same score do not change places with each event.
    this.#list.set((this.#poll.answer ?? []).toSorted((a, b) => ((a.name ?? a.id) < (b.name ?? b.id) ? -1 : 1)));
    this.#page.changed();
  }

  async #ask(signal: AbortSignal): Promise<readonly PlayerRow[]> {
    const q = this.#query === "" ? undefined : this.#query;
    return (await this.#page.api.players({ q, marked: this.#marked, limit: playersMax }, signal)).players;
  }
}

const verdictLooks: { readonly [verdict: string]: Style } = { bot: style.bad, undecided: style.warning, human: style.good };
export const verdictLook = (verdict: string | undefined): Style => verdictLooks[verdict ?? ""] ?? style.dim;

const marksText = (row: PlayerRow): string =>
  `${row.watched ? "watched " : ""}${row.whitelisted ? "whitelisted " : ""}${row.note === "" ? "" : row.note}`.trim();

const columnsFor = (now: () => number | undefined): readonly Column<PlayerRow>[] => [
  { title: "player", width: 12, grow: 2, most: 28, text: (row) => row.name ?? row.id, order: (row) => row.name ?? row.id },
  {
    title: "verdict",
    width: 9,
    text: (row) => row.verdict ?? "–",
    look: (row) => verdictLook(row.verdict),
    order: (row) => row.verdict ?? "",
  },
  { title: "score", width: 6, right: true, text: (row) => row.score?.toFixed(2) ?? "–", order: (row) => row.score ?? -1 },
  { title: "", width: 8, spare: 4, text: (row) => bar(row.score ?? 0, 8), look: (row) => verdictLook(row.verdict) },
  { title: "level", width: 5, right: true, spare: 3, text: (row) => valueOr(row.level), order: (row) => row.level ?? -1 },
  { title: "actions", width: 7, right: true, text: (row) => count(row.actions), order: (row) => row.actions },
  { title: "rtt ms", width: 6, right: true, spare: 6, text: (row) => valueOr(row.rtt_ms), order: (row) => row.rtt_ms ?? -1 },
  { title: "state", width: 6, spare: 2, text: (row) => row.state, look: (row) => (row.state === "online" ? style.good : style.dim) },
  { title: "played", width: 12, right: true, spare: 1, text: (row) => duration(Math.floor(row.age)), order: (row) => row.age },
  { title: "seen", width: 16, spare: 7, text: (row) => timeText(microsOf(row.seen), now()), order: (row) => row.seen },
  {
    title: "from",
    width: 16,
    grow: 2,
    most: 47,
    spare: 5,
    text: (row) => (row.address === undefined ? "" : endText(row.address, row.port)),
  },
  { title: "id", width: 12, grow: 1, most: 30, spare: 8, text: (row) => row.id, order: (row) => row.id },
  { title: "marks", width: 14, grow: 2, text: marksText, look: () => style.accent, order: marksText },
];

const valueOr = (value: number | undefined): string => (value === undefined ? "–" : String(Math.round(value)));
