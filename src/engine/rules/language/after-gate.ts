import type { Rejection, Signature } from "#engine/rules/signature.ts";

/**
 * Takes away the rules whose effects would have to wait for the word of thresholds or of bits that flows share: packets
 * of a tagged flow have gone by when that word is spoken. Changes `signatures`; returns what was taken away.
 */
export function refuseLateEffects(signatures: Signature[]): readonly Rejection[] {
  const rejections: Rejection[] = [];
  for (let index = signatures.length - 1; index >= 0; index--) {
    const { place, sid, text, effects, thresholds, flowTests, suppressions } = signatures[index] as Signature;
    if (!effects.some((effect) => effect.type === "tag" && effect.scope === "session")) continue;
    const reason = thresholds.length > 0 ? "a threshold" : flowTests.some(({ type }) => type === "xbits") ? "xbits" : undefined;
    if (reason === undefined && suppressions.every(({ addresses }) => addresses === undefined)) continue;
    rejections.push({
      place: { ...place, column: Math.max(0, text.search(/\btag\s*:/)) + 1 },
      sid,
      kind: "unsupported",
      cause: `tag is not supported together with ${reason ?? "suppressed addresses"}`,
      mend: "write two rules: one that tags, one that alerts",
      text,
    });
    signatures.splice(index, 1);
  }
  return rejections.toReversed();
}
