import { type Column, type Fields, integer, list, open, text } from "./field.ts";

/** Members that every event may carry, named as in Suricata's EVE. */
export const commonFields: Fields = {
  timestamp: text("Packet time in UTC, `2026-01-31T23:59:59.000001+0000`."),
  flow_id: integer("Identity of the flow: from its key and first packet, the same in every run.", { optional: true }),
  pcap_cnt: integer("Number of the packet in the capture that caused the event, from 1.", { optional: true }),
  event_type: text("Kind of the event."),
  vlan: list("VLAN ids, outermost first.", integer("VLAN id."), { optional: true }),
  src_ip: text("Address of the side that opened the flow, or of the packet's sender.", { optional: true }),
  src_port: integer("Port of that side.", { optional: true }),
  dest_ip: text("Address of the other side.", { optional: true }),
  dest_port: integer("Port of the other side.", { optional: true }),
  proto: text("Transport protocol: TCP, UDP, ICMP, IPv6-ICMP, SCTP … or its number.", { optional: true }),
  icmp_type: integer("ICMP type of the flow's first packet; of what the server sent, its own.", { optional: true }),
  icmp_code: integer("ICMP code of the flow's first packet.", { optional: true }),
  response_icmp_type: integer("ICMP type of the answer, when one came.", { optional: true }),
  response_icmp_code: integer("ICMP code of the answer.", { optional: true }),
  app_proto: text("Application protocol found by content; `failed` when none was recognised.", { optional: true }),
  app_proto_orig: text("Application protocol that the flow began with, when it was handed over (STARTTLS, CONNECT).", { optional: true }),
  pkt_src: text("Where the packet came from: `wire/pcap`, or `stream (flow timeout)` at a flow's end."),
  tx_id: integer("Number of the transaction in its flow, from 0.", { optional: true }),
  community_id: text("Community ID v1 with seed 0.", { optional: true }),
  in_iface: text("Interface that the packet arrived on.", { optional: true }),
  metadata: open("Remarks of rules and detectors.", { optional: true }),
};

/** Columns that every event table has. */
export const commonColumns: readonly Column[] = [
  { name: "time", path: "timestamp", type: "integer", format: "time", doc: "Packet time, microseconds since 1970 UTC.", index: true },
  { name: "flow_id", path: "flow_id", type: "integer", doc: "Identity of the flow.", index: true },
  { name: "pcap_cnt", path: "pcap_cnt", type: "integer", doc: "Packet number." },
  {
    name: "src_ip",
    path: "src_ip",
    type: "text",
    format: "address",
    doc: "Client address; in kinds that tell single messages, the sender's.",
    index: true,
  },
  { name: "src_port", path: "src_port", type: "integer", doc: "Client port." },
  {
    name: "dest_ip",
    path: "dest_ip",
    type: "text",
    format: "address",
    doc: "Server address; in kinds that tell single messages, the receiver's.",
    index: true,
  },
  { name: "dest_port", path: "dest_port", type: "integer", doc: "Server port." },
  { name: "proto", path: "proto", type: "text", doc: "Transport protocol." },
];
