import { membersOf, textOf } from "#base/members.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { FindingMarks } from "#contract/finding-marks.ts";
import { parseNetwork } from "#query/address.ts";
import type { FindingCategory, Severity } from "#schema/finding.ts";
import type { FindingFacts, FindingRow } from "#schema/finding-mark.ts";

const number = (value: unknown, otherwise = 0): number => (typeof value === "number" ? value : otherwise);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A finding's newest event as a row, with what people say of it and, when it is judged, what their verdicts say. */
export function findingRow(event: OddwireEvent, marks: FindingMarks | undefined, isJudged = true): FindingRow {
  const finding = membersOf(event["finding"]);
  const id = textOf(finding["id"]);
  const mark = marks?.get(id);
  const opinion = isJudged ? marks?.opinion?.(factsOf(event)) : undefined;
  const score = number(finding["score"]);
  return {
    id,
    detector: textOf(finding["detector"]),
    category: textOf(finding["category"]) as FindingCategory,
    severity: textOf(finding["severity"]) as Severity,
    title: textOf(finding["title"]),
    score,
    confidence: number(finding["confidence"], score),
    signs: number(finding["signs"], 1),
    first: textOf(finding["since"]) || event.timestamp,
    last: event.timestamp,
    ...(event.src_ip !== undefined && { source: event.src_ip }),
    ...(event.dest_ip !== undefined && { target: event.dest_ip }),
    ...(event.flow_id !== undefined && { flow_id: event.flow_id }),
    techniques: list(finding["techniques"]).filter((one): one is string => typeof one === "string"),
    state: mark?.state ?? "new",
    note: mark?.note ?? "",
    who: mark?.who ?? "",
    changed: mark?.changed ?? 0,
    ...(opinion !== undefined && { opinion }),
  };
}

/** What a verdict on the finding is learned from. */
export function factsOf(event: OddwireEvent): FindingFacts {
  const finding = membersOf(event["finding"]);
  const protocol = textOf(event["app_proto"]) || textOf(event["proto"]);
  const port = event["dest_port"];
  const hosts = [event.src_ip, event.dest_ip].filter((host) => host !== undefined);
  return {
    detector: textOf(finding["detector"]),
    category: textOf(finding["category"]),
    ...(protocol !== "" && { protocol }),
    ...(typeof port === "number" && { port }),
    networks: [...new Set(hosts.map(networkOf))],
    reasons: Object.fromEntries(
      list(finding["why"])
        .map(membersOf)
        .flatMap(({ feature, value }) => (typeof feature === "string" && typeof value === "number" ? [[feature, value]] : [])),
    ),
  };
}

/** A private address's network, `internet` for others, and names as they are. */
function networkOf(host: string): string {
  if (parseNetwork(host) === undefined) return host;
  const [first = "", second = ""] = host.split(".");
  if (first === "10" || (first === "192" && second === "168") || (first === "172" && Number(second) >= 16 && Number(second) < 32))
    return `${first}.${second}.0.0/16`;
  return /^f[cde]/i.test(host) ? `${host.split(":").slice(0, 3).join(":")}::/48` : "internet";
}

/** Entries of the allow-list that would keep findings like this one back, narrowest first. */
export function allowOf({ detector, source, target }: FindingRow): readonly string[] {
  const hosts = [source, target].filter((host) => host !== undefined);
  const pair = source === undefined || target === undefined ? [] : [`${source}>${target}`];
  return [...pair.map((both) => `${detector}=${both}`), ...hosts.map((host) => `${detector}=${host}`), ...pair, ...hosts.slice(0, 1)];
}
