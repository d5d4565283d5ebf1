import { Random } from "#base/random.ts";
import { type ModelKind, ModelReader, ModelWriter } from "./model-file.ts";
import { RunningRange } from "./running-range.ts";

/**
 * Half-space trees (Tan, Ting and Liu, IJCAI 2011): random trees halve the space of the features; what falls where few
 * examples of the last window fell is strange. The trees never change, only the masses of their nodes do, so an example
 * costs trees × depth steps. The published score Σ mass·2^depth is high for what is usual; here it is turned round and
 * put on a scale of logarithms, which changes no order: 0 as crowded as can be, 1 alone.
 *
 * Poor at what fills a window by itself, floods for one: they become the mass.
 */
export interface HalfSpaceTreesOptions {
  readonly features: number;
  readonly trees?: number;
  /** Memory is 10 bytes · trees · 2^(depth+1): 16 MB with 25 trees of depth 15. */
  readonly depth?: number;
  /** Examples whose masses are compared with; also those that the first ranges are taken from. */
  readonly windowExamples?: number;
  /** A node with less than this share of a window is not looked into any further. */
  readonly massShareMin?: number;
  readonly seed?: number;
}

export interface SplitShare {
  readonly feature: number;
  /** Part of the isolation that splits on this feature brought; all sum to 1. */
  readonly share: number;
}

const defaults = { trees: 25, depth: 15, windowExamples: 250, massShareMin: 0.1, seed: 1 } as const;

export class HalfSpaceTrees {
  readonly #options: Required<HalfSpaceTreesOptions>;
  readonly #nodes: number;
  readonly #splitFeature: Uint16Array;
  readonly #splitAt: Float32Array;
  /** Examples of the last window in each node, and of the one that is running. */
  #mass: Uint16Array;
  #latest: Uint16Array;
  readonly #range: RunningRange;
  readonly #point: Float32Array;
  readonly #massMin: number;
  #windows = 0;

  constructor(options: HalfSpaceTreesOptions) {
    this.#options = { ...defaults, ...options };
    const { features, trees, depth, windowExamples, massShareMin, seed } = this.#options;
    this.#nodes = 2 ** (depth + 1);
    this.#splitFeature = new Uint16Array(trees * this.#nodes);
    this.#splitAt = new Float32Array(trees * this.#nodes);
    this.#mass = new Uint16Array(trees * this.#nodes);
    this.#latest = new Uint16Array(trees * this.#nodes);
    this.#range = new RunningRange(features, windowExamples);
    this.#point = new Float32Array(features);
    this.#massMin = massShareMin * windowExamples;
    const random = new Random(seed);
    for (let tree = 0; tree < trees; tree++) this.#grow(tree, random.fork(`tree ${tree}`));
  }

  /** Scores the example, then learns it. 0…1; 0 during the first two windows: the ranges, then the masses. */
  process(x: ArrayLike<number>): number {
    const ready = this.#range.scale(x, this.#point);
    const ended = this.#range.learn(x);
    if (!ready) return 0;
    const score = this.#windows > 0 ? this.#score() : 0;
    this.#count();
    if (ended) {
      [this.#mass, this.#latest] = [this.#latest, this.#mass];
      this.#latest.fill(0);
      this.#windows++;
    }
    return score;
  }

  /** What set the last example apart, most first; empty where nothing did. */
  explain(top: number): SplitShare[] {
    if (this.#windows === 0) return [];
    const gains = new Float64Array(this.#options.features);
    let sum = 0;
    for (let tree = 0; tree < this.#options.trees; tree++)
      this.#descend(tree, (node, child) => {
        // A split at random leaves half; what leaves less has told something.
        const left = Math.log2(((this.#mass[node] as number) + 1) / ((this.#mass[child] as number) + 1)) - 1;
        if (left <= 0) return;
        const feature = this.#splitFeature[node] as number;
        gains[feature] = (gains[feature] as number) + left;
        sum += left;
      });
    const shares = Array.from(gains, (gain, feature) => ({ feature, share: sum > 0 ? gain / sum : 0 }));
    return shares
      .filter(({ share }) => share > 0)
      .toSorted((a, b) => b.share - a.share || a.feature - b.feature)
      .slice(0, top);
  }

  state(): Uint8Array {
    const writer = new ModelWriter(kindOf(this.#options)).add(Uint32Array.of(this.#windows));
    this.#range.save(writer);
    return writer.add(sparse(this.#mass)).add(sparse(this.#latest)).bytes();
  }

  /** Throws ModelRefused. */
  static from(state: Uint8Array, options: HalfSpaceTreesOptions): HalfSpaceTrees {
    const trees = new HalfSpaceTrees(options);
    const reader = new ModelReader(state, kindOf(trees.#options));
    trees.#windows = reader.u32(1)[0] as number;
    trees.#range.restore(reader);
    for (const mass of [trees.#mass, trees.#latest]) {
      const pairs = reader.u32(2 * mass.length, 0);
      for (let i = 0; i + 1 < pairs.length; i += 2) {
        if ((pairs[i] as number) >= mass.length || (pairs[i + 1] as number) > trees.#options.windowExamples)
          reader.refuse("its masses do not fit the trees");
        mass[pairs[i] as number] = pairs[i + 1] as number;
      }
    }
    reader.end();
    return trees;
  }

  /** Node k has the children 2k and 2k+1; the root is 1. Each tree takes a space of its own around 0…1. */
  #grow(tree: number, random: Random): void {
    const { features } = this.#options;
    const base = tree * this.#nodes;
    const low = new Float64Array(features);
    const high = new Float64Array(features);
    for (let f = 0; f < features; f++) {
      const centre = random.unit();
      const reach = 2 * Math.max(centre, 1 - centre);
      low[f] = centre - reach;
      high[f] = centre + reach;
    }
    const half = this.#nodes / 2;
    const split = (node: number): void => {
      if (node >= half) return;
      const f = random.between(0, features);
      const [least, most] = [low[f] as number, high[f] as number];
      const middle = (least + most) / 2;
      this.#splitFeature[base + node] = f;
      this.#splitAt[base + node] = middle;
      high[f] = middle;
      split(2 * node);
      high[f] = most;
      low[f] = middle;
      split(2 * node + 1);
      low[f] = least;
    };
    split(1);
  }

  #count(): void {
    const { trees, depth } = this.#options;
    for (let tree = 0; tree < trees; tree++) {
      const base = tree * this.#nodes;
      for (let level = 0, node = 1; level <= depth; level++) {
        const at = base + node;
        this.#latest[at] = (this.#latest[at] as number) + 1;
        const right = (this.#point[this.#splitFeature[at] as number] as number) >= (this.#splitAt[at] as number);
        node = 2 * node + (right ? 1 : 0);
      }
    }
  }

  #score(): number {
    const { trees, depth, windowExamples } = this.#options;
    let sum = 0;
    for (let tree = 0; tree < trees; tree++) {
      const base = tree * this.#nodes;
      let node = 1;
      let level = 0;
      let mass = this.#mass[base + 1] as number;
      while (level < depth && mass >= this.#massMin) {
        const at = base + node;
        const right = (this.#point[this.#splitFeature[at] as number] as number) >= (this.#splitAt[at] as number);
        node = 2 * node + (right ? 1 : 0);
        level++;
        mass = this.#mass[base + node] as number;
      }
      sum += mass * 2 ** level;
    }
    return 1 - Math.log2(1 + sum / trees) / Math.log2(1 + windowExamples * 2 ** depth);
  }

  #descend(tree: number, visit: (node: number, child: number) => void): void {
    const base = tree * this.#nodes;
    for (let level = 0, node = 1; level < this.#options.depth && (this.#mass[base + node] as number) >= this.#massMin; level++) {
      const at = base + node;
      const right = (this.#point[this.#splitFeature[at] as number] as number) >= (this.#splitAt[at] as number);
      node = 2 * node + (right ? 1 : 0);
      visit(at, base + node);
    }
  }
}

const kindOf = (options: Required<HalfSpaceTreesOptions>): ModelKind => ({
  kind: "half-space-trees",
  version: 1,
  parameters: { ...options },
});

/** Place and number of whatever is not 0. */
function sparse(mass: Uint16Array): Uint32Array {
  const pairs: number[] = [];
  mass.forEach((count, at) => {
    if (count > 0) pairs.push(at, count);
  });
  return Uint32Array.from(pairs);
}
