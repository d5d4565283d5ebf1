import { micros, parseTime, TimeText } from "#base/time.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { ForeignFlow, Joined } from "./flow-table.ts";
import { type Foreign, foreignOf, numberOf, textOf } from "./foreign-alert.ts";
import type { JoinQueue } from "./join-queue.ts";

export interface ZeekReaderOptions {
  readonly join: JoinQueue;
  /** Logs that are told beside notices: `conn` …, or `all`. */
  readonly tell: readonly string[];
  readonly onEvent: (event: OddwireEvent) => void;
}

const KINDS_MAX = 128;
const times = new TimeText();

/** Reads records of Zeek's logs: notices become alerts, the others are counted and told when they are wanted. */
export class ZeekReader {
  readonly kinds = new Map<string, number>();
  lines = 0;
  alerts = 0;
  readonly #options: ZeekReaderOptions;

  constructor(options: ZeekReaderOptions) {
    this.#options = options;
  }

  record(log: string, record: Foreign): void {
    const { join, tell, onEvent } = this.#options;
    this.lines++;
    const counted = this.kinds.has(log) || this.kinds.size < KINDS_MAX ? log : "other";
    this.kinds.set(counted, (this.kinds.get(counted) ?? 0) + 1);
    const flow = flowOfZeek(record);
    if (log === "notice") {
      this.alerts++;
      join.add(flow, (joined) => onEvent(noticeAlert(record, flow, joined)));
    } else if (tell.includes(log) || tell.includes("all"))
      join.add(flow, (joined) => onEvent(foreignOf("zeek", log, { ...placeOf(record, flow), ...record }, joined, flow.time)));
  }
}

/** What a record says of its flow. `ts` is seconds since 1970, or ISO 8601. */
export function flowOfZeek(record: Foreign): ForeignFlow {
  return {
    communityId: textOf(record["community_id"]),
    source: textOf(record["id.orig_h"]) ?? textOf(record["src"]),
    target: textOf(record["id.resp_h"]) ?? textOf(record["dst"]),
    sourcePort: numberOf(record["id.orig_p"]),
    targetPort: numberOf(record["id.resp_p"]) ?? numberOf(record["p"]),
    protocol: textOf(record["proto"]),
    time: timeOfZeek(record["ts"]),
  };
}

function timeOfZeek(ts: unknown): number {
  if (typeof ts === "number") return Math.round(ts * 1e6);
  return parseTime(textOf(ts) ?? "") ?? Date.now() * 1000;
}

/** A notice as an alert: `note` with its message is the signature, the first part of `note` the category. */
export function noticeAlert(record: Foreign, flow: ForeignFlow, joined: Joined | undefined): OddwireEvent {
  const note = textOf(record["note"]) ?? "Notice";
  const message = [textOf(record["msg"]), textOf(record["sub"])].filter((part) => part !== undefined && part !== "").join(": ");
  const actions = Array.isArray(record["actions"]) ? (record["actions"] as unknown[]) : [];
  const uid = textOf(record["uid"]);
  return {
    timestamp: times.format(micros(flow.time)),
    ...(joined !== undefined && { flow_id: joined.flowId }),
    event_type: "alert",
    ...placeOf(record, flow),
    pkt_src: "wire/pcap",
    alert: {
      action: record["dropped"] === true ? "blocked" : "allowed",
      gid: 0,
      signature_id: 0,
      rev: 0,
      signature: message === "" ? note : `${note}: ${message}`,
      category: note.split("::")[0] as string,
      // Zeek has no severity; who asked to be written to thinks it grave.
      severity: actions.some((action) => /EMAIL|PAGE|ALARM/.test(String(action))) ? 2 : 3,
    },
    engine: "zeek",
    zeek: { log: "notice", note, ...(uid !== undefined && { uid }), joined: joined?.by ?? "none" },
  };
}

function placeOf(record: Foreign, flow: ForeignFlow): { readonly [name: string]: unknown } {
  const entries = {
    src_ip: flow.source,
    src_port: flow.sourcePort,
    dest_ip: flow.target,
    dest_port: flow.targetPort,
    proto: flow.protocol?.toUpperCase(),
    community_id: flow.communityId ?? textOf(record["community_id"]),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
