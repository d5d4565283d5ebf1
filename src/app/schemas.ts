import { configKeys } from "#schema/config.ts";
import { configSchema } from "#schema/config-schema.ts";
import { eventSchema, kindSchema } from "#schema/json-schema.ts";
import { kindNamed } from "./kinds.ts";
import { allKinds } from "./plugins.ts";

const text = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;

/** The published JSON Schema of events, or of one kind of them. Throws `ODW_USAGE`. */
export function eventSchemaText(kind?: string): string {
  if (kind === undefined) return text(eventSchema(allKinds));
  return text({ $schema: "https://json-schema.org/draft/2020-12/schema", ...kindSchema(kindNamed(kind)) });
}

/** The published JSON Schema of the configuration file. */
export const configSchemaText = (): string => text(configSchema(configKeys));
