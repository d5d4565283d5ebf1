import { textOf } from "#base/members.ts";
import { percent, plain } from "#base/units.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { memberOf } from "./flow-row.ts";

export type Severity = "info" | "low" | "medium" | "high" | "critical";

/** An anomaly, alert or finding in words: what, how grave, and why in one line. */
export interface Reason {
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
}

/** The words for an event; kinds that carry no judgement get their type as title. */
export function reasonOf(event: OddwireEvent): Reason {
  if (event.event_type === "finding") return ofFinding(memberOf(event, "finding"));
  if (event.event_type === "anomaly") return ofAnomaly(memberOf(event, "anomaly"));
  if (event.event_type === "alert") return ofAlert(event);
  return { title: event.event_type, severity: "info", why: "" };
}

function ofFinding(finding: { readonly [name: string]: unknown }): Reason {
  const why = Array.isArray(finding["why"]) ? (finding["why"] as unknown[]) : [];
  return {
    title: textOf(finding["title"]) || textOf(finding["detector"]) || "finding",
    severity: severityOf(finding["severity"]),
    why: why
      .map(becauseOf)
      .filter((line) => line !== "")
      .join(" · "),
  };
}

/** `connections: 512 (threshold 100, 3,000 seen)`, `share without an answer: 99 % (threshold 60 %)`. */
export function becauseOf(reason: unknown): string {
  if (typeof reason !== "object" || reason === null) return textOf(reason);
  const { feature, value, threshold, sample } = reason as { [name: string]: unknown };
  const spell = isShare(textOf(feature), value) ? percent : plain;
  const notes: string[] = [];
  if (typeof threshold === "number") notes.push(`threshold ${spell(threshold)}`);
  if (typeof sample === "number") notes.push(`${plain(sample)} seen`);
  const shown = typeof value === "number" ? spell(value) : textOf(value);
  const told = [textOf(feature), shown].filter((part) => part !== "").join(": ");
  return `${told}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
}

/** Shares are told as such: `share without an answer`. */
const isShare = (feature: string, value: unknown): boolean =>
  feature.startsWith("share ") && typeof value === "number" && value >= 0 && value <= 1;

/** An alert's severity is a number: 1 is the worst. */
const alertSeverities: readonly Severity[] = ["high", "high", "medium", "low", "info"];

function ofAlert(event: OddwireEvent): Reason {
  const alert = memberOf(event, "alert");
  const number = typeof alert["severity"] === "number" ? alert["severity"] : 3;
  const engine = textOf(event["engine"]);
  const sid = typeof alert["signature_id"] === "number" && alert["signature_id"] > 0 ? `rule ${alert["signature_id"]}` : "";
  return {
    title: textOf(alert["signature"]) || "alert",
    severity: alertSeverities[Math.max(0, Math.min(4, number))] ?? "low",
    why: [engine, sid, textOf(alert["category"]), alert["action"] === "blocked" ? "blocked" : ""].filter((part) => part !== "").join(" · "),
  };
}

function ofAnomaly(anomaly: { readonly [name: string]: unknown }): Reason {
  const type = textOf(anomaly["type"]);
  const layers = { decode: "broken header", stream: "broken stream", applayer: "broken message" };
  const kind = layers[type as keyof typeof layers] ?? type;
  return {
    title: textOf(anomaly["event"]) || "anomaly",
    severity: "low",
    why: textOf(anomaly["why"]) || [kind, textOf(anomaly["app_proto"])].filter((part) => part !== "").join(", "),
  };
}

const severities: readonly Severity[] = ["info", "low", "medium", "high", "critical"];
const severityOf = (value: unknown): Severity => severities.find((severity) => severity === value) ?? "info";
