import type { Kind } from "#schema/field.ts";
import type { RuleWord } from "#schema/rule-word.ts";
import type { DetectorDefinition } from "./detector.ts";
import type { InspectorDefinition } from "./inspector.ts";
import type { ProtocolDefinition } from "./parser.ts";

export * from "./detector.ts";
export type * from "./inspector.ts";
export * from "./parser.ts";

/** What a folder on a shelf exports by default: inert data and factories. */
export interface Plugin {
  /** Name of the folder. */
  readonly name: string;
  readonly summary: string;
  /** Other plugins whose transactions or code it uses. */
  readonly needs?: readonly string[];
  /** Event kinds it adds to the vocabulary. */
  readonly kinds?: readonly Kind[];
  readonly protocols?: readonly ProtocolDefinition[];
  readonly detectors?: readonly DetectorDefinition[];
  /** Words of the rule language that its messages answer. */
  readonly words?: readonly RuleWord[];
  readonly inspectors?: readonly InspectorDefinition[];
  /** Loads the code of its inspectors, which most runs have no rules for; they are in `inspectors` afterwards (`openPlugins`). */
  readonly openInspectors?: () => Promise<readonly InspectorDefinition[]>;
}

/** The same plugins with their inspectors, for a run that has rules. */
export const openPlugins = (plugins: readonly Plugin[]): Promise<readonly Plugin[]> =>
  Promise.all(
    plugins.map(async (plugin) =>
      plugin.openInspectors === undefined ? plugin : { ...plugin, inspectors: await plugin.openInspectors() },
    ),
  );

export const definePlugin = (plugin: Plugin): Plugin => plugin;
