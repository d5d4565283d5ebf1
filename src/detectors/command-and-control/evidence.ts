import type { Reason } from "#contract/detector.ts";

/** Weighted signs of one thing: each alone is harmless, together they are not. */
export class Evidence {
  weight = 0;
  readonly #reasons: { readonly feature: string; readonly value: number | string; readonly weight: number }[] = [];

  add(applies: boolean, weight: number, feature: string, value: number | string): void {
    if (!applies) return;
    this.weight += weight;
    this.#reasons.push({ feature, value, weight });
  }

  /** Heaviest first, behind the sum and what it is compared with. */
  reasons(threshold: number): Reason[] {
    const sorted = this.#reasons.toSorted((a, b) => b.weight - a.weight);
    return [
      { feature: "points of evidence", value: this.weight, threshold, sample: sorted.length },
      ...sorted.map(({ feature, value }) => ({ feature, value })),
    ];
  }

  /** 0.6 at the threshold, towards 0.95 at twice of it. */
  score(threshold: number): number {
    return Math.min(0.95, 0.6 + (0.35 * (this.weight - threshold)) / threshold);
  }
}
