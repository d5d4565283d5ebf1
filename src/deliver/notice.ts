import { type Members, membersOf } from "#base/members.ts";
import type { OddwireEvent } from "#contract/event.ts";
import { type Severity, severities } from "#schema/finding.ts";

/** A finding or an alert in the words of a message. */
export interface Notice {
  /** The same for what is told of one cause. */
  readonly key: string;
  readonly severity: Severity;
  /** One line. */
  readonly title: string;
  /** Reasons, each a line. */
  readonly reasons: readonly string[];
  /** Who and what it is about: name and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly time: string;
  readonly event: OddwireEvent;
  /** Times that the same was noticed since it was last told. */
  readonly repeated: number;
}

/** Reasons of one notice, and characters of one line of it: senders choose what stands there. */
const reasonsMax = 8;
const lineCharactersMax = 300;
/** EVE's severities of alerts, 1 to 4. */
const alertSeverities: readonly Severity[] = ["high", "high", "medium", "low", "info"];

const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? line(String(value)) : "");

/** Without what steers a terminal or hides text. */
const line = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").slice(0, lineCharactersMax);

/** How much worse: 0 (`info`) to 4. */
export const rankOf = (severity: Severity): number => severities.indexOf(severity);

/** The notice of an event; `undefined` for events of other kinds. */
export function noticeOf(event: OddwireEvent): Notice | undefined {
  if (event.event_type === "finding") return findingNotice(event);
  return event.event_type === "alert" ? alertNotice(event) : undefined;
}

function findingNotice(event: OddwireEvent): Notice {
  const finding = membersOf(event["finding"]);
  const severity = severities.find((one) => one === finding["severity"]) ?? "medium";
  const why = Array.isArray(finding["why"]) ? (finding["why"] as readonly unknown[]).map(membersOf) : [];
  const who = textOf(finding["player"]) || `${textOf(event["src_ip"])} ${textOf(event["dest_ip"])}`;
  const [detector, title] = [textOf(finding["detector"]), textOf(finding["title"])];
  return {
    key: textOf(finding["id"]) || `${detector} ${who} ${title}`,
    severity,
    title: title || detector,
    reasons: why.slice(0, reasonsMax).map(reasonText),
    facts: factsOf(event, [
      ["detector", detector],
      ["category", textOf(finding["category"])],
      ["player", textOf(finding["player"])],
      ["score", textOf(finding["score"])],
    ]),
    time: event.timestamp,
    event,
    repeated: 0,
  };
}

function reasonText(reason: Members): string {
  const [feature, value, threshold, sample] = ["feature", "value", "threshold", "sample"].map((name) => textOf(reason[name]));
  return `${feature}: ${value}${threshold === "" ? "" : ` (limit ${threshold})`}${sample === "" ? "" : `, of ${sample}`}`;
}

function alertNotice(event: OddwireEvent): Notice {
  const alert = membersOf(event["alert"]);
  const severity = alertSeverities[Number(alert["severity"])] ?? "medium";
  const [sid, signature, category] = ["signature_id", "signature", "category"].map((name) => textOf(alert[name])) as [
    string,
    string,
    string,
  ];
  return {
    key: `${textOf(alert["gid"])}:${sid} ${sid === "0" ? signature : ""} ${textOf(event["src_ip"])} ${textOf(event["dest_ip"])}`,
    severity,
    title: signature || `rule ${sid}`,
    reasons: category === "" ? [] : [category],
    facts: factsOf(event, [
      ["rule", sid],
      ["engine", textOf(event["engine"])],
    ]),
    time: event.timestamp,
    event,
    repeated: 0,
  };
}

function factsOf(event: OddwireEvent, first: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const place = (side: "src" | "dest"): string => {
    const [address, port] = [textOf(event[`${side}_ip`]), textOf(event[`${side}_port`])];
    return address === "" || port === "" ? address : `${address} port ${port}`;
  };
  const all = [
    ...first,
    ["from", place("src")],
    ["to", place("dest")],
    ["protocol", textOf(event["app_proto"]) || textOf(event["proto"])],
    ["flow", textOf(event["flow_id"])],
  ] as const;
  return all.filter(([, value]) => value !== "");
}
