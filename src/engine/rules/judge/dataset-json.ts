/**
 * The values of a set that is written in JSON: member `key` of each object, dots leading to members within. `ndjson` has
 * an object a line, `json` an array of objects or an object that holds one. What is no JSON and what has no such member
 * gives nothing; so do values that are neither texts nor numbers.
 */
export function* jsonValues(text: string, format: "json" | "ndjson", key: string | undefined): Generator<string> {
  if (format === "ndjson") {
    for (const line of text.split("\n")) yield* valueIn(parsed(line), key);
    return;
  }
  const whole = parsed(text);
  const list = Array.isArray(whole) ? whole : isObject(whole) ? Object.values(whole).find(Array.isArray) : undefined;
  for (const one of list ?? []) yield* valueIn(one, key);
}

function* valueIn(one: unknown, key: string | undefined): Generator<string> {
  let value = one;
  for (const name of key?.split(".") ?? []) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (typeof value === "string" || typeof value === "number") yield String(value);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

function parsed(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
