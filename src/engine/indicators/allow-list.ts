import { parseAddress } from "#base/address.ts";
import type { Indicator, IndicatorType } from "./indicator.ts";
import { NetworkTable } from "./network-table.ts";

/**
 * What must never alert, whatever other lists say and however narrow they are: an allowed network covers its addresses,
 * an allowed name the names below it and the URLs there. Compared as texts, so that nobody can slip through beside it.
 */
export class AllowList {
  readonly #values = new Set<string>();
  readonly #networks = { 4: new NetworkTable(4), 6: new NetworkTable(6) };
  #domains = 0;

  get count(): number {
    return this.#values.size + this.#networks[4].count + this.#networks[6].count;
  }

  add({ type, value }: Indicator): void {
    if (type === "address") {
      const [address = "", prefix] = value.split("/");
      const parsed = parseAddress(address);
      if (parsed !== undefined)
        this.#networks[parsed.version].add(parsed.words, prefix === undefined ? (parsed.version === 4 ? 32 : 128) : Number(prefix), 0);
      return;
    }
    if (type === "domain") this.#domains++;
    this.#values.add(keyOf(type, value));
  }

  finish(): void {
    this.#networks[4].finish();
    this.#networks[6].finish();
  }

  hasAddress(words: ArrayLike<number>, at: number, ipv6: boolean): boolean {
    const networks = this.#networks[ipv6 ? 6 : 4];
    return networks.count > 0 && networks.find(words, at) >= 0;
  }

  /** True when the name or one above it is allowed. */
  hasDomain(name: string): boolean {
    if (this.#domains === 0) return false;
    for (let at = 0; ; ) {
      if (this.#values.has(keyOf("domain", name.slice(at)))) return true;
      const dot = name.indexOf(".", at);
      if (dot < 0) return false;
      at = dot + 1;
    }
  }

  hasDigits(type: IndicatorType, value: string): boolean {
    return this.#values.size > 0 && (this.#values.has(keyOf(type, value)) || this.#values.has(keyOf("digest", value)));
  }

  /** `key` is what `urlKey` makes of the URL. */
  hasUrl(key: string, host: string): boolean {
    if (this.count === 0) return false;
    if (this.#values.has(keyOf("url", key))) return true;
    const parsed = parseAddress(host.replace(/^\[|\]$/g, ""));
    return parsed === undefined ? this.hasDomain(host) : this.hasAddress(parsed.words, 0, parsed.version === 6);
  }
}

const keyOf = (type: IndicatorType, value: string): string => `${type} ${value}`;
