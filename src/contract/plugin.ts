import type { Kind } from "#schema/field.ts";
import type { RuleWord } from "#schema/rule-word.ts";
import type { DetectorDefinition } from "./detector.ts";
import type { InspectorDefinition } from "./inspector.ts";
import type { ProtocolDefinition } from "./parser.ts";

export type * from "./detector.ts";
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
}

export const definePlugin = (plugin: Plugin): Plugin => plugin;
