import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { OddwireEvent } from "#schema/event.ts";

/** Events that are looked at. */
const eventsMax = 50_000;

const published = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/event-schema.json"), "utf8")) as { $defs: object };
/** Not ajv's own type, by which a wrong event would be of no type at all. */
type Validator = ((event: unknown) => boolean) & Pick<ValidateFunction, "errors">;
const validators = new Map<string, Validator>();
for (const [kind, schema] of Object.entries(published.$defs) as [string, object][])
  validators.set(kind, new Ajv2020({ allErrors: true, strict: false }).compile(schema));

/** What the published schema says against events: each complaint once, with the first event it met. */
export function complaints(events: readonly OddwireEvent[]): string[] {
  const found = new Map<string, string>();
  for (const event of events.slice(0, eventsMax)) {
    const validate = validators.get(event.event_type);
    if (validate === undefined) found.set(event.event_type, `no schema for ${event.event_type}`);
    else if (!validate(event))
      for (const { instancePath, message, params } of validate.errors ?? []) {
        const text = `${event.event_type}${instancePath.replaceAll(/\/\d+/g, "/N")} ${message} ${JSON.stringify(params)}`;
        if (!found.has(text)) found.set(text, `${text}: ${JSON.stringify(event).slice(0, 300)}`);
      }
  }
  return [...found.values()];
}
