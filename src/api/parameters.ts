import { micros, parseTime } from "#base/time.ts";
import { OddwireError } from "#contract/errors.ts";
import type { SchemaNode } from "#schema/json-schema.ts";

/** A parameter in the query part of an address, declared once: checked here, described in OpenAPI. */
export interface Parameter {
  readonly name: string;
  /** `list`: may be given several times. */
  readonly type: "text" | "integer" | "time" | "list";
  readonly doc: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly default?: number | string;
  readonly required?: boolean;
}

/** Values that passed the check. */
export interface ParameterValues {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  list(name: string): readonly string[];
}

/** Longest value of a parameter. */
const CHARS_MAX = 4096;
const LIST_MAX = 64;

/** The values, or one error that names every bad parameter. */
export function readParameters(declared: readonly Parameter[], query: unknown, path: string): ParameterValues {
  const given = query as { readonly [name: string]: string | string[] | undefined };
  const problems: string[] = [];
  const values = new Map<string, string | number | readonly string[]>();
  const known = new Map(declared.map((parameter) => [parameter.name, parameter]));
  for (const name of Object.keys(given)) if (!known.has(name)) problems.push(`${shown(name)} is no parameter`);
  for (const parameter of declared) {
    const raw = given[parameter.name];
    if (raw === undefined) {
      if (parameter.default !== undefined) values.set(parameter.name, parameter.default);
      else if (parameter.required === true) problems.push(`${parameter.name} is missing`);
      continue;
    }
    const result = readOne(parameter, raw);
    if ("problem" in result) problems.push(`${parameter.name} ${result.problem}`);
    else values.set(parameter.name, result.value);
  }
  if (problems.length > 0) throw new OddwireError("ODW_PARAMETER_BAD", { cause: problems.join("; "), path });
  return {
    text: (name) => values.get(name) as string | undefined,
    number: (name) => values.get(name) as number | undefined,
    list: (name) => (values.get(name) as readonly string[] | undefined) ?? [],
  };
}

type Read = { readonly value: string | number | readonly string[] } | { readonly problem: string };

function readOne(parameter: Parameter, raw: string | string[]): Read {
  const all = typeof raw === "string" ? [raw] : raw;
  if (all.some((value) => value.length > CHARS_MAX)) return { problem: `is longer than ${CHARS_MAX} characters` };
  if (parameter.type === "list") return all.length > LIST_MAX ? { problem: `is given more than ${LIST_MAX} times` } : { value: all };
  if (all.length !== 1) return { problem: "is given more than once" };
  const value = all[0] as string;
  if (parameter.choices !== undefined && !parameter.choices.includes(value))
    return { problem: `must be one of ${parameter.choices.join(", ")}, not ${shown(value)}` };
  if (parameter.type === "integer") return readInteger(parameter, value);
  if (parameter.type === "time") return readTime(value);
  return { value };
}

function readInteger({ min = 0, max = Number.MAX_SAFE_INTEGER }: Parameter, value: string): Read {
  const number = /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return { value: number };
  return { problem: `must be a whole number from ${min} to ${max}, not ${shown(value)}` };
}

/** Microseconds since 1970, or ISO 8601. */
function readTime(value: string): Read {
  const time = /^\d{1,16}$/.test(value) ? micros(Number(value)) : parseTime(value);
  if (time !== undefined && Number.isSafeInteger(time)) return { value: time };
  return { problem: `must be a time (microseconds since 1970, or ISO 8601), not ${shown(value)}` };
}

/** A stranger's text inside of a message: short and on one line. */
export const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** The parameters as a JSON Schema of the query part, for OpenAPI. */
export function parametersSchema(declared: readonly Parameter[]): SchemaNode {
  return {
    type: "object",
    properties: Object.fromEntries(declared.map((parameter) => [parameter.name, parameterSchema(parameter)])),
    required: declared.filter((parameter) => parameter.required === true).map((parameter) => parameter.name),
  };
}

function parameterSchema({ type, doc, min = 0, max, choices, default: preset }: Parameter): SchemaNode {
  const base = { description: doc, ...(preset !== undefined && { default: preset }) };
  if (type === "integer") return { ...base, type: "integer", minimum: min, ...(max !== undefined && { maximum: max }) };
  if (type === "list") return { ...base, type: "array", items: { type: "string" }, maxItems: LIST_MAX };
  return { ...base, type: "string", ...(choices !== undefined && { enum: choices }) };
}
