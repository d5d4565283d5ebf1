import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const headerList = (whose: string) =>
  optional(
    list(
      `Headers of the ${whose} over HTTP/2 in their order, at most 128.`,
      object("A header.", {
        name: optional(text("Name.")),
        value: optional(text("Value, at most 4096 characters; secrets are left out.")),
        table_size_update: optional(integer("New size of the table of headers, which stands between the headers.", { unit: "bytes" })),
      }),
    ),
  );

const streamSide = (whose: string) =>
  object(`What the ${whose} told beside headers and content.`, {
    settings: optional(
      list(
        "Settings of the connection.",
        object("A setting.", {
          settings_id: text("Name: `SETTINGSMAXFRAMESIZE` …"),
          settings_value: integer("Value."),
        }),
      ),
    ),
    priority: optional(integer("Weight of the stream as a PRIORITY frame gave it.")),
    error_code: optional(text("Why the stream or the connection was ended: `NOERROR`, `CANCEL` …")),
  });

/** The `http` event: names as in Suricata's EVE (extended), own members behind them. */
export const httpKind: Kind = defineKind({
  name: "http",
  host: "hostname",
  summary: "A request and its response, as far as they were seen.",
  fields: {
    http: object("Request and response.", {
      hostname: optional(text("Host that is asked, without the port.")),
      http_port: optional(integer("Port in the Host header or in the target.")),
      url: optional(text("Target of the request as it was sent.")),
      http_user_agent: optional(text("User-Agent.")),
      xff: optional(text("X-Forwarded-For.")),
      http_content_type: optional(text("Media type of the response.")),
      content_range: optional(
        object("Part of the document that the response is.", {
          raw: text("Content-Range as it was sent."),
          start: optional(integer("First byte.", { unit: "bytes" })),
          end: optional(integer("Last byte.", { unit: "bytes" })),
          size: optional(integer("Size of the document.", { unit: "bytes" })),
        }),
      ),
      http_refer: optional(text("Referer.")),
      http_method: optional(text("Method.")),
      protocol: optional(text("Version: `HTTP/1.1`.")),
      status: optional(integer("Status of the response.")),
      redirect: optional(text("Where the response sends the client (301 to 399).")),
      length: optional(integer("Body of the response as transferred.", { unit: "bytes" })),
      content_length: optional(integer("The same without the framing of chunks, when there was any.", { unit: "bytes" })),
      request_length: optional(integer("Body of the request as transferred, when there was one.", { unit: "bytes" })),
      missing_bytes: optional(integer("Bytes of the bodies that the capture lacks.", { unit: "bytes" })),
      request_content_type: optional(text("Media type of the request.")),
      accept: optional(text("Accept.")),
      accept_language: optional(text("Accept-Language.")),
      origin: optional(text("Origin.")),
      authorization: optional(text("Scheme of Authorization: `Basic`, `Bearer` …; never the secret.")),
      server: optional(text("Server.")),
      content_encoding: optional(text("Content-Encoding of the response.")),
      doh: optional(boolean("True when the request asks for names (DNS over HTTPS, RFC 8484).")),
      upgrade: optional(text("Protocol that the connection goes on with after 101: `websocket`, `h2c`.")),
      request_header_names: optional(text("Names of the request's headers in their order and spelling, at most 64.")),
      response_header_names: optional(text("The same of the response.")),
      version: optional(text("`2` for HTTP/2.")),
      request_headers: headerList("request"),
      response_headers: headerList("response"),
      http2: optional(
        object("The stream of HTTP/2 that carried it.", {
          stream_id: integer("Number of the stream; 0 for what concerns the connection."),
          request: streamSide("client"),
          response: streamSide("server"),
        }),
      ),
      grpc: optional(
        object("A call of gRPC.", {
          service: optional(text("Service, with its package.")),
          method: optional(text("Method of the service.")),
          request_messages: integer("Messages of the client."),
          response_messages: integer("Messages of the server."),
          status: optional(integer("Status of the call, 0 is good.")),
          message: optional(text("What the server says of the status.")),
        }),
      ),
    }),
  },
  columns: [
    { name: "hostname", path: "http.hostname", type: "text", doc: "Host that is asked.", index: true },
    { name: "url", path: "http.url", type: "text", doc: "Target of the request." },
    { name: "http_method", path: "http.http_method", type: "text", doc: "Method." },
    { name: "status", path: "http.status", type: "integer", doc: "Status of the response." },
    { name: "http_user_agent", path: "http.http_user_agent", type: "text", doc: "User-Agent.", index: true },
    { name: "http_content_type", path: "http.http_content_type", type: "text", doc: "Media type of the response." },
    { name: "length", path: "http.length", type: "integer", doc: "Body of the response, bytes." },
    { name: "server", path: "http.server", type: "text", doc: "Server." },
  ],
});
