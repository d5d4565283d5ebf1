import type { OverlapPolicy } from "#schema/overlap-policy.ts";

/** Ways in which systems put overlapping IP fragments together (J. Novak, Target-Based Fragmentation Reassembly, 2005). */
export const FragmentRule = { first: 0, last: 1, bsd: 2, bsdRight: 3, linux: 4, windows: 5, solaris: 6 } as const;
export type FragmentRule = (typeof FragmentRule)[keyof typeof FragmentRule];

const rules: Readonly<Record<OverlapPolicy, FragmentRule>> = {
  first: FragmentRule.first,
  last: FragmentRule.last,
  bsd: FragmentRule.bsd,
  "bsd-right": FragmentRule.bsdRight,
  linux: FragmentRule.linux,
  "old-linux": FragmentRule.linux,
  solaris: FragmentRule.solaris,
  "old-solaris": FragmentRule.solaris,
  windows: FragmentRule.windows,
  windows2k3: FragmentRule.windows,
  vista: FragmentRule.windows,
  macos: FragmentRule.first,
  hpux10: FragmentRule.solaris,
  hpux11: FragmentRule.first,
  irix: FragmentRule.bsd,
};

export const fragmentRule = (policy: OverlapPolicy): FragmentRule => rules[policy];

/** True when the fragment `[from, to)` that comes now has the bytes that it shares with `[oldFrom, oldTo)`, which came before. */
export function newFragmentWins(rule: FragmentRule, from: number, to: number, oldFrom: number, oldTo: number): boolean {
  switch (rule) {
    case FragmentRule.last:
      return true;
    case FragmentRule.bsd:
      return from < oldFrom;
    case FragmentRule.bsdRight:
      return from >= oldFrom;
    case FragmentRule.linux:
      return from <= oldFrom;
    case FragmentRule.windows:
      return from < oldFrom && to > oldTo;
    case FragmentRule.solaris:
      return from < oldFrom && to >= oldTo;
    default:
      return false;
  }
}
