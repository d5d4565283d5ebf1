import type { DetectorDefinition } from "#contract/detector.ts";
import type { Plugin } from "#contract/plugin.ts";
import { detectors } from "#detectors/registry.generated.ts";
import { protocols } from "#protocols/registry.generated.ts";
import type { Config } from "#schema/config.ts";
import type { Advice } from "#schema/finding.ts";
import { engineKinds } from "#schema/kinds.ts";

/** All plugins on the shelves. */
export const allPlugins: readonly Plugin[] = [...protocols, ...detectors];

/** All event kinds: the engine's and the plugins'. */
export const allKinds = [...engineKinds, ...allPlugins.flatMap((plugin) => plugin.kinds ?? [])];

/**
 * Plugins that the configuration leaves on: `dns.enabled: false` takes `dns` off. A detector that has the name of its
 * plugin is taken off alone: the others in the folder have switches of their own.
 */
export const enabledPlugins = (config: Config): readonly Plugin[] =>
  allPlugins.filter(
    (plugin) =>
      (config as Readonly<Record<string, unknown>>)[`${plugin.name}.enabled`] !== false ||
      plugin.detectors?.some(({ name }) => name === plugin.name) === true,
  );

/** What the findings of a detector mean and what to do. */
export const adviceOf = (detector: string): Advice | undefined =>
  allPlugins.flatMap(({ detectors: own = [] }) => own).find(({ name }) => name === detector)?.advice;

/** Detectors that may be on: those of folders that the configuration leaves on. */
export const detectorsOf = (config: Config): readonly DetectorDefinition[] =>
  enabledPlugins(config).flatMap((plugin) => plugin.detectors ?? []);
