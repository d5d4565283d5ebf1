import type { ApiClient } from "#client/client.ts";
import type { LiveConnection } from "#client/live-connection.ts";
import { coverageOfStats } from "#client/stored-coverage.ts";
import type { ErrorBody, LiveMessage } from "#schema/api.ts";
import type { Coverage } from "#schema/live.ts";
import { drawLine, line, wrap } from "#tui/parts/line.ts";
import { Prompt } from "#tui/parts/prompt.ts";
import type { Key } from "#tui/screen/keys.ts";
import { type Area, Screen } from "#tui/screen/screen.ts";
import { REVERSED, style } from "#tui/screen/style.ts";
import { drawCoverage, drawHeader, smallest } from "./frame.ts";
import { Throughput } from "./throughput.ts";
import type { Page, View } from "./view.ts";
import { EventsView } from "./views/events.ts";
import { FindingsView } from "./views/findings.ts";
import { FlowsView } from "./views/flows.ts";
import { HealthView } from "./views/health.ts";
import { drawHelp } from "./views/help.ts";
import { OverviewView } from "./views/overview.ts";
import { PlayersView } from "./views/players.ts";
import { RulesView } from "./views/rules.ts";

export interface AppOptions {
  readonly api: ApiClient;
  readonly live: LiveConnection;
  /** Something that is shown has changed: a new screen is worth composing. */
  readonly changed: () => void;
  readonly quit: () => void;
}

/** Columns of history that are asked for when the connection begins. */
const historyPoints = 600;
/** Lines that a message may take. */
const saidLinesMax = 4;

interface Said {
  readonly text: string;
  readonly tone: "plain" | "good" | "bad";
}

/** The terminal page without a terminal: keys go in, screens come out. */
export class TuiApp {
  readonly #options: AppOptions;
  readonly #throughput = new Throughput();
  readonly #views: readonly View[];
  readonly #flows: FlowsView;
  readonly #events: EventsView;
  readonly #players: PlayersView;
  #current = 0;
  #prompt: Prompt | undefined;
  #said: Said | undefined;
  #help = false;
  #status = "";
  #storedCoverage: Coverage | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: AppOptions) {
    this.#options = options;
    const page = this.#page();
    this.#flows = new FlowsView(page);
    this.#events = new EventsView(page);
    this.#players = new PlayersView(page);
    this.#views = [
      new OverviewView(page),
      this.#flows,
      this.#events,
      this.#players,
      new FindingsView(page),
      new HealthView(page),
      new RulesView(page),
    ];
  }

  start(): void {
    this.#unsubscribe = this.#options.live.subscribe((_state, message) => this.#told(message));
    this.#options.live.start();
    this.#view.show();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#view.hide();
    this.#options.live.close();
  }

  press(key: Key): void {
    if (this.#prompt !== undefined) this.#prompt.key(key);
    else {
      this.#said = undefined;
      this.#command(key.name);
    }
    this.#options.changed();
  }

  /** The screen as it is now. */
  compose(width: number, height: number): Screen {
    const screen = new Screen(width, height);
    const area = screen.area();
    if (width < smallest.width || height < smallest.height) {
      area.text(0, 0, `${smallest.width}×${smallest.height} at least`);
      return screen;
    }
    const live = this.#options.live.state;
    const titles = this.#views.map((view) => view.title);
    drawHeader(area.part(0, 0, width, 1), titles, this.#current, live);
    drawCoverage(area.part(0, 1, width, 1), live, this.#storedCoverage);
    const middle = area.part(0, 2, width, height - 3);
    if (this.#help) drawHelp(middle, this.#view);
    else this.#view.draw(middle);
    this.#drawBottom(area);
    return screen;
  }

  get #view(): View {
    return this.#views[this.#current] as View;
  }

  #drawBottom(whole: Area): void {
    const area = whole.part(0, whole.height - 1);
    if (this.#prompt !== undefined) this.#prompt.draw(area);
    else if (this.#said !== undefined) drawSaid(whole, this.#said);
    else {
      area.text(0, 0, " ".repeat(area.width), REVERSED);
      const query = this.#view.query?.() ?? "";
      const x = query === "" ? 0 : area.text(0, 0, ` / ${query} `, REVERSED + style.accent);
      area.text(x, 0, ` ${this.#view.hints()}`, REVERSED);
      area.textRight(area.width, 0, " ? help  q quit ", REVERSED);
    }
  }

  #command(name: string): void {
    if (name === "ctrl-c") this.#options.quit();
    else if (this.#help) this.#help = false;
    else if (name === "q") this.#options.quit();
    else if (name === "?") this.#help = true;
    else if (/^[1-9]$/.test(name) && Number(name) <= this.#views.length) this.#open(Number(name) - 1);
    else if (this.#view.key(name)) return;
    else if (name === "/") this.#search();
    else if (name === "tab") this.#open((this.#current + 1) % this.#views.length);
    else if (name === "shift-tab") this.#open((this.#current + this.#views.length - 1) % this.#views.length);
  }

  #open(index: number): void {
    if (index === this.#current) return;
    this.#view.hide();
    this.#current = index;
    this.#view.show();
  }

  #search(): void {
    const view = this.#view;
    if (view.search === undefined) return;
    this.#ask("search:", view.query?.() ?? "", (text) => view.search?.(text.trim()));
  }

  #ask(label: string, text: string, done: (text: string) => void): void {
    this.#prompt = new Prompt(label, text, (answer) => {
      this.#prompt = undefined;
      if (answer !== undefined) done(answer);
    });
  }

  #told(message: LiveMessage | undefined): void {
    if (message?.type === "error") this.#refused(message.error);
    const { status, summary } = this.#options.live.state;
    if (status === "live" && this.#status !== "live") this.#connected();
    this.#status = status;
    if (summary !== undefined) this.#throughput.push(summary);
    this.#view.told?.();
    this.#options.changed();
  }

  /** The server keeps the filter that it had. */
  #refused({ message, mend }: ErrorBody["error"]): void {
    this.#said = { text: `${message}: ${mend}`, tone: "bad" };
    this.#events.refused();
  }

  /** What was asked in vain is asked at once, not when its time comes. */
  #connected(): void {
    this.#view.hide();
    this.#view.show();
    void this.#loadHistory();
    if (this.#options.live.state.summary === undefined) void this.#loadStoredCoverage();
  }

  /** Without it the curve begins empty; nothing else is lost. */
  async #loadHistory(): Promise<void> {
    try {
      const { history } = await this.#options.api.stats({ points: historyPoints });
      this.#throughput.load(history);
      this.#options.changed();
    } catch {
      return;
    }
  }

  /** A store that no run has ended in has no figures: the line then says that only a store is there. */
  async #loadStoredCoverage(): Promise<void> {
    try {
      const [stats] = (await this.#options.api.events("stats", { limit: 1 })).events;
      if (stats === undefined) return;
      this.#storedCoverage = coverageOfStats(stats);
      this.#options.changed();
    } catch {
      return;
    }
  }

  #page(): Page {
    const { api, live, changed } = this.#options;
    return {
      api,
      throughput: this.#throughput,
      live: () => live.state,
      wish: (filter) => live.wish({ filter }),
      changed,
      say: (text, tone = "plain") => {
        this.#said = { text, tone };
        changed();
      },
      ask: (label, text, done) => this.#ask(label, text, done),
      openFlow: (flowId) => {
        this.#open(this.#views.indexOf(this.#flows));
        this.#flows.open(flowId);
      },
      openPlayer: (id) => {
        this.#open(this.#views.indexOf(this.#players));
        this.#players.open(id);
      },
    };
  }
}

/** Over the last lines, as many as it needs. */
function drawSaid(area: Area, { text, tone }: Said): void {
  const looks = { plain: style.plain, good: style.good, bad: style.bad };
  const lines = wrap(line(text, looks[tone]), area.width).slice(0, saidLinesMax);
  const bottom = area.part(0, area.height - lines.length);
  bottom.clear();
  for (const [y, each] of lines.entries()) drawLine(bottom, y, each);
}
