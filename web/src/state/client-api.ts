import { ApiClient } from "#client/client.ts";
import { LiveConnection, type LiveState as StreamState } from "#client/live-connection.ts";
import type { LiveMessage } from "#schema/api.ts";
import type { LiveFlow } from "#schema/live.ts";
import type { Api, Question } from "./api.ts";
import type { Connection, Kept, Message } from "./live-state.ts";

/** Stored anomalies, alerts and findings, of each, that a fresh page starts with. */
const NEWEST_ASKED = 60;

const forget = (): undefined => undefined;

type Receive = (message: Message) => void;

/** The server, through the typed client. */
export class ClientApi implements Api {
  readonly #url: string;
  readonly #client: ApiClient;
  readonly #server: ApiClient;
  readonly #capture: string | undefined;

  /** `path` is that of the capture `capture`, when the page is of one. */
  constructor(server: string, path = "", capture?: string) {
    this.#url = server + path;
    this.#client = new ApiClient({ url: this.#url });
    this.#server = path === "" ? this.#client : new ApiClient({ url: server });
    this.#capture = capture;
  }

  readonly captures: Api["captures"] = {
    list: (signal) => this.#server.captures(signal),
    begin: (name) => this.#server.beginCapture(name),
    append: (id, offset, piece) => this.#server.appendCapture(id, offset, piece),
    read: (id) => this.#server.readCapture(id),
    remove: (id) => this.#server.removeCapture(id),
  };

  readonly kinds: Api["kinds"] = (signal) => this.#client.kinds(signal);
  readonly health: Api["health"] = (signal) => this.#client.health(signal);
  readonly baselines: Api["baselines"] = (signal) => this.#client.detection.baselines({ scope: "host", limit: 8 }, signal);
  readonly suricata: Api["suricata"] = (signal) => this.#client.suricata(signal);
  readonly rules: Api["rules"] = {
    state: (signal) => this.#client.rules(signal),
    reload: () => this.#client.reloadRules(),
    keywords: (signal) => this.#client.keywords(signal),
    addKeyword: (line) => this.#client.addKeyword(line),
    switchKeyword: (sid, on) => this.#client.switchKeyword(sid, on),
    removeKeyword: (sid) => this.#client.removeKeyword(sid),
    testKeywords: (text, signal) => this.#client.testKeywords(text, signal),
    indicators: (signal) => this.#client.indicators(signal),
    addIndicator: (indicator) => this.#client.addIndicator(indicator),
    removeIndicator: (value) => this.#client.removeIndicator(value),
    testIndicator: (value, signal) => this.#client.testIndicator(value, signal),
    putList: (name, text) => this.#client.putIndicatorList(name, text),
    switchList: (name, on) => this.#client.switchIndicatorList(name, on),
    removeList: (name) => this.#client.removeIndicatorList(name),
  };
  readonly players: Api["players"] = {
    list: ({ expression, marked, ...question }, signal) =>
      this.#client.players({ ...question, q: expression, marked: marked === "" ? undefined : marked }, signal),
    one: (id, signal) => this.#client.player(id, signal),
    mark: (id, change) => this.#client.markPlayer(id, change),
  };
  readonly findings: Api["findings"] = {
    list: ({ expression, state, ...question }, signal) =>
      this.#client.findings({ ...question, q: expression, state: state === "" ? undefined : state }, signal),
    one: (id, signal) => this.#client.finding(id, signal),
    mark: (id, change) => this.#client.markFinding(id, change),
    techniques: (signal) => this.#client.techniques(signal),
    hosts: (signal) => this.#client.hostRisks(signal),
  };
  readonly allow: Api["allow"] = {
    list: (signal) => this.#client.detection.allowed(signal),
    add: (entry) => this.#client.detection.allow(entry),
    remove: (entry) => this.#client.detection.disallow(entry),
  };
  readonly detectors: Api["detectors"] = {
    list: (signal) => this.#client.detection.detectors(signal),
    switch: (name, on) => this.#client.detection.switchDetector(name, on),
    set: (name, setting, value) => this.#client.detection.setDetector(name, setting, value),
    reset: (name, setting) => this.#client.detection.resetDetector(name, setting),
    trial: (signal) => this.#client.detection.trial(signal),
    tryOut: (settings) => this.#client.detection.beginTrial(settings),
    cancelTrial: () => this.#client.detection.cancelTrial(),
  };
  readonly games: Api["games"] = {
    plugins: (signal) => this.#client.plugins(signal),
    unknown: (signal) => this.#client.unknownOpcodes(signal),
  };
  readonly flow: Api["flow"] = (id, signal) => this.#client.flow(id, signal);
  readonly events: Api["events"] = (question, signal) => this.#client.events(question.kind, asked(question), signal);

  readonly top: Api["top"] = (question, column, signal, sum) =>
    this.#client.top(question.kind, { column, limit: question.limit, sum }, { q: question.expression }, signal);

  readonly packetsHref: Api["packetsHref"] = (flow) => this.#client.packetsAddress(flow);
  readonly csvHref: Api["csvHref"] = (question) => this.#client.csvAddress(question.kind, { ...asked(question), limit: 1000 });

  readonly liveFlows: Api["liveFlows"] = async (expression, signal): Promise<readonly LiveFlow[]> =>
    (await this.#client.liveFlows(expression, signal)).flows;

  readonly live: Api["live"] = (receive) => {
    if (this.#capture !== undefined) return this.#showCapture(receive);
    const connection = new LiveConnection({ url: this.#url });
    connection.subscribe((state, message) => {
      if (message === undefined) receive({ type: "connection", connection: connectionOf(state) });
      else pass(state, message, receive);
      if (message?.type !== "snapshot") return;
      this.#catchUp(receive);
      if (state.summary === undefined) this.#askKept().then((kept) => kept !== undefined && receive({ type: "kept", kept }), forget);
    });
    connection.start();
    return () => connection.close();
  };

  /** What was read of a capture stands still: it is asked for once, and there is no stream. */
  #showCapture(receive: Receive): () => void {
    const tell = (kept: Kept | undefined) => {
      receive({ type: "connection", connection: { status: "live" } });
      if (kept !== undefined) receive({ type: "kept", kept });
    };
    const fail = (error: unknown) =>
      receive({ type: "connection", connection: { status: "gone", cause: error instanceof Error ? error.message : String(error) } });
    this.#askKept().then(tell, fail);
    this.#catchUp(receive);
    return () => undefined;
  }

  async #captureName(): Promise<string | undefined> {
    if (this.#capture === undefined) return undefined;
    return (await this.#server.captures()).captures.find(({ id }) => id === this.#capture)?.name;
  }

  /** What is stored, when that is all there is; `undefined` while an engine is about to tell its first summary. */
  async #askKept(): Promise<Kept | undefined> {
    const { source, status, store } = await this.#client.health();
    if (source !== undefined || status === "starting" || store === undefined) return undefined;
    const capture = await this.#captureName();
    const [stats] = (await this.#client.events("stats", { limit: 1 })).events;
    // The names of all counters: loaded only where a store is served alone.
    return { store, capture, run: stats && (await import("#client/stored-coverage.ts")).runOfStats(stats) };
  }

  /**
   * A snapshot says nothing of the hour before: asks for it. What fails here is only missing in charts and lists; without
   * a store, or at the very start, that is the normal case.
   */
  #catchUp(receive: Receive): void {
    this.#client.stats({ points: 3600 }).then(({ history }) => receive({ type: "history", history }), forget);
    for (const kind of ["finding", "alert", "anomaly"])
      this.#client.events(kind, { limit: NEWEST_ASKED }).then(({ events }) => receive({ type: "stored", events }), forget);
  }
}

const asked = ({ expression, order, limit, cursor }: Question) => ({ q: expression, order, limit, cursor });

function connectionOf(state: StreamState): Connection {
  if (state.status === "live" || state.status === "connecting") return { status: state.status };
  return { status: "reconnecting", cause: state.cause ?? "the connection was closed" };
}

function pass(state: StreamState, message: LiveMessage, receive: Receive): void {
  if (message.type === "events") receive({ type: "events", events: message.events });
  if (message.type === "snapshot") receive({ type: "stored", events: message.events });
  if ((message.type === "snapshot" || message.type === "delta") && state.summary !== undefined)
    receive({ type: "summary", summary: state.summary });
}
