import type { OddwireEvent } from "#schema/event.ts";
import type { CorpusFile } from "#test/e2e/corpora.ts";
import { address, FlowSums } from "#test/e2e/flow-sums.ts";
import {
  among,
  EventsByPair,
  expectedOf,
  type Json,
  type Judge,
  type Judged,
  jsonOf,
  listOf,
  pairKey,
  plainUrl,
  textOf,
} from "./judged.ts";

/** Packets and bytes of each session and side, and what Arkime's parsers say of it. */
export const judgeArkime: Judge = (file: CorpusFile, events: readonly OddwireEvent[]) => {
  const pairs = new EventsByPair(events);
  const sums = FlowSums.of(events);
  const sessions = (listOf(expectedOf(file, "arkime")?.["sessions"]) as readonly Json[]).filter(
    (session) => jsonOf(session["source"])["port"] !== undefined && jsonOf(session["destination"])["port"] !== undefined,
  );
  return [
    ...counts(sessions, sums),
    ...sessions.flatMap((session) => {
      const [source, target] = [jsonOf(session["source"]), jsonOf(session["destination"])];
      const key = pairKey([source["ip"], source["port"]], [target["ip"], target["port"]]);
      const objects = (member: string): readonly Json[] => pairs.objects(key, member);
      return [
        ...tls(jsonOf(session["tls"]), [...objects("tls"), ...objects("quic")]),
        ...ssh(jsonOf(session["ssh"]), objects("ssh")),
        ...http(jsonOf(session["http"]), objects("http"), [...objects("tls"), ...objects("quic")]),
        ...dns(listOf(session["dns"]) as readonly Json[], objects("dns")),
        ...email(jsonOf(session["email"]), objects("smtp"), [...objects("email")]),
      ].map((judged): Judged => ({ ...judged, what: `${judged.what} ${key}` }));
    }),
  ];
};

const transports: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp" };

const endOf = (one: Json): string => `${address(textOf(one["ip"]))} ${textOf(one["port"])}`;

/** Arkime cuts long conversations into several sessions: their sums are compared. */
function counts(sessions: readonly Json[], sums: FlowSums): Judged[] {
  const wanted = new FlowSums();
  for (const session of sessions) {
    const proto = transports[Number(session["ipProtocol"])];
    const [source, target] = [jsonOf(session["source"]), jsonOf(session["destination"])];
    const numbers = [source["packets"], target["packets"], source["bytes"], target["bytes"]].map(Number) as [
      number,
      number,
      number,
      number,
    ];
    if (proto !== undefined) wanted.add(proto, [endOf(source), endOf(target)], numbers);
  }
  return [...wanted].map(([name, numbers]) => among(`packets and bytes of ${name}`, numbers.join(" "), [sums.get(name)?.join(" ")]));
}

/** Every value of a member must be among ours. */
const each = (from: Json, member: string, found: readonly unknown[]): Judged[] =>
  listOf(from[member]).map((value) => among(member, value, found));

function tls(wanted: Json, found: readonly Json[]): Judged[] {
  const hash = (member: string): unknown[] => found.map((one) => jsonOf(one[member])["hash"]);
  return [
    ...each(wanted, "ja3", hash("ja3")),
    ...each(wanted, "ja3s", hash("ja3s")),
    ...each(
      wanted,
      "ja4",
      found.map((one) => one["ja4"]),
    ),
  ];
}

function ssh(wanted: Json, found: readonly Json[]): Judged[] {
  const hassh = (side: string): unknown[] => found.map((one) => jsonOf(jsonOf(one[side])["hassh"])["hash"]);
  return [...each(wanted, "hassh", hassh("client")), ...each(wanted, "hasshServer", hassh("server"))];
}

/** Arkime puts the names of TLS among the hosts, keeps a port that stands behind one, and undoes percent encoding. */
function http(wanted: Json, found: readonly Json[], secure: readonly Json[]): Judged[] {
  const hosts = found.flatMap((one) => [textOf(one["hostname"]), `${textOf(one["hostname"])}:${textOf(one["http_port"])}`]);
  const uris = found.flatMap((one) => {
    const url = plainUrl(textOf(one["url"]));
    const port = one["http_port"] === undefined ? "" : `:${textOf(one["http_port"])}`;
    return [url, `${textOf(one["hostname"])}${port}${url}`];
  });
  return [
    ...each(
      wanted,
      "method",
      found.map((one) => one["http_method"]),
    ),
    ...each(
      wanted,
      "statuscode",
      found.map((one) => one["status"]),
    ),
    ...each(wanted, "host", [...hosts, ...secure.map((one) => one["sni"])]),
    ...each(
      wanted,
      "useragent",
      found.map((one) => one["http_user_agent"] ?? ""),
    ),
    ...listOf(wanted["uri"]).map((value) => among("uri", plainUrl(textOf(value)), uris)),
  ];
}

function dns(wanted: readonly Json[], found: readonly Json[]): Judged[] {
  return wanted.flatMap((one) => [
    among(
      "queryHost",
      textOf(one["queryHost"]).replace("<root>", ""),
      found.map((event) => textOf(event["rrname"]).toLowerCase()),
    ),
    ...(one["qt"] === undefined
      ? []
      : [
          among(
            "qt",
            one["qt"],
            found.map((event) => event["rrtype"]),
          ),
        ]),
    ...(one["status"] === undefined
      ? []
      : [
          among(
            "status",
            one["status"],
            found.map((event) => (event["rcode"] === "NOTIMP" ? "NOTIMPL" : event["rcode"])),
          ),
        ]),
  ]);
}

const bare = (value: unknown): string =>
  textOf(value)
    .replace(/^.*<([^<>]*)>.*$/, "$1")
    .toLowerCase();

/** Arkime keeps the white space that RFC 2047 §6.2 takes out between encoded words. */
const collapsed = (value: unknown): string => textOf(value).replace(/\s+/g, " ").trim();

function email(wanted: Json, smtp: readonly Json[], found: readonly Json[]): Judged[] {
  const people = (members: readonly string[]): string[] =>
    [...found, ...smtp].flatMap((one) => members.flatMap((member) => listOf(one[member]).map(bare)));
  return [
    ...listOf(wanted["src"]).map((value) => among("src", bare(value), people(["from", "mail_from"]))),
    ...listOf(wanted["dst"]).map((value) => among("dst", bare(value), people(["to", "cc", "bcc", "rcpt_to"]))),
    ...listOf(wanted["subject"]).map((value) =>
      among(
        "subject",
        collapsed(value),
        found.map((one) => collapsed(one["subject"])),
      ),
    ),
    ...each(
      wanted,
      "filename",
      found.flatMap((one) => listOf(one["attachment"])),
    ),
    ...listOf(wanted["smtpHello"]).map((value) =>
      among(
        "smtpHello",
        textOf(value).toLowerCase(),
        smtp.map((one) => textOf(one["helo"]).toLowerCase()),
      ),
    ),
  ];
}
