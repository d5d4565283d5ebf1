import type { OverlapPolicy } from "#schema/overlap-policy.ts";

/**
 * Ways in which systems put overlapping TCP segments together (J. Novak, S. Sturges, Target-Based TCP Stream Reassembly,
 * 2007). They matter for segments beyond a hole only: what is in order has been handed to the application, and later
 * copies of it are dropped by all.
 */
export const SegmentRule = { first: 0, last: 1, before: 2, linux: 3, oldLinux: 4, solaris: 5 } as const;
export type SegmentRule = (typeof SegmentRule)[keyof typeof SegmentRule];

const rules: Readonly<Record<OverlapPolicy, SegmentRule>> = {
  first: SegmentRule.first,
  last: SegmentRule.last,
  bsd: SegmentRule.before,
  "bsd-right": SegmentRule.last,
  linux: SegmentRule.linux,
  "old-linux": SegmentRule.oldLinux,
  solaris: SegmentRule.solaris,
  "old-solaris": SegmentRule.solaris,
  windows: SegmentRule.before,
  windows2k3: SegmentRule.before,
  vista: SegmentRule.first,
  macos: SegmentRule.before,
  hpux10: SegmentRule.before,
  hpux11: SegmentRule.solaris,
  irix: SegmentRule.before,
};

export const segmentRule = (policy: OverlapPolicy): SegmentRule => rules[policy];

/**
 * True when the segment that comes now has the bytes that it shares with one that came before: `start` and `end` say
 * how much later its first byte and the byte behind its last are than those of the other.
 */
export function newSegmentWins(rule: SegmentRule, start: number, end: number): boolean {
  switch (rule) {
    case SegmentRule.last:
      return true;
    case SegmentRule.before:
      return start < 0;
    case SegmentRule.linux:
      return start < 0 || (start === 0 && end > 0);
    case SegmentRule.oldLinux:
      return start < 0 || (start === 0 && end >= 0);
    case SegmentRule.solaris:
      return start < 0 && end >= 0;
    default:
      return false;
  }
}
