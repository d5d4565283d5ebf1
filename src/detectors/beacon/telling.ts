import type { Finding } from "#contract/detector.ts";
import type { Standing } from "#engine/learn/destinations.ts";
import type { Contacts } from "./contacts.ts";
import type { Verdict } from "./verdict.ts";

/** Accused, or observed: software of the network, or found when as many as a day allows were accused already. */
export interface Telling {
  readonly manner: "accused" | "software" | "beyond-limit";
  readonly scoreMin: number;
  readonly accusationsPerDay: number;
}

/** From this score on a beacon is grave. */
const graveScore = 0.98;

/** Name by which the pair's server is called; `undefined` when it is called by its address. */
export const nameOf = ({ name }: Contacts): string | undefined =>
  name === "" || name.includes(":") || /^[\d.]+$/.test(name) ? undefined : name;

/** The finding about a pair, but for its time. */
export function tellBeacon(
  pair: Contacts,
  { score, period, meanGap, contacts, lasting, why }: Verdict,
  { callers, clients }: Standing,
  { manner, scoreMin, accusationsPerDay }: Telling,
): Omit<Finding, "time" | "number"> {
  const name = nameOf(pair);
  const whom = name === undefined ? pair.server : `${name} (${pair.server})`;
  const beat = period === undefined ? `every ${spell(meanGap)} on average` : `about every ${spell(period)}`;
  const others = manner === "software" ? `, and so do ${callers - 1} other machines` : "";
  return {
    source: pair.client,
    target: pair.server,
    title: `${pair.client} called ${whom} port ${pair.port} ${beat}, ${contacts} times in ${spell(lasting)}${others}`,
    severity: manner === "software" ? "info" : manner === "beyond-limit" ? "low" : score >= graveScore ? "high" : "medium",
    ...(manner === "accused" ? {} : { category: "observation" }),
    // One finding for all that call it.
    ...(manner === "software" ? { cause: `shared ${name} ${pair.port}` } : {}),
    score,
    why: [
      { feature: "beacon score", value: score, threshold: scoreMin, sample: contacts },
      ...why,
      { feature: "machines that call it", value: callers, sample: clients },
      ...(manner === "beyond-limit"
        ? [{ feature: "accusations of the last 24 h", value: accusationsPerDay, threshold: accusationsPerDay }]
        : []),
    ],
  };
}

/** Seconds as people say them. */
export function spell(seconds: number): string {
  if (seconds < 90) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 5400) return `${Number((seconds / 60).toPrecision(3))} min`;
  return `${Number((seconds / 3600).toPrecision(3))} h`;
}
