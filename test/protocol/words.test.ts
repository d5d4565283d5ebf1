import { describe, expect, test } from "vitest";
import { protocols } from "#protocols/registry.generated.ts";
import type { Field } from "#schema/field.ts";
import type { RuleWord, RuleWordPath } from "#schema/rule-word.ts";

const plugins = protocols.filter((plugin) => (plugin.words ?? []).length > 0);
const words = plugins.flatMap((plugin) => plugin.words ?? []);
const kinds = new Map(protocols.flatMap((plugin) => (plugin.kinds ?? []).map((kind) => [kind.name, kind] as const)));
const names = new Set(protocols.flatMap((plugin) => (plugin.protocols ?? []).map((one) => one.name)));

/** The field that a path leads to; what is wrong with the path as a text. */
function fieldAt({ kind, path }: RuleWordPath): Field | string {
  const declared = kinds.get(kind);
  if (declared === undefined) return `there is no kind ${kind}`;
  let field: Field = { type: "object", doc: "", fields: declared.fields };
  if (!path.startsWith("/")) field = declared.fields[kind] as Field;
  for (const step of path
    .replace(/^\//, "")
    .split(".")
    .filter((one) => one !== "")) {
    const name = step.replace(/\[\]$/, "");
    const next = field.fields?.[name];
    if (next === undefined) return `${kind}: ${path}: there is no ${name}`;
    if (step.endsWith("[]") && next.items === undefined) return `${kind}: ${path}: ${name} is no list`;
    field = step.endsWith("[]") ? (next.items as Field) : next;
  }
  return field;
}

/** Types of fields that words of a type can be taken from. */
const fitting: Readonly<Record<RuleWord["type"], readonly Field["type"][]>> = {
  bytes: ["text", "integer"],
  integer: ["integer", "number", "text", "boolean"],
  flags: ["integer", "text", "list"],
  text: ["text"],
  flag: ["boolean"],
  own: ["text", "integer", "number", "boolean", "object", "list"],
};

describe("words of the rule language", () => {
  test("every spelling is declared once", () => {
    const all = words.flatMap((word) => [word.name, ...(word.aliases ?? []), ...(word.modifiers ?? [])]);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });

  test.each(words.map((word) => [word.name, word] as const))("%s: where it is taken from exists, and fits", (_name, word) => {
    for (const path of word.from ?? []) {
      const field = fieldAt(path);
      if (typeof field === "string") throw new Error(field);
      expect(fitting[word.type], `${path.kind}: ${path.path}`).toContain(field.type);
      const goesThroughLists = path.path.includes("[]");
      if (word.type === "bytes" || word.type === "integer")
        expect(word.several ?? false, path.path).toBe(goesThroughLists || word.several === true);
    }
    expect(word.protocols.filter((name) => !names.has(name))).toEqual([]);
    expect(word.doc).toMatch(/^.+[.…]$/);
    expect(word.type === "own", "only words of type own read their argument themselves").toBe(word.read !== undefined);
    if (word.type === "flags") expect(Object.keys(word.numbers ?? {}).length).toBeGreaterThan(0);
  });

  test.each([
    ["a kind that nobody declares", { kind: "nothing", path: "x" }],
    ["a member that the kind lacks", { kind: "dns", path: "nothing" }],
    ["a member as list that is none", { kind: "dns", path: "rrname[]" }],
  ])("%s is found", (_case, path) => expect(typeof fieldAt(path)).toBe("string"));
});
