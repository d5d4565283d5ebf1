import { bufferWord, frameWord, type RuleWord } from "#schema/rule-word.ts";

const on = ["http", "http2"];
type Side = RuleWord["side"];

/** A sticky buffer, its older spelling as one, or as modifier of the content before it. */
const word = (name: string, side: Side, doc: string, more: Partial<RuleWord> = {}): RuleWord => bufferWord(name, on, side, doc, more);
const sticky = (name: string, side: Side, doc: string): RuleWord => word(name, side, doc, { aliases: [name.replace(".", "_")] });
const modified = (name: string, modifier: string, side: Side, doc: string): RuleWord => word(name, side, doc, { modifiers: [modifier] });

/**
 * Of HTTP/1 and HTTP/2, as libhtp shows them: headers that come more than once are joined with `, ` at the place of the
 * first. Heads are judged when they are complete, and again when their body is.
 */
export const httpWords: readonly RuleWord[] = [
  frameWord("http1.request", ["http"], "toServer", "A request's head: line and headers."),
  frameWord("http1.response", ["http"], "toClient", "A response's head: line and headers."),
  modified("http.method", "http_method", "toServer", "Method."),
  modified("http.uri", "http_uri", "toServer", "Target, its escapes undone and its path resolved, without scheme and host."),
  modified("http.uri.raw", "http_raw_uri", "toServer", "Target as it was sent."),
  modified("http.user_agent", "http_user_agent", "toServer", "User-Agent."),
  modified("http.host", "http_host", "toServer", "Host that is asked, in lower case and without the port."),
  modified("http.host.raw", "http_raw_host", "toServer", "Host header, or the host of the target, as it was sent."),
  modified("http.cookie", "http_cookie", "both", "Cookie, or Set-Cookie."),
  modified("http.header", "http_header", "both", "All headers but cookies: `Name: value` with a line end behind each."),
  modified("http.header.raw", "http_raw_header", "both", "All headers as they were sent, and the empty line behind them."),
  modified("http.request_body", "http_client_body", "toServer", "Body of the request, decoded, its first 100 KiB."),
  modified("http.response_body", "http_server_body", "toClient", "Body of the response, decoded, its first 100 KiB."),
  modified("http.stat_code", "http_stat_code", "toClient", "Status as digits."),
  modified("http.stat_msg", "http_stat_msg", "toClient", "Status in words."),
  sticky("http.request_line", "toServer", "First line of the request."),
  sticky("http.response_line", "toClient", "First line of the response."),
  sticky("http.protocol", "both", "Version: `HTTP/1.1`."),
  sticky("http.start", "both", "First line and headers, with an empty line behind them."),
  sticky("http.header_names", "both", "Names of the headers: a line end, then each name with one, then an empty line."),
  word("http.request_header", "toServer", "A header of the request: `Name: value`.", { several: true }),
  word("http.response_header", "toClient", "A header of the response: `Name: value`.", { several: true }),
  sticky("http.referer", "toServer", "Referer."),
  sticky("http.accept", "toServer", "Accept."),
  sticky("http.accept_enc", "toServer", "Accept-Encoding."),
  sticky("http.accept_lang", "toServer", "Accept-Language."),
  sticky("http.connection", "both", "Connection."),
  sticky("http.content_len", "both", "Content-Length."),
  sticky("http.content_type", "both", "Content-Type."),
  sticky("http.location", "toClient", "Location."),
  sticky("http.server", "toClient", "Server."),
];
