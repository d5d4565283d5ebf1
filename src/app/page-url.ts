import { addressUrl, parseListen } from "#api/listen-address.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Config } from "#schema/config.ts";

/** Where a server with this configuration is reached from its own machine. Throws ODW_USAGE for a Unix socket. */
export function pageUrl(config: Config): string {
  const address = parseListen(config["api.listen"]);
  if (address.type === "socket")
    throw new OddwireError("ODW_USAGE", {
      cause: `api.listen is the Unix socket ${address.path}, which the terminal page cannot reach; say --url http://ADDRESS:PORT`,
    });
  return addressUrl(address, undefined);
}
