/**
 * Whose bytes count where fragments or segments overlap: those that came first, those that came last, or as the
 * system of this name decides. Suricata's names of `host-os-policy`.
 */
export const overlapPolicies = [
  "first",
  "last",
  "bsd",
  "bsd-right",
  "linux",
  "old-linux",
  "solaris",
  "old-solaris",
  "windows",
  "windows2k3",
  "vista",
  "macos",
  "hpux10",
  "hpux11",
  "irix",
] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];
