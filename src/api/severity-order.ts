import type { Condition, Page, Plan, Store } from "#contract/store.ts";
import { severities } from "#schema/finding.ts";

/** A place between severities: the number of one, and the store's cursor within it. */
const placeShape = /^([0-5])\.(.*)$/s;

const known: Condition = { op: "in", column: "severity", values: severities };
/** Every finding is in exactly one of them, mildest first; what a plugin calls otherwise is milder than all. */
const classes: readonly Condition[] = [
  { op: "not", part: known },
  ...severities.map((value): Condition => ({ op: "=", column: "severity", value })),
];

/**
 * The page of a question that is ordered by severity; the newest is first within one. A store orders words by their
 * letters, so it is asked of one severity after the other. Throws `ODW_QUERY_BAD` for a cursor of another question.
 */
export async function severityPage(store: Store, plan: Plan): Promise<Page> {
  const { cursor: place, ...question } = plan;
  const [, first = "0", rest = ""] = placeShape.exec(place ?? "0.") ?? [undefined, "0", place];
  const order = plan.order.descending ? classes.toReversed() : classes;
  const events: Page["events"][number][] = [];
  let cursor = rest;
  for (let i = Number(first); i < order.length; i++) {
    const left = plan.limit - events.length;
    const part: Plan = {
      ...question,
      where: both(plan.where, order[i] as Condition),
      order: { column: "time", descending: true },
      // When the page is full, one more row is looked for: only then is there a next page.
      limit: Math.max(1, left),
      ...(cursor !== "" && { cursor }),
    };
    const page = await store.query(part);
    if (left <= 0 && page.events.length > 0) return { events, next: `${i}.` };
    events.push(...page.events);
    if (page.next !== undefined) return { events, next: `${i}.${page.next}` };
    cursor = "";
  }
  return { events };
}

const both = (one: Condition | undefined, other: Condition): Condition => (one === undefined ? other : { op: "and", parts: [one, other] });
