import { join } from "node:path";
import { nearestWord } from "#base/nearest-word.ts";
import type { DetectorDefinition } from "#contract/detector.ts";
import type { DetectorControl } from "#contract/detector-control.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Config } from "#schema/config.ts";
import type { DetectorRow, DetectorSettingRow, DetectorsAnswer } from "#schema/detector.ts";
import { type ConfigSources, loadConfig, settingValue } from "./config.ts";
import { fileStamp } from "./file-stamp.ts";
import { KeptFile } from "./kept-file.ts";

const fileBytesMax = 1024 * 1024;
/** How often the file of the configuration is looked at, ms. */
const watchMs = 2000;

/** A value of a setting. */
type DetectorValue = number | boolean | string | readonly string[];
type Values = Readonly<Record<string, DetectorValue>>;

/** What of an engine goes by the configuration while it runs. */
export interface Configurable {
  /** Names of detectors that were switched or made anew. */
  configure(config: Config): readonly string[];
  readonly detection: { readonly told: ReadonlyMap<string, number>; readonly benched: readonly string[] };
}

export interface EngineDetectorsOptions {
  /** As it was configured at the start. */
  readonly config: Config;
  /** Where that came from; it is loaded anew when its file changes. */
  readonly sources?: ConfigSources | undefined;
  /** Folder of `detectors.json`. */
  readonly directory: string;
  readonly detectors: readonly DetectorDefinition[];
  /** The running engine, once there is one. */
  readonly engine: () => Configurable | undefined;
  /** Is told of other entries of `detect.allow`. */
  readonly onAllow: (entries: readonly string[]) => void;
  readonly log: (text: string) => void;
}

/**
 * The detectors of a run: what the configuration says of them, and what was changed while it ran, which is kept in
 * `detectors.json` beside the store and goes before. When the configuration's file changes, it is loaded anew; a bad one
 * is refused whole, and the old one stays.
 */
export class EngineDetectors implements DetectorControl {
  readonly #options: EngineDetectorsOptions;
  readonly #file: KeptFile;
  #configured: Values;
  #changed: Values = {};
  #stamp = "";
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<void> = Promise.resolve();

  /** Reads what was changed in earlier runs. */
  constructor(options: EngineDetectorsOptions) {
    this.#options = options;
    this.#configured = options.config;
    this.#file = new KeptFile({
      path: join(options.directory, "detectors.json"),
      version: 1,
      member: "detectors",
      bytesMax: fileBytesMax,
      consequence: "detectors go by the configuration",
      log: options.log,
    });
    this.#changed = this.#usable(this.#file.load() ?? {});
  }

  /** What the engine goes by. */
  get config(): Config {
    return { ...this.#configured, ...this.#changed } as unknown as Config;
  }

  /** Whether a key of the configuration is a switch or a setting that may be set from here. */
  isSetting(key: string): boolean {
    return this.#options.detectors.some(
      (definition) => keysOf(definition).includes(key) && !isFixed(definition, key.slice(definition.name.length + 1)),
    );
  }

  /** Begins to look at the configuration's file, and to hear SIGHUP. */
  start(): void {
    if (this.#options.sources?.file === undefined) return;
    this.#stamp = fileStamp(this.#options.sources?.file ?? "");
    this.#timer = setInterval(() => {
      if (fileStamp(this.#options.sources?.file ?? "") !== this.#stamp) void this.reload();
    }, watchMs);
    this.#timer.unref();
    process.on("SIGHUP", this.#onSignal);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    process.off("SIGHUP", this.#onSignal);
  }

  list(): DetectorsAnswer {
    return { detectors: this.#options.detectors.map((one) => this.#row(one)), running: this.#options.engine() !== undefined };
  }

  switch(name: string, on: boolean): DetectorRow {
    const definition = this.#definition(name);
    return this.#change(definition, { [`${name}.enabled`]: on });
  }

  set(name: string, setting: string, value: string): DetectorRow {
    const definition = this.#definition(name);
    const key = this.#key(definition, setting);
    if (isFixed(definition, setting))
      throw new OddwireError("ODW_SETTING_BAD", { setting: key, cause: "it is not set from here", mend: "set it in the configuration" });
    return this.#change(definition, { [key]: settingValue(key, value) });
  }

  reset(name: string, setting?: string): DetectorRow {
    const definition = this.#definition(name);
    const keys = setting === undefined ? keysOf(definition) : [this.#key(definition, setting)];
    return this.#change(definition, Object.fromEntries(keys.map((key) => [key, this.#configured[key]])));
  }

  /** Loads the configuration anew; says what came of it. */
  reload(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#reload());
    return this.#queue;
  }

  async #reload(): Promise<void> {
    const { sources, log, onAllow, engine } = this.#options;
    if (sources === undefined) return;
    this.#stamp = fileStamp(this.#options.sources?.file ?? "");
    try {
      const { config, warnings } = await loadConfig({ environment: process.env, ...sources });
      for (const warning of warnings) log(warning);
      const fresh: Values = config;
      const different = Object.keys(fresh).filter((key) => !isSame(fresh[key], this.#configured[key]));
      const [now, later] = [different.filter((key) => this.#isLive(key)), different.filter((key) => !this.#isLive(key))];
      const before = this.#configured;
      this.#configured = { ...this.#configured, ...Object.fromEntries(now.map((key) => [key, fresh[key] as DetectorValue])) };
      try {
        engine()?.configure(this.config);
      } catch (error) {
        this.#configured = before;
        throw error;
      }
      if (now.includes("detect.allow")) onAllow(config["detect.allow"]);
      const told = [
        now.length === 0 ? "" : `from now on ${now.join(", ")}`,
        later.length === 0 ? "" : `at the next start ${later.join(", ")}`,
      ].filter((part) => part !== "");
      log(`configuration loaded anew: ${told.length === 0 ? "it says the same" : told.join("; ")}`);
    } catch (error) {
      log(`the configuration was not loaded anew: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Keys that hold without a new start. */
  #isLive(key: string): boolean {
    return liveKeys.has(key) || this.#options.detectors.some((definition) => keysOf(definition).includes(key));
  }

  /** Written first: what cannot be kept is not used either. What is as configured is no change. */
  #change(definition: DetectorDefinition, values: Readonly<Record<string, DetectorValue | undefined>>): DetectorRow {
    const engine = this.#options.engine();
    if (engine === undefined) throw new OddwireError("ODW_ENGINE_ABSENT");
    const all = Object.entries({ ...this.#changed, ...values });
    const next = Object.fromEntries(
      all.filter((entry): entry is [string, DetectorValue] => entry[1] !== undefined && !isSame(entry[1], this.#configured[entry[0]])),
    );
    const before = this.#changed;
    this.#file.save(next);
    this.#changed = next;
    try {
      engine.configure(this.config);
    } catch (error) {
      this.#changed = before;
      this.#file.save(before);
      throw error;
    }
    return this.#row(definition);
  }

  #definition(name: string): DetectorDefinition {
    const names = this.#options.detectors.map((one) => one.name);
    const found = this.#options.detectors.find((one) => one.name === name);
    if (found !== undefined) return found;
    const near = nearestWord(name, names);
    throw new OddwireError("ODW_DETECTOR_UNKNOWN", {
      name: JSON.stringify(name.slice(0, 100)),
      choices: near === undefined ? names.join(", ") : `did you mean ${near}?`,
    });
  }

  #key({ name, settings = {} }: DetectorDefinition, setting: string): string {
    if (Object.hasOwn(settings, setting)) return `${name}.${setting}`;
    throw new OddwireError("ODW_DETECTOR_UNKNOWN", {
      name: JSON.stringify(`${name}.${setting.slice(0, 100)}`),
      choices: `settings of ${name}: ${Object.keys(settings).join(", ") || "none"}`,
    });
  }

  #row(definition: DetectorDefinition): DetectorRow {
    const { name, summary, category, techniques = [], settings = {}, isOn = true } = definition;
    const detection = this.#options.engine()?.detection;
    const enabled = `${name}.enabled`;
    return {
      name,
      summary,
      category,
      techniques,
      enabled: (this.#changed[enabled] ?? this.#configured[enabled] ?? isOn) === true,
      configured: (this.#configured[enabled] ?? isOn) === true,
      changed: Object.hasOwn(this.#changed, enabled),
      benched: detection?.benched.includes(name) === true,
      findings: detection?.told.get(name) ?? 0,
      settings: Object.entries(settings).map(([setting, key]): DetectorSettingRow => {
        const full = `${name}.${setting}`;
        const configured = this.#configured[full] ?? key.default;
        const { doc, unit = "", type, min, max, choices } = key;
        return {
          name: setting,
          doc,
          unit,
          type,
          ...(min !== undefined && { min }),
          ...(max !== undefined && { max }),
          ...(choices !== undefined && { choices }),
          default: textOf(key.default),
          configured: textOf(configured),
          value: textOf(this.#changed[full] ?? configured),
          changed: Object.hasOwn(this.#changed, full),
        };
      }),
    };
  }

  /** Values of the file that mean something; those that do not are said. */
  #usable(saved: object): Values {
    const known = new Set(this.#options.detectors.flatMap(keysOf));
    const usable: Record<string, DetectorValue> = {};
    for (const [key, value] of Object.entries(saved)) {
      try {
        if (!known.has(key)) throw new Error("there is no such setting");
        usable[key] = settingValue(key, Array.isArray(value) ? value.join(",") : String(value));
      } catch (error) {
        this.#options.log(`${this.#file.path}: ${key} is left out: ${(error as Error).message}`);
      }
    }
    return usable;
  }

  readonly #onSignal = (): void => void this.reload();
}

/** Keys beside those of the detectors that hold without a new start. */
const liveKeys = new Set(["detect.allow", "detect.cooldown-s", "detect.home-networks"]);

const keysOf = ({ name, settings = {} }: DetectorDefinition): readonly string[] => [
  `${name}.enabled`,
  ...Object.keys(settings).map((setting) => `${name}.${setting}`),
];

/** A text may name a file: what is read of this machine is up to whoever writes the configuration. */
function isFixed({ settings = {} }: DetectorDefinition, setting: string): boolean {
  const key = settings[setting];
  return key?.type === "text" && key.choices === undefined;
}

const isSame = (one: DetectorValue | undefined, other: DetectorValue | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

const textOf = (value: DetectorValue): string => (Array.isArray(value) ? value.join(",") : String(value));
