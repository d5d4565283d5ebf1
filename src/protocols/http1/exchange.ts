import type { Transaction } from "#contract/parser.ts";
import type { Body, BodyHeaders } from "./body.ts";
import type { Head } from "./head.ts";
import { Header } from "./header-names.ts";
import type { RequestLine } from "./start-line.ts";
import { type Authority, contentRange, mediaType, splitHost, targetAuthority } from "./values.ts";

/** What is wanted of a request, taken from its head. */
export interface RequestFacts {
  readonly line: RequestLine;
  readonly authority: Authority | undefined;
  /** The Host header. */
  readonly host: string | undefined;
  readonly userAgent: string | undefined;
  readonly forwardedFor: string | undefined;
  readonly referer: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly origin: string | undefined;
  readonly accept: string | undefined;
  readonly acceptLanguage: string | undefined;
  /** First word of `Authorization`: the scheme, never the secret. */
  readonly authorization: string | undefined;
  readonly names: string;
}

export interface ResponseFacts {
  /** `undefined` for HTTP/0.9. */
  readonly protocol: string | undefined;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly contentRange: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly location: string | undefined;
  readonly server: string | undefined;
  readonly upgrade: string | undefined;
  readonly webSocketExtensions: string | undefined;
  readonly webSocketProtocol: string | undefined;
  readonly names: string;
}

/** Bytes of one body. */
export interface BodyCount {
  /** As transferred, with the framing of chunks: what EVE calls length. */
  transferred: number;
  /** Without it. */
  content: number;
  /** Of them not in the capture. */
  missing: number;
}

/** One request with its response, as far as they were seen. */
export class Exchange {
  readonly number: number;
  request: RequestFacts | undefined = undefined;
  response: ResponseFacts | undefined = undefined;
  requestComplete = false;
  responseComplete = false;
  readonly requestBody: BodyCount = { transferred: 0, content: 0, missing: 0 };
  readonly responseBody: BodyCount = { transferred: 0, content: 0, missing: 0 };
  /** Who takes the bytes of the bodies. */
  requestContent: Body | undefined = undefined;
  responseContent: Body | undefined = undefined;
  /** Interim responses before the final one. */
  interim = 0;

  constructor(number: number) {
    this.number = number;
  }
}

export function requestFacts(line: RequestLine, head: Head): RequestFacts {
  const host = head.text(Header.host);
  const authorization = head.text(Header.authorization);
  return {
    line,
    authority: requestAuthority(line, host),
    host,
    userAgent: head.text(Header.userAgent),
    forwardedFor: head.text(Header.forwardedFor),
    referer: head.text(Header.referer),
    contentType: head.text(Header.contentType),
    contentEncoding: head.text(Header.contentEncoding),
    contentDisposition: head.text(Header.contentDisposition),
    origin: head.text(Header.origin),
    accept: head.text(Header.accept),
    acceptLanguage: head.text(Header.acceptLanguage),
    authorization: authorization === undefined ? undefined : (/^[!-~]{1,32}(?= )/.exec(authorization)?.[0] ?? "?"),
    names: head.names,
  };
}

/** RFC 9112 §3.3: the target's authority goes before the Host header. */
function requestAuthority(line: RequestLine, host: string | undefined): Authority | undefined {
  if (line.method === "CONNECT" && line.target !== "" && line.target !== "/") return splitHost(line.target);
  return targetAuthority(line.target) ?? (host === undefined || host === "" ? undefined : splitHost(host));
}

export const responseFacts = (protocol: string, status: number, head: Head): ResponseFacts => ({
  protocol,
  status,
  contentType: head.text(Header.contentType),
  contentRange: head.text(Header.contentRange),
  contentEncoding: head.text(Header.contentEncoding),
  contentDisposition: head.text(Header.contentDisposition),
  location: head.text(Header.location),
  server: head.text(Header.server),
  upgrade: head.text(Header.upgrade),
  webSocketExtensions: head.text(Header.webSocketExtensions),
  webSocketProtocol: head.text(Header.webSocketProtocol),
  names: head.names,
});

/** HTTP/0.9 answers with the document alone. */
export const bareResponse: ResponseFacts = {
  protocol: undefined,
  status: 0,
  contentType: undefined,
  contentRange: undefined,
  contentEncoding: undefined,
  contentDisposition: undefined,
  location: undefined,
  server: undefined,
  upgrade: undefined,
  webSocketExtensions: undefined,
  webSocketProtocol: undefined,
  names: "",
};

/** What the request's headers say of its body. */
export const requestHeaders = (request: RequestFacts): BodyHeaders => ({
  ofRequest: true,
  target: request.line.target,
  contentType: request.contentType,
  contentEncoding: request.contentEncoding,
  contentDisposition: request.contentDisposition,
  contentRange: undefined,
});

export const responseHeaders = (request: RequestFacts | undefined, response: ResponseFacts): BodyHeaders => ({
  ofRequest: false,
  target: request?.line.target,
  contentType: response.contentType,
  contentEncoding: response.contentEncoding,
  contentDisposition: response.contentDisposition,
  contentRange: response.contentRange,
});

const isDnsMessage = (type: string | undefined): boolean => type?.startsWith("application/dns-message") ?? false;

/** DNS over HTTPS (RFC 8484): its media type, or the usual path with a query in it. */
export const isDnsOverHttps = (target: string | undefined, type: string | undefined, answerType: string | undefined): boolean =>
  isDnsMessage(type) || isDnsMessage(answerType) || (target?.startsWith("/dns-query?") ?? false);

/** The members of the `http` event, Suricata's first and in its order. Empty headers are left out, as it does. */
export function eventOf(exchange: Exchange): Transaction {
  const fields = commonFields(exchange);
  ownFields(fields, exchange);
  return fields;
}

/** Suricata's members: what is told beside a file, too. */
export function commonFields(exchange: Exchange): Transaction {
  const { request, response } = exchange;
  const fields: Transaction = {};
  if (request?.authority !== undefined) {
    fields["hostname"] = request.authority.host;
    if (request.authority.port !== undefined) fields["http_port"] = request.authority.port;
  }
  if (request !== undefined) fields["url"] = request.line.target;
  put(fields, "http_user_agent", request?.userAgent);
  put(fields, "xff", request?.forwardedFor);
  if (response?.contentType !== undefined) fields["http_content_type"] = mediaType(response.contentType);
  if (response?.contentRange !== undefined) fields["content_range"] = contentRange(response.contentRange);
  put(fields, "http_refer", request?.referer);
  put(fields, "http_method", request?.line.method);
  put(fields, "protocol", request === undefined ? response?.protocol : request.line.protocol);
  if (response !== undefined && response.status > 0) {
    fields["status"] = response.status;
    if (response.status > 300 && response.status < 400) put(fields, "redirect", response.location);
  }
  fields["length"] = exchange.responseBody.transferred;
  return fields;
}

function ownFields(fields: Transaction, exchange: Exchange): void {
  const { request, response, requestBody, responseBody } = exchange;
  if (responseBody.content !== responseBody.transferred) fields["content_length"] = responseBody.content;
  if (requestBody.transferred > 0) fields["request_length"] = requestBody.transferred;
  const missing = requestBody.missing + responseBody.missing;
  if (missing > 0) fields["missing_bytes"] = missing;
  if (request?.contentType !== undefined) fields["request_content_type"] = mediaType(request.contentType);
  put(fields, "accept", request?.accept);
  put(fields, "accept_language", request?.acceptLanguage);
  put(fields, "origin", request?.origin);
  put(fields, "authorization", request?.authorization);
  put(fields, "server", response?.server);
  put(fields, "content_encoding", response?.contentEncoding);
  if (isDnsOverHttps(request?.line.target, request?.contentType, response?.contentType)) fields["doh"] = true;
  if (response?.status === 101) put(fields, "upgrade", response.upgrade);
  if (request !== undefined && request.names !== "") fields["request_header_names"] = request.names;
  if (response !== undefined && response.names !== "") fields["response_header_names"] = response.names;
}

function put(fields: Transaction, name: string, value: string | undefined): void {
  if (value !== undefined && value !== "") fields[name] = value;
}
