/** One cause of a host's risk. */
export interface RiskPart {
  label: string;
  /** At its last sign. */
  weight: number;
  signs: number;
  /** Of its last sign, µs. */
  time: number;
  techniques: readonly string[];
}

/** Risks as a file keeps them; another version is not understood. */
const version = 1;
/** Causes that are saved, of all hosts together: those of the hosts that were heard of last. */
const causesSavedMax = 20_000;

/** Of each cause: key, label, weight, signs, time, techniques. */
type SavedPart = readonly [string, string, number, number, number, readonly string[]];
type Hosts = { entries(): Iterable<[string, ReadonlyMap<string, RiskPart>]> };

/** The hosts in their order with the causes that still count, as JSON. */
export function risksToSaved(clock: number, hosts: Hosts, counts: (part: RiskPart) => boolean): unknown {
  const saved: [string, SavedPart[]][] = [];
  let room = causesSavedMax;
  for (const [address, causes] of [...hosts.entries()].toReversed()) {
    const parts = [...causes].filter(([, part]) => counts(part));
    if (parts.length === 0) continue;
    room -= parts.length;
    if (room < 0) break;
    saved.push([address, parts.map(([key, { label, weight, signs, time, techniques }]) => [key, label, weight, signs, time, techniques])]);
  }
  return { version, clock, hosts: saved.toReversed() };
}

/** What `risksToSaved` has made; `undefined` when it is anything else. */
export function risksFromSaved(
  saved: unknown,
): { readonly clock: number; readonly hosts: readonly (readonly [string, readonly (readonly [string, RiskPart])[]])[] } | undefined {
  const { version: found, clock, hosts } = (saved ?? {}) as Readonly<Record<string, unknown>>;
  if (found !== version || typeof clock !== "number" || !Number.isFinite(clock) || !Array.isArray(hosts)) return undefined;
  if (!hosts.every(isHost)) return undefined;
  return {
    clock,
    hosts: hosts.map(([address, parts]) => [
      address,
      parts.map(([key, label, weight, signs, time, techniques]) => [key, { label, weight, signs, time, techniques }]),
    ]),
  };
}

function isHost(saved: unknown): saved is readonly [string, readonly SavedPart[]] {
  if (!Array.isArray(saved) || saved.length !== 2) return false;
  const [address, parts] = saved as readonly unknown[];
  return typeof address === "string" && Array.isArray(parts) && parts.every(isPart);
}

function isPart(saved: unknown): saved is SavedPart {
  if (!Array.isArray(saved) || saved.length !== 6) return false;
  const [key, label, weight, signs, time, techniques] = saved as readonly unknown[];
  return (
    typeof key === "string" &&
    typeof label === "string" &&
    [weight, signs, time].every((value) => Number.isFinite(value) && (value as number) >= 0) &&
    Array.isArray(techniques) &&
    techniques.every((one) => typeof one === "string")
  );
}
