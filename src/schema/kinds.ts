import { boolean, defineKind, integer, type Kind, list, number, object, open, optional, text } from "./field.ts";
import { findingCategories } from "./finding.ts";
import { gameSessionKind, playerKind } from "./game-kinds.ts";

const moments = (what: string) =>
  object(`${what}: number of values, mean and standard deviation.`, {
    mean: number("Arithmetic mean."),
    stddev: number("Standard deviation (population)."),
  });

/** Event kinds that come from the engine itself. Protocols declare theirs in `protocols/x/facts.ts`. */
export const flowKind: Kind = defineKind({
  name: "flow",
  summary: "A conversation that has ended, with what both sides sent.",
  fields: {
    flow: object("Counters and times of the flow.", {
      pkts_toserver: integer("Packets from the client.", { unit: "packets" }),
      pkts_toclient: integer("Packets from the server.", { unit: "packets" }),
      bytes_toserver: integer("Bytes on the wire from the client.", { unit: "bytes" }),
      bytes_toclient: integer("Bytes on the wire from the server.", { unit: "bytes" }),
      start: text("Time of the first packet."),
      end: text("Time of the last packet."),
      age: integer("Whole seconds from first to last packet.", { unit: "s" }),
      state: text("`new`, `established`, `closed`, or `bypassed` when a rule has let the rest go."),
      reason: text("Why it ended: `fin`, `rst`, `timeout`, `shutdown`, `evicted`."),
      alerted: boolean("True when an alert or finding names the flow."),
      size_toserver: optional(moments("Packet sizes from the client, bytes")),
      size_toclient: optional(moments("Packet sizes from the server, bytes")),
      gap_toserver: optional(moments("Inter-arrival times from the client, seconds")),
      gap_toclient: optional(moments("Inter-arrival times from the server, seconds")),
      fragments: optional(integer("IP fragments among the packets.", { unit: "packets" })),
      undecoded: optional(integer("Payload bytes that no parser looked at.", { unit: "bytes" })),
      undecoded_why: optional(
        text("Why: encrypted, depth (longer than streams are read), unrecognised, finished (the parser wanted no more)."),
      ),
    }),
    app_proto_ts: optional(text("Application protocol of the client's side, where the sides differ.")),
    app_proto_tc: optional(text("Application protocol of the server's side, where the sides differ.")),
    tcp: optional(
      object("TCP's own counters.", {
        tcp_flags: text("All flags seen, two hexadecimal digits."),
        tcp_flags_ts: text("Flags from the client."),
        tcp_flags_tc: text("Flags from the server."),
        syn: optional(boolean("SYN seen.")),
        fin: optional(boolean("FIN seen.")),
        rst: optional(boolean("RST seen.")),
        psh: optional(boolean("PSH seen.")),
        ack: optional(boolean("ACK seen.")),
        urg: optional(boolean("URG seen.")),
        ecn: optional(boolean("ECE seen.")),
        cwr: optional(boolean("CWR seen.")),
        state: text("State of the connection when it ended, as Suricata names it."),
        retransmissions: optional(integer("Segments that carried only bytes sent before.", { unit: "packets" })),
        out_of_order: optional(integer("Segments that arrived before their predecessors.", { unit: "packets" })),
        zero_windows: optional(integer("Segments that closed the window.", { unit: "packets" })),
        gap_bytes: optional(integer("Bytes of the stream that the capture does not hold.", { unit: "bytes" })),
      }),
    ),
    application: optional(
      object("The application that the flow belongs to, and why.", {
        name: text("Its name: `Netflix`, `OpenAI` …"),
        evidence: text("What decided: `host` (asked for by the client) or `certificate` (of the server)."),
        match: text("The suffix of the host name that decided."),
      }),
    ),
    ether: optional(object("MAC addresses of the first packet.", { src_mac: text("Sender."), dest_mac: text("Receiver.") })),
    src_country: optional(text("Country of the client's address, ISO 3166-1 alpha-2, by the user's database (`geo.files`).")),
    src_asn: optional(integer("Number of its autonomous system.")),
    src_as_org: optional(text("Who runs that system.")),
    dest_country: optional(text("Country of the server's address.")),
    dest_asn: optional(integer("Number of its autonomous system.")),
    dest_as_org: optional(text("Who runs that system.")),
    tunnel: optional(
      object("The outermost tunnel that carried the flow.", { kind: text("gre, vxlan, geneve …"), id: integer("Its VNI, key or label.") }),
    ),
  },
  columns: [
    { name: "start", path: "flow.start", type: "integer", format: "time", doc: "First packet, microseconds." },
    { name: "end", path: "flow.end", type: "integer", format: "time", doc: "Last packet, microseconds." },
    { name: "app_proto", path: "app_proto", type: "text", doc: "Application protocol.", index: true },
    { name: "application", path: "application.name", type: "text", doc: "Application.", index: true },
    { name: "pkts_toserver", path: "flow.pkts_toserver", type: "integer", doc: "Packets from the client." },
    { name: "pkts_toclient", path: "flow.pkts_toclient", type: "integer", doc: "Packets from the server." },
    { name: "bytes_toserver", path: "flow.bytes_toserver", type: "integer", doc: "Bytes from the client." },
    { name: "bytes_toclient", path: "flow.bytes_toclient", type: "integer", doc: "Bytes from the server." },
    { name: "state", path: "flow.state", type: "text", doc: "State at its end." },
    { name: "reason", path: "flow.reason", type: "text", doc: "Why it ended." },
    { name: "community_id", path: "community_id", type: "text", doc: "Community ID v1." },
    { name: "src_country", path: "src_country", type: "text", doc: "Country of the client." },
    { name: "src_asn", path: "src_asn", type: "integer", doc: "Autonomous system of the client." },
    { name: "src_as_org", path: "src_as_org", type: "text", doc: "Who runs the client's system." },
    { name: "dest_country", path: "dest_country", type: "text", doc: "Country of the server." },
    { name: "dest_asn", path: "dest_asn", type: "integer", doc: "Autonomous system of the server." },
    { name: "dest_as_org", path: "dest_as_org", type: "text", doc: "Who runs the server's system." },
  ],
});

export const anomalyKind: Kind = defineKind({
  name: "anomaly",
  bySender: true,
  summary: "A frame, stream or message that breaks its protocol's rules.",
  fields: {
    anomaly: object("What is wrong.", {
      type: text("`decode`, `stream` or `applayer`."),
      event: text("Name of the violation, Suricata's where it has one: `decoder.ipv4.trunc_pkt`."),
      layer: optional(text("`proto_parser` or `proto_detect` for applayer anomalies.")),
      app_proto: optional(text("Protocol whose parser complained.")),
      why: optional(text("The reason in words, with the values that broke the rule.")),
    }),
  },
  columns: [
    { name: "type", path: "anomaly.type", type: "text", doc: "decode, stream or applayer." },
    { name: "event", path: "anomaly.event", type: "text", doc: "Name of the violation.", index: true },
  ],
});

export const packetKind: Kind = defineKind({
  name: "packet",
  bySender: true,
  summary: "A packet that a rule has tagged (`tag:session`, `tag:host`).",
  fields: {
    packet: text("The frame as it was captured, in base64."),
    packet_info: object("What the frame is.", { linktype: integer("LINKTYPE_ number of its first header: 1 is Ethernet.") }),
  },
  columns: [],
});

export const findingKind: Kind = defineKind({
  name: "finding",
  summary: "Something that does not belong, with the reasons.",
  fields: {
    finding: object("The verdict.", {
      id: optional(text("The same for everything that is told of one cause; findings of games and of programs beside have none.")),
      detector: text("Detector that says so."),
      category: text(`What it is about: ${findingCategories.map((category) => `\`${category}\``).join(", ")}.`),
      title: text("One line for people."),
      severity: text("`info`, `low`, `medium`, `high` or `critical`."),
      score: number("How far it stands out: 0 (ordinary) to 1."),
      confidence: optional(number("How sure the detector is that it is what the title says, 0 to 1.")),
      signs: optional(integer("How often the cause was seen so far. It is told again when that is ten times as often, or more severe.")),
      since: optional(text("Packet time of the first sign.")),
      why: list("Reasons, each with value, threshold and sample.", open("A reason.")),
      coverage: open("What could not be looked at: drops, gaps, encrypted share.", { optional: true }),
      techniques: optional(list("MITRE ATT&CK techniques.", text("Technique id."))),
      player: optional(text("Id of the player of a game that it is about.")),
    }),
  },
  columns: [
    { name: "detector", path: "finding.detector", type: "text", doc: "Detector.", index: true },
    { name: "category", path: "finding.category", type: "text", doc: "What it is about.", index: true },
    { name: "id", path: "finding.id", type: "text", doc: "The same for everything told of one cause.", index: true },
    { name: "title", path: "finding.title", type: "text", doc: "One line for people." },
    { name: "severity", path: "finding.severity", type: "text", doc: "Severity." },
    { name: "score", path: "finding.score", type: "real", doc: "0 to 1." },
    { name: "player", path: "finding.player", type: "text", doc: "Player of a game that it is about." },
  ],
});

export const statsKind: Kind = defineKind({
  name: "stats",
  summary: "The engine's own counters.",
  fields: { stats: open("Counters by dotted name, nested: `decoder.pkts` is `stats.decoder.pkts`.") },
  columns: [
    { name: "packets", path: "stats.decoder.pkts", type: "integer", doc: "Packets decoded so far." },
    { name: "bytes", path: "stats.decoder.bytes", type: "integer", doc: "Bytes decoded so far." },
    { name: "dropped", path: "stats.capture.kernel_drops", type: "integer", doc: "Packets the kernel dropped." },
  ],
});

/** Protocols that carry files put their own object beside `fileinfo`. */
const carrier = (name: string) => open(`The \`${name}\` transaction that carried the file.`, { optional: true });

export const fileKind: Kind = defineKind({
  name: "fileinfo",
  bySender: true,
  summary: "A file that a protocol carried.",
  fields: {
    fileinfo: object("What is known of the file.", {
      filename: optional(text("Name as the protocol gave it.")),
      type: optional(text("Media type by content, not by name: `application/pdf`. Absent when the first bytes say nothing.")),
      magic: optional(text("The same in words: `PDF document`.")),
      gaps: boolean("True when bytes of it are missing in the capture."),
      state: text("`CLOSED` when it is whole, `TRUNCATED` when not."),
      md5: optional(text("MD5 of the file when it is whole, hexadecimal (`files.digests`).")),
      sha1: optional(text("SHA-1 of it.")),
      sha256: optional(text("SHA-256 of it.")),
      stored: boolean("True when its bytes were written to the folder of extracted files, under its SHA-256."),
      size: integer("Bytes seen.", { unit: "bytes" }),
      start: optional(integer("First byte's place in the whole file, of a part.", { unit: "bytes" })),
      end: optional(integer("Last byte's place in the whole file, of a part.", { unit: "bytes" })),
      tx_id: integer("Transaction that carried it."),
    }),
    http: carrier("http"),
    smtp: carrier("smtp"),
    email: carrier("email"),
    ftp_data: carrier("ftp_data"),
    imap: carrier("imap"),
    pop3: carrier("pop3"),
    smb: carrier("smb"),
    nfs: carrier("nfs"),
    rpc: carrier("rpc"),
  },
  columns: [
    { name: "filename", path: "fileinfo.filename", type: "text", doc: "Name of the file.", index: true },
    { name: "state", path: "fileinfo.state", type: "text", doc: "Whole or cut." },
    { name: "type", path: "fileinfo.type", type: "text", doc: "Media type by content." },
    { name: "sha256", path: "fileinfo.sha256", type: "text", doc: "SHA-256.", index: true },
    { name: "size", path: "fileinfo.size", type: "integer", doc: "Bytes seen." },
  ],
});

/** Objects that Suricata puts beside an alert: the transaction that a rule matched in. */
const alertCarriers = (
  "http dns tls ssh smtp email ftp ftp_data tftp smb nfs rpc dcerpc krb5 ike quic dhcp snmp sip rfb mqtt modbus dnp3 enip rdp " +
  "pgsql telnet bittorrent_dht ldap mdns pop3 imap websocket doh2 arp sdp"
).split(" ");

export const alertKind: Kind = defineKind({
  name: "alert",
  bySender: true,
  summary: "A rule that matched: of Oddwire's own engine, of a Suricata beside it, or a Zeek notice.",
  fields: {
    alert: object("The rule, and what it says.", {
      action: text("`allowed`, or `blocked` where something stands in the way of the packets."),
      gid: integer("Generator of the rule; 1 for rules of text."),
      signature_id: integer("The rule's `sid`; 0 where there is none, as in Zeek notices."),
      rev: integer("The rule's revision."),
      signature: text("The rule's message."),
      category: text("What its class stands for; empty when it has none."),
      severity: integer("1 (worst) to 4, from the rule's priority."),
      rule: optional(text("The whole rule.")),
      source: optional(open("Who attacks: `ip`, `port`, when the rule says which side that is.")),
      target: optional(open("Who is attacked: `ip`, `port`.")),
      metadata: optional(open("The rule's `metadata`: each name with a list of values.")),
      references: optional(list("Where to read about it.", text("Address or name."))),
      xff: optional(text("Client behind a proxy, as X-Forwarded-For names it.")),
      tag: optional(open("How the flow is tagged by the rule.")),
      context: optional(open("What the rule keeps for its reader.")),
    }),
    engine: optional(text("Who says so: `oddwire`, `suricata`, `zeek`.")),
    matches: optional(list("What matched, where.", open("`buffer`, `offset` and `bytes` of one match."))),
    indicator: optional(
      object("The indicator that was seen.", {
        type: text("`address`, `domain`, `url`, `ja3`, `ja3s`, `ja4`, `hassh`, `certificate`, `md5`, `sha1` or `sha256`."),
        value: text("As the list has it: the network, the name above."),
        seen: optional(text("What was seen, when it is not the value itself.")),
        list: text("List that it stands on."),
        source: optional(text("Who says so.")),
        expires: optional(text("When it stops counting.")),
        note: optional(text("What the list says of it.")),
        place: text("Where it was seen: `flow.src_ip`, `dns.rrname`, `tls.sni` …"),
      }),
    ),
    direction: optional(text("`to_server` or `to_client`.")),
    flow: optional(open("Counters of the flow at the time of the alert.")),
    files: optional(list("Files of the transaction.", open("As `fileinfo` tells them."))),
    payload: optional(text("Bytes of the packet's or the stream's payload, Base64.")),
    payload_printable: optional(text("The same, with dots for what cannot be shown.")),
    capture_file: optional(text("File of the recording that holds the packet, when live capture records.")),
    capture_packet: optional(integer("Number of the packet in that file, from 1.")),
    payload_length: optional(integer("Length of the payload.", { unit: "bytes" })),
    packet: optional(text("The frame, Base64.")),
    packet_info: optional(open("Link type of `packet`.")),
    stream: optional(integer("1 when `payload` is of the stream, 0 when of the packet.")),
    frame: optional(open("The frame that matched: its `type`, `length`, `direction`, and whether it is `complete`.")),
    app_proto_ts: optional(text("Application protocol of the client's side, where the sides differ.")),
    app_proto_tc: optional(text("Application protocol of the server's side.")),
    app_proto_expected: optional(text("Application protocol that was announced.")),
    suricata: optional(open("Of alerts by Suricata: `flow_id`, its own identity of the flow, and how the flow was `joined`.")),
    zeek: optional(open("Of notices by Zeek: `uid` of the connection, `log`, `note`, and how the flow was `joined`.")),
    ...Object.fromEntries(alertCarriers.map((name) => [name, open(`The \`${name}\` transaction that matched.`, { optional: true })])),
  },
  columns: [
    { name: "sid", path: "alert.signature_id", type: "integer", doc: "The rule's sid.", index: true },
    { name: "signature", path: "alert.signature", type: "text", doc: "The rule's message." },
    { name: "category", path: "alert.category", type: "text", doc: "What its class stands for." },
    { name: "severity", path: "alert.severity", type: "integer", doc: "1 (worst) to 4." },
    { name: "action", path: "alert.action", type: "text", doc: "allowed or blocked." },
    { name: "engine", path: "engine", type: "text", doc: "oddwire, suricata or zeek." },
    { name: "app_proto", path: "app_proto", type: "text", doc: "Application protocol." },
    { name: "community_id", path: "community_id", type: "text", doc: "Community ID v1." },
  ],
});

export const foreignKind: Kind = defineKind({
  name: "foreign",
  summary: "An event of a Suricata or Zeek beside Oddwire that is no alert, told because it was asked for.",
  fields: {
    foreign: object("The event, and how it was joined.", {
      engine: text("`suricata` or `zeek`."),
      kind: text("Its kind there: `dns`, `conn` …"),
      joined: text("What found the flow: `community_id`, `five_tuple` or `none`."),
      event: open("The event as it came."),
    }),
  },
  columns: [
    { name: "engine", path: "foreign.engine", type: "text", doc: "suricata or zeek." },
    { name: "kind", path: "foreign.kind", type: "text", doc: "Kind of the event there.", index: true },
    { name: "joined", path: "foreign.joined", type: "text", doc: "What found the flow." },
    { name: "community_id", path: "community_id", type: "text", doc: "Community ID v1." },
  ],
});

export const engineKinds: readonly Kind[] = [
  flowKind,
  anomalyKind,
  findingKind,
  alertKind,
  packetKind,
  foreignKind,
  statsKind,
  fileKind,
  gameSessionKind,
  playerKind,
];
