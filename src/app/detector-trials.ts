import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { DetectorTrials } from "#contract/detector-trials.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Config } from "#schema/config.ts";
import type { DetectorTrial } from "#schema/detector.ts";
import { capturesOf } from "./captures.ts";
import { settingValue } from "./config.ts";
import type { TrialGiven, TrialLine } from "./detector-trial-worker.ts";
import { type SideProcess, startSideProcess } from "./side-process.ts";

/** Packets that one trial reads, the newest: bytes of their files. */
const captureBytesMax = 1_000_000_000;
const settingsMax = 20;
/** Longest time that a trial may take, and that it goes on when nobody asks for it, ms. */
const trialMs = 15 * 60_000;
const patienceMs = 20_000;
/** Memory for objects of the process that tries. */
const heapMegabytesMax = 1024;
const worker = join(import.meta.dirname, "detector-trial-worker.ts");
const nothing: DetectorTrial = { state: "none", settings: [] };

export interface KeptTrialsOptions {
  /** What counts now. */
  readonly config: () => Config;
  /** Who is allowed, beside the configuration. */
  readonly allowed: () => readonly string[];
  /** Files that are played, or the folder that packets are kept in. */
  readonly paths: readonly string[];
  /** Keys that may be tried. */
  readonly isSetting: (key: string) => boolean;
}

/** Trials in a process behind all others in line for the processor: what is captured now comes first. */
export class KeptTrials implements DetectorTrials, AsyncDisposable {
  readonly #options: KeptTrialsOptions;
  #trial: DetectorTrial = nothing;
  #child: SideProcess | undefined;
  #askedAt = 0;

  constructor(options: KeptTrialsOptions) {
    this.#options = options;
  }

  begin(settings: readonly string[]): DetectorTrial {
    if (this.#child !== undefined) throw new OddwireError("ODW_BUSY", { cause: "another trial of detectors runs", limit: "one at a time" });
    if (settings.length === 0 || settings.length > settingsMax)
      throw new OddwireError("ODW_SETTING_BAD", {
        setting: "settings",
        cause: `${settings.length} are given`,
        mend: `try one to ${settingsMax}, each as scan.targets-min=60`,
      });
    const values = Object.fromEntries(settings.map((text) => this.#valueOf(text)));
    const { captures, truncated } = this.#captures();
    // What is learnt stays what it is: a trial begins with nothing, and leaves nothing.
    const base = { ...this.#options.config(), "detect.learnt": "", "engine.workers": 1, "record.directory": "", "files.extract": "" };
    const config: Config = { ...base, "detect.allow": [...base["detect.allow"], ...this.#options.allowed()] };
    this.#askedAt = performance.now();
    this.#trial = { state: "running", settings, share: 0 };
    void this.#run({ captures, truncated, config, tried: { ...config, ...values } });
    return this.#trial;
  }

  state(): DetectorTrial {
    this.#askedAt = performance.now();
    return this.#trial;
  }

  cancel(): DetectorTrial {
    this.#trial = nothing;
    this.#child?.kill("SIGKILL");
    return this.#trial;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, "close");
    this.cancel();
    await ended;
  }

  #valueOf(text: string): [string, unknown] {
    const [key = "", ...rest] = text.split("=");
    if (rest.length === 0 || !this.#options.isSetting(key.trim()))
      throw new OddwireError("ODW_SETTING_BAD", {
        setting: JSON.stringify(text.slice(0, 100)),
        cause: "this is no setting of a detector with its value",
        mend: "write scan.targets-min=60, or scan.enabled=false",
      });
    return [key.trim(), settingValue(key.trim(), rest.join("="))];
  }

  /** The newest files up to the limit, in the order of their names, which is that of time. */
  #captures(): { readonly captures: readonly string[]; readonly truncated: boolean } {
    const there = this.#options.paths.filter((path) => existsSync(path));
    let all: readonly string[] = [];
    try {
      all = there.length === 0 ? [] : capturesOf(there);
    } catch {
      // An empty folder is no packets, too.
    }
    const captures: string[] = [];
    let bytes = 0;
    for (const path of all.toReversed()) {
      bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (captures.length > 0 && bytes > captureBytesMax) break;
      captures.unshift(path);
    }
    if (captures.length === 0) throw new OddwireError("ODW_TRIAL_ABSENT");
    return { captures, truncated: captures.length < all.length };
  }

  async #run(given: TrialGiven): Promise<void> {
    const { settings } = this.#trial;
    const child = startSideProcess(worker, given, "low", heapMegabytesMax);
    this.#child = child;
    child.on("error", () => child.kill());
    const end = performance.now() + trialMs;
    const watch = setInterval(() => {
      if (performance.now() > end || performance.now() - this.#askedAt > patienceMs) child.kill("SIGKILL");
    }, 1000);
    watch.unref();
    let outcome: TrialLine = { cause: "it broke off, took too long, or nobody asked for it any more" };
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as TrialLine;
      if (!("share" in line)) outcome = line;
      else if (this.#trial.state === "running") this.#trial = { state: "running", settings, share: line.share };
    }
    clearInterval(watch);
    this.#child = undefined;
    // A trial that was cancelled has been forgotten.
    if (this.#trial.state !== "running") return;
    this.#trial =
      "report" in outcome && outcome.report !== undefined
        ? { state: "done", settings, report: outcome.report }
        : { state: "failed", settings, cause: "cause" in outcome ? outcome.cause : "it broke off" };
  }
}
