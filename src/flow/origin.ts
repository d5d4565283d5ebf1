/**
 * The `origin` word of a flow's record: what the flow began with, and what its other side sent when the two sides spoke
 * different protocols.
 */
const ORIGIN_MASK = 0x7fff;
const OTHER_SHIFT = 15;
const SIDE_SHIFT = 30;

/** Number of the protocol that the flow began with; 0 when it was not handed over. */
export const originOf = (word: number): number => word & ORIGIN_MASK;

/** Number of the other protocol, 0 when both sides spoke the same. */
export const otherProtocolOf = (word: number): number => (word >>> OTHER_SHIFT) & ORIGIN_MASK;

/** Side that spoke the other protocol. */
export const otherSideOf = (word: number): 0 | 1 => ((word >>> SIDE_SHIFT) & 1) as 0 | 1;

/** Bits that say that `side` spoke `protocol`. */
export const withOtherSide = (side: 0 | 1, protocol: number): number => (side << SIDE_SHIFT) | ((protocol & ORIGIN_MASK) << OTHER_SHIFT);
