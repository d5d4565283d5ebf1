import type { IndicatorType } from "#engine/indicators/indicator.ts";

/**
 * Where in an event something stands that may be listed. `kind` is the event's, `path` leads into its own object, with
 * `[]` through a list. `name` is a domain, or an address where the text is one.
 */
export interface Place {
  readonly kind: string;
  readonly path: string;
  readonly type: Exclude<IndicatorType, "address" | "domain" | "url" | "digest"> | "name";
}

const places = (kind: string, rows: Readonly<Record<string, Place["type"]>>): Place[] =>
  Object.entries(rows).map(([path, type]) => ({ kind, path, type }));

/** URLs are put together from an `http` event's host, port and target, and are no place of their own. */
export const indicatorPlaces: readonly Place[] = [
  ...places("dns", {
    rrname: "name",
    "queries[].rrname": "name",
    "answers[].rrname": "name",
    "answers[].rdata": "name",
    "answers[].srv.name": "name",
  }),
  ...places("tls", {
    sni: "name",
    "subjectaltname[]": "name",
    "ja3.hash": "ja3",
    "ja3s.hash": "ja3s",
    ja4: "ja4",
    fingerprint: "certificate",
    "cert_chain[].fingerprint": "certificate",
    "client.fingerprint": "certificate",
  }),
  ...places("quic", { sni: "name", "ja3.hash": "ja3", "ja3s.hash": "ja3s", ja4: "ja4" }),
  ...places("http", { hostname: "name" }),
  ...places("ssh", { "client.hassh.hash": "hassh", "server.hassh.hash": "hassh" }),
  ...places("fileinfo", { md5: "md5", sha1: "sha1", sha256: "sha256" }),
];

/** Hands over the texts of a path in an object: none when it is not there. */
export function textsAt(value: unknown, steps: readonly string[], take: (text: string) => void, from = 0): void {
  const step = steps[from];
  if (step === undefined) {
    if (typeof value === "string") take(value);
  } else if (step === "[]") {
    if (Array.isArray(value)) for (const item of value) textsAt(item, steps, take, from + 1);
  } else if (typeof value === "object" && value !== null) {
    textsAt((value as Readonly<Record<string, unknown>>)[step], steps, take, from + 1);
  }
}

/** `queries[].rrname` as steps: `queries`, `[]`, `rrname`. */
export const stepsOf = (path: string): readonly string[] => path.replaceAll("[]", ".[]").split(".");
