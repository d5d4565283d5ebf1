import type { ModelReader, ModelWriter } from "./model-file.ts";

/**
 * Which features move together: correlations learned one example at a time, then clusters by single linkage on
 * 1 − correlation, whose tree is cut from the top until no part has more than a given number of features (Kitsune,
 * section V-B). Residuals are taken from the running mean, as the paper does.
 */
export class CorrelationMap {
  readonly #features: number;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  /** Upper triangle, row by row, without the diagonal. */
  readonly #products: Float64Array;
  readonly #residuals: Float64Array;
  #count = 0;

  constructor(features: number) {
    this.#features = features;
    this.#sums = new Float64Array(features);
    this.#squares = new Float64Array(features);
    this.#residuals = new Float64Array(features);
    this.#products = new Float64Array((features * (features - 1)) / 2);
  }

  learn(x: ArrayLike<number>): void {
    const n = this.#features;
    const residuals = this.#residuals;
    this.#count++;
    for (let i = 0; i < n; i++) {
      const sum = (this.#sums[i] as number) + (x[i] as number);
      this.#sums[i] = sum;
      const residual = (x[i] as number) - sum / this.#count;
      residuals[i] = residual;
      this.#squares[i] = (this.#squares[i] as number) + residual * residual;
    }
    const products = this.#products;
    for (let i = 0, at = 0; i < n; i++) {
      const residual = residuals[i] as number;
      for (let j = i + 1; j < n; j++, at++) products[at] = (products[at] as number) + residual * (residuals[j] as number);
    }
  }

  /** Clusters of at most `sizeMax` features; each in rising order, and they by their first feature. */
  clusters(sizeMax: number): number[][] {
    const parts: number[][] = [];
    const stack = [this.#tree()];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node.features.length <= sizeMax || node.children === undefined) parts.push(node.features.toSorted((a, b) => a - b));
      else stack.push(...node.children);
    }
    return parts.toSorted((a, b) => (a[0] as number) - (b[0] as number));
  }

  save(to: ModelWriter): void {
    to.add(Float64Array.of(this.#count)).add(this.#sums).add(this.#squares).add(this.#products);
  }

  restore(from: ModelReader): void {
    this.#count = from.f64(1)[0] as number;
    this.#sums.set(from.f64(this.#features));
    this.#squares.set(from.f64(this.#features));
    this.#products.set(from.f64(this.#products.length));
  }

  /** The tree of single linkage: the edges of a minimum spanning tree, shortest first, join what they connect. */
  #tree(): Cluster {
    const clusters: Cluster[] = Array.from({ length: this.#features }, (_, feature) => ({ features: [feature] }));
    const edges = this.#spanningTree().toSorted((a, b) => a.distance - b.distance || a.from - b.from || a.to - b.to);
    for (const { from, to } of edges) {
      const children = [clusters[from] as Cluster, clusters[to] as Cluster] as const;
      const joined = { features: [...children[0].features, ...children[1].features], children };
      for (const feature of joined.features) clusters[feature] = joined;
    }
    return clusters[0] ?? { features: [] };
  }

  /** Prim's algorithm from feature 0. */
  #spanningTree(): Edge[] {
    const n = this.#features;
    const distances = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    const parents = new Uint32Array(n);
    const outside = new Set(Array.from({ length: n }, (_, i) => i));
    const edges: Edge[] = [];
    outside.delete(0);
    for (let last = 0; outside.size > 0; ) {
      let next = -1;
      for (const i of outside) {
        const distance = this.#distance(last, i);
        if (distance < (distances[i] as number)) {
          distances[i] = distance;
          parents[i] = last;
        }
        if (next < 0 || (distances[i] as number) < (distances[next] as number)) next = i;
      }
      outside.delete(next);
      edges.push({ from: parents[next] as number, to: next, distance: distances[next] as number });
      last = next;
    }
    return edges;
  }

  /** 1 − correlation, 0…2; 1 to a feature that never moved. */
  #distance(a: number, b: number): number {
    const [i, j] = a < b ? [a, b] : [b, a];
    const at = i * this.#features - (i * (i + 1)) / 2 + j - i - 1;
    const scale = Math.sqrt((this.#squares[i] as number) * (this.#squares[j] as number));
    return scale > 0 ? Math.max(0, 1 - (this.#products[at] as number) / scale) : 1;
  }
}

interface Cluster {
  readonly features: readonly number[];
  readonly children?: readonly [Cluster, Cluster];
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly distance: number;
}
