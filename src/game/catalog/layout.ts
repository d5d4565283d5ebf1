import type { ScalarType } from "./data-model.ts";
import type { CType, Member } from "./types.ts";

/** A member before it has its place. */
export interface MemberDraft extends Omit<Member, "offset" | "bits"> {
  /** Bits of a bit-field. */
  readonly width?: number;
  readonly packed: boolean;
  /** Alignment that it asks for itself (`aligned(8)`, `_Alignas(8)`); 0 for none. */
  readonly aligned: number;
}

/** What was said of the record as a whole. */
export interface LayoutRules {
  readonly form: "struct" | "union";
  readonly packed: boolean;
  /** Least alignment that the record asks for; 0 for none. */
  readonly aligned: number;
  /** `#pragma pack` where the record ends; 0 for none. */
  readonly pack: number;
  readonly microsoftBitFields: boolean;
}

export interface Layout {
  readonly size: number;
  readonly align: number;
  readonly members: readonly Member[];
}

/**
 * Places the members of a struct or union as GCC and Clang do for x86 (System V ABI; bit-fields: "PCC" rules), or, for bit-fields, as
 * Microsoft's compiler does. Positions are counted in bits until the end; numbers are exact up to 2^53.
 */
export function layOut(drafts: readonly MemberDraft[], rules: LayoutRules): Layout {
  const placer = new Placer(rules);
  const members = drafts.map((draft) => placer.place(draft));
  return { size: placer.size(), align: placer.align, members: members.filter((member) => member !== undefined) };
}

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

class Placer {
  align: number;
  readonly #rules: LayoutRules;
  /** First free bit. */
  #bit = 0;
  /** End of the largest member of a union, in bits. */
  #largest = 0;
  /** Microsoft: the unit that bit-fields share: its size in bits, and bits left. 0 when the member before is none. */
  #unit = 0;
  #left = 0;

  constructor(rules: LayoutRules) {
    this.#rules = rules;
    this.align = Math.max(1, rules.aligned);
  }

  /** Size in bytes, padded. */
  size(): number {
    const bits = this.#rules.form === "union" ? this.#largest : this.#bit;
    return roundUp(Math.ceil(bits / 8), this.align);
  }

  /** Its place; `undefined` for bits without a name, which only move what follows. */
  place(draft: MemberDraft): Member | undefined {
    if (this.#rules.form === "union") {
      this.#bit = 0;
      this.#unit = 0;
    }
    const { width } = draft;
    const start =
      width === undefined ? this.#whole(draft) : this.#rules.microsoftBitFields ? this.#microsoft(draft, width) : this.#bits(draft, width);
    this.#largest = Math.max(this.#largest, this.#bit);
    const { name, type, annotation, place } = draft;
    const member = { name, type, offset: Math.floor(start / 8), annotation, place };
    if (width === undefined) return member;
    return name === undefined ? undefined : { ...member, bits: { offset: start, width } };
  }

  /** An ordinary member; returns its first bit. */
  #whole(draft: MemberDraft): number {
    const align = this.#memberAlign(draft);
    this.#unit = 0;
    const start = roundUp(roundUp(this.#bit, 8), align * 8);
    this.#bit = start + draft.type.size * 8;
    this.align = Math.max(this.align, align);
    return start;
  }

  /** What it is aligned to: packing wins over its type, its own wish over packing, `#pragma pack` over all. */
  #memberAlign({ type, packed, aligned }: MemberDraft): number {
    const natural = packed || this.#rules.packed ? 1 : type.align;
    return this.#capped(Math.max(natural, aligned));
  }

  #capped(align: number): number {
    return this.#rules.pack > 0 ? Math.min(align, this.#rules.pack) : align;
  }

  /** A bit-field of GCC: it stays within a unit of its type, unless it is packed. */
  #bits(draft: MemberDraft, width: number): number {
    const { type, aligned } = draft;
    const packed = draft.packed || this.#rules.packed;
    if (width === 0) {
      this.#bit = roundUp(this.#bit, Math.max(type.align, aligned) * 8);
      return this.#bit;
    }
    const typeAlign = this.#capped(packed && this.#rules.pack === 0 ? 1 : type.align);
    if (aligned > 0) this.#bit = roundUp(this.#bit, this.#capped(aligned) * 8);
    if (!packed && this.#rules.pack === 0 && crossesUnit(this.#bit, width, type)) this.#bit = roundUp(this.#bit, type.align * 8);
    if (draft.name !== undefined) this.align = Math.max(this.align, typeAlign, aligned > 0 ? this.#capped(aligned) : 1);
    const start = this.#bit;
    this.#bit += width;
    return start;
  }

  /** A bit-field of Microsoft: neighbours of the same size share a unit, and nothing else does. */
  #microsoft(draft: MemberDraft, width: number): number {
    const bits = draft.type.size * 8;
    const align = this.#memberAlign(draft);
    if (width === 0) {
      // It ends the unit before it, and counts for the record's alignment, but only behind other bits.
      if (this.#unit > 0) {
        this.#bit = roundUp(this.#bit, align * 8);
        this.align = Math.max(this.align, this.#capped(Math.max(draft.type.align, draft.aligned)));
      }
      this.#unit = 0;
      return this.#bit;
    }
    if (this.#unit !== bits || this.#left < width) {
      this.#bit = roundUp(roundUp(this.#bit, 8), align * 8);
      this.#bit += bits;
      this.#unit = bits;
      this.#left = bits;
      this.align = Math.max(this.align, align);
    }
    const start = this.#bit - this.#left;
    this.#left -= width;
    return start;
  }
}

/** Whether bits from `start` on touch more units of the type's alignment than the type has. */
function crossesUnit(start: number, width: number, type: CType | ScalarType): boolean {
  const unit = type.align * 8;
  return Math.ceil(((start % unit) + width) / unit) > (type.size * 8) / unit;
}
