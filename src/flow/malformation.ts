import { VerdictKind, verdictEvent, verdictKind } from "#wire/verdict.ts";
import type { PacketColumns } from "./columns.ts";

/** Event name of the rule that a row breaks; `undefined` when it breaks none, or is merely of no interest. */
export function malformationEvent(columns: PacketColumns, row: number): string | undefined {
  const verdict = columns.verdict[row] as number;
  return verdictKind(verdict) === VerdictKind.undecoded ? undefined : verdictEvent(verdict);
}
