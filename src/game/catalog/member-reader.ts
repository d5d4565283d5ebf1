import { type Annotation, annotationOf, commentsOf } from "./annotation.ts";
import { modelFacts } from "./data-model.ts";
import type { Attribute, Chunk } from "./declaration-chunks.ts";
import { declared } from "./declared-type.ts";
import type { MemberDraft } from "./layout.ts";
import { catalogLimits } from "./limits.ts";
import { Refusal } from "./problem.ts";
import type { Scope } from "./scope.ts";
import { childOf, type SyntaxNode } from "./syntax.ts";
import type { Token } from "./tokens.ts";
import { type CType, isFlexible, typeText, unknownSize } from "./types.ts";

/** The alignment that attributes ask for, 0 for none, and whether one of them packs. Throws `Refusal`. */
export function wishes(attributes: readonly Attribute[], scope: Scope): { readonly packed: boolean; readonly aligned: number } {
  let aligned = 0;
  let packed = false;
  for (const { name, arguments: inner, place } of attributes) {
    if (name === "packed") packed = true;
    if (name !== "aligned" && name !== "align" && name !== "alignas") continue;
    const type = name === "alignas" ? scope.typeOf(inner) : undefined;
    const wish =
      type?.align ??
      (inner.length === 0 ? modelFacts[scope.model].alignMost : scope.count(inner, "the alignment", catalogLimits.alignBytesMax));
    if (wish !== 0 && (wish & (wish - 1)) !== 0) throw new Refusal(`an alignment of ${wish}`, "it has to be a power of two", place);
    aligned = Math.max(aligned, wish);
  }
  return { packed, aligned };
}

/**
 * Attributes of one declarator: those before the type and between it and the first declarator belong to all, further
 * ones to the declarator that they stand beside. Those of a body between are the body's. Without a declarator: the common ones.
 */
export function declaratorAttributes(chunk: Chunk, node: SyntaxNode, declarator: SyntaxNode | undefined): readonly Attribute[] {
  const specifier = childOf(node, "type");
  const body = specifier === undefined ? undefined : childOf(specifier, "body");
  const from = body === undefined ? -1 : (specifier as SyntaxNode).from;
  const outside = chunk.attributes.filter(({ before }) => !(before > from && before <= (body?.to ?? -1)));
  const first = childOf(node, "declarator")?.from ?? node.to - 1;
  const next = node.children[node.children.indexOf(declarator as SyntaxNode) + 1];
  const end = next?.type === "bitfield_clause" ? next.to : (declarator?.to ?? 0);
  return outside.filter(
    ({ before }) =>
      (before >= node.from && before <= first) ||
      (before > first && declarator !== undefined && before >= declarator.from && before <= end),
  );
}

/** What comments say beside the tokens from `from` to before `to`. */
export function annotationAt(chunk: Chunk, from: number, to: number): Annotation {
  const first = chunk.tokens[from] as Token;
  const last = chunk.tokens[to - 1] as Token;
  if (first.source !== last.source) return annotationOf([], first.source);
  const next = chunk.tokens[to];
  const until = next?.source === last.source && next.offset > last.offset ? next.offset : Number.POSITIVE_INFINITY;
  return annotationOf(commentsOf(first.source, first.offset, last.offset, until, first.lineStart), first.source);
}

/** The members that one `field_declaration` declares; `base` is its type. Throws `Refusal`. */
export function membersOf(node: SyntaxNode, base: CType, chunk: Chunk, scope: Scope): MemberDraft[] {
  const { tokens } = chunk;
  const annotation = annotationAt(chunk, node.from, node.to);
  const declarators = node.children.filter(({ role }) => role === "declarator");
  if (declarators.length === 0) {
    if (base.kind !== "record" || base.tag !== undefined) return [];
    const asked = wishes(declaratorAttributes(chunk, node, undefined), scope);
    return [{ name: undefined, type: base, annotation, place: tokens[node.from] as Token, ...asked }];
  }
  return declarators.map((declarator) => {
    const index = node.children.indexOf(declarator);
    const clause = node.children[index + 1]?.type === "bitfield_clause" ? node.children[index + 1] : undefined;
    const place = tokens[declarator.missing ? node.from : declarator.from] as Token;
    const asked = wishes(declaratorAttributes(chunk, node, declarator), scope);
    if (clause !== undefined) return { ...bitField(clause, declarator, base, tokens, scope), annotation, place, ...asked };
    const { name, type, isFunction } = declared(declarator, base, tokens, scope);
    if (isFunction) throw new Refusal(`\`${name}\` is a function`, "a packet holds only data", place);
    if (type.kind === "record" && !type.complete) throw new Refusal(...unknownSize(type), place);
    return { name, type, annotation, place, ...asked };
  });
}

function bitField(clause: SyntaxNode, declarator: SyntaxNode, type: CType, tokens: readonly Token[], scope: Scope) {
  const scalar = type.kind === "enum" ? type.scalar : type;
  const place = tokens[clause.from] as Token;
  if (scalar.kind !== "scalar" || !["signed", "unsigned", "boolean", "character", "wide"].includes(scalar.format) || scalar.size > 8)
    throw new Refusal(`a bit-field of ${typeText(type)}`, "bit-fields are made of integers", place);
  const most = scalar.format === "boolean" ? 1 : scalar.size * 8;
  const width = scope.count(tokens.slice(clause.from + 1, clause.to), "the number of bits", most);
  const name = declarator.missing ? undefined : (tokens[declarator.from] as Token).text;
  if (width === 0 && name !== undefined) throw new Refusal(`\`${name}\` has no bits`, "leave out its name, or give it bits", place);
  return { name, type, width };
}

/** What must hold for the members of one record. Throws `Refusal`. */
export function checkMembers(members: readonly MemberDraft[], isUnion: boolean): void {
  const names = new Set<string>();
  if (members.length > catalogLimits.membersMax)
    throw new Refusal(`more than ${catalogLimits.membersMax} members`, "split the struct", members[0]?.place);
  for (const [index, member] of members.entries()) {
    for (const name of namesOf(member)) {
      if (names.has(name)) throw new Refusal(`\`${name}\` stands twice in it`, "rename one of them", member.place);
      names.add(name);
    }
    if (!isUnion && index < members.length - 1 && isFlexible(member.type))
      throw new Refusal(
        `\`${member.name ?? typeText(member.type)}\` has no fixed size and is not the last`,
        "put it at the end",
        member.place,
      );
  }
}

/** Its name; of an anonymous one those of its members. */
function namesOf(member: { readonly name: string | undefined; readonly type: CType }): string[] {
  if (member.name !== undefined) return [member.name];
  return member.type.kind === "record" ? member.type.members.flatMap(namesOf) : [];
}
