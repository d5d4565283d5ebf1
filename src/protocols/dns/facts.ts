import { boolean, defineKind, type Fields, integer, type Kind, list, object, open, optional, text } from "#schema/field.ts";

const questionFields: Fields = {
  rrname: optional(text("Name that is asked for, one character a byte; empty for the root. NetBIOS: `FRED<20>`.")),
  rrtype: optional(text("Type that is asked for: `A`, `AAAA` … or `TYPE65534`.")),
};

const record = object("A record.", {
  rrname: text("Name that the record belongs to."),
  rrtype: text("Type."),
  rrclass: optional(text("Class, when it is not IN.")),
  ttl: integer("Time to live.", { unit: "s" }),
  rrname_truncated: optional(boolean("True when the name is longer than what is told.")),
  rdata: optional(text("What it says: address, name or text, otherwise as in a zone file; hexadecimal when the type is unknown.")),
  rdata_truncated: optional(boolean("True when the data is longer than what is told.")),
  preference: optional(integer("Preference of MX: the lowest is tried first.")),
  soa: optional(
    object("Start of authority.", {
      mname: text("Primary server."),
      rname: text("Mailbox of who is responsible, as a name."),
      serial: integer("Version of the zone."),
      refresh: integer("Refresh interval.", { unit: "s" }),
      retry: integer("Retry interval.", { unit: "s" }),
      expire: integer("Time after which the zone is stale.", { unit: "s" }),
      minimum: integer("Time that an absence may be cached.", { unit: "s" }),
    }),
  ),
  srv: optional(
    object("Where a service is.", {
      priority: integer("Priority."),
      weight: integer("Weight."),
      port: integer("Port."),
      name: text("Host."),
    }),
  ),
  sshfp: optional(
    object("Fingerprint of an SSH key.", {
      fingerprint: text("`aa:bb:…`."),
      algo: integer("Algorithm of the key."),
      type: integer("Algorithm of the fingerprint."),
    }),
  ),
});

/** RFC 6891 and the options' own documents. */
const edns = object("Extension record (OPT).", {
  version: integer("Version, 0."),
  udp_size: integer("Largest datagram that the sender takes.", { unit: "bytes" }),
  do: optional(boolean("DNSSEC records are wanted.")),
  client_subnet: optional(text("Network of the client that the resolver asks for: `192.0.2.0/24`.")),
  cookie: optional(text("Cookies, hexadecimal.")),
  nsid: optional(text("Identity of the server.")),
  padding: optional(integer("Bytes of padding.", { unit: "bytes" })),
  keepalive: optional(integer("Idle time-out of the connection; 0 in a query.", { unit: "100 ms" })),
  extended_error: optional(object("Why it failed.", { code: integer("RFC 8914 code."), text: optional(text("In words.")) })),
  options: optional(list("Other options.", object("An option.", { code: integer("Code."), data: text("Hexadecimal.") }))),
  truncated: optional(boolean("True when it holds more than what is told, or is malformed.")),
});

/** The `dns` event: names as in Suricata's EVE version 2, own members behind them. */
export const dnsKind: Kind = defineKind({
  name: "dns",
  host: "rrname",
  summary: "A name asked for, or answered.",
  fields: {
    dns: object("The message.", {
      version: integer("Version of the format, 2."),
      type: text("`query` or `answer`."),
      id: integer("Number that query and answer share."),
      flags: optional(text("Flags of an answer, four hexadecimal digits.")),
      qr: optional(boolean("It is an answer.")),
      aa: optional(boolean("The server is responsible for the name.")),
      tc: optional(boolean("Cut: the rest did not fit.")),
      rd: optional(boolean("Recursion was wanted.")),
      ra: optional(boolean("Recursion is available.")),
      z: optional(boolean("The bit that must be zero is set.")),
      tx_id: optional(integer("Number of the transaction in its flow (queries).")),
      opcode: integer("0 query, 4 notify, 5 update …"),
      ...questionFields,
      rrname_truncated: optional(boolean("True when the name is longer than what is told.")),
      rrclass: optional(text("Class that is asked for, when it is not IN.")),
      unicast: optional(boolean("mDNS: the answer may come by unicast.")),
      rcode: optional(text("`NOERROR`, `NXDOMAIN` … (answers).")),
      queries: optional(list("All questions, when an answer repeats more than one.", object("A question.", questionFields))),
      answers: optional(list("Records of the answer; known answers of an mDNS query. At most 256 in each section.", record)),
      grouped: optional(open('What the answers say, by type: `{"A": ["192.0.2.1"]}`.')),
      authorities: optional(list("Records of the authority section.", record)),
      additionals: optional(list("Records of the additional section but OPT.", record)),
      edns: optional(edns),
      omitted: optional(integer("Questions and records beyond the limits, that are not told.", { unit: "records" })),
      variant: optional(text("`mdns`, `llmnr` or `nbns`; absent for DNS itself.")),
    }),
  },
  columns: [
    { name: "type", path: "dns.type", type: "text", doc: "query or answer." },
    { name: "rrname", path: "dns.rrname", type: "text", doc: "Name asked for.", index: true },
    { name: "rrtype", path: "dns.rrtype", type: "text", doc: "Type asked for." },
    { name: "rcode", path: "dns.rcode", type: "text", doc: "Result of the answer." },
    { name: "id", path: "dns.id", type: "integer", doc: "Number that query and answer share." },
    { name: "variant", path: "dns.variant", type: "text", doc: "mdns, llmnr or nbns." },
  ],
});
