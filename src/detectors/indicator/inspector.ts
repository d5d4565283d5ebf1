import { parseAddress } from "#base/address.ts";
import type { AlertTaker, FlowLookup, Inspector, LoadedRules, StreamInspection } from "#contract/inspector.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import { type Hit, type IndicatorType, indicatorTypes } from "#engine/indicators/indicator.ts";
import type { IndicatorSet } from "#engine/indicators/indicator-set.ts";
import { indicatorPlaces, type Place, stepsOf, textsAt } from "./facts.ts";
import type { LoadedIndicators } from "./load.ts";

/** Generator of indicators' alerts; `signature_id` is the number of the type, from 1. */
export const INDICATOR_GID = 9002;
/** Indicators that one flow tells of; more are looked for in vain. */
const hitsPerFlowMax = 64;
const TCP = 6;
const UDP = 17;
const SCTP = 132;
/** Servers whose port is not said in a URL. */
const silentPorts: ReadonlySet<number> = new Set([80, 443]);

interface Search {
  readonly name: string;
  readonly type: Place["type"];
  readonly steps: readonly string[];
}

/** Places to look at by kind of event, those only whose types are listed. */
function searchesOf(set: IndicatorSet): ReadonlyMap<string, readonly Search[]> {
  const wanted = (type: Place["type"]): boolean =>
    type === "name" ? set.has("domain") || set.has("address") : set.has(type) || set.has("digest");
  const byKind = new Map<string, Search[]>();
  for (const { kind, path, type } of indicatorPlaces) {
    if (!wanted(type)) continue;
    const searches = byKind.get(kind) ?? [];
    searches.push({ name: `${kind}.${path.replaceAll("[]", "")}`, type, steps: stepsOf(path) });
    byKind.set(kind, searches);
  }
  if (set.has("url") && !byKind.has("http")) byKind.set("http", []);
  return byKind;
}

/** Looks up what flows and transactions show; tells each indicator once a flow. */
export class IndicatorInspector implements Inspector {
  readonly readsStreams = false;
  readonly #flows: FlowLookup;
  readonly #alert: AlertTaker;
  /** Entries told of flows that are alive. Few flows have any. */
  readonly #told = new Map<number, Set<number>>();
  #set: IndicatorSet;
  #searches: ReadonlyMap<string, readonly Search[]>;

  constructor(rules: LoadedIndicators, flows: FlowLookup, alert: AlertTaker) {
    this.#flows = flows;
    this.#alert = alert;
    this.#set = rules.set;
    this.#searches = searchesOf(rules.set);
  }

  flowStart(slot: number): void {
    const set = this.#set;
    if (!set.has("address")) return;
    const flows = this.#flows;
    const at = flows.addressAt(slot);
    const ipv6 = flows.isIpv6(slot);
    const transport = flows.transportOf(slot);
    const hasPorts = transport === TCP || transport === UDP || transport === SCTP;
    for (const side of [0, 1] as const) {
      const port = hasPorts ? (side === 0 ? flows.clientPort(slot) : flows.serverPort(slot)) : 0;
      const hit = set.findAddress(flows.addressWords, at + side * 4, ipv6, port, flows.time);
      if (hit !== undefined) this.#tell(slot, 0, -1, hit, side === 0 ? "flow.src_ip" : "flow.dest_ip", undefined);
    }
  }

  open(slot: number): StreamInspection | undefined {
    return this.#searches.size === 0 ? undefined : new IndicatorStream(this, slot);
  }

  transaction(slot: number, kind: string, side: Side, txId: number, fields: Transaction): void {
    const searches = this.#searches.get(kind);
    if (searches === undefined) return;
    const members = (): Members => (kind === "fileinfo" ? { files: [fields] } : { [kind]: fields });
    for (const { name, type, steps } of searches)
      textsAt(fields, steps, (text) => {
        const hit = this.#find(type, text);
        if (hit !== undefined) this.#tell(slot, side, txId, hit, name, members(), text);
      });
    if (kind === "http") this.#url(slot, side, txId, fields, members);
  }

  stream(): void {
    // Indicators are no bytes.
  }

  gap(): void {
    // What is missing shows nothing.
  }

  event(): void {
    // Complaints name nothing that could be listed.
  }

  packet(): void {
    // Everything was told when it came.
  }

  flowEnd(slot: number): void {
    this.#told.delete(slot);
  }

  /** The new lists' entries have other numbers: what is listed still is told once more by flows that are alive. */
  use(rules: LoadedRules): void {
    this.#set = (rules as LoadedIndicators).set;
    this.#searches = searchesOf(this.#set);
    this.#told.clear();
  }

  #find(type: Place["type"], text: string): Hit | undefined {
    const { time } = this.#flows;
    if (type !== "name") return this.#set.findDigits(type, text, time);
    const address = parseAddress(text);
    if (address === undefined) return this.#set.findDomain(text, time);
    return this.#set.findAddress(address.words, 0, address.version === 6, 0, time);
  }

  #url(slot: number, side: Side, txId: number, fields: Transaction, members: () => Members): void {
    const { hostname, url } = fields as { readonly hostname?: unknown; readonly url?: unknown };
    if (!this.#set.has("url") || typeof url !== "string") return;
    const { time } = this.#flows;
    let seen = url;
    let hit: Hit | undefined;
    if (url.includes("://") && !url.startsWith("/")) hit = this.#set.findUrl(url, time);
    else if (typeof hostname === "string") {
      const port = typeof fields["http_port"] === "number" ? fields["http_port"] : this.#flows.serverPort(slot);
      seen = `${hostname}${silentPorts.has(port) ? "" : `:${port}`}${url}`;
      hit = this.#set.findUrl(seen, time) ?? this.#set.findUrl(`${hostname}${url}`, time);
    }
    if (hit !== undefined) this.#tell(slot, side, txId, hit, "http.url", members(), seen);
  }

  #tell(slot: number, side: Side, txId: number, hit: Hit, place: string, members: Members | undefined, seen?: string): void {
    let told = this.#told.get(slot);
    if (told === undefined) {
      told = new Set();
      this.#told.set(slot, told);
    }
    if (told.has(hit.entry) || told.size >= hitsPerFlowMax) return;
    told.add(hit.entry);
    const { type, value, list, severity } = hit;
    this.#alert({
      slot,
      side,
      txId,
      alert: {
        action: "allowed",
        gid: INDICATOR_GID,
        signature_id: numberOf(type),
        rev: 1,
        signature: `Listed ${words[type]}: ${value}`,
        category: "indicator",
        severity,
      },
      members: {
        engine: "oddwire",
        indicator: {
          type,
          value,
          ...(seen === undefined || seen === value ? {} : { seen }),
          list,
          ...(hit.source === "" ? {} : { source: hit.source }),
          ...(hit.expires === 0 ? {} : { expires: new Date(hit.expires * 1000).toISOString().replace(".000", "") }),
          ...(hit.note === "" ? {} : { note: hit.note }),
          place,
        },
        direction: side === 0 ? "to_server" : "to_client",
        ...members,
      },
      gate: -1,
    });
  }
}

type Members = { readonly [member: string]: unknown };

const numberOf = (type: IndicatorType): number => indicatorTypes.indexOf(type) + 1;
const words: Readonly<Record<IndicatorType, string>> = {
  address: "address",
  domain: "name",
  url: "URL",
  ja3: "JA3",
  ja3s: "JA3S",
  ja4: "JA4",
  hassh: "HASSH",
  certificate: "certificate",
  md5: "file (MD5)",
  sha1: "file (SHA-1)",
  sha256: "file (SHA-256)",
  digest: "digest",
};

/** What one parser tells: only its transactions matter. */
class IndicatorStream implements StreamInspection {
  readonly #inspector: IndicatorInspector;
  readonly #slot: number;

  constructor(inspector: IndicatorInspector, slot: number) {
    this.#inspector = inspector;
    this.#slot = slot;
  }

  wants(): boolean {
    return false;
  }

  value(): void {
    // Transactions tell the same.
  }

  frame(): void {
    // Pieces of streams are not listed.
  }

  number(): void {
    // Numbers are not listed.
  }

  judge(): void {
    // Judged as soon as it is told.
  }

  transaction(kind: string, side: Side, txId: number, fields: Transaction): void {
    this.#inspector.transaction(this.#slot, kind, side, txId, fields);
  }

  event(): void {
    // Complaints name nothing that could be listed.
  }

  end(): void {
    // Nothing is kept.
  }
}
