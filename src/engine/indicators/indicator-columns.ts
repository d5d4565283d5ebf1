import { type Indicator, type IndicatorType, indicatorTypes } from "./indicator.ts";
import { TextArena } from "./text-arena.ts";

/** What a list says of its entries beside their values: few different rows for many entries. */
interface Origin {
  readonly list: string;
  readonly source: string;
  readonly severity: number;
}

const originsMax = 65_535;

/** What is known of each entry, by its number, in columns: 15 bytes an entry, and its note. */
export class IndicatorColumns {
  readonly #texts = new TextArena();
  readonly #origins: Origin[] = [];
  readonly #originNumbers = new Map<string, number>();
  #types = new Uint8Array(1024);
  #origin = new Uint16Array(1024);
  #expires = new Uint32Array(1024);
  #notes = new Uint32Array(1024);
  /** Entry that has the same value, -1 for none. */
  #same = new Int32Array(1024);
  #ports = new Uint16Array(0);
  count = 0;

  get memoryBytes(): number {
    const columns = [this.#types, this.#origin, this.#expires, this.#notes, this.#same, this.#ports];
    return columns.reduce((sum, column) => sum + column.byteLength, this.#texts.memoryBytes);
  }

  add(indicator: Indicator, list: string): number {
    if (this.count === this.#types.length) this.#resize(Math.ceil(this.count * 1.5));
    const entry = this.count++;
    this.#types[entry] = indicatorTypes.indexOf(indicator.type);
    this.#origin[entry] = this.#originOf(list, indicator.source, indicator.severity);
    this.#expires[entry] = indicator.expires;
    this.#notes[entry] = this.#texts.add(indicator.note);
    this.#same[entry] = -1;
    if (indicator.port !== 0) {
      if (this.#ports.length === 0) this.#ports = new Uint16Array(this.#types.length);
      this.#ports[entry] = indicator.port;
    }
    return entry;
  }

  /** `entry` has the value that `before` had already. */
  chain(entry: number, before: number): void {
    this.#same[entry] = before;
  }

  sameAs(entry: number): number {
    return this.#same[entry] as number;
  }

  typeOf(entry: number): IndicatorType {
    return indicatorTypes[this.#types[entry] as number] as IndicatorType;
  }

  /** Port that it is meant with; 0 for any. */
  portOf(entry: number): number {
    return this.#ports[entry] ?? 0;
  }

  /** True at a time, µs since 1970, when it still counts. */
  isCurrent(entry: number, time: number): boolean {
    const expires = this.#expires[entry] as number;
    return expires === 0 || time < expires * 1e6;
  }

  expiresOf(entry: number): number {
    return this.#expires[entry] as number;
  }

  originOf(entry: number): Origin {
    return this.#origins[this.#origin[entry] as number] as Origin;
  }

  noteOf(entry: number): string {
    return this.#texts.at(this.#notes[entry] as number);
  }

  trim(): void {
    this.#resize(this.count);
    this.#texts.trim();
    this.#originNumbers.clear();
  }

  /** Past the limit of different rows, the source is left out. */
  #originOf(list: string, given: string, severity: number): number {
    const source = this.#origins.length < originsMax - 64 ? given : "";
    const key = `${severity} ${list} ${source}`;
    const known = this.#originNumbers.get(key);
    if (known !== undefined) return known;
    this.#origins.push({ list, source: this.#texts.at(this.#texts.add(source)), severity });
    this.#originNumbers.set(key, this.#origins.length - 1);
    return this.#origins.length - 1;
  }

  #resize(size: number): void {
    const grow = <T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(to: T, from: T): T => {
      to.set(from.subarray(0, Math.min(this.count, size)));
      return to;
    };
    this.#types = grow(new Uint8Array(size), this.#types);
    this.#origin = grow(new Uint16Array(size), this.#origin);
    this.#expires = grow(new Uint32Array(size), this.#expires);
    this.#notes = grow(new Uint32Array(size), this.#notes);
    this.#same = grow(new Int32Array(size), this.#same);
    if (this.#ports.length > 0) this.#ports = grow(new Uint16Array(size), this.#ports);
  }
}
