import { commonFields } from "./common.ts";
import type { Field, Fields, Kind } from "./field.ts";

/** A JSON Schema (draft 2020-12) node. */
export type SchemaNode = { readonly [key: string]: unknown };

const JSON_TYPES = { text: "string", integer: "integer", number: "number", boolean: "boolean", object: "object", list: "array" } as const;

/** The schema of one field. */
export function fieldSchema(field: Field): SchemaNode {
  const base = { type: JSON_TYPES[field.type], description: field.unit === undefined ? field.doc : `${field.doc} (${field.unit})` };
  if (field.type === "list" && field.items !== undefined) return { ...base, items: fieldSchema(field.items) };
  if (field.type === "object" && field.fields !== undefined)
    return { ...base, ...membersSchema(field.fields), additionalProperties: false };
  return base;
}

function membersSchema(fields: Fields): SchemaNode {
  const entries = Object.entries(fields);
  return {
    properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(field)])),
    required: entries.filter(([, field]) => field.optional !== true).map(([name]) => name),
  };
}

/** The schema of every event of a kind, closed: a member that is not declared is an error. */
export function kindSchema(kind: Kind): SchemaNode {
  const members = membersSchema({ ...commonFields, ...kind.fields });
  const properties = { ...(members["properties"] as object), event_type: { const: kind.name } };
  return { type: "object", title: kind.name, description: kind.summary, ...members, properties, additionalProperties: false };
}

/** The published schema: an event is one of the kinds. */
export function eventSchema(kinds: readonly Kind[]): SchemaNode {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Oddwire event",
    description: "One line of eve.json.",
    oneOf: kinds.map((kind) => ({ $ref: `#/$defs/${kind.name}` })),
    $defs: Object.fromEntries(kinds.map((kind) => [kind.name, kindSchema(kind)])),
  };
}
