import type { Content, PcreTest, Signature } from "#engine/rules/signature.ts";
import { type DraftBuffer, PAYLOAD } from "./draft.ts";
import { lowered } from "./values.ts";

type Prefilter = Signature["prefilter"];

/** Buffers whose contents tell little: they filter only when nothing else can. Others: payload 3, words of protocols 2. */
const RANKS: Readonly<Record<string, number>> = {
  [PAYLOAD]: 3,
  "http.method": 4,
  "http.stat_code": 4,
  "http.stat_msg": 3,
  "http.protocol": 3,
};
const rankOf = (buffer: DraftBuffer): number => RANKS[buffer.name] ?? 2;

/** Buffers that are made while a rule is judged: nothing can be looked for in them before. */
const late: ReadonlySet<string> = new Set(["base64_data", "ip.src", "ip.dst"]);

interface Candidate {
  readonly buffer: DraftBuffer;
  readonly content: Content;
}

/**
 * The literal whose presence lets a rule be tried: the one that the rule names with `fast_pattern`, else the longest
 * that is not negated, of the buffers that tell most; of equals the one whose bytes differ most.
 */
export function prefilterOf(buffers: readonly DraftBuffer[]): Prefilter {
  const usable = buffers.filter((buffer) => !late.has(buffer.name) && buffer.absent !== "or");
  const candidates = usable.flatMap((buffer) => contentsOf(buffer));
  const chosen = candidates.find(({ content }) => content.fastPattern && !content.negated) ?? best(candidates);
  if (chosen !== undefined) return made(chosen.buffer, partOf(chosen.content), chosen.content.nocase);
  return ofPattern(usable);
}

function contentsOf(buffer: DraftBuffer): Candidate[] {
  const found: Candidate[] = [];
  for (const content of buffer.tests) if (content.type === "content") found.push({ buffer, content });
  return found;
}

function best(candidates: readonly Candidate[]): Candidate | undefined {
  let chosen: Candidate | undefined;
  for (const candidate of candidates) {
    if (candidate.content.negated) continue;
    if (chosen === undefined || isBetter(candidate, chosen)) chosen = candidate;
  }
  return chosen;
}

function isBetter(one: Candidate, other: Candidate): boolean {
  const ranks = rankOf(other.buffer) - rankOf(one.buffer);
  if (ranks !== 0) return ranks > 0;
  const lengths = one.content.literal.length - other.content.literal.length;
  if (lengths !== 0) return lengths > 0;
  return strength(one.content.literal) > strength(other.content.literal);
}

/** How seldom bytes are: letters little, other printable ones more, rare ones most; a byte that returns adds little. */
function strength(literal: Uint8Array): number {
  const seen = new Set<number>();
  let sum = 0;
  for (const byte of literal) {
    if (seen.has(byte)) sum += 1;
    else if (isLetter(byte)) sum += 3;
    else if (byte >= 32 && byte < 127) sum += 4;
    else if (byte === 0 || byte === 1 || byte === 255) sum += 4;
    else sum += 6;
    seen.add(byte);
  }
  return sum;
}

const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122;

function partOf({ literal, chop }: Content): Uint8Array {
  return chop === undefined ? literal : literal.subarray(chop.offset, chop.offset + chop.length);
}

/** A rule without contents may have a pattern that says what each match contains. */
function ofPattern(buffers: readonly DraftBuffer[]): Prefilter {
  let found: { readonly buffer: DraftBuffer; readonly required: NonNullable<PcreTest["required"]> } | undefined;
  for (const buffer of buffers) {
    for (const test of buffer.tests) {
      const required = test.type === "pcre" && !test.negated ? test.required : undefined;
      if (required !== undefined && required.literal.length > (found?.required.literal.length ?? 0)) found = { buffer, required };
    }
  }
  return found === undefined ? undefined : made(found.buffer, found.required.literal, found.required.nocase);
}

function made(buffer: DraftBuffer, literal: Uint8Array, nocase: boolean): Prefilter {
  const prefilter = { buffer: buffer.name, literal: nocase ? lowered(literal) : literal, nocase };
  return buffer.transforms.length === 0 ? prefilter : { ...prefilter, transforms: buffer.transforms };
}
