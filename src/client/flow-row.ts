import { ipv6Text, parseAddress } from "#base/address.ts";
import { textOf } from "#base/members.ts";
import { microsOf } from "#base/time-words.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { LiveFlow } from "#schema/live.ts";
import { type EndPlace, endPlaceOf } from "./end-place.ts";

/** A flow as tables and the detail show it, whether it goes on or has ended. Times in microseconds. */
export interface FlowRow {
  readonly id: number;
  readonly start: number | undefined;
  readonly last: number | undefined;
  readonly client: string;
  readonly clientPort: number | undefined;
  readonly server: string;
  readonly serverPort: number | undefined;
  /** Where the addresses belong, when the server has a database of it. */
  readonly clientPlace: EndPlace | undefined;
  readonly serverPlace: EndPlace | undefined;
  readonly proto: string;
  readonly app: string | undefined;
  readonly host: string | undefined;
  /** Application that the flow belongs to, told when it has ended. */
  readonly application: string | undefined;
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  readonly state: string;
  /** Why it ended; `undefined` while it goes on. */
  readonly reason: string | undefined;
}

export function rowOfLive(flow: LiveFlow): FlowRow {
  return {
    id: flow.flow_id,
    start: flow.start,
    last: flow.last,
    client: flow.src_ip,
    clientPort: flow.src_port,
    server: flow.dest_ip,
    serverPort: flow.dest_port,
    clientPlace: endPlaceOf(flow.src_country, flow.src_asn, flow.src_as_org),
    serverPlace: endPlaceOf(flow.dest_country, flow.dest_asn, flow.dest_as_org),
    proto: flow.proto,
    app: known(flow.app_proto),
    host: flow.host,
    application: undefined,
    packetsToServer: flow.pkts_toserver,
    packetsToClient: flow.pkts_toclient,
    bytesToServer: flow.bytes_toserver,
    bytesToClient: flow.bytes_toclient,
    state: flow.state,
    reason: undefined,
  };
}

/** From a `flow` event; what the event lacks is 0 or unknown. */
export function rowOfEvent(event: OddwireEvent): FlowRow {
  const flow = memberOf(event, "flow");
  return {
    id: event.flow_id ?? 0,
    start: microsOf(flow["start"]),
    last: microsOf(flow["end"]),
    client: event.src_ip ?? "",
    clientPort: event.src_port,
    server: event.dest_ip ?? "",
    serverPort: event.dest_port,
    clientPlace: endPlaceOf(event["src_country"], event["src_asn"], event["src_as_org"]),
    serverPlace: endPlaceOf(event["dest_country"], event["dest_asn"], event["dest_as_org"]),
    proto: event.proto ?? "",
    app: known(event["app_proto"]),
    host: undefined,
    application: textOf(memberOf(event, "application")["name"]) || undefined,
    packetsToServer: numberOf(flow["pkts_toserver"]),
    packetsToClient: numberOf(flow["pkts_toclient"]),
    bytesToServer: numberOf(flow["bytes_toserver"]),
    bytesToClient: numberOf(flow["bytes_toclient"]),
    state: textOf(flow["state"]),
    reason: textOf(flow["reason"]) || undefined,
  };
}

/** Seconds from first to last packet. */
export const ageOf = (row: FlowRow): number =>
  row.start === undefined || row.last === undefined ? Number.NaN : Math.max(0, row.last - row.start) / 1e6;

/** Application protocol, or the transport's name in lower case when it is not known. */
export const protocolOf = (row: FlowRow): string => row.app ?? row.proto.toLowerCase();

/** True when every word of `find` stands somewhere in the row: address, port, protocol, host, state. */
export function rowMatches(row: FlowRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text =
    `${endText(row.client, row.clientPort)} ${endText(row.server, row.serverPort)} ${row.proto} ${row.app ?? ""} ${row.host ?? ""} ${row.state} ${placeWords(row)}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

const placeWords = ({ clientPlace, serverPlace }: FlowRow): string => `${clientPlace?.text ?? ""} ${serverPlace?.text ?? ""}`;

/** `10.0.0.1:443`, `[2001:db8::1]:443`. */
export function endText(address: string, port: number | undefined): string {
  const short = shortAddress(address);
  const shown = short.includes(":") && port !== undefined ? `[${short}]` : short;
  return port === undefined ? shown : `${shown}:${port}`;
}

/** Events spell IPv6 addresses with all digits; people read the short form. */
export function shortAddress(address: string): string {
  if (!address.includes(":")) return address;
  const parsed = parseAddress(address);
  return parsed === undefined ? address : ipv6Text(...parsed.words);
}

const known = (app: unknown): string | undefined => (typeof app === "string" && app !== "" && app !== "failed" ? app : undefined);
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** The object under `name`, empty when there is none. */
export function memberOf(event: { readonly [name: string]: unknown }, name: string): { readonly [name: string]: unknown } {
  const member = event[name];
  return typeof member === "object" && member !== null && !Array.isArray(member) ? (member as { [name: string]: unknown }) : {};
}
