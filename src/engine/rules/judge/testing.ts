import type { BufferTests, ByteTest, CompiledPattern, Content, NumberFormat, PcreTest } from "#engine/rules/signature.ts";

/** Tests built by hand, for the tests of this folder: what a rule's text would say with the fewest words. */

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export function content(text: string, more: Partial<Omit<Content, "type" | "literal">> = {}): Content {
  const literal = bytesOf(more.nocase === true ? text.toLowerCase() : text);
  const relative = more.distance !== undefined || more.within !== undefined;
  const fixed = { type: "content", literal, nocase: false, negated: false, offset: 0, depth: undefined } as const;
  return { ...fixed, relative, distance: 0, within: undefined, endswith: false, fastPattern: false, chop: undefined, ...more };
}

/** A pattern of the language itself: enough for what the judge does with one. */
export function compiled(text: string): CompiledPattern {
  const expression = new RegExp(text, "gs");
  return {
    find(subject, from) {
      expression.lastIndex = from;
      const found = expression.exec(subject);
      return found === null ? undefined : { index: found.index, end: found.index + found[0].length, groups: [...found] };
    },
  };
}

export function pattern(text: string, more: Partial<Omit<PcreTest, "type">> = {}): PcreTest {
  const fixed = { type: "pcre", negated: false, relative: false, captures: [], required: undefined } as const;
  return { ...fixed, pattern: text, compiled: compiled(text), ...more };
}

export const binary = (count: NumberFormat["count"], more: Partial<NumberFormat> = {}): NumberFormat => ({
  count,
  little: false,
  dce: false,
  text: undefined,
  ...more,
});

type Of<Type extends ByteTest["type"]> = Extract<ByteTest, { type: Type }>;
type More<Type extends ByteTest["type"]> = Partial<Omit<Of<Type>, "type">>;

export const byteTest = (
  operator: Of<"byte_test">["operator"],
  value: Of<"byte_test">["value"],
  more: More<"byte_test"> = {},
): ByteTest => ({
  type: "byte_test",
  negated: false,
  format: binary(1),
  operator,
  value,
  offset: 0,
  relative: false,
  bitmask: 0,
  ...more,
});

export const byteJump = (more: More<"byte_jump"> = {}): ByteTest => ({
  type: "byte_jump",
  format: binary(1),
  offset: 0,
  relative: false,
  multiplier: 1,
  align: false,
  from: "here",
  postOffset: 0,
  bitmask: 0,
  ...more,
});

export const byteExtract = (variable: string, more: More<"byte_extract"> = {}): ByteTest => ({
  type: "byte_extract",
  format: binary(1),
  offset: 0,
  relative: false,
  variable,
  multiplier: 1,
  align: 0,
  ...more,
});

export const byteMath = (
  result: string,
  operator: Of<"byte_math">["operator"],
  value: Of<"byte_math">["value"],
  more: More<"byte_math"> = {},
): ByteTest => ({
  type: "byte_math",
  format: binary(1),
  offset: 0,
  relative: false,
  operator,
  value,
  result,
  bitmask: 0,
  ...more,
});

export const isDataAt = (at: Of<"isdataat">["at"], more: More<"isdataat"> = {}): ByteTest => ({
  type: "isdataat",
  negated: false,
  at,
  relative: false,
  raw: false,
  ...more,
});

export const testsOf = (tests: readonly ByteTest[], more: Partial<BufferTests> = {}): BufferTests => ({
  buffer: "payload",
  transforms: [],
  tests,
  absent: undefined,
  base64: undefined,
  ...more,
});
