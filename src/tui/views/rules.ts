import { moment } from "#base/time-words.ts";
import { bytes, count, many } from "#base/units.ts";
import { ApiError } from "#client/client.ts";
import type { IndicatorLists, KeywordLists, ListRow, LoadedKind, RuleState, RuleTrouble } from "#schema/rule-lists.ts";
import { fact, heading, type Line, line, span } from "#tui/parts/line.ts";
import { Pager } from "#tui/parts/pager.ts";
import { Poll, troubleText } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import { fill } from "#tui/screen/text.ts";
import type { Page, View } from "#tui/view.ts";
import { waitingLines } from "./detail.ts";

const everyMs = 5000;

interface Judging {
  readonly rules: RuleState;
  readonly keywords: KeywordLists;
  readonly indicators: IndicatorLists;
}

/** What the engine judges by: rules, keywords, indicators, and what of them was refused. */
export class RulesView implements View {
  readonly title = "Rules";
  readonly #page: Page;
  readonly #pager = new Pager();
  readonly #poll: Poll<Judging | undefined>;

  constructor(page: Page) {
    this.#page = page;
    this.#poll = new Poll((signal) => this.#ask(signal), everyMs, page.changed);
  }

  hints(): string {
    return "R reads all rules anew  ↑↓ scroll";
  }

  show(): void {
    this.#poll.start();
  }

  hide(): void {
    this.#poll.stop();
  }

  key(name: string): boolean {
    if (name !== "R") return this.#pager.key(name);
    void this.#reload();
    return true;
  }

  draw(area: Area): void {
    const { answer, trouble } = this.#poll;
    this.#pager.set(answer === undefined ? waitingLines(trouble) : [...troubleLines(trouble), ...judgingLines(answer)]);
    this.#pager.draw(area);
  }

  async #ask(signal: AbortSignal): Promise<Judging> {
    const { api } = this.#page;
    const [rules, keywords, indicators] = await Promise.all([api.rules(signal), api.keywords(signal), api.indicators(signal)]);
    return { rules, keywords, indicators };
  }

  async #reload(): Promise<void> {
    this.#page.say("reading all rules anew …");
    try {
      const { kinds, error } = await this.#page.api.reloadRules();
      const loaded = kinds.map((kind) => many(kind.loaded, kind.kind)).join(", ");
      this.#page.say(
        error === undefined ? `in use: ${loaded}` : `refused, the old ones stay: ${error}`,
        error === undefined ? "good" : "bad",
      );
      this.#poll.again();
    } catch (error) {
      this.#page.say(error instanceof ApiError ? troubleText(error) : String(error), "bad");
    }
  }
}

const troubleLines = (trouble: string | undefined): readonly Line[] => (trouble === undefined ? [] : [line(trouble, style.bad), []]);

function judgingLines({ rules, keywords, indicators }: Judging): readonly Line[] {
  return [
    [span("In use", style.strong), span(`  since ${moment(rules.loaded_at)}, reload ${rules.generation}`, style.dim)],
    ...(rules.error === undefined ? [] : [line(`The last reload was refused: ${rules.error}`, style.bad)]),
    ...rules.kinds.map(kindLine),
    ...(rules.changed.length === 0 ? [] : [fact("changed", rules.changed.join(", "))]),
    ...heading("Keyword lists"),
    ...listLines(keywords.lists),
    ...heading("Indicator lists"),
    ...listLines(indicators.lists),
    fact(
      "by type",
      `${Object.entries(indicators.types)
        .map(([type, amount]) => `${type} ${count(amount)}`)
        .join("  ")}  allowed ${count(indicators.allowed)}`,
    ),
    ...heading("Refused"),
    ...refusedLines([...rules.troubles, ...keywords.troubles, ...indicators.troubles]),
  ];
}

const kindLine = ({ kind, loaded, rejected, bytes: size }: LoadedKind): Line => [
  span(fill(`${kind}s`, 16), style.dim),
  span(`${count(loaded).padStart(9)} loaded  `),
  span(`${count(rejected).padStart(6)} refused  `, rejected > 0 ? style.warning : style.dim),
  span(bytes(size), style.dim),
];

function listLines(lists: readonly ListRow[]): readonly Line[] {
  if (lists.length === 0) return [line("none", style.dim)];
  return lists.map(({ name, origin, on, entries, rejected }) => [
    span(on ? "on   " : "off  ", on ? style.good : style.dim),
    span(fill(name, 30)),
    span(`${count(entries).padStart(9)} entries  `),
    span(`${count(rejected).padStart(6)} refused  `, rejected > 0 ? style.warning : style.dim),
    span(origin, style.dim),
  ]);
}

/** Each once: the state of the rules repeats what its lists say. */
function refusedLines(troubles: readonly RuleTrouble[]): readonly Line[] {
  if (troubles.length === 0) return [line("nothing", style.good)];
  const each = new Map(troubles.map((trouble) => [`${trouble.list}:${trouble.line}:${trouble.column}`, trouble]));
  return [...each].map(
    ([place, { cause, mend }]): Line => [span(`${place}  `, style.warning), span(cause), span(mend === "" ? "" : ` (${mend})`, style.dim)],
  );
}
