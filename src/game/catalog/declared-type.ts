import { catalogLimits } from "./limits.ts";
import { Refusal } from "./problem.ts";
import type { Scope } from "./scope.ts";
import { childOf, type SyntaxNode } from "./syntax.ts";
import type { Token } from "./tokens.ts";
import { type CType, isFlexible, typeText, unknownSize } from "./types.ts";

/** A name with the type that its declarator makes of the one before it. */
export interface Declared {
  readonly name: string;
  readonly type: CType;
  /** A function: nothing that lies in a packet. */
  readonly isFunction: boolean;
}

/** The type of `T name[2][3]`, `T *name`, `T (*name)(int)`. Throws `Refusal` with the cause. */
export function declared(node: SyntaxNode, base: CType, tokens: readonly Token[], scope: Scope): Declared {
  const inner = childOf(node, "declarator") ?? node.children.find((child) => /declarator|identifier|primitive_type/.test(child.type));
  if (inner === undefined && node.children.length > 0)
    throw new Refusal("this declaration cannot be read", "write TYPE NAME;", tokens[node.from]);
  if (node.type === "pointer_declarator") return declared(inner as SyntaxNode, scope.pointer(typeText(base)), tokens, scope);
  if (node.type === "array_declarator") return declared(inner as SyntaxNode, arrayOf(node, base, tokens, scope), tokens, scope);
  if (node.type === "function_declarator") {
    const made = declared(inner as SyntaxNode, scope.pointer("function"), tokens, scope);
    return { ...made, isFunction: inner?.type !== "parenthesized_declarator" };
  }
  if (inner !== undefined) return declared(inner, base, tokens, scope);
  const token = tokens[node.from] as Token;
  if (node.missing) throw new Refusal(`a name is missing before \`${token.text}\``, "name it", token);
  return { name: token.text, type: base, isFunction: false };
}

function arrayOf(node: SyntaxNode, element: CType, tokens: readonly Token[], scope: Scope): CType {
  const size = childOf(node, "size");
  const { align } = element;
  if (element.kind === "record" && !element.complete) throw new Refusal(...unknownSize(element), tokens[node.from]);
  if (element.kind === "array" && element.count === undefined)
    throw new Refusal("an array of arrays without a size", "give the inner array its size", tokens[node.from]);
  const count =
    size === undefined ? 0 : scope.count(tokens.slice(size.from, size.to), "the number of elements", catalogLimits.typeBytesMax);
  if (count === 0) return { kind: "array", element, count: undefined, size: 0, align };
  const bytes = count * element.size;
  if (bytes > catalogLimits.typeBytesMax)
    throw new Refusal(`the array is larger than ${catalogLimits.typeBytesMax} bytes`, "correct its size", tokens[node.from]);
  if (isFlexible(element))
    throw new Refusal("an array of things that have no fixed size, with a fixed number", "make it flexible: `[]`", tokens[node.from]);
  return { kind: "array", element, count, size: bytes, align };
}
