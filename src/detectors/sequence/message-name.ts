import { messagePaths } from "#schema/message-paths.generated.ts";

const nameLengthMax = 48;

/** Where events of each kind name their message: only the kinds that do. */
export const namePaths: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(messagePaths));

/** What a message is called: the first path that leads to a text or a number; `*` is the name of the first member. */
export function messageName(fields: Readonly<Record<string, unknown>>, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    if (path === "*") {
      for (const member of Object.keys(fields)) return member.slice(0, nameLengthMax);
      return undefined;
    }
    const value = at(fields, path);
    if (typeof value === "string" && value !== "") return value.slice(0, nameLengthMax);
    if (typeof value === "number") return String(value);
  }
  return undefined;
}

function at(fields: unknown, path: string): unknown {
  let value = fields;
  for (const member of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, member)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[member];
  }
  return value;
}
