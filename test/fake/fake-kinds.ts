import { defineKind, integer, type Kind, list, object, open, optional, text } from "#schema/field.ts";
import { engineKinds } from "#schema/kinds.ts";

const dnsKind = defineKind({
  name: "dns",
  summary: "A DNS question or its answer.",
  fields: {
    dns: object("The message.", {
      type: text("`query` or `answer`."),
      id: integer("Number of the message."),
      rrname: text("Name that was asked for."),
      rrtype: text("Type that was asked for."),
      rcode: optional(text("Result.")),
      answers: optional(list("Answers.", open("An answer."))),
    }),
  },
  columns: [
    { name: "type", path: "dns.type", type: "text", doc: "query or answer." },
    { name: "rrname", path: "dns.rrname", type: "text", doc: "Name that was asked for.", index: true },
    { name: "rrtype", path: "dns.rrtype", type: "text", doc: "Type that was asked for." },
    { name: "rcode", path: "dns.rcode", type: "text", doc: "Result." },
  ],
});

const tlsKind = defineKind({
  name: "tls",
  summary: "A TLS handshake.",
  fields: {
    tls: object("The handshake.", {
      sni: optional(text("Server name that the client asked for.")),
      version: text("Version that the server chose."),
      ja4: optional(text("JA4 of the client's hello.")),
      cipher: optional(text("Cipher suite.")),
    }),
  },
  columns: [
    { name: "sni", path: "tls.sni", type: "text", doc: "Server name that the client asked for.", index: true },
    { name: "version", path: "tls.version", type: "text", doc: "Version that the server chose." },
    { name: "ja4", path: "tls.ja4", type: "text", doc: "JA4 of the client's hello.", index: true },
  ],
});

const httpKind = defineKind({
  name: "http",
  summary: "An HTTP request with its response.",
  fields: {
    http: object("Request and response.", {
      hostname: optional(text("Host header.")),
      url: text("Path and query."),
      http_method: text("Method."),
      http_user_agent: optional(text("User-Agent header.")),
      status: optional(integer("Status of the response.")),
      length: optional(integer("Bytes of the response's body.", { unit: "bytes" })),
    }),
  },
  columns: [
    { name: "hostname", path: "http.hostname", type: "text", doc: "Host header.", index: true },
    { name: "url", path: "http.url", type: "text", doc: "Path and query." },
    { name: "method", path: "http.http_method", type: "text", doc: "Method." },
    { name: "status", path: "http.status", type: "integer", doc: "Status of the response." },
    { name: "length", path: "http.length", type: "integer", doc: "Bytes of the response's body." },
  ],
});

/** Kinds of the imaginary network: the engine's own, and three protocols in short. */
export const fakeKinds: readonly Kind[] = [...engineKinds, dnsKind, tlsKind, httpKind];
