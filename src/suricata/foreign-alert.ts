import { micros, parseTime, TimeText } from "#base/time.ts";
import { commonFields } from "#schema/common.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { alertKind } from "#schema/kinds.ts";
import type { ForeignFlow, Joined } from "./flow-table.ts";

/** A JSON object of another program. */
export type Foreign = { readonly [name: string]: unknown };

const KNOWN = new Set([...Object.keys(commonFields), ...Object.keys(alertKind.fields)]);
const ALERT_KNOWN = new Set(Object.keys(alertKind.fields["alert"]?.fields ?? {}));
/** Members whose place in ours is another one. */
const OWN = new Set(["flow_id", "suricata", "zeek", "engine", "matches"]);
const times = new TimeText();

/**
 * Suricata's alert as one of ours: as it stands, with our `flow_id` in place of its own, which stays as
 * `suricata.flow_id`. Members that our schema does not know stand in `suricata.more`.
 */
export function alertOf(event: Foreign, joined: Joined | undefined): OddwireEvent {
  const { alert, ...rest } = event;
  const [known, more] = split(rest, (name) => KNOWN.has(name) && !OWN.has(name));
  const [knownAlert, moreAlert] = split(objectOf(alert), (name) => ALERT_KNOWN.has(name));
  const { flow_id: theirs } = event;
  const others = { ...without(more, "flow_id"), ...(Object.keys(moreAlert).length > 0 && { alert: moreAlert }) };
  return {
    timestamp: utc(event),
    ...(joined !== undefined && { flow_id: joined.flowId }),
    ...without(known, "timestamp"),
    event_type: "alert",
    pkt_src: textOf(event["pkt_src"]) ?? "wire/pcap",
    alert: {
      action: textOf(knownAlert["action"]) ?? "allowed",
      gid: numberOf(knownAlert["gid"]) ?? 1,
      signature_id: numberOf(knownAlert["signature_id"]) ?? 0,
      rev: numberOf(knownAlert["rev"]) ?? 0,
      signature: textOf(knownAlert["signature"]) ?? "",
      category: textOf(knownAlert["category"]) ?? "",
      severity: numberOf(knownAlert["severity"]) ?? 3,
      ...without(knownAlert, "action", "gid", "signature_id", "rev", "signature", "category", "severity"),
    },
    engine: "suricata",
    suricata: {
      ...(typeof theirs === "number" && { flow_id: theirs }),
      joined: joined?.by ?? "none",
      ...(Object.keys(others).length > 0 && { more: others }),
    },
  };
}

/** Any other event of another program, told because it was asked for. */
export function foreignOf(
  engine: "suricata" | "zeek",
  kind: string,
  event: Foreign,
  joined: Joined | undefined,
  time: number,
): OddwireEvent {
  const place = Object.fromEntries(
    ["src_ip", "src_port", "dest_ip", "dest_port", "proto", "community_id", "in_iface"].flatMap((name) =>
      event[name] === undefined ? [] : [[name, event[name]]],
    ),
  );
  return {
    timestamp: times.format(micros(time)),
    ...(joined !== undefined && { flow_id: joined.flowId }),
    event_type: "foreign",
    ...place,
    pkt_src: "wire/pcap",
    foreign: { engine, kind, joined: joined?.by ?? "none", event },
  };
}

/** What an EVE event says of its flow. */
export const flowOfEve = (event: Foreign): ForeignFlow => ({
  communityId: textOf(event["community_id"]),
  source: textOf(event["src_ip"]),
  target: textOf(event["dest_ip"]),
  sourcePort: numberOf(event["src_port"]) ?? numberOf(event["icmp_type"]),
  targetPort: numberOf(event["dest_port"]) ?? numberOf(event["icmp_code"]),
  protocol: textOf(event["proto"]),
  time: timeOf(event),
});

/** Microseconds of the event's time; the present one when it has none. */
export const timeOf = (event: Foreign): number => parseTime(textOf(event["timestamp"]) ?? "") ?? Date.now() * 1000;

/** The event's time in UTC: Suricata writes the machine's zone. */
const utc = (event: Foreign): string => times.format(micros(timeOf(event)));

export const objectOf = (value: unknown): Foreign =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Foreign) : {};
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
export const numberOf = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

function split(object: Foreign, chosen: (name: string) => boolean): [{ [name: string]: unknown }, { [name: string]: unknown }] {
  const yes: { [name: string]: unknown } = {};
  const no: { [name: string]: unknown } = {};
  for (const [name, value] of Object.entries(object)) (chosen(name) ? yes : no)[name] = value;
  return [yes, no];
}

const without = (object: Foreign, ...names: readonly string[]): { [name: string]: unknown } =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
