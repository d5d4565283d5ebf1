import type { Plugin } from "#contract/plugin.ts";
import { detectors } from "#detectors/registry.generated.ts";
import { protocols } from "#protocols/registry.generated.ts";
import type { Config } from "#schema/config.ts";
import { engineKinds } from "#schema/kinds.ts";

/** All plugins on the shelves. */
export const allPlugins: readonly Plugin[] = [...protocols, ...detectors];

/** All event kinds: the engine's and the plugins'. */
export const allKinds = [...engineKinds, ...allPlugins.flatMap((plugin) => plugin.kinds ?? [])];

/** Plugins that the configuration leaves on: `dns.enabled: false` takes `dns` off. */
export const enabledPlugins = (config: Config): readonly Plugin[] =>
  allPlugins.filter((plugin) => (config as Readonly<Record<string, unknown>>)[`${plugin.name}.enabled`] !== false);
