import type { DetectorControl } from "#contract/detector-control.ts";
import { OddwireError } from "#contract/errors.ts";
import type { DetectorRow, DetectorSettingRow, DetectorsAnswer } from "#schema/detector.ts";
import type { FindingCategory } from "#schema/finding.ts";

const setting = (name: string, doc: string, unit: string, value: string, more: Partial<DetectorSettingRow> = {}): DetectorSettingRow => ({
  name,
  doc,
  unit,
  type: "integer",
  min: 1,
  default: value,
  configured: value,
  value,
  changed: false,
  ...more,
});

const detector = (name: string, category: FindingCategory, summary: string, more: Partial<DetectorRow> = {}): DetectorRow => ({
  name,
  summary,
  category,
  techniques: [],
  enabled: true,
  configured: true,
  changed: false,
  benched: false,
  findings: 0,
  settings: [],
  ...more,
});

const all: readonly DetectorRow[] = [
  detector("scan", "scan", "First contacts with hosts and ports that give no answer.", {
    techniques: ["T1046", "T1595.001"],
    findings: 3,
    settings: [
      setting("targets-min", "Distinct hosts or ports without an answer that make a scan by TCP or ICMP.", "targets", "25"),
      setting("window-s", "Packet time in which they are counted.", "s", "300", { value: "600", changed: true }),
    ],
  }),
  detector("beacon", "beacon", "Connections in the same rhythm over hours.", { techniques: ["T1071.001"], findings: 5 }),
  detector("flow-novelty", "observation", "Traffic unlike what the network usually has.", {
    benched: true,
    settings: [setting("model", "How it learns.", "", "autoencoder", { type: "text", choices: ["autoencoder", "trees"] })],
  }),
  detector("packet-novelty", "observation", "Every packet unlike the usual: costs something.", { enabled: false, configured: false }),
];

/** Detectors that only remember what was said of them. */
export class FakeDetectors implements DetectorControl {
  #rows: readonly DetectorRow[] = all;

  list(): DetectorsAnswer {
    return { detectors: this.#rows, running: true };
  }

  switch(name: string, on: boolean): DetectorRow {
    return this.#put(name, (row) => ({ ...row, enabled: on, changed: on !== row.configured, benched: false }));
  }

  set(name: string, key: string, value: string): DetectorRow {
    if (value.trim() === "") throw new OddwireError("ODW_SETTING_BAD", { setting: key, cause: "this is nothing", mend: "write a number" });
    return this.#put(name, (row) => ({
      ...row,
      settings: row.settings.map((one) => (one.name === key ? { ...one, value, changed: value !== one.configured } : one)),
    }));
  }

  reset(name: string, key?: string): DetectorRow {
    return this.#put(name, (row) => ({
      ...row,
      ...(key === undefined && { enabled: row.configured, changed: false }),
      settings: row.settings.map((one) =>
        key === undefined || one.name === key ? { ...one, value: one.configured, changed: false } : one,
      ),
    }));
  }

  #put(name: string, change: (row: DetectorRow) => DetectorRow): DetectorRow {
    const known = this.#rows.find((row) => row.name === name);
    if (known === undefined) throw new OddwireError("ODW_DETECTOR_UNKNOWN", { name, choices: "scan" });
    const changed = change(known);
    this.#rows = this.#rows.map((row) => (row === known ? changed : row));
    return changed;
  }
}
