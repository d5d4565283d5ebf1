import type {
  CountAnswer,
  ErrorBody,
  EventPage,
  FlowAnswer,
  Health,
  KindFacts,
  KindsAnswer,
  LiveFlowsAnswer,
  StatsAnswer,
  TopAnswer,
} from "#schema/api.ts";
import type { DeliveriesAnswer } from "#schema/delivery.ts";
import type {
  FindingAnswer,
  FindingMark,
  FindingMarkChange,
  FindingState,
  FindingsAnswer,
  HostRisksAnswer,
  TechniquesAnswer,
} from "#schema/finding-mark.ts";
import type { PluginReloadAnswer, PluginsAnswer, UnknownOpcodesAnswer } from "#schema/game.ts";
import type { CapturesAnswer, GivenCapture } from "#schema/given-capture.ts";
import type { LiveSummary } from "#schema/live.ts";
import type { PlayerAnswer, PlayerMark, PlayerMarkChange, PlayersAnswer } from "#schema/player.ts";
import type {
  IndicatorAnswer,
  IndicatorLists,
  IndicatorRow,
  KeywordHit,
  KeywordLists,
  KeywordRow,
  ListRow,
  NewIndicator,
  RuleState,
} from "#schema/rule-lists.ts";
import type { BesideAnswer } from "#schema/suricata.ts";
import { type Entry, eventsAddress, filterEntries, kindAddress, questionEntries, withQuery } from "./addresses.ts";
import { DetectionClient } from "./detection-client.ts";

/** Which events are meant. All parts must hold. */
export interface Filter {
  /** Query language. */
  readonly q?: string | undefined;
  /** Microseconds since 1970, or ISO 8601. */
  readonly from?: number | string | undefined;
  /** Before this time. */
  readonly to?: number | string | undefined;
  /** Values that columns must have: one, or any of several. */
  readonly columns?: { readonly [column: string]: string | number | readonly (string | number)[] } | undefined;
}

/** A page of what is meant. */
export interface Question extends Filter {
  /** At most 1,000; 100 when absent. */
  readonly limit?: number | undefined;
  /** Column to sort by, `-` in front for descending; `-time` when absent. */
  readonly order?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Which players are meant. */
export interface PlayerQuestion extends Question {
  /** A part of the name, id or address. */
  readonly find?: string | undefined;
  readonly marked?: "watched" | "whitelisted" | "noted" | undefined;
}

/** Which findings are meant. */
export interface FindingQuestion extends Question {
  /** `open`: new or seen. */
  readonly state?: FindingState | "open" | undefined;
  /** Address of the source or target. */
  readonly host?: string | undefined;
}

export interface ClientOptions {
  /** `http://127.0.0.1:8080`; the empty text in a page of the server itself. */
  readonly url?: string;
  /** Longest wait for an answer, milliseconds; 30,000 when absent. */
  readonly timeoutMs?: number;
  /** Another `fetch`, for tests and Unix sockets. */
  readonly fetch?: typeof globalThis.fetch;
}

const TIMEOUT_MS = 30_000;

/** The server refused, or could not be reached (`status` 0). `message` is for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly mend: string;

  constructor(status: number, { code, message, mend }: ErrorBody["error"], options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.mend = mend;
  }
}

/** What can be asked of a server. Every method takes a signal that ends the question. */
export class ApiClient {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #fetch: typeof globalThis.fetch;
  /** What is told, and what is not. */
  readonly detection: DetectionClient = new DetectionClient({
    get: (address, signal) => this.#get(address, signal),
    change: (method, address, body) => this.#change(method, address, body),
  });

  constructor({ url = "", timeoutMs = TIMEOUT_MS, fetch }: ClientOptions = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#timeoutMs = timeoutMs;
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  health(signal?: AbortSignal): Promise<Health> {
    return this.#get("/api/v1/health", signal);
  }

  /** The newest summary without its flows, and the last hour in columns: at most `points` of them. */
  stats(range: { readonly from?: number; readonly points?: number } = {}, signal?: AbortSignal): Promise<StatsAnswer> {
    return this.#get(withQuery("/api/v1/stats", Object.entries(range)), signal);
  }

  /** How a Suricata or Zeek beside the engine is. */
  suricata(signal?: AbortSignal): Promise<BesideAnswer> {
    return this.#get("/api/v1/suricata", signal);
  }

  /** Address of a flow's packets as a pcap file. */
  packetsAddress(flowId: number): string {
    return `${this.#url}/api/v1/flows/${flowId}/packets`;
  }

  /** Captures that were given to be read. */
  captures(signal?: AbortSignal): Promise<CapturesAnswer> {
    return this.#get("/api/v1/captures", signal);
  }

  /** Begins to give one; its pieces follow in order, then `readCapture`. */
  beginCapture(name: string): Promise<GivenCapture> {
    return this.#change("POST", "/api/v1/captures", { name });
  }

  appendCapture(id: string, offset: number, piece: Blob): Promise<GivenCapture> {
    return this.#change("PUT", `/api/v1/captures/${id}/${offset}`, piece);
  }

  readCapture(id: string): Promise<GivenCapture> {
    return this.#change("POST", `/api/v1/captures/${id}/read`);
  }

  removeCapture(id: string): Promise<CapturesAnswer> {
    return this.#change("DELETE", `/api/v1/captures/${id}`);
  }

  /** Rules, keywords and indicators that the engine judges by. */
  rules(signal?: AbortSignal): Promise<RuleState> {
    return this.#get("/api/v1/rules", signal);
  }

  /** Reads all rule files and lists anew. */
  reloadRules(): Promise<RuleState> {
    return this.#change("POST", "/api/v1/rules/reload");
  }

  keywords(signal?: AbortSignal): Promise<KeywordLists> {
    return this.#get("/api/v1/keywords", signal);
  }

  addKeyword(line: string): Promise<KeywordRow> {
    return this.#change("POST", "/api/v1/keywords", { line });
  }

  switchKeyword(sid: number, on: boolean): Promise<unknown> {
    return this.#change("PATCH", `/api/v1/keywords/${sid}`, { on });
  }

  removeKeyword(sid: number): Promise<unknown> {
    return this.#change("DELETE", `/api/v1/keywords/${sid}`);
  }

  async testKeywords(text: string, signal?: AbortSignal): Promise<readonly KeywordHit[]> {
    return (await this.#get<{ readonly hits: readonly KeywordHit[] }>(withQuery("/api/v1/keywords/test", [["text", text]]), signal)).hits;
  }

  indicators(signal?: AbortSignal): Promise<IndicatorLists> {
    return this.#get("/api/v1/indicators", signal);
  }

  addIndicator(indicator: NewIndicator): Promise<IndicatorRow> {
    return this.#change("POST", "/api/v1/indicators", indicator);
  }

  removeIndicator(value: string): Promise<unknown> {
    return this.#change("DELETE", "/api/v1/indicators", { value });
  }

  testIndicator(value: string, signal?: AbortSignal): Promise<IndicatorAnswer> {
    return this.#get(withQuery("/api/v1/indicators/test", [["value", value]]), signal);
  }

  /** Writes a whole list of indicators. */
  putIndicatorList(name: string, text: string): Promise<ListRow> {
    return this.#change("PUT", `/api/v1/indicators/lists/${encodeURIComponent(name)}`, text);
  }

  switchIndicatorList(name: string, on: boolean): Promise<unknown> {
    return this.#change("PATCH", `/api/v1/indicators/lists/${encodeURIComponent(name)}`, { on });
  }

  removeIndicatorList(name: string): Promise<unknown> {
    return this.#change("DELETE", `/api/v1/indicators/lists/${encodeURIComponent(name)}`);
  }

  /** Players of games, each once, as its newest event tells it. */
  players({ find, marked, ...question }: PlayerQuestion = {}, signal?: AbortSignal): Promise<PlayersAnswer> {
    const entries: readonly Entry[] = [["find", find], ["marked", marked], ...questionEntries(question)];
    return this.#get(withQuery("/api/v1/players", entries), signal);
  }

  player(id: string, signal?: AbortSignal): Promise<PlayerAnswer> {
    return this.#get(`/api/v1/players/${encodeURIComponent(id)}`, signal);
  }

  /** Changes what people say of a player; resolves with what holds then. */
  async markPlayer(id: string, { note, watched, whitelisted }: PlayerMarkChange): Promise<PlayerMark | undefined> {
    const changes = [
      ["notes", note === undefined ? undefined : { text: note }],
      ["watch", watched === undefined ? undefined : { on: watched }],
      ["whitelist", whitelisted === undefined ? undefined : { on: whitelisted }],
    ] as const;
    let mark: PlayerMark | undefined;
    for (const [what, body] of changes)
      if (body !== undefined) mark = await this.#change("PUT", `/api/v1/players/${encodeURIComponent(id)}/${what}`, body);
    return mark;
  }

  /** Findings, each cause once, with its state. */
  findings({ state, host, ...question }: FindingQuestion = {}, signal?: AbortSignal): Promise<FindingsAnswer> {
    const entries: readonly Entry[] = [["state", state], ["host", host], ...questionEntries(question)];
    return this.#get(withQuery("/api/v1/findings/causes", entries), signal);
  }

  finding(id: string, signal?: AbortSignal): Promise<FindingAnswer> {
    return this.#get(`/api/v1/findings/${encodeURIComponent(id)}`, signal);
  }

  /** Says where a finding stands, or writes the note on it. */
  markFinding(id: string, change: FindingMarkChange): Promise<FindingMark> {
    return this.#change("PUT", `/api/v1/findings/${encodeURIComponent(id)}/mark`, change);
  }

  /** Techniques of ATT&CK that the newest findings name. */
  techniques(signal?: AbortSignal): Promise<TechniquesAnswer> {
    return this.#get("/api/v1/findings/techniques", signal);
  }

  /** Hosts by their risk. */
  hostRisks(signal?: AbortSignal): Promise<HostRisksAnswer> {
    return this.#get("/api/v1/hosts/risk", signal);
  }

  /** Plugins of games and how they are. */
  plugins(signal?: AbortSignal): Promise<PluginsAnswer> {
    return this.#get("/api/v1/plugins", signal);
  }

  /** Loads anew the plugins whose files have changed, or the named one always. */
  reloadPlugins(name?: string): Promise<PluginReloadAnswer> {
    return this.#change("POST", "/api/v1/plugins/reload", name === undefined ? {} : { name });
  }

  /** What was collected of opcodes that nobody knows. */
  unknownOpcodes(signal?: AbortSignal): Promise<UnknownOpcodesAnswer> {
    return this.#get("/api/v1/catalog/unknown", signal);
  }

  /** Receivers of findings and alerts. */
  deliveries(signal?: AbortSignal): Promise<DeliveriesAnswer> {
    return this.#get("/api/v1/deliveries", signal);
  }

  summary(signal?: AbortSignal): Promise<LiveSummary> {
    return this.#get("/api/v1/summary", signal);
  }

  /** The most recently active flows; those that match, when `q` is given. */
  liveFlows(q?: string, signal?: AbortSignal): Promise<LiveFlowsAnswer> {
    return this.#get(withQuery("/api/v1/live/flows", [["q", q]]), signal);
  }

  async kinds(signal?: AbortSignal): Promise<readonly KindFacts[]> {
    return (await this.#get<KindsAnswer>("/api/v1/kinds", signal)).kinds;
  }

  /** Events of a kind, newest first unless `order` says otherwise. */
  events(kind: string, question: Question = {}, signal?: AbortSignal): Promise<EventPage> {
    return this.#get(eventsAddress(kind, question), signal);
  }

  /** Every event that matches, page after page, at most `max`. */
  async *allEvents(kind: string, question: Question = {}, max = Number.POSITIVE_INFINITY, signal?: AbortSignal) {
    let left = max;
    let cursor = question.cursor;
    do {
      const page = await this.events(kind, { limit: 1000, ...question, cursor }, signal);
      for (const event of page.events) {
        if (left-- <= 0) return;
        yield event;
      }
      cursor = page.next;
    } while (cursor !== undefined);
  }

  async count(kind: string, filter: Filter = {}, signal?: AbortSignal): Promise<number> {
    return (await this.#get<CountAnswer>(withQuery(`${kindAddress(kind)}/count`, filterEntries(filter)), signal)).count;
  }

  /** The largest groups of a column, by events, or by the sum of column `sum`. */
  top(
    kind: string,
    group: { readonly column: string; readonly sum?: string | undefined; readonly limit?: number | undefined },
    filter: Filter = {},
    signal?: AbortSignal,
  ): Promise<TopAnswer> {
    return this.#get(withQuery(`${kindAddress(kind)}/top`, [...Object.entries(group), ...filterEntries(filter)]), signal);
  }

  /** A flow with its timeline. */
  flow(flowId: number, signal?: AbortSignal): Promise<FlowAnswer> {
    return this.#get(`/api/v1/flows/${flowId}`, signal);
  }

  /** Address of the same page of events as a CSV file, for a link. */
  csvAddress(kind: string, question: Question = {}): string {
    return this.#url + withQuery(kindAddress(kind), [...questionEntries(question), ["format", "csv"]]);
  }

  #get<T>(address: string, signal: AbortSignal | undefined): Promise<T> {
    return this.#ask(address, { headers: { accept: "application/json" } }, signal);
  }

  /** A change; a text is sent as it is. */
  #change<T>(method: string, address: string, body?: object | string | Blob): Promise<T> {
    const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": mediaTypeOf(body) }) };
    const content = typeof body === "object" && !(body instanceof Blob) ? JSON.stringify(body) : body;
    return this.#ask(address, { method, headers, ...(content === undefined ? {} : { body: content }) }, undefined);
  }

  async #ask<T>(address: string, init: RequestInit, signal: AbortSignal | undefined): Promise<T> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(this.#url + address, { ...init, signal: either });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw unreachable(timeout.aborted ? "the server does not answer" : "the server is not reachable", error);
    }
    if (response.ok) return parseJson(text) as T;
    throw new ApiError(response.status, errorOf(text) ?? { code: "", message: `the server answered ${response.status}`, mend: "" });
  }
}

function mediaTypeOf(body: object | string | Blob): string {
  if (typeof body === "string") return "text/plain; charset=utf-8";
  return body instanceof Blob ? "application/octet-stream" : "application/json";
}

const unreachable = (message: string, cause: unknown): ApiError =>
  new ApiError(0, { code: "ODW_UNREACHABLE", message, mend: "see whether it runs" }, { cause });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreachable("what answers there is no Oddwire", cause);
  }
}

function errorOf(text: string): ErrorBody["error"] | undefined {
  try {
    return (JSON.parse(text) as Partial<ErrorBody>).error;
  } catch {
    return undefined;
  }
}
