import type { Suppression, Threshold } from "#engine/rules/effect.ts";
import type { Action, Rejection, Signature } from "#engine/rules/signature.ts";
import type { HeaderParser } from "./header.ts";
import { uint32 } from "./number-test.ts";
import { RuleProblem, refuse } from "./problem.ts";
import { ruleLines } from "./rule-lines.ts";
import type { Option } from "./split-rule.ts";
import { fieldsOf, thresholdOf } from "./threshold-words.ts";
import { wholeOf } from "./values.ts";

/** Name of the file in messages. */
const FILE = "threshold.config";

interface Line {
  readonly gid: number;
  readonly sid: number;
  readonly threshold?: Threshold;
  readonly suppression?: Suppression;
}

/**
 * Adds what a threshold.config says to the rules that it names; `sig_id 0` is every rule (of the group, or of all for
 * `gen_id 0`) that has no threshold of its own. A line for one rule replaces the rule's threshold.
 */
export function applyThresholds(text: string, signatures: Signature[], headers: HeaderParser): Rejection[] {
  const rejections: Rejection[] = [];
  for (const { text: line, line: number } of ruleLines(text)) {
    try {
      apply(parseLine(line, headers), signatures);
    } catch (error) {
      if (!(error instanceof RuleProblem)) throw error;
      const place = { file: FILE, line: number, column: error.at + 1 };
      rejections.push({ place, sid: undefined, kind: error.kind, cause: error.message, mend: error.mend, text: line });
    }
  }
  return rejections;
}

function apply(line: Line, signatures: Signature[]): void {
  for (const [index, signature] of signatures.entries()) {
    const { gid, sid } = signature;
    if ((line.gid !== 0 && line.gid !== gid) || (line.sid !== 0 && line.sid !== sid)) continue;
    if (line.suppression !== undefined) signatures[index] = { ...signature, suppressions: [...signature.suppressions, line.suppression] };
    else if (line.threshold !== undefined) signatures[index] = withThreshold(signature, line.threshold, line.sid === 0);
  }
}

function withThreshold(signature: Signature, threshold: Threshold, general: boolean): Signature {
  if (threshold.type === "rate_filter") return { ...signature, thresholds: [...signature.thresholds, threshold] };
  if (general && signature.thresholds.length > 0) return signature;
  const kept = signature.thresholds.filter((one) => one.type === "rate_filter" || one.type === "detection_filter");
  return { ...signature, thresholds: [...kept, threshold] };
}

function parseLine(text: string, headers: HeaderParser): Line {
  const [, name = "", value = ""] = /^(\S+)\s+(.*)$/.exec(text) ?? [];
  const option: Option = { name, at: 0, value, valueAt: text.length - value.length };
  if (name === "suppress") return suppress(option, headers);
  if (name === "threshold" || name === "event_filter") {
    const found = fieldsOf(option, ["gen_id", "sig_id", "type", "track", "count", "seconds", "multiplier"]);
    const type = found.get("type") ?? "";
    if (!["limit", "threshold", "both", "backoff"].includes(type))
      refuse(option.valueAt, `${name} has no type ${type}`, "write type limit, threshold, both or backoff");
    return { ...idsOf(option, found), threshold: thresholdOf(option, type as Threshold["type"], found) };
  }
  if (name === "rate_filter") return rateFilter(option);
  return refuse(0, `${name === "" ? text : name} is no line of ${FILE}`, "it begins with suppress, threshold, event_filter or rate_filter");
}

function idsOf(option: Option, found: ReadonlyMap<string, string>): { gid: number; sid: number } {
  for (const name of ["gen_id", "sig_id"])
    if (!found.has(name)) refuse(option.valueAt, `${option.name} lacks ${name}`, "write gen_id 1, sig_id 2000000");
  return { gid: wholeOf(option, found.get("gen_id") ?? "", 0, uint32), sid: wholeOf(option, found.get("sig_id") ?? "", 0, uint32) };
}

function rateFilter(option: Option): Line {
  const found = fieldsOf(option, ["gen_id", "sig_id", "track", "count", "seconds", "new_action", "timeout"]);
  const action = found.get("new_action") ?? "";
  if (!["drop", "alert", "pass", "reject"].includes(action))
    refuse(option.valueAt, `rate_filter has no new_action ${action}`, "write new_action drop, alert, pass or reject");
  const threshold = thresholdOf(option, "rate_filter", found);
  const timeoutSeconds = wholeOf(option, found.get("timeout") ?? "", 0, uint32);
  return { ...idsOf(option, found), threshold: { ...threshold, newAction: action as Action, timeoutSeconds } };
}

function suppress(option: Option, headers: HeaderParser): Line {
  const [before = "", ip] = (option.value ?? "").split(/,\s*ip\s+/, 2);
  const found = fieldsOf({ ...option, value: before }, ["gen_id", "sig_id", "track"]);
  const track = found.get("track");
  const ids = idsOf(option, found);
  if (track === undefined && ip === undefined) return { ...ids, suppression: { track: undefined, addresses: undefined } };
  if (track !== "by_src" && track !== "by_dst" && track !== "by_either")
    return refuse(option.valueAt, `suppress cannot track ${track ?? "nothing"}`, "write track by_src, by_dst or by_either");
  if (ip === undefined) return refuse(option.valueAt, "suppress does not say which addresses", "add ip 10.0.0.0/8");
  return { ...ids, suppression: { track, addresses: headers.addresses(ip.trim(), option.valueAt) } };
}
