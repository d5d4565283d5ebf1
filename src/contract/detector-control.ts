import type { DetectorRow, DetectorsAnswer } from "#schema/detector.ts";

/**
 * Detectors of an engine, to be seen, switched and set while it runs: the seam between the API and the composition root.
 * Changes hold at once and over restarts. They throw ODW_DETECTOR_UNKNOWN, ODW_ENGINE_ABSENT, ODW_CONFIG_BAD for values
 * that are none, ODW_OUT_UNWRITABLE.
 */
export interface DetectorControl {
  list(): DetectorsAnswer;
  switch(name: string, on: boolean): DetectorRow;
  /** `value` as the configuration would have it. */
  set(name: string, setting: string, value: string): DetectorRow;
  /** Goes by the configuration again: in one setting, or in everything. */
  reset(name: string, setting?: string): DetectorRow;
}
