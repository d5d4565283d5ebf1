/** What a verdict is learned from: the parts of a finding that the next one may share with it. */
export interface FindingFacts {
  readonly detector: string;
  readonly category: string;
  readonly protocol?: string;
  readonly port?: number;
  /** Networks of the hosts, as text: `10.2.0.0/16`, `internet`. */
  readonly networks?: readonly string[];
  /** Numbers that the detector gives as its reasons. */
  readonly reasons?: Readonly<Record<string, number>>;
}

const featuresMax = 48;
const partLengthMax = 64;
const registeredPort = 1024;
const dynamicPort = 49_152;

const cut = (text: string): string => text.slice(0, partLengthMax);

/** Each feature as words for people; the same facts give the same words. */
export function featuresOf(facts: FindingFacts): string[] {
  const detector = cut(facts.detector);
  const list = [`detector ${detector}`, `category ${cut(facts.category)}`];
  if (facts.protocol !== undefined) list.push(`protocol ${cut(facts.protocol)}`);
  if (facts.port !== undefined) {
    const range = facts.port < registeredPort ? "well-known" : facts.port < dynamicPort ? "registered" : "dynamic";
    list.push(`port ${facts.port}`, `${range} port`, `detector ${detector}, port ${facts.port}`);
  }
  for (const network of facts.networks ?? []) list.push(`network ${cut(network)}`, `detector ${detector}, network ${cut(network)}`);
  for (const [name, value] of Object.entries(facts.reasons ?? {})) list.push(`${detector} ${cut(name)} ${bucketOf(value)}`);
  return [...new Set(list)].slice(0, featuresMax);
}

/** Numbers of one size are alike: between two powers of two, by quarters below 1. */
function bucketOf(value: number): string {
  if (!Number.isFinite(value)) return "without a number";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size < 1) {
    const quarter = Math.floor(size * 4) / 4;
    return `${sign}${quarter}…${quarter + 0.25}`;
  }
  const low = 2 ** Math.floor(Math.log2(size));
  return `${sign}${low}…${2 * low}`;
}
