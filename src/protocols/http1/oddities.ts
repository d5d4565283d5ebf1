import type { RequestFacts, ResponseFacts } from "./exchange.ts";
import type { Head } from "./head.ts";
import { isBlank } from "./lines.ts";
import { splitHost, targetAuthority } from "./values.ts";

const SPACE = 0x20;
/** Longest name of a host, and of one label in it (RFC 1035 §2.3.4). */
const hostCharactersMax = 255;
const LABELS = /^[\w-]{1,63}(?:\.[\w-]{1,63})*\.?$/;
const PROTOCOLS: ReadonlySet<string> = new Set(["HTTP/0.9", "HTTP/1.0", "HTTP/1.1"]);

/** What is odd about a request's head without keeping it from being read, as Suricata names it. `port` is the server's. */
export function requestOddities(
  { bytes, lineFrom, lineTo }: Head,
  { line, host, authority }: RequestFacts,
  port: number,
): readonly string[] {
  const odd: string[] = [];
  let methodFrom = lineFrom;
  while (methodFrom < lineTo && isBlank(bytes[methodFrom] as number)) methodFrom++;
  if (methodFrom > lineFrom) odd.push("REQUEST_LINE_LEADING_WHITESPACE");
  let methodTo = methodFrom;
  while (methodTo < lineTo && !isBlank(bytes[methodTo] as number)) methodTo++;
  if (methodTo < lineTo && bytes[methodTo] !== SPACE) odd.push("METHOD_DELIM_NON_COMPLIANT");
  let versionFrom = line.protocol === undefined ? methodTo : lineTo;
  while (versionFrom > methodTo && !isBlank(bytes[versionFrom - 1] as number)) versionFrom--;
  if (versionFrom > methodTo + 1 && bytes[versionFrom - 1] !== SPACE) odd.push("URI_DELIM_NON_COMPLIANT");
  // Most targets are paths: then the authority is what Host says.
  const isPath = line.target.startsWith("/") && line.method !== "CONNECT";
  const target = isPath ? undefined : line.method === "CONNECT" ? splitHost(line.target) : targetAuthority(line.target);
  if (target !== undefined && !isHostName(target.host)) odd.push("REQUEST_URI_HOST_INVALID");
  const named = isPath ? authority : host === undefined || host === "" ? undefined : splitHost(host);
  if (named !== undefined && !isHostName(named.host)) odd.push("REQUEST_HEADER_HOST_INVALID");
  if (target !== undefined && named !== undefined && isOther(target, named)) odd.push("HOST_HEADER_AMBIGUOUS");
  const wanted = target?.port ?? named?.port;
  if (wanted !== undefined && wanted !== port && line.method !== "CONNECT") odd.push("REQUEST_SERVER_PORT_TCP_PORT_MISMATCH");
  return odd;
}

/** The same of a response. */
export function responseOddities({ isChunked }: Head, { protocol = "", status }: ResponseFacts): readonly string[] {
  const odd: string[] = [];
  if (!PROTOCOLS.has(protocol)) odd.push("RESPONSE_INVALID_PROTOCOL");
  if (status < 100) odd.push("RESPONSE_INVALID_STATUS");
  if (isChunked && protocol < "HTTP/1.1") odd.push("RESPONSE_CHUNKED_OLD_PROTO");
  return odd;
}

/** A name with labels of letters, digits, hyphens and underscores, or an IPv6 address in brackets. */
const isHostName = (host: string): boolean =>
  (host.length <= hostCharactersMax && LABELS.test(host)) || (host.startsWith("[") && host.endsWith("]"));

type Named = ReturnType<typeof splitHost>;
const isOther = (target: Named, named: Named): boolean =>
  target.host.toLowerCase() !== named.host.toLowerCase() ||
  (target.port !== undefined && named.port !== undefined && target.port !== named.port);
