import type { AllowAnswer, AllowRow, NewAllow } from "#schema/allow.ts";
import type { BaselineQuestion, BaselineReset, BaselinesAnswer } from "#schema/baseline.ts";
import type { DetectorRow, DetectorsAnswer, DetectorTrial } from "#schema/detector.ts";
import { type Entry, withQuery } from "./addresses.ts";

/** How a part of the client asks the server. */
export interface Asker {
  get<T>(address: string, signal: AbortSignal | undefined): Promise<T>;
  /** A change; a text is sent as it is. */
  change<T>(method: string, address: string, body?: object | string): Promise<T>;
}

/** What detectors take for usual, and what of theirs is not told. */
export class DetectionClient {
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** Who is never told. */
  allowed(signal?: AbortSignal): Promise<AllowAnswer> {
    return this.#asker.get("/api/v1/findings/allow", signal);
  }

  /** Never tells of somebody again, from now on. */
  allow(entry: NewAllow): Promise<AllowRow> {
    return this.#asker.change("POST", "/api/v1/findings/allow", entry);
  }

  /** Tells of somebody again. */
  disallow(entry: string): Promise<{ readonly done: true }> {
    return this.#asker.change("DELETE", "/api/v1/findings/allow", { entry });
  }

  detectors(signal?: AbortSignal): Promise<DetectorsAnswer> {
    return this.#asker.get("/api/v1/detectors", signal);
  }

  /** Switches a detector on or off, from now on. */
  switchDetector(name: string, on: boolean): Promise<DetectorRow> {
    return this.#asker.change("PATCH", detectorAddress(name), { on });
  }

  /** Sets a threshold, from now on. */
  setDetector(name: string, setting: string, value: string): Promise<DetectorRow> {
    return this.#asker.change("PUT", `${detectorAddress(name)}/settings/${encodeURIComponent(setting)}`, { value });
  }

  /** Lets a detector, or one of its settings, be as the configuration has it. */
  resetDetector(name: string, setting?: string): Promise<DetectorRow> {
    const part = setting === undefined ? "" : `/settings/${encodeURIComponent(setting)}`;
    return this.#asker.change("DELETE", detectorAddress(name) + part);
  }

  /** How far a trial of settings is, or what came of the last one. */
  trial(signal?: AbortSignal): Promise<DetectorTrial> {
    return this.#asker.get("/api/v1/trials/detectors", signal);
  }

  /** Tries settings on the packets that were kept: each as `scan.targets-min=60`. */
  beginTrial(settings: readonly string[]): Promise<DetectorTrial> {
    return this.#asker.change("POST", "/api/v1/trials/detectors", { settings: settings.join("\n") });
  }

  cancelTrial(): Promise<DetectorTrial> {
    return this.#asker.change("DELETE", "/api/v1/trials/detectors");
  }

  /** What is usual of the network's things, as the engine has learnt it. */
  baselines({ scope, name, limit }: BaselineQuestion, signal?: AbortSignal): Promise<BaselinesAnswer> {
    const entries: readonly Entry[] = [
      ["limit", limit],
      ["scope", scope],
      ["name", name],
    ];
    return this.#asker.get(withQuery("/api/v1/baselines", entries), signal);
  }

  /** Lets the engine forget what it has learnt of one thing, or of all. */
  resetBaselines(name?: string): Promise<BaselineReset> {
    return this.#asker.change("POST", "/api/v1/baselines/reset", name === undefined ? {} : { name });
  }
}

const detectorAddress = (name: string): string => `/api/v1/detectors/${encodeURIComponent(name)}`;
