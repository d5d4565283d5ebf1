import type { FindingCategory } from "./finding.ts";

export interface DetectorSettingRow {
  /** Without the detector's name. */
  readonly name: string;
  readonly doc: string;
  /** `s`, `ports` …; empty for none. */
  readonly unit: string;
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** What comes along, what the configuration says, and what counts now, as the configuration would have it. */
  readonly default: string;
  readonly configured: string;
  readonly value: string;
  /** True when it was set while the program ran. */
  readonly changed: boolean;
}

export interface DetectorRow {
  readonly name: string;
  readonly summary: string;
  readonly category: FindingCategory;
  /** MITRE ATT&CK techniques. */
  readonly techniques: readonly string[];
  /** Whether it looks at what comes now. */
  readonly enabled: boolean;
  /** Whether the configuration switches it on. */
  readonly configured: boolean;
  /** True when it was switched while the program ran. */
  readonly changed: boolean;
  /** True when it has failed and is left out; it begins anew when it is switched or set. */
  readonly benched: boolean;
  /** Findings that it has told in this run. */
  readonly findings: number;
  readonly settings: readonly DetectorSettingRow[];
}

export interface DetectorsAnswer {
  readonly detectors: readonly DetectorRow[];
  /** False where no engine runs, and nothing can be changed. */
  readonly running: boolean;
}
