import type { Signature } from "#engine/rules/signature.ts";

const actionRank: Readonly<Record<Signature["action"], number>> = {
  config: 0,
  pass: 1,
  drop: 2,
  reject: 3,
  rejectsrc: 3,
  rejectdst: 3,
  rejectboth: 3,
  alert: 4,
};

/** Who sets a variable of this kind is judged before who only asks for it, and that before who does neither. */
function variableRank(signature: Signature, kind: "flowbits" | "flowint" | "xbits"): number {
  const sets = signature.effects.some((effect) => effect.type === kind);
  const asks = signature.flowTests.some((test) => test.type === kind);
  return sets ? (asks ? 1 : 0) : asks ? 2 : 3;
}

/**
 * The order in which Suricata judges (its manual, "Action-order" and "Rule ordering"): by action, who sets bits before
 * who asks for them, the most severe first, and then as they stand in the files.
 */
export function inOrder(signatures: readonly Signature[]): readonly Signature[] {
  const ranked = signatures.map((signature) => ({
    signature,
    rank:
      actionRank[signature.action] * 64 +
      variableRank(signature, "flowbits") * 16 +
      variableRank(signature, "flowint") * 4 +
      variableRank(signature, "xbits"),
  }));
  // `sort` is stable: what is equal stays in the order of the files.
  ranked.sort((a, b) => a.rank - b.rank || a.signature.priority - b.signature.priority);
  return ranked.map(({ signature }) => signature);
}
