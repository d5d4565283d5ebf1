import type { OddwireEvent } from "#schema/event.ts";
import type { CorpusFile } from "#test/e2e/corpora.ts";
import { EventsByPair, expectedOf, type Json, type Judge, type Judged, jsonOf, listOf, pairKey, plainUrl, textOf } from "./judged.ts";

/** Rows of Zeek's logs. A row holds when one of our events between the same ends agrees in every member that both have. */
export const judgeZeek: Judge = (file: CorpusFile, events: readonly OddwireEvent[]) => {
  const pairs = new EventsByPair(events);
  const logs = jsonOf(expectedOf(file, "zeek")?.["logs"]);
  return Object.entries(readers).flatMap(([log, reader]) =>
    (listOf(jsonOf(logs[log])["rows"]) as readonly Json[])
      .filter((row) => row["id.orig_h"] !== undefined && reader.applies?.(row) !== false)
      .map((row): Judged => {
        const key = pairKey([row["id.orig_h"], row["id.orig_p"]], [row["id.resp_h"], row["id.resp_p"]]);
        const wanted = present(reader.wanted(row));
        const found = pairs.of(key).flatMap((event) => reader.found(event));
        const text = JSON.stringify(wanted);
        return {
          what: `${log} ${key}`,
          wanted: text,
          got: JSON.stringify(found.slice(0, 3)),
          holds: found.some((one) => fits(wanted, one)),
        };
      }),
  );
};

interface Reader {
  readonly applies?: (row: Json) => boolean;
  readonly wanted: (row: Json) => Json;
  readonly found: (event: OddwireEvent) => readonly Json[];
}

/** A member that stands in another event of the same connection. */
const ANYTHING = "*";
const present = (row: Json): Json => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== ""));
const fits = (wanted: Json, found: Json): boolean =>
  Object.entries(wanted).every(([name, value]) => {
    const ours = found[name];
    if (ours === ANYTHING) return true;
    // One of several services that Zeek names.
    if (Array.isArray(value)) return value.length === 0 || value.some((one) => listOf(ours).includes(one));
    return Array.isArray(ours) ? ours.map(String).includes(String(value)) : String(ours) === String(value);
  });

const versions: Readonly<Record<string, string>> = {
  SSLv2: "SSLv2",
  SSLv3: "SSLv3",
  TLSv10: "TLSv1",
  TLSv11: "TLS 1.1",
  TLSv12: "TLS 1.2",
  TLSv13: "TLS 1.3",
  DTLSv10: "DTLS 1.0",
  DTLSv12: "DTLS 1.2",
  "TLSv13-draft23": "TLS 1.3 draft-23",
  "TLSv13-draft16": "TLS 1.3 draft-16",
};
/** Zeek's names of services; those that it adds beside the transport's own are left out. */
const services: Readonly<Record<string, readonly string[]>> = {
  ssl: ["tls"],
  ldap_tcp: ["ldap"],
  ldap_udp: ["ldap"],
  krb: ["krb5"],
  krb_tcp: ["krb5"],
  "ftp-data": ["ftp-data"],
  dce_rpc: ["dcerpc"],
  smb: ["smb"],
  postgresql: ["pgsql"],
  gssapi: [],
  ntlm: [],
  dnp3_tcp: ["dnp3"],
  dnp3_udp: ["dnp3"],
  ayiya: [],
  gridftp: ["ftp"],
  "gridftp-data": ["tls"],
  dns: ["dns", "mdns", "llmnr", "nbns"],
  ldap: ["ldap"],
  irc: ["irc"],
  xmpp: ["xmpp"],
};
const servicesOf = (row: Json): readonly string[] =>
  textOf(row["service"])
    .split(",")
    .flatMap((name) => services[name] ?? [name])
    .filter((name) => name !== "" && name !== "-");
/** Zeek keeps the connections that carry tunnels; here what is inside is told, with its tunnel. */
const tunnels = new Set(["geneve", "vxlan", "gtpv1", "ayiya", "teredo", "gre"]);
const member = (event: OddwireEvent, name: string): readonly Json[] => {
  const value = jsonOf(event[name]);
  return Object.keys(value).length === 0 ? [] : [value];
};

const readers: Readonly<Record<string, Reader>> = {
  conn: {
    applies: (row) => (row["proto"] === "tcp" || row["proto"] === "udp") && !tunnels.has(textOf(row["service"])),
    wanted: (row) => ({ a: row["orig_pkts"], b: row["resp_pkts"], service: servicesOf(row) }),
    found: (event) =>
      member(event, "flow").flatMap((flow) => {
        const both = [event["app_proto"], event["app_proto_orig"]].map(textOf);
        const [a, b] = [flow["pkts_toserver"], flow["pkts_toclient"]];
        return [
          { a, b, service: both },
          { a: b, b: a, service: both },
        ];
      }),
  },
  dns: {
    wanted: (row) => ({ id: row["trans_id"], query: textOf(row["query"]).toLowerCase(), rcode: row["rcode_name"] }),
    found: (event) =>
      member(event, "dns").map((dns) => ({ id: dns["id"], query: textOf(dns["rrname"]).toLowerCase(), rcode: dns["rcode"] ?? "NOERROR" })),
  },
  http: {
    wanted: (row) => ({
      method: row["method"],
      host: row["host"],
      uri: plainUrl(textOf(row["uri"])),
      status: row["status_code"] === "0" ? undefined : row["status_code"],
      agent: row["user_agent"],
      length: row["response_body_len"] === "0" ? undefined : row["response_body_len"],
    }),
    found: (event) =>
      member(event, "http").map((http) => ({
        method: http["http_method"],
        host: [textOf(http["hostname"]), `${textOf(http["hostname"])}:${textOf(http["http_port"])}`],
        uri: plainUrl(textOf(http["url"])),
        status: http["status"],
        agent: http["http_user_agent"],
        // The size of a file is that of the decoded body, as Zeek counts it.
        length: [http["content_length"] ?? http["length"], http["length"], jsonOf(event["fileinfo"])["size"]].map(textOf),
      })),
  },
  ssl: {
    wanted: (row) => ({
      version: versions[textOf(row["version"])] ?? row["version"],
      cipher: row["cipher"],
      name: row["server_name"],
      resumed: row["resumed"] === "T" ? "T" : undefined,
    }),
    found: (event) => [
      ...member(event, "tls").map((tls) => ({
        version: [textOf(tls["version"]), textOf(tls["version"]).replace("TLSv1.0", "TLSv1")],
        cipher: tls["cipher"],
        name: tls["sni"],
        resumed: tls["session_resumed"] === true || tls["psk"] === true ? "T" : "F",
      })),
      // The server's hello has the cipher, the client's the name: two events of one connection.
      ...member(event, "quic").map((quic) => ({ version: "TLS 1.3", cipher: quic["cipher"], name: ANYTHING, resumed: ANYTHING })),
    ],
  },
  ssh: {
    wanted: (row) => ({ client: row["client"], server: row["server"], kex: row["kex_alg"], cipher: row["cipher_alg"] }),
    found: (event) =>
      member(event, "ssh").map((ssh) => {
        const banner = (side: string): string => {
          const one = jsonOf(ssh[side]);
          return `SSH-${textOf(one["proto_version"])}-${textOf(one["software_version"])}`;
        };
        const withComment = (side: string): string[] => [banner(side), `${banner(side)} ${textOf(jsonOf(ssh[side])["comment"])}`.trim()];
        return {
          client: withComment("client"),
          server: withComment("server"),
          kex: ssh["kex_alg"],
          cipher: ssh["cipher_alg"],
        };
      }),
  },
  quic: {
    wanted: (row) => ({ version: row["version"], name: row["server_name"], protocol: row["client_protocol"] }),
    found: (event) =>
      member(event, "quic").map((quic) => ({
        version: [textOf(quic["version"]), textOf(quic["version"]).replace(/^QUIC v/i, "")],
        name: quic["sni"],
        protocol: listOf(quic["client_alpns"] ?? quic["alpn"]).map(textOf),
      })),
  },
};
