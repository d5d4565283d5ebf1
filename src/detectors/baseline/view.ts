import type { BaselineQuestion, BaselineRow, BaselineValues } from "#schema/baseline.ts";
import { CELLS, cellOf, M, measures } from "./profile.ts";
import type { Scope } from "./scope.ts";
import { type ScopeName, scopeNames, type Traffic } from "./traffic.ts";

/** A host's name stands for its services too. */
const isMeant = (own: string, name: string | undefined): boolean => name === undefined || own === name || own.startsWith(`${name} `);

/** What is known of the things that are asked for, the busiest first. */
export function rowsOf(traffic: Traffic, { scope, name, limit }: BaselineQuestion, clock: number): { count: number; rows: BaselineRow[] } {
  const cell = cellOf(clock);
  const found = scopeNames
    .filter((one) => scope === undefined || one === scope)
    .flatMap((one) =>
      [...traffic.scopes[one].rows()]
        .filter((row) => isMeant(traffic.scopes[one].names[row] as string, name))
        .map((row) => rowOf(one, traffic.scopes[one], row, cell, name !== undefined)),
    );
  found.sort((a, b) => (b.usual?.bytes ?? 0) - (a.usual?.bytes ?? 0) || (a.name < b.name ? -1 : 1));
  return { count: found.length, rows: found.slice(0, limit) };
}

function rowOf(name: ScopeName, scope: Scope, row: number, cell: number, withHours: boolean): BaselineRow {
  const { profiles } = scope;
  const { known, active } = profiles.totals(row);
  const expected = measures.map((_, measure) => profiles.expected(row, measure, cell));
  const level = (measure: number): number => Math.round(Math.expm1(expected[measure]?.level ?? 0));
  return {
    scope: name,
    name: scope.names[row] as string,
    since: scope.born[row] as number,
    intervals: known,
    active,
    seasonal: expected[0]?.isSeasonal ?? false,
    ...(expected[0] === undefined ? {} : { usual: valuesBy(level) }),
    last: valuesBy((measure) => scope.last[row * measures.length + measure] as number),
    packet_bytes: Math.round(scope.sizes[row] as number),
    gap_us: Math.round(scope.gaps[row] as number),
    payload_bits: Math.round((scope.payloads.bits[row] as number) * 100) / 100,
    ...(withHours
      ? { hours: Array.from({ length: CELLS }, (_, hour) => share(profiles.active(row, hour), profiles.known(row, hour))) }
      : {}),
  };
}

const valuesBy = (value: (measure: number) => number): BaselineValues => ({
  bytes: value(M.bytes),
  packets: value(M.packets),
  connections: value(M.connections),
  peers: value(M.peers),
  failures: value(M.failures),
});

const share = (active: number, known: number): number => (known === 0 ? 0 : Math.round((active / known) * 100) / 100);

/** Forgets the things of this name, a host's services with it; how many they were. */
export function forgetRows(traffic: Traffic, name: string): number {
  let forgotten = 0;
  for (const one of scopeNames) {
    const scope = traffic.scopes[one];
    for (const row of scope.rows()) {
      if (!isMeant(scope.names[row] as string, name)) continue;
      scope.forget(row);
      forgotten++;
    }
  }
  return forgotten;
}
