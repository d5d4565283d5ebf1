import type { Threshold } from "#engine/rules/effect.ts";
import type { Draft, Handlers } from "./draft.ts";
import { uint32 } from "./number-test.ts";
import { refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, partsOf, wholeOf } from "./values.ts";

const TYPES: readonly string[] = ["limit", "threshold", "both", "backoff"];
const TRACKS: readonly string[] = ["by_src", "by_dst", "by_both", "by_rule", "by_flow"];

/** Words that say how often a match becomes an alert. */
export const thresholdHandlers: Handlers = {
  threshold: (draft, option) => {
    const found = fieldsOf(option, ["type", "track", "count", "seconds", "multiplier"]);
    const type = found.get("type") ?? "";
    if (!TYPES.includes(type)) refuse(option.valueAt, `threshold has no type ${type}`, `write type ${TYPES.join(", ")}`);
    add(draft, option, thresholdOf(option, type as Threshold["type"], found));
  },
  detection_filter: (draft, option) => {
    const found = fieldsOf(option, ["track", "count", "seconds", "unique_on"]);
    const unique = found.get("unique_on");
    if (unique !== undefined && unique !== "src_port" && unique !== "dst_port")
      refuse(option.valueAt, `detection_filter cannot count different ${unique}`, "write unique_on src_port or dst_port");
    const threshold = thresholdOf(option, "detection_filter", found);
    add(draft, option, unique === undefined ? threshold : { ...threshold, uniqueOn: unique });
  },
};

function add(draft: Draft, option: Option, threshold: Threshold): void {
  if (draft.thresholds.length > 0) refuse(option.at, "the rule has two thresholds", "keep threshold or detection_filter, once");
  draft.thresholds.push(threshold);
}

/** `name value` pairs between commas; each at most once. */
export function fieldsOf(option: Option, names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of partsOf(argumentOf(option, "type limit, track by_src, count 1, seconds 60"))) {
    const [name = "", value = "", ...more] = part.split(/\s+/);
    if (!names.includes(name) || value === "" || more.length > 0)
      refuse(option.valueAt, `${option.name} does not understand ${part}`, `its words are ${names.join(", ")}`);
    if (found.has(name)) refuse(option.valueAt, `${option.name} has ${name} twice`, "take one away");
    found.set(name, value);
  }
  return found;
}

/** A threshold out of its fields; also of threshold.config. */
export function thresholdOf(option: Option, type: Threshold["type"], found: ReadonlyMap<string, string>): Threshold {
  const track = found.get("track") ?? "";
  if (!TRACKS.includes(track))
    refuse(
      option.valueAt,
      track === "" ? `${option.name} does not say what it tracks` : `${option.name} cannot track ${track}`,
      `write track ${TRACKS.join(", ")}`,
    );
  for (const name of type === "backoff" ? ["count", "multiplier"] : ["count", "seconds"])
    if (!found.has(name)) refuse(option.valueAt, `${option.name} lacks ${name}`, `write ${name} N`);
  return {
    type,
    track: track as Threshold["track"],
    count: wholeOf(option, found.get("count") ?? "", 0, uint32),
    seconds: found.has("seconds") ? wholeOf(option, found.get("seconds") ?? "", 1, uint32) : 0,
    ...(type === "backoff" ? { multiplier: wholeOf(option, found.get("multiplier") ?? "", 2, uint32) } : {}),
  };
}
