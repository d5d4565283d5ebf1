import { Networks } from "./networks.ts";

/** Who is never told: `10.0.0.5`, `scan=10.0.0.0/24`, `dns-tunnel=updates.example.com`. */
export class AllowList {
  readonly #everywhere: Entry;
  readonly #byDetector = new Map<string, Entry>();

  constructor(texts: readonly string[]) {
    const byDetector = new Map<string, string[]>();
    for (const text of texts) {
      const cut = text.indexOf("=");
      const detector = cut < 0 ? "" : text.slice(0, cut).trim();
      const who = text.slice(cut + 1).trim();
      byDetector.set(detector, [...(byDetector.get(detector) ?? []), who]);
    }
    this.#everywhere = new Entry(byDetector.get("") ?? []);
    for (const [detector, who] of byDetector) if (detector !== "") this.#byDetector.set(detector, new Entry(who));
  }

  covers(detector: string, source: string | undefined, target: string | undefined): boolean {
    const own = this.#byDetector.get(detector);
    return [source, target].some((who) => who !== undefined && (this.#everywhere.has(who) || own?.has(who) === true));
  }
}

class Entry {
  readonly #networks: Networks;
  readonly #names: readonly string[];

  constructor(texts: readonly string[]) {
    this.#networks = new Networks(texts);
    this.#names = this.#networks.bad.map((name) => name.toLowerCase());
  }

  /** An address in one of the networks, or a name or one below it. */
  has(who: string): boolean {
    if (this.#networks.hasText(who)) return true;
    const name = who.toLowerCase();
    return this.#names.some((allowed) => name === allowed || name.endsWith(`.${allowed}`));
  }
}
