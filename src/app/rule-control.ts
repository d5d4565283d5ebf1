import type { RuleControl } from "#contract/control.ts";
import { OddwireError } from "#contract/errors.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import type { NamedReport } from "#pipeline/rule-reload.ts";
import type { Config } from "#schema/config.ts";
import type { ListRow, RuleState, RuleTrouble } from "#schema/rule-lists.ts";
import { fileStamp } from "./file-stamp.ts";
import { IndicatorFiles, rowOf } from "./indicators.ts";
import { KeywordFiles } from "./keywords.ts";
import type { ListDirectory } from "./list-directory.ts";
import { ruleMaterial } from "./rule-material.ts";

/** How often files are looked at for changes, milliseconds. */
const watchMs = 1000;
const troublesMax = 500;

export interface RuleControlOptions {
  readonly config: Config;
  readonly directory: ListDirectory;
  /** What the engine was started with. */
  readonly material: RuleMaterial | undefined;
  /** Lets the engine judge by other rules; absent when none runs. */
  readonly use?: ((material: RuleMaterial) => Promise<readonly NamedReport[]>) | undefined;
  /** What the engine says of what it was started with. */
  readonly started?: (() => readonly NamedReport[]) | undefined;
  readonly log: (text: string) => void;
}

/**
 * Rules, keywords and indicators of a run: edits their lists, and has them loaded anew when somebody asks, when a file
 * changes, and on SIGHUP. What is refused leaves everything as it was.
 */
export class EngineRules implements RuleControl {
  readonly #options: RuleControlOptions;
  readonly #keywords: KeywordFiles;
  readonly #indicators: IndicatorFiles;
  #material: RuleMaterial | undefined;
  #state: RuleState = { generation: 0, loaded_at: Date.now() * 1000, kinds: [], troubles: [], changed: [] };
  #queue: Promise<unknown> = Promise.resolve();
  #stamp = "";
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(options: RuleControlOptions) {
    this.#options = options;
    this.#material = options.material;
    this.#keywords = new KeywordFiles(options.directory);
    this.#indicators = new IndicatorFiles(options.directory);
  }

  /** Begins to look at the files, and to hear SIGHUP. */
  start(): void {
    this.#stamp = this.#stampNow();
    this.#timer = setInterval(() => this.#look(), watchMs);
    this.#timer.unref();
    process.on("SIGHUP", this.#onSignal);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    process.off("SIGHUP", this.#onSignal);
  }

  state(): RuleState {
    return this.#state.generation > 0 ? this.#state : { ...this.#state, ...told(this.#options.started?.() ?? []) };
  }

  /** One after the other; those that ask meanwhile get the next one's answer. */
  reload(): Promise<RuleState> {
    const done = this.#queue.then(() => this.#reload());
    this.#queue = done.catch(() => undefined);
    return done;
  }

  keywords(): ReturnType<RuleControl["keywords"]> {
    return this.#keywords.state();
  }

  addKeyword(line: string): ReturnType<RuleControl["addKeyword"]> {
    return this.#change(() => this.#keywords.add(line));
  }

  removeKeyword(sid: number): Promise<void> {
    return this.#change(() => this.#keywords.remove(sid));
  }

  switchKeyword(sid: number, on: boolean): Promise<void> {
    return this.#change(() => this.#keywords.switch(sid, on));
  }

  testKeywords(text: string, context?: string): ReturnType<RuleControl["testKeywords"]> {
    return this.#keywords
      .test(text, context)
      .map(({ keyword, offset, bytes }) => ({ sid: keyword.sid, text: keyword.text, offset, matched: bytes }));
  }

  indicators(): ReturnType<RuleControl["indicators"]> {
    return this.#indicators.state();
  }

  addIndicator(indicator: Parameters<RuleControl["addIndicator"]>[0]): ReturnType<RuleControl["addIndicator"]> {
    return this.#change(() => this.#indicators.add(indicator));
  }

  removeIndicator(value: string): Promise<void> {
    return this.#change(() => this.#indicators.remove(value));
  }

  putIndicatorList(name: string, text: string): Promise<ListRow> {
    return this.#change(() => this.#indicators.put(name, text));
  }

  removeIndicatorList(name: string): Promise<void> {
    return this.#change(() => this.#indicators.removeList(name));
  }

  switchList(kind: "keywords" | "indicators", name: string, on: boolean): Promise<void> {
    return this.#change(() => {
      const list = this.#options.directory.lists(kind).find((one) => one.name === name);
      if (list === undefined || list.origin !== "folder")
        throw new OddwireError("ODW_LIST_BAD", {
          where: name,
          cause: list === undefined ? "there is no such list" : "it does not lie in the folder that can be edited",
          mend: `see keywords.default and ${kind}.files in the configuration`,
        });
      this.#options.directory.switch(list, on);
    });
  }

  testIndicator(value: string, type?: string): ReturnType<RuleControl["testIndicator"]> {
    const { hit, allowed } = this.#indicators.test(value, type);
    return { ...(hit === undefined ? {} : { listed: rowOf(hit), list: hit.list }), allowed };
  }

  /** Changes a list, and has it loaded. */
  async #change<T>(change: () => T): Promise<T> {
    const result = change();
    await this.reload();
    return result;
  }

  async #reload(): Promise<RuleState> {
    const { config, directory, use, log } = this.#options;
    this.#stamp = this.#stampNow();
    try {
      const material = ruleMaterial(config, directory);
      const changed = changedLists(this.#material, material);
      const reports = (await use?.(material)) ?? [];
      this.#material = material;
      this.#state = {
        generation: this.#state.generation + 1,
        loaded_at: Date.now() * 1000,
        ...told(reports),
        changed,
      };
      log(
        `rules reloaded: ${this.#state.kinds.map(({ kind, loaded, rejected }) => `${loaded} of ${kind}${rejected > 0 ? `, ${rejected} rejected` : ""}`).join("; ") || "nothing to judge by"}${changed.length > 0 ? ` (changed: ${changed.join(", ")})` : ""}`,
      );
    } catch (error) {
      const told = error instanceof OddwireError ? error : new OddwireError("ODW_RELOAD_REFUSED", { cause: String(error) });
      this.#state = { ...this.#state, error: told.message };
      log(told.message);
      throw told;
    }
    return this.#state;
  }

  readonly #onSignal = (): void => {
    this.reload().catch(() => undefined);
  };

  #look(): void {
    if (this.#stampNow() !== this.#stamp) this.reload().catch(() => undefined);
  }

  /** Names, sizes and times of all files. */
  #stampNow(): string {
    const { config, directory } = this.#options;
    const lists = (["keywords", "indicators"] as const).flatMap((kind) =>
      directory.lists(kind).map(({ path, isOn }) => `${isOn ? "" : "-"}${path}`),
    );
    const others = [
      config["rules.classification"],
      config["rules.references"],
      config["rules.thresholds"],
      config["rules.reputation-categories"],
      ...config["rules.reputation-files"],
    ].filter((path) => path !== "");
    return [...config["rules.files"], ...others, ...lists].map((path) => `${path} ${fileStamp(path)}`).join("\n");
  }
}

/** Reports as the API tells them. */
const told = (reports: readonly NamedReport[]): Pick<RuleState, "kinds" | "troubles"> => ({
  kinds: reports.map(({ inspector, loaded, rejectedCount, memoryBytes }) => ({
    kind: inspector,
    loaded,
    rejected: rejectedCount,
    bytes: memoryBytes,
  })),
  troubles: reports.flatMap(({ rejected }) => rejected.map(troubleOf)).slice(0, troublesMax),
});

const textsOf = (material: RuleMaterial | undefined): Map<string, string> =>
  new Map(
    [...(material?.files ?? []), ...(material?.keywords ?? []), ...(material?.indicators ?? [])].map(({ name, text }) => [name, text]),
  );

/** Names of lists that are new, gone or different. */
function changedLists(before: RuleMaterial | undefined, now: RuleMaterial): string[] {
  const old = textsOf(before);
  const fresh = textsOf(now);
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => old.get(name) !== fresh.get(name));
}

const troubleOf = ({ file, line, column, cause, mend }: NamedReport["rejected"][number]): RuleTrouble => ({
  list: file,
  line,
  column,
  cause,
  mend,
});
