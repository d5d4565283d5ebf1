import { DampedTable } from "./damped-table.ts";
import { Halving } from "./halving.ts";
import { type ModelKind, ModelReader, ModelWriter } from "./model-file.ts";

/**
 * AfterImage: what the traffic around each packet looked like lately, as damped statistics (Mirsky et al., "Kitsune",
 * NDSS 2018, section IV). A stream keeps w, LS and SS per λ; after Δt they have shrunk by γ = 2^(−λΔt):
 *
 *   w ← γw+1   LS ← γLS+x   SS ← γSS+x²   μ = LS/w   σ² = |SS/w − μ²|
 *   of two opposite streams i, j:   SR ← γSR + (x−μ_i)·r_j   w3 ← γw3+1   cov = SR/w3   pcc = cov/(σ_i σ_j)
 *   magnitude = √(μ_i²+μ_j²)   radius = √(σ_i⁴+σ_j⁴)   with r_j the damped last residual of the other direction
 *
 * The order is that of the released program: 5 λ × 3 of (MAC, IP) · 5 × 7 of the sending host and its peer · 5 × 3 of the
 * gaps between the host pair's packets · 5 × 7 of the sending socket and its peer. A packet moves the covariance of its
 * own pair once; the released program also moves those of all the sender's other pairs, which costs without a bound.
 */
export interface TrafficPoint {
  /** Seconds, on any clock that mostly grows; time never goes back for a stream. */
  seconds: number;
  /** Bytes of the frame. */
  bytes: number;
  /** Keys are integers below 2^53, as a rule hashes; equal keys are one stream. */
  sourceMacIp: number;
  sourceHost: number;
  destinationHost: number;
  sourceSocket: number;
  destinationSocket: number;
}

export interface AfterImageOptions {
  /**
   * `exact`: sums in doubles, decay by power, as published: where all packets of a stream are of one size its variance is
   * what rounding left over, and correlations with it may be any number. `fast`: moments in floats, decay by table;
   * differs by some 1e-4 of a feature's range, and such variances are 0.
   */
  readonly mode?: "exact" | "fast";
  /** Decay rates per second: half is forgotten after 1/λ. */
  readonly lambdas?: readonly number[];
  /** Rows of each table, powers of two; at the limit the least recently seen of eight neighbours goes. */
  readonly macIpRowsMax?: number;
  readonly hostRowsMax?: number;
  readonly hostPairRowsMax?: number;
  readonly socketRowsMax?: number;
  readonly socketPairRowsMax?: number;
}

const defaults = {
  mode: "fast",
  lambdas: [5, 3, 1, 0.1, 0.01],
  macIpRowsMax: 8192,
  hostRowsMax: 16_384,
  hostPairRowsMax: 32_768,
  socketRowsMax: 65_536,
  socketPairRowsMax: 65_536,
} as const;

const stream = 3;
const pair = 4;
const plain = ["weight", "mean", "variance"] as const;
const both = [...plain, "radius", "magnitude", "covariance", "correlation"] as const;

type Floats = Float64Array | Float32Array;

/** Names of the features in their order: `host pair bytes, 1/s, covariance`. */
export function featureNames(lambdas: readonly number[] = defaults.lambdas): string[] {
  const part = (name: string, statistics: readonly string[]): string[] =>
    lambdas.flatMap((lambda) => statistics.map((statistic) => `${name}, ${lambda}/s, ${statistic}`));
  return [
    ...part("MAC and IP bytes", plain),
    ...part("host pair bytes", both),
    ...part("host pair gaps", plain),
    ...part("socket pair bytes", both),
  ];
}

export class AfterImage {
  /** Features per packet: 20 for each λ. */
  readonly features: number;
  readonly #options: Required<AfterImageOptions>;
  readonly #fast: boolean;
  readonly #lambdas: Float64Array;
  readonly #gammas: Float64Array;
  #gammasOf = -1;
  readonly #halving = new Halving();
  readonly #macIps: DampedTable<Floats>;
  readonly #hosts: DampedTable<Floats>;
  readonly #hostPairs: DampedTable<Floats>;
  readonly #gaps: DampedTable<Floats>;
  readonly #sockets: DampedTable<Floats>;
  readonly #socketPairs: DampedTable<Floats>;
  #packets = 0;

  constructor(options: AfterImageOptions = {}) {
    this.#options = { ...defaults, ...options };
    this.#fast = this.#options.mode === "fast";
    const lambdas = this.#options.lambdas;
    this.features = 20 * lambdas.length;
    this.#lambdas = Float64Array.from(lambdas);
    this.#gammas = new Float64Array(lambdas.length);
    const numbers = (length: number): Floats => (this.#fast ? new Float32Array(length) : new Float64Array(length));
    const table = (rows: number, width: number): DampedTable<Floats> => new DampedTable(rows, width * lambdas.length, numbers);
    this.#macIps = table(this.#options.macIpRowsMax, stream);
    this.#hosts = table(this.#options.hostRowsMax, stream);
    this.#hostPairs = table(this.#options.hostPairRowsMax, pair);
    this.#gaps = table(this.#options.hostPairRowsMax, stream);
    this.#sockets = table(this.#options.socketRowsMax, stream);
    this.#socketPairs = table(this.#options.socketPairRowsMax, pair);
  }

  /** Streams that were forgotten because a table was full. */
  get evicted(): number {
    return this.#tables().reduce((sum, table) => sum + table.evicted, 0);
  }

  /** Learns the packet and writes its features to the start of `out`. */
  update(point: TrafficPoint, out: Floats): void {
    const { seconds, bytes } = point;
    const many = this.#lambdas.length;
    const packet = ++this.#packets;
    const macIp = this.#macIps.touch(point.sourceMacIp, 0, packet, seconds);
    this.#insert(this.#macIps, macIp, seconds, bytes, out, 0, stream);
    const { sourceHost, destinationHost, sourceSocket, destinationSocket } = point;
    this.#both(this.#hosts, this.#hostPairs, sourceHost, destinationHost, seconds, bytes, out, 3 * many);
    const gap = this.#gaps.touch(sourceHost, destinationHost, packet, seconds);
    const waited = Math.max(0, seconds - (this.#gaps.times[gap] as number));
    this.#insert(this.#gaps, gap, seconds, waited, out, 10 * many, stream);
    this.#both(this.#sockets, this.#socketPairs, sourceSocket, destinationSocket, seconds, bytes, out, 13 * many);
  }

  state(): Uint8Array {
    const writer = new ModelWriter(kindOf(this.#options)).add(Float64Array.of(this.#packets));
    for (const table of this.#tables()) writer.add(table.dump());
    return writer.bytes();
  }

  /** Throws ModelRefused. */
  static from(state: Uint8Array, options: AfterImageOptions = {}): AfterImage {
    const image = new AfterImage(options);
    const reader = new ModelReader(state, kindOf(image.#options));
    image.#packets = reader.f64(1)[0] as number;
    for (const table of image.#tables())
      if (!table.restore(reader.f64(table.times.length * (5 + table.width), 0))) reader.refuse("its rows do not fit the tables");
    reader.end();
    return image;
  }

  #tables(): readonly DampedTable<Floats>[] {
    return [this.#macIps, this.#hosts, this.#hostPairs, this.#gaps, this.#sockets, this.#socketPairs];
  }

  #insert(table: DampedTable<Floats>, at: number, seconds: number, x: number, out: Floats, to: number, step: number): void {
    this.#decayTo(table, at, seconds);
    if (this.#fast) this.#insertMoments(table.rows, at * table.width, x, out, to, step);
    else this.#insertSums(table.rows, at * table.width, x, out, to, step);
  }

  #insertSums(rows: Floats, row: number, x: number, out: Floats, to: number, step: number): void {
    const gammas = this.#gammas;
    for (let k = 0, at = row, o = to; k < gammas.length; k++, at += stream, o += step) {
      const gamma = gammas[k] as number;
      const weight = (rows[at] as number) * gamma + 1;
      const sum = (rows[at + 1] as number) * gamma + x;
      const squares = (rows[at + 2] as number) * gamma + x * x;
      rows[at] = weight;
      rows[at + 1] = sum;
      rows[at + 2] = squares;
      const mean = sum / weight;
      out[o] = weight;
      out[o + 1] = mean;
      out[o + 2] = Math.abs(squares / weight - mean * mean);
    }
  }

  /** The same statistics as mean and summed squares about it (West, 1979): in floats, LS and SS would lose the variance. */
  #insertMoments(rows: Floats, row: number, x: number, out: Floats, to: number, step: number): void {
    const gammas = this.#gammas;
    for (let k = 0, at = row, o = to; k < gammas.length; k++, at += stream, o += step) {
      const gamma = gammas[k] as number;
      const weight = (rows[at] as number) * gamma + 1;
      const share = 1 / weight;
      const before = rows[at + 1] as number;
      const mean = before + (x - before) * share;
      const squares = (rows[at + 2] as number) * gamma + (x - before) * (x - mean);
      rows[at] = weight;
      rows[at + 1] = mean;
      rows[at + 2] = squares;
      out[o] = weight;
      out[o + 1] = mean;
      out[o + 2] = squares * share;
    }
  }

  #both(
    streams: DampedTable<Floats>,
    pairs: DampedTable<Floats>,
    source: number,
    destination: number,
    seconds: number,
    x: number,
    out: Floats,
    to: number,
  ): void {
    const from = streams.touch(source, 0, this.#packets, seconds);
    this.#insert(streams, from, seconds, x, out, to, 7);
    // The peer's means and variances do not change by decay, so its row is left as it is.
    const peer = streams.touch(destination, 0, this.#packets, seconds) * streams.width;
    const ordered = source <= destination;
    const at = pairs.touch(ordered ? source : destination, ordered ? destination : source, this.#packets, seconds);
    this.#decayTo(pairs, at, seconds);
    this.#relate(streams.rows, peer, pairs.rows, at * pairs.width, ordered ? 2 : 3, x, out, to);
  }

  #relate(streams: Floats, peer: number, pairs: Floats, row: number, own: number, x: number, out: Floats, to: number): void {
    const gammas = this.#gammas;
    const other = 5 - own;
    for (let k = 0, at = row, j = peer, o = to; k < gammas.length; k++, at += pair, j += stream, o += 7) {
      const gamma = gammas[k] as number;
      const mean = out[o + 1] as number;
      const variance = out[o + 2] as number;
      const peerWeight = streams[j] as number;
      const peerFirst = streams[j + 1] as number;
      const peerSecond = peerWeight > 0 ? (streams[j + 2] as number) / peerWeight : 0;
      const peerMean = this.#fast || peerWeight === 0 ? peerFirst : peerFirst / peerWeight;
      const peerVariance = this.#fast ? peerSecond : Math.abs(peerSecond - peerMean * peerMean);
      const residual = (pairs[at + other] as number) * gamma;
      const products = (pairs[at] as number) * gamma + (x - mean) * residual;
      const weight = (pairs[at + 1] as number) * gamma + 1;
      pairs[at] = products;
      pairs[at + 1] = weight;
      pairs[at + other] = residual;
      pairs[at + own] = x - mean;
      const covariance = products / weight;
      const deviations = Math.sqrt(variance * peerVariance);
      out[o + 3] = Math.sqrt(variance * variance + peerVariance * peerVariance);
      out[o + 4] = Math.sqrt(mean * mean + peerMean * peerMean);
      out[o + 5] = covariance;
      out[o + 6] = deviations > 0 ? covariance / deviations : 0;
    }
  }

  /** Sets the decay factors of a row until `seconds` and dates the row; rows that waited equally long share them. */
  #decayTo(table: DampedTable<Floats>, at: number, seconds: number): void {
    const waited = seconds - (table.times[at] as number);
    // Also for a clock that went back, and for what is no number.
    if (!(waited > 0)) {
      if (this.#gammasOf !== 0) this.#gammas.fill(1);
      this.#gammasOf = 0;
      return;
    }
    table.times[at] = seconds;
    if (waited === this.#gammasOf) return;
    this.#gammasOf = waited;
    const gammas = this.#gammas;
    for (let k = 0; k < gammas.length; k++) {
      const y = (this.#lambdas[k] as number) * waited;
      gammas[k] = this.#fast ? this.#halving.of(y) : 2 ** -y;
    }
  }
}

const kindOf = (options: Required<AfterImageOptions>): ModelKind => ({ kind: "after-image", version: 1, parameters: { ...options } });
