import type { BesideCounter, CounterGroup } from "#schema/suricata.ts";

/** Groups in the order in which people look at them, with the counters that belong to each. */
const GROUPS: readonly (readonly [name: string, belongs: RegExp])[] = [
  ["capture", /^capture\./],
  ["memory", /mem(?:use|cap)(?![a-z])|_memory|memuse/],
  ["decoder", /^(?:decoder|defrag)\./],
  ["flow", /^flow(?:\.|_)/],
  ["tcp", /^tcp\./],
  ["detect", /^detect\./],
  ["app_layer", /^app_layer\./],
  ["other", /./],
];

/** Names that count something lost. */
const LOSS = /drop|overflow|memcap_(?:drop|exceeded|eps)|memcap$|_gap$|lost|emerg_mode|failed|alert_queue|suppressed|errors$/;
/** Capacities carry the word and are no loss. */
const NO_LOSS = /memuse|memcap_pressure|alerts_suppressed|pressure_max|emerg_mode_over$/;
const COUNTERS_MAX = 2000;

/** Counters of a `stats` event, flat, in groups. Threads and values that are no numbers are left out. */
export function counterGroups(stats: unknown): readonly CounterGroup[] {
  const groups = new Map<string, BesideCounter[]>(GROUPS.map(([name]) => [name, []]));
  let left = COUNTERS_MAX;
  const walk = (node: unknown, path: string): void => {
    if (typeof node === "number" && path !== "uptime" && left-- > 0) {
      const group = GROUPS.find(([, belongs]) => belongs.test(path))?.[0] as string;
      groups.get(group)?.push({ name: path, value: node, loss: node > 0 && LOSS.test(path) && !NO_LOSS.test(path) });
    }
    if (typeof node !== "object" || node === null || Array.isArray(node)) return;
    for (const [name, inner] of Object.entries(node)) if (name !== "threads") walk(inner, path === "" ? name : `${path}.${name}`);
  };
  walk(stats, "");
  return [...groups].filter(([, counters]) => counters.length > 0).map(([name, counters]) => ({ name, counters }));
}
