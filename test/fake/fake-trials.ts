import type { DetectorTrials } from "#contract/detector-trials.ts";
import { OddwireError } from "#contract/errors.ts";
import type { DetectorTrial } from "#schema/detector.ts";

const nothing: DetectorTrial = { state: "none", settings: [] };
const finding = (detector: string, title: string) => ({
  detector,
  category: "scan",
  severity: "medium",
  title,
  time: "2026-01-05T10:00:00.000Z",
});

/** A trial that is done when it was asked for four times. */
export class FakeTrials implements DetectorTrials {
  #trial = nothing;

  begin(settings: readonly string[]): DetectorTrial {
    if (this.#trial.state === "running") throw new OddwireError("ODW_BUSY", { cause: "another trial runs", limit: "one" });
    this.#trial = { state: "running", settings, share: 0 };
    return this.#trial;
  }

  state(): DetectorTrial {
    const { state, settings, share = 0 } = this.#trial;
    if (state !== "running") return this.#trial;
    this.#trial =
      share < 0.75
        ? { state: "running", settings, share: share + 0.25 }
        : {
            state: "done",
            settings,
            report: {
              captures: 3,
              truncated: true,
              packets: 1_820_000,
              from: "2026-01-04T10:00:00.000Z",
              to: "2026-01-05T10:00:00.000Z",
              detectors: [
                {
                  detector: "scan",
                  category: "scan",
                  now: 5,
                  tried: 4,
                  most_per_day: 3,
                  hosts: 2,
                  added: [],
                  lost: [finding("scan", "10.0.0.12 tried 31 ports of 203.0.113.80")],
                },
                { detector: "beacon", category: "beacon", now: 2, tried: 2, most_per_day: 2, hosts: 2, added: [], lost: [] },
              ],
            },
          };
    return this.#trial;
  }

  cancel(): DetectorTrial {
    this.#trial = nothing;
    return nothing;
  }
}
