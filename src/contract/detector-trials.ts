import type { DetectorTrial } from "#schema/detector.ts";

/**
 * Tries other settings of detectors on the packets that were kept, one trial at a time: the seam between the API and the
 * composition root. A trial of which nobody asks any more is given up.
 */
export interface DetectorTrials {
  /**
   * Begins one: each setting as `scan.targets-min=60`. Throws ODW_BUSY while another runs, ODW_TRIAL_ABSENT when no packets
   * are kept, ODW_SETTING_BAD.
   */
  begin(settings: readonly string[]): DetectorTrial;
  /** How far it is, or what came of the last one. */
  state(): DetectorTrial;
  /** Ends it and forgets what came of it. */
  cancel(): DetectorTrial;
}
