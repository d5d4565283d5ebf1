import type { PortSet } from "#engine/rules/signature.ts";
import { refuse } from "./problem.ts";
import { type Entry, entriesOf } from "./variables.ts";

const anyPort: PortSet = { any: true, has: () => true };
const portMax = 65_535;

/** The ports that a text like `[80,8000:8100,!8080]` means. Negated entries are taken away from the others. */
export function parsePorts(text: string, variables: Readonly<Record<string, string>>, at: number): PortSet {
  const entries = entriesOf(text, variables, at);
  if (entries.some((entry) => entry.negated && isAny(entry))) refuse(at, `${text} leaves no port`, "any cannot be negated");
  const included = entries.filter((entry) => !entry.negated);
  const excluded = entries.filter((entry) => entry.negated);
  const everything = included.length === 0 || included.some(isAny);
  if (everything && excluded.length === 0) return anyPort;
  const single = onlyPort(included, excluded, at);
  if (single !== undefined) return { any: false, only: single, has: (port) => port === single };
  const bits = new Uint8Array(8192);
  if (everything) bits.fill(255);
  for (const entry of included) if (!isAny(entry)) mark(bits, rangeOf(entry.text, at), true);
  for (const entry of excluded) mark(bits, rangeOf(entry.text, at), false);
  if (bits.every((byte) => byte === 0)) refuse(at, `${text} leaves no port`, "take a negation away");
  return { any: false, has: (port) => ((bits[port >>> 3] ?? 0) & (1 << (port & 7))) !== 0 };
}

const isAny = (entry: Entry): boolean => entry.text.toLowerCase() === "any" || entry.text === ":";

function onlyPort(included: readonly Entry[], excluded: readonly Entry[], at: number): number | undefined {
  if (included.length !== 1 || excluded.length > 0) return undefined;
  const [low, high] = rangeOf(included[0]?.text ?? "", at);
  return low === high ? low : undefined;
}

function rangeOf(text: string, at: number): readonly [low: number, high: number] {
  const colon = text.indexOf(":");
  if (colon < 0) {
    const port = portOf(text, at);
    return [port, port];
  }
  const first = text.slice(0, colon).trim();
  const last = text.slice(colon + 1).trim();
  const low = first === "" ? 0 : portOf(first, at);
  const high = last === "" ? portMax : portOf(last, at);
  if (low > high) refuse(at, `the range of ports ${text} is upside down`, `write ${high}:${low}`);
  return [low, high];
}

function portOf(text: string, at: number): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > portMax) refuse(at, `${text} is no port`, "write 0 to 65535, a range LOW:HIGH, a $VARIABLE or any");
  return port;
}

function mark(bits: Uint8Array, [low, high]: readonly [number, number], on: boolean): void {
  for (let port = low; port <= high; port++) {
    const byte = bits[port >>> 3] ?? 0;
    const bit = 1 << (port & 7);
    bits[port >>> 3] = on ? byte | bit : byte & ~bit;
  }
}
