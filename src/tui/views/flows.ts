import { duration } from "#base/time-words.ts";
import { bytes, count } from "#base/units.ts";
import { ageOf, endText, type FlowRow, protocolOf, rowOfEvent, rowOfLive } from "#client/flow-row.ts";
import type { FlowAnswer } from "#schema/api.ts";
import type { Column } from "#tui/parts/column.ts";
import { drawText } from "#tui/parts/line.ts";
import { List } from "#tui/parts/list.ts";
import { Poll } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import type { Page, View } from "#tui/view.ts";
import { AskedDetail } from "./detail.ts";
import { flowLines } from "./flow-lines.ts";
import { timeColumn } from "./time-column.ts";

const everyMs = 2000;
/** Flows of the history that are listed. */
const flowsMax = 500;

/** Conversations: those that go on, or those that have ended. */
export class FlowsView implements View {
  readonly title = "Flows";
  readonly #page: Page;
  readonly #list: List<FlowRow>;
  readonly #detail: AskedDetail<FlowAnswer>;
  readonly #poll: Poll<readonly FlowRow[]>;
  #query = "";
  #ended = false;
  #wasChosen = false;

  constructor(page: Page) {
    this.#page = page;
    this.#detail = new AskedDetail(everyMs, () => page.changed());
    this.#list = new List(
      columnsFor(() => page.live().summary?.time),
      (row) => row.id,
    );
    this.#poll = new Poll(
      (signal) => this.#ask(signal),
      everyMs,
      () => this.#told(),
    );
  }

  hints(): string {
    if (this.#detail.isOpen) return "Esc back  ↑↓ scroll";
    const order = this.#list.orderText === "" ? "" : ` (${this.#list.orderText})`;
    return `Enter detail  h ${this.#isHistory ? "live" : "history"}  s order${order}  / search`;
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
    this.told();
  }

  hide(): void {
    this.#poll.stop();
    this.#detail.hide();
  }

  /** The live stream has the flows already when nothing is searched. */
  told(): void {
    if (!this.#isHistory && this.#query === "") this.#list.set((this.#page.live().summary?.flows ?? []).map(rowOfLive));
  }

  key(name: string): boolean {
    if (this.#detail.isOpen) return this.#detail.key(name);
    if (name === "enter" && this.#list.row !== undefined) this.open(this.#list.row.id);
    else if (name === "h" || name === "left" || name === "right") this.#choose(!this.#isHistory);
    else if (name === "escape" && this.#query !== "") this.search("");
    else return this.#list.key(name);
    return true;
  }

  /** Shows a flow's detail. */
  open(flowId: number): void {
    this.#detail.open((signal) => this.#page.api.flow(flowId, signal));
  }

  draw(area: Area): void {
    this.#detail.draw(
      area,
      (part) => this.#drawList(part),
      (answer) => flowLines(answer, this.#page.live().summary?.time),
    );
  }

  /** Where no engine runs there are only flows that have ended. */
  get #isHistory(): boolean {
    const { status, summary } = this.#page.live();
    return this.#ended || (!this.#wasChosen && status === "live" && (summary === undefined || summary.source.finished));
  }

  #drawList(area: Area): void {
    const what = this.#isHistory ? `Flows that have ended, newest first` : "Flows that go on, most recently active first";
    const limit = this.#isHistory && this.#list.count >= flowsMax ? ` (the newest ${count(flowsMax)})` : ` (${count(this.#list.count)})`;
    area.text(0, 0, what + limit, style.strong);
    const { trouble, answer } = this.#poll;
    const y = 1 + (trouble === undefined ? 0 : drawText(area.part(0, 1), trouble, style.bad));
    const empty = answer === undefined ? "asking the server …" : "no flow matches";
    this.#list.draw(area.part(0, y), trouble === undefined ? empty : "");
  }

  #choose(ended: boolean): void {
    this.#wasChosen = true;
    this.#ended = ended;
    this.#list.set([]);
    this.#poll.again(true);
    this.told();
  }

  #told(): void {
    const { answer } = this.#poll;
    if (answer !== undefined && (this.#isHistory || this.#query !== "")) this.#list.set(answer);
    this.#page.changed();
  }

  async #ask(signal: AbortSignal): Promise<readonly FlowRow[]> {
    const q = this.#query === "" ? undefined : this.#query;
    if (this.#isHistory) return (await this.#page.api.events("flow", { q, limit: flowsMax }, signal)).events.map(rowOfEvent);
    if (q === undefined) return [];
    return (await this.#page.api.liveFlows(q, signal)).flows.map(rowOfLive);
  }
}

const columnsFor = (now: () => number | undefined): readonly Column<FlowRow>[] => [
  timeColumn("last", 1, now, (row: FlowRow) => row.last, true),
  { title: "client", width: 19, grow: 4, most: 47, text: (row) => endText(row.client, row.clientPort), order: (row) => row.client },
  { title: "server", width: 19, grow: 4, most: 47, text: (row) => endText(row.server, row.serverPort), order: (row) => row.server },
  { title: "protocol", width: 8, grow: 1, most: 14, text: protocolOf, look: () => style.accent, order: protocolOf },
  {
    title: "host",
    width: 12,
    grow: 4,
    most: 50,
    spare: 3,
    text: (row) => row.host ?? row.application ?? "",
    order: (row) => row.host ?? "",
  },
  { title: "sent", width: 8, most: 10, grow: 1, right: true, text: (row) => bytes(row.bytesToServer), order: (row) => row.bytesToServer },
  {
    title: "received",
    width: 9,
    most: 10,
    grow: 1,
    right: true,
    text: (row) => bytes(row.bytesToClient),
    order: (row) => row.bytesToClient,
  },
  {
    title: "packets",
    width: 8,
    right: true,
    spare: 4,
    text: (row) => count(row.packetsToServer + row.packetsToClient),
    order: (row) => row.packetsToServer + row.packetsToClient,
  },
  { title: "age", width: 12, right: true, spare: 5, text: (row) => duration(ageOf(row)), order: ageOf },
  { title: "state", width: 11, spare: 6, text: (row) => row.reason ?? row.state, order: (row) => row.state },
];
