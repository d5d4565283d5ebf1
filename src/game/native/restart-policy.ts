/**
 * What a host does about a plugin that fails. It counts requests, not seconds: the same capture ends in the same
 * quarantine, however fast the machine is.
 */

/** Failures in a row that end in quarantine. */
const failuresMax = 5;
/** Requests answered after which one failure is forgiven. */
const requestsPerFailure = 10_000;
const delayMsFirst = 50;
const delayMsMax = 5_000;

export class RestartPolicy {
  #failures = 0;
  #answered = 0;

  /** Requests were answered. */
  answered(requests: number): void {
    if (this.#failures === 0) return;
    this.#answered += requests;
    while (this.#answered >= requestsPerFailure && this.#failures > 0) {
      this.#answered -= requestsPerFailure;
      this.#failures--;
    }
  }

  /** The plugin failed: milliseconds until it is started again, or `undefined`: no more. The first time it is started at once. */
  failed(): number | undefined {
    this.#failures++;
    this.#answered = 0;
    if (this.#failures >= failuresMax) return undefined;
    return this.#failures === 1 ? 0 : Math.min(delayMsMax, delayMsFirst * 4 ** (this.#failures - 2));
  }
}
