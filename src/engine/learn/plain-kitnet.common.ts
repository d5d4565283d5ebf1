import { Random } from "#base/random.ts";

type Vector = number[];

/** KitNET written as its formulas are, without a thought for speed: the judge of the real one. */
export class PlainKitNet {
  readonly #rows: Vector[] = [];
  #coders: PlainAutoencoder[] = [];
  #output: PlainAutoencoder | undefined;
  clusters: number[][] = [];
  #learned = 0;
  readonly #map: number;
  readonly #train: number;
  readonly #seed: number;

  constructor(map: number, train: number, seed: number) {
    this.#map = map;
    this.#train = train;
    this.#seed = seed;
  }

  process(x: ArrayLike<number>): number {
    const row = Array.from(x);
    if (this.#learned < this.#map) this.#rows.push(row);
    else {
      const learn = this.#learned < this.#map + this.#train;
      const inner = this.#coders.map((coder, a) =>
        coder.process(
          (this.clusters[a] ?? []).map((i) => row[i] as number),
          learn,
        ),
      );
      const score = this.#output?.process(inner, learn) ?? 0;
      this.#learned++;
      return learn ? 0 : score;
    }
    if (++this.#learned === this.#map) {
      this.clusters = cut(distances(this.#rows), 10);
      const random = new Random(this.#seed);
      this.#coders = this.clusters.map((cluster, a) => new PlainAutoencoder(cluster.length, random.fork(`autoencoder ${a}`)));
      this.#output = new PlainAutoencoder(this.clusters.length, random.fork("output"));
    }
    return 0;
  }
}

class PlainAutoencoder {
  readonly #w: Vector[];
  readonly #b: Vector;
  readonly #c: Vector;
  readonly #min: Vector;
  readonly #max: Vector;

  constructor(visible: number, random: Random) {
    const hidden = Math.ceil(0.75 * visible);
    this.#w = Array.from({ length: visible }, () => Array.from({ length: hidden }, () => (2 * random.unit() - 1) / visible));
    this.#b = Array.from({ length: hidden }, () => 0);
    this.#c = Array.from({ length: visible }, () => 0);
    this.#min = this.#c.map(() => Infinity);
    this.#max = this.#c.map(() => -Infinity);
  }

  process(x: Vector, learn: boolean): number {
    const w = this.#w;
    if (learn)
      x.forEach((value, v) => {
        this.#min[v] = Math.min(value, this.#min[v] as number);
        this.#max[v] = Math.max(value, this.#max[v] as number);
      });
    const u = x.map((value, v) => (value - (this.#min[v] as number)) / ((this.#max[v] as number) - (this.#min[v] as number) + 1e-16));
    const y = this.#b.map((bias, h) => sigmoid(bias + dot(u, column(w, h))));
    const z = this.#c.map((bias, v) => sigmoid(bias + dot(y, w[v] as Vector)));
    const error = u.map((value, v) => value - (z[v] as number));
    if (learn) {
      const back = y.map((value, h) => dot(error, column(w, h)) * value * (1 - value));
      w.forEach((row, v) => {
        row.forEach((weight, h) => {
          row[h] = weight + 0.1 * ((u[v] as number) * (back[h] as number) + (error[v] as number) * (y[h] as number));
        });
      });
      back.forEach((value, h) => {
        this.#b[h] = (this.#b[h] as number) + 0.1 * value;
      });
      error.forEach((value, v) => {
        this.#c[v] = (this.#c[v] as number) + 0.1 * value;
      });
    }
    return Math.sqrt(dot(error, error) / error.length);
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const column = (w: readonly Vector[], h: number): Vector => w.map((row) => row[h] as number);

function distances(rows: readonly Vector[]): Vector[] {
  const n = rows[0]?.length ?? 0;
  const sums = Array.from({ length: n }, () => 0);
  const residuals = rows.map((row, k) =>
    row.map((value, i) => {
      sums[i] = (sums[i] as number) + value;
      return value - sums[i] / (k + 1);
    }),
  );
  const along = (i: number): Vector => residuals.map((row) => row[i] as number);
  const columns = Array.from({ length: n }, (_, i) => along(i));
  return columns.map((a) =>
    columns.map((b) => {
      const scale = Math.sqrt(dot(a, a) * dot(b, b));
      return scale > 0 ? Math.max(0, 1 - dot(a, b) / scale) : 1;
    }),
  );
}

interface Node {
  readonly members: readonly number[];
  readonly parts: readonly Node[];
}

/** Joins the two nearest clusters until one is left, then cuts from the top. */
function cut(distance: readonly Vector[], sizeMax: number): number[][] {
  let nodes: Node[] = distance.map((_, i) => ({ members: [i], parts: [] }));
  const between = (a: Node, b: Node): number =>
    Math.min(...a.members.flatMap((i) => b.members.map((j) => (distance[i] as Vector)[j] as number)));
  while (nodes.length > 1) {
    let best: [Node, Node] | undefined;
    let least = Infinity;
    nodes.forEach((a, i) => {
      for (const b of nodes.slice(i + 1)) {
        const far = between(a, b);
        if (far < least) {
          least = far;
          best = [a, b];
        }
      }
    });
    const [a, b] = best as [Node, Node];
    nodes = [...nodes.filter((node) => node !== a && node !== b), { members: [...a.members, ...b.members], parts: [a, b] }];
  }
  const split = (node: Node): number[][] =>
    node.members.length <= sizeMax ? [node.members.toSorted((a, b) => a - b)] : node.parts.flatMap(split);
  return split(nodes[0] as Node).toSorted((a, b) => (a[0] as number) - (b[0] as number));
}
