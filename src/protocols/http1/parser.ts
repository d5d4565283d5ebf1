import type { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, otherSide, type Parser, type ParserContext, Side } from "#contract/parser.ts";
import { Bodies, Body, type BodyAnomalies } from "./body.ts";
import {
  bareResponse,
  commonFields,
  Exchange,
  eventOf,
  type RequestFacts,
  type ResponseFacts,
  requestFacts,
  requestHeaders,
  responseFacts,
  responseHeaders,
} from "./exchange.ts";
import { type BodyPlan, Framing, requestBody, responseBody } from "./framing.ts";
import type { Head } from "./head.ts";
import { Header } from "./header-names.ts";
import { requestOddities, responseOddities } from "./oddities.ts";
import { Request, Response, requestOpening, responseOpening } from "./opening.ts";
import { giveRequest, giveResponse } from "./rule-head.ts";
import { type MessageListener, Opening, SideReader } from "./side-reader.ts";
import { requestLine, statusLine } from "./start-line.ts";
import { eventName, type Trouble } from "./troubles.ts";
import { isRange } from "./values.ts";

/** Requests that wait for their response; beyond it the oldest is told without one. */
export const pendingMax = 128;

const NO_BODY: BodyPlan = { framing: Framing.none, length: 0, trouble: undefined };
const UNTIL_CLOSE: BodyPlan = { framing: Framing.close, length: 0, trouble: undefined };

const anomalies: BodyAnomalies = {
  damaged: "GZIP_DECOMPRESSION_FAILED",
  bomb: "COMPRESSION_BOMB",
  codingUnknown: "ABNORMAL_CE_HEADER",
  tooManyCodings: "TOO_MANY_ENCODING_LAYERS",
};

/**
 * Reads one connection and pairs requests with responses in their order: one `http` event when both are complete, or
 * at the end of the connection. Who is client is taken from the bytes, since a capture may begin with a response.
 *
 * After 101, and after a CONNECT that succeeded, the connection is handed over.
 */
export class HttpParser implements Parser, MessageListener {
  readonly #context: ParserContext;
  readonly #readers: readonly [SideReader, SideReader];
  readonly #bodies: Bodies;
  /** Oldest first. */
  readonly #pending: Exchange[] = [];
  /** What the client and the server are sending now. */
  #sending: Exchange | undefined = undefined;
  #answering: Exchange | undefined = undefined;
  #client: Side = Side.toServer;
  #clientKnown = false;
  #count = 0;
  /** The client's side was seen. */
  #requests = false;
  /** The connection was handed over. */
  #handed = false;
  /** The server's side lost its place, and responses may be missing. */
  #resync = false;
  done = false;

  constructor(context: ParserContext, head: Head) {
    this.#context = context;
    this.#bodies = new Bodies(context, anomalies);
    this.#readers = [new SideReader(Side.toServer, this, head), new SideReader(Side.toClient, this, head)];
  }

  data(side: Side, view: ByteView): number {
    if (!this.#clientKnown && !this.#learnClient(side, view)) return 0;
    const reader = this.#readers[side];
    const taken = reader.read(view);
    if (this.#handed) return taken;
    if (this.done) return FINISHED;
    return reader.hopeless ? FAILED : taken;
  }

  gap(side: Side, bytes: number): boolean {
    this.#readers[side].gap(bytes);
    return !this.done;
  }

  end(): void {
    for (const reader of this.#readers) reader.end();
    this.#sending?.requestContent?.close(this.#readers[this.#client].untilClose);
    this.#answering?.responseContent?.close(this.#readers[otherSide(this.#client)].untilClose);
    for (const exchange of this.#pending.splice(0)) this.#tell(exchange);
    this.#bodies.end();
  }

  opening(side: Side, bytes: Uint8Array, at: number, end: number): Opening {
    if (side === this.#client) {
      const request = requestOpening(bytes, at, end);
      if (request === Request.versioned) return Opening.head;
      return request === Request.bare ? Opening.oneLine : request === Request.more ? Opening.more : Opening.no;
    }
    const response = responseOpening(bytes, at, end);
    if (response === Response.status) return Opening.head;
    if (response === Response.more) return Opening.more;
    return this.#bareResponse() ? Opening.raw : Opening.no;
  }

  head(side: Side, head: Head): BodyPlan {
    if (head.trouble !== undefined) this.trouble(side, head.trouble);
    const plan = side === this.#client ? this.#request(head) : this.#response(head);
    if (plan.trouble !== undefined) this.trouble(side, plan.trouble);
    return plan;
  }

  body(side: Side, bytes: Uint8Array, from: number, to: number): void {
    const count = this.#bodyOf(side);
    if (count === undefined) return;
    count.transferred += to - from;
    count.content += to - from;
    this.#contentOf(side)?.data(bytes, from, to);
  }

  takesExcess(side: Side, bytes: Uint8Array, at: number, end: number): boolean {
    if (side === this.#client) return false;
    let first = at;
    while (first < end && (bytes[first] as number) <= 0x20) first++;
    return first === end || responseOpening(bytes, first, end) === Response.other;
  }

  endsWithClose(side: Side): boolean {
    return side !== this.#client;
  }

  frame(side: Side, bytes: number): void {
    const count = this.#bodyOf(side);
    if (count !== undefined) count.transferred += bytes;
  }

  missing(side: Side, bytes: number): void {
    const count = this.#bodyOf(side);
    if (count === undefined) return;
    count.transferred += bytes;
    count.content += bytes;
    count.missing += bytes;
    this.#contentOf(side)?.gap(bytes);
  }

  complete(side: Side): void {
    if (side === this.#client) {
      const exchange = this.#sending;
      this.#sending = undefined;
      if (exchange === undefined) return;
      exchange.requestComplete = true;
      exchange.requestContent?.close(true);
      if (exchange.responseComplete) this.#finish(exchange);
      return;
    }
    const exchange = this.#answering;
    this.#answering = undefined;
    exchange?.responseContent?.close(true);
    // Interim responses belong to nobody: the final one is still to come.
    if (exchange === undefined) return;
    exchange.responseComplete = true;
    if (exchange.requestComplete || exchange.request === undefined) this.#finish(exchange);
  }

  trouble(side: Side, trouble: Trouble, why?: string): void {
    this.#context.anomaly(side, eventName(trouble, side === this.#client), why);
  }

  lost(side: Side): void {
    if (side === this.#client) {
      const exchange = this.#sending;
      this.#sending = undefined;
      exchange?.requestContent?.close(false);
      if (exchange !== undefined) exchange.requestComplete = true;
      if (exchange?.responseComplete === true) this.#finish(exchange);
      return;
    }
    this.#resync = true;
    const exchange = this.#answering;
    this.#answering = undefined;
    exchange?.responseContent?.close(false);
    if (exchange !== undefined) this.#finish(exchange);
  }

  /** False while the first bytes don't say who is client. */
  #learnClient(side: Side, { bytes, at, end }: ByteView): boolean {
    let first = at;
    while (first < end && (bytes[first] as number) <= 0x20) first++;
    const response = first === end ? Response.more : responseOpening(bytes, first, end);
    const isServer = response === Response.status;
    if (response === Response.more && side === Side.toServer) return false;
    const request = side === Side.toClient && response === Response.other ? requestOpening(bytes, first, end) : Request.no;
    if (request === Request.more) return false;
    this.#clientKnown = true;
    if (request === Request.versioned) {
      this.#client = side;
      return true;
    }
    // What answers on the server's side may be HTTP/0.9 and look like nothing.
    this.#client = isServer ? otherSide(side) : side === Side.toServer ? side : Side.toServer;
    return true;
  }

  #request(head: Head): BodyPlan {
    const line = requestLine(head.bytes, head.lineFrom, head.lineTo);
    const exchange = new Exchange(this.#count++);
    exchange.request = requestFacts(line, head);
    this.#sending = exchange;
    this.#requests = true;
    if (this.#pending.length >= pendingMax) this.#finish(this.#pending[0] as Exchange);
    this.#pending.push(exchange);
    const { rules } = this.#context;
    if (rules !== undefined) {
      giveRequest(rules, this.#client, exchange.number, head, exchange.request);
      rules.judge(this.#client, exchange.number, () => ({ http: commonFields(exchange) }));
    }
    if (line.protocol === undefined) return UNTIL_CLOSE;
    if (head.times(Header.host) === 0 && line.protocol === "HTTP/1.1") this.#odd(this.#client, "MISSING_HOST_HEADER", exchange);
    for (const event of requestOddities(head, exchange.request, this.#context.serverPort)) this.#odd(this.#client, event, exchange);
    const { authorization } = exchange.request;
    if (authorization !== undefined && !/^(basic|digest|bearer)$/i.test(authorization))
      this.#odd(this.#client, "REQUEST_AUTH_UNRECOGNIZED", exchange);
    const plan = requestBody(head);
    if (plan.framing !== Framing.none) exchange.requestContent = this.#requestContent(exchange, exchange.request);
    return plan;
  }

  #response(head: Head): BodyPlan {
    const { protocol, status } = statusLine(head.bytes, head.lineFrom, head.lineTo);
    if (status >= 100 && status < 200 && status !== 101) {
      this.#interim(status);
      return NO_BODY;
    }
    const exchange = this.#nextAnswered();
    exchange.response = responseFacts(protocol, status, head);
    if (exchange.response.contentRange !== undefined && !isRange(exchange.response.contentRange))
      this.#odd(otherSide(this.#client), "RANGE_INVALID", exchange);
    for (const event of responseOddities(head, exchange.response)) this.#odd(otherSide(this.#client), event, exchange);
    this.#answering = exchange;
    const { rules } = this.#context;
    if (rules !== undefined) {
      giveResponse(rules, otherSide(this.#client), exchange.number, head);
      rules.judge(otherSide(this.#client), exchange.number, () => ({ http: commonFields(exchange) }));
    }
    const method = exchange.request?.line.method;
    const tunnel = method === "CONNECT" && status >= 200 && status < 300;
    if ((tunnel || status === 101) && this.#context.unforeseen)
      this.#context.anomaly(otherSide(this.#client), "FAILED_PROTOCOL_CHANGE", "it was to become another protocol before", exchange.number);
    else if (tunnel || status === 101) {
      exchange.requestComplete = true;
      this.#handOver(exchange, tunnel);
      return NO_BODY;
    }
    const plan = responseBody(head, method === "HEAD" || status === 304 || (status === 204 && !head.isChunked));
    if (plan.framing !== Framing.none) exchange.responseContent = this.#responseContent(exchange, exchange.response);
    return plan;
  }

  #odd(side: Side, event: string, exchange: Exchange): void {
    this.#context.anomaly(side, event, undefined, exchange.number);
  }

  /** What follows belongs to the protocol in the tunnel, or to the one that was upgraded to. */
  #handOver(exchange: Exchange, tunnel: boolean): void {
    this.done = true;
    this.#handed = true;
    const { request, response } = exchange;
    const upgrade = tunnel ? undefined : response?.upgrade?.toLowerCase();
    if (upgrade === "websocket")
      this.#context.handOver("websocket", {
        ...(request === undefined ? {} : { url: request.line.target }),
        ...(response?.webSocketProtocol === undefined ? {} : { protocol: response.webSocketProtocol }),
        ...(response?.webSocketExtensions === undefined ? {} : { extensions: response.webSocketExtensions }),
      });
    else if (upgrade === "h2c") this.#context.handOver("http2", commonFields(exchange));
    else this.#context.handOver();
  }

  #requestContent(exchange: Exchange, request: RequestFacts): Body {
    return new Body(this.#bodies, this.#client, exchange.number, requestHeaders(request), () => ({ http: commonFields(exchange) }));
  }

  #responseContent(exchange: Exchange, response: ResponseFacts): Body {
    const headers = responseHeaders(exchange.request, response);
    return new Body(this.#bodies, otherSide(this.#client), exchange.number, headers, () => ({ http: commonFields(exchange) }));
  }

  #interim(status: number): void {
    const waiting = this.#pending[0];
    if (waiting === undefined) return;
    if (status === 100 && waiting.interim > 0) this.#context.anomaly(otherSide(this.#client), "100_CONTINUE_ALREADY_SEEN");
    if (status === 100) waiting.interim++;
  }

  /** The exchange that the response which begins now belongs to. */
  #nextAnswered(): Exchange {
    if (this.#resync) {
      this.#resync = false;
      // Behind a gap the newest request is the one that is answered, unless the client pipelines.
      while (this.#pending.length > 1) this.#finish(this.#pending[0] as Exchange);
    }
    for (const exchange of this.#pending) if (exchange.response === undefined) return exchange;
    if (this.#requests) this.#context.anomaly(otherSide(this.#client), "UNABLE_TO_MATCH_RESPONSE_TO_REQUEST");
    const stranger = new Exchange(this.#count++);
    stranger.requestComplete = true;
    this.#pending.push(stranger);
    return stranger;
  }

  /** The server answers without a head: the first response of the connection only. */
  #bareResponse(): boolean {
    const first = this.#pending[0];
    if (first === undefined || first.number > 0 || first.response !== undefined || this.#resync) return false;
    first.response = bareResponse;
    first.responseContent = this.#responseContent(first, bareResponse);
    this.#answering = first;
    return true;
  }

  #bodyOf(side: Side): Exchange["requestBody"] | undefined {
    return side === this.#client ? this.#sending?.requestBody : this.#answering?.responseBody;
  }

  #contentOf(side: Side): Body | undefined {
    return side === this.#client ? this.#sending?.requestContent : this.#answering?.responseContent;
  }

  #finish(exchange: Exchange): void {
    const index = this.#pending.indexOf(exchange);
    if (index >= 0) this.#pending.splice(index, 1);
    this.#tell(exchange);
  }

  #tell(exchange: Exchange): void {
    this.#context.emit("http", this.#client, exchange.number, eventOf(exchange));
  }
}
