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

/** Names of machines and domains, and MAC addresses: what is accused and has no network. */
const namePattern = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$|^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/** Why an entry of the list would never keep anything back, with what to write instead; `undefined` when it is right. */
export function allowTrouble(text: string, isDetector: (name: string) => boolean): string | undefined {
  const cut = text.indexOf("=");
  const detector = text.slice(0, Math.max(0, cut)).trim();
  const who = text.slice(cut + 1).trim();
  if (cut >= 0 && !isDetector(detector))
    return `${JSON.stringify(text)}: no detector is called ${JSON.stringify(detector)}; \`oddwire config list\` has them as NAME.enabled`;
  if (who === "") return `${JSON.stringify(text)} names nobody; write WHO or DETECTOR=WHO, WHO being an address, a network or a name`;
  if (new Networks([who]).bad.length === 0) return undefined;
  if (who.startsWith("*.")) return `${JSON.stringify(text)}: write ${who.slice(2)}, which covers every name below it`;
  if (/^[\d.]+$/.test(who) || who.includes("/") || !namePattern.test(who))
    return `${JSON.stringify(text)} is no address, network or name; write 10.0.0.5, 10.0.0.0/24 or updates.example.com`;
  return undefined;
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
