import { OddwireError } from "#app/errors.ts";
import type { ApiClient } from "#client/client.ts";
import type { Config } from "#schema/config.ts";

/** Longest that a running engine may take over what a command asks: plugins and rules are compiled and tested meanwhile. */
const answerMs = 60_000;

/** Asks the engine that runs at `url`, or where the configuration has it. Throws ODW_REMOTE_REFUSED with its reason. */
export async function askRunning<T>(config: Config, url: string | undefined, ask: (client: ApiClient) => Promise<T>): Promise<T> {
  const { ApiError, ApiClient } = await import("#client/client.ts");
  const address = url ?? `http://${config["api.listen"]}`;
  try {
    return await ask(new ApiClient({ url: address, timeoutMs: answerMs }));
  } catch (error) {
    if (error instanceof ApiError) throw new OddwireError("ODW_REMOTE_REFUSED", { url: address, cause: error.message, mend: error.mend });
    throw error;
  }
}
