import type { DecryptRequest, DecryptResult, GamePluginHost, PluginPlayer } from "#contract/game-plugin.ts";

/** Pieces that a host is given at once. */
const batchMax = 256;

/**
 * Asks plugin hosts so that neither a host's own failure nor its silence can stop the capture: hosts keep a deadline of
 * their own, and what still does not come after `deadlineMs` is given up here.
 */
export class HostCalls {
  /** Times that a host itself failed or was silent. */
  failures = 0;
  readonly #deadlineMs: number;

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  /** Results in the order of the requests, one each. */
  async decrypt(host: GamePluginHost, requests: readonly DecryptRequest[]): Promise<readonly DecryptResult[]> {
    const results: DecryptResult[] = [];
    for (let from = 0; from < requests.length; from += batchMax) {
      const batch = requests.slice(from, from + batchMax);
      const answered = await this.#guard(() => host.decrypt(batch));
      for (let i = 0; i < batch.length; i++) results.push(answered instanceof Error ? failed(answered) : (answered[i] ?? unanswered));
    }
    return results;
  }

  async players(host: GamePluginHost): Promise<readonly PluginPlayer[]> {
    if (!host.info.tracksPlayers) return [];
    const answered = await this.#guard(() => host.players());
    return answered instanceof Error ? [] : answered;
  }

  /** Tells a host something that it does not answer. */
  tell(call: () => void): void {
    try {
      call();
    } catch {
      this.failures++;
    }
  }

  async #guard<T>(call: () => Promise<T>): Promise<T | Error> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const silent = new Promise<Error>((resolve) => {
        timer = setTimeout(() => resolve(new Error(`no answer within ${this.#deadlineMs} ms`)), this.#deadlineMs);
      });
      const answer = await Promise.race([call(), silent]);
      if (answer instanceof Error) this.failures++;
      return answer;
    } catch (error) {
      this.failures++;
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

const failed = (error: Error): DecryptResult => ({ status: "error", why: error.message });
const unanswered: DecryptResult = { status: "error", why: "the host gave fewer results than it was asked for" };
