import type { ConfigKey } from "./config.ts";
import type { SchemaNode } from "./json-schema.ts";

const JSON_TYPES = { integer: "integer", number: "number", boolean: "boolean", text: "string" } as const;

/** JSON Schema (draft 2020-12) of the configuration file: keys nested by their dots, closed. */
export function configSchema(keys: Readonly<Record<string, ConfigKey>>): SchemaNode {
  const groups = new Map<string, [string, ConfigKey][]>();
  for (const [name, key] of Object.entries(keys)) {
    const [group = "", ...rest] = name.split(".");
    const members = groups.get(group) ?? [];
    members.push([rest.join("."), key]);
    groups.set(group, members);
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Oddwire configuration",
    ...objectSchema([...groups].map(([group, members]) => [group, objectSchema(members.map(([name, key]) => [name, keySchema(key)]))])),
  };
}

const objectSchema = (members: readonly (readonly [string, SchemaNode])[]): SchemaNode => ({
  type: "object",
  properties: Object.fromEntries(members),
  additionalProperties: false,
});

function keySchema(key: ConfigKey): SchemaNode {
  const { doc, unit, choices, min, max } = key;
  return {
    ...typeOf(key),
    description: unit === undefined || unit === "" ? doc : `${doc} (${unit})`,
    default: key.default,
    ...(choices === undefined ? {} : { enum: choices }),
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}

/** Numbers may be written with a size behind them: `64mb`. */
function typeOf(key: ConfigKey): SchemaNode {
  if (key.type === "list") return { type: "array", items: { type: "string" } };
  if (key.type === "integer" || key.type === "number")
    return { type: [JSON_TYPES[key.type], "string"], pattern: "^-?\\d+(\\.\\d+)?\\s*[kmgKMG]?([iI]?[bB])?$" };
  return { type: JSON_TYPES[key.type] };
}
