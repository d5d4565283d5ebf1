import { OddwireError } from "#contract/errors.ts";
import { configKeys } from "#schema/config.ts";
import { configSchema } from "#schema/config-schema.ts";
import { eventSchema, kindSchema } from "#schema/json-schema.ts";
import { allKinds } from "./plugins.ts";

const text = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;

/** The published JSON Schema of events, or of one kind of them. */
export function eventSchemaText(kind?: string): string {
  if (kind === undefined) return text(eventSchema(allKinds));
  const found = allKinds.find(({ name }) => name === kind);
  if (found === undefined) {
    const names = allKinds.map(({ name }) => name).join(", ");
    throw new OddwireError("ODW_USAGE", { cause: `no events are called ${kind}; one of ${names}` });
  }
  return text({ $schema: "https://json-schema.org/draft/2020-12/schema", ...kindSchema(found) });
}

/** The published JSON Schema of the configuration file. */
export const configSchemaText = (): string => text(configSchema(configKeys));
