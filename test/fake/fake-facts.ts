import { parseAddress } from "#base/address.ts";
import { combine32, mix32 } from "#base/hash.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { AlertFact, DetectorDefinition, Finding, FlowFact, NeighbourFact, TransactionFact } from "#contract/detector.ts";
import type { Transaction } from "#contract/parser.ts";

/** Time at which made-up captures begin: 2026-01-05T00:00:00Z, a Monday. */
export const fakeStart = Date.UTC(2026, 0, 5) * 1000;

const addressHash = (text: string): number => {
  const words = parseAddress(text)?.words ?? [0, 0, 0, 0];
  return mix32(words.reduce((hash, word) => combine32(hash, word), 0));
};
const isInside = (text: string): boolean => /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254|fc|fd|fe80)[.:]/.test(text);

/** What a test says of a flow: times in seconds since the beginning, the rest as in the fact. */
export type FlowWords = Partial<Omit<FlowFact, "time" | "start">> & { readonly at?: number; readonly began?: number };

/** A flow's fact: TCP from 10.0.0.1 to 10.0.0.2, port 80, unanswered, unless the test says otherwise. */
export function flowFact({ at = 0, began, ...more }: FlowWords = {}): FlowFact {
  const client = more.client ?? "10.0.0.1";
  const server = more.server ?? "10.0.0.2";
  return {
    number: 1 + Math.round(at * 1000),
    time: Math.round(fakeStart + at * MICROS_PER_SECOND) as Micros,
    start: Math.round(fakeStart + (began ?? at) * MICROS_PER_SECOND) as Micros,
    flowId: 1,
    client,
    server,
    clientHash: addressHash(client),
    serverHash: addressHash(server),
    clientInside: isInside(client),
    serverInside: isInside(server),
    serverIsGroup: /^(22[4-9]|23\d)\.|^255\.255\.255\.255$|^ff/.test(server),
    clientPort: 40_000,
    serverPort: 80,
    protocol: 6,
    service: undefined,
    packetsToServer: 1,
    packetsToClient: 0,
    bytesToServer: 60,
    bytesToClient: 0,
    sizeDeviationToServer: 0,
    sizeDeviationToClient: 0,
    gapMeanToServer: 0,
    gapMeanToClient: 0,
    gapDeviationToServer: 0,
    gapDeviationToClient: 0,
    payloadToServer: 0,
    payloadToClient: 0,
    payloadBitsToServer: 0,
    payloadBitsToClient: 0,
    payloadTextToServer: 0,
    payloadTextToClient: 0,
    beatsToServer: 0,
    beatMeanToServer: 0,
    beatDeviationToServer: 0,
    flagsToServer: 2,
    flagsToClient: 0,
    answered: false,
    established: false,
    refused: false,
    midstream: false,
    waited: false,
    reason: undefined,
    clientMac: "",
    serverMac: "",
    vlan: 0,
    ...more,
  };
}

/** A message of a flow that was answered. */
export function messageFact(
  kind: string,
  fields: Transaction,
  flow: FlowWords & { side?: 0 | 1; txId?: number; beside?: Record<string, Transaction> } = {},
): TransactionFact {
  const { side = 0, txId = 0, beside, ...words } = flow;
  return {
    ...flowFact({ answered: true, established: true, service: kind, ...words }),
    kind,
    side,
    txId,
    fields,
    member: (name) => beside?.[name],
  };
}

/** What an ARP message or an advertisement says. */
export function neighbourFact({ at = 0, ...more }: Partial<Omit<NeighbourFact, "time">> & { readonly at?: number }): NeighbourFact {
  const sender = more.sender ?? "10.0.0.1";
  const target = more.target ?? "10.0.0.2";
  const senderMac = more.senderMac ?? "00:16:3e:00:00:01";
  return {
    number: 1 + Math.round(at * 1000),
    time: Math.round(fakeStart + at * MICROS_PER_SECOND) as Micros,
    message: "arp-request",
    sender,
    senderMac,
    target,
    etherMac: senderMac,
    senderHash: addressHash(sender),
    targetHash: addressHash(target),
    vlan: 0,
    ...more,
  };
}

/** What a detector hears, by the method that hears it. */
export type Heard =
  | { readonly start: FlowFact }
  | { readonly established: FlowFact }
  | { readonly update: FlowFact }
  | { readonly unanswered: FlowFact }
  | { readonly end: FlowFact }
  | { readonly message: TransactionFact }
  | { readonly neighbour: NeighbourFact }
  | { readonly alert: AlertFact };

/**
 * Lets a detector hear a history, with a tick behind each fact and the end behind the last, and returns what it reports:
 * every report, as no desk gathers them.
 */
export function findingsOf(
  definition: DetectorDefinition,
  history: Iterable<Heard>,
  settings: Readonly<Record<string, unknown>> = {},
  saved?: unknown,
  readFile?: (path: string) => Uint8Array,
): Finding[] {
  const found: Finding[] = [];
  const defaults = Object.fromEntries(Object.entries(definition.settings ?? {}).map(([name, key]) => [name, key.default]));
  const detector = definition.create({
    report: (finding) => void found.push(finding),
    settings: { ...defaults, ...settings } as never,
    seed: 1,
    saved,
    readFile,
  });
  let clock = fakeStart as Micros;
  for (const heard of history) {
    const [fact] = Object.values(heard) as [FlowFact];
    if (fact.time > clock) clock = fact.time;
    if ("start" in heard) detector.onFlow?.(heard.start);
    else if ("established" in heard) detector.onFlowEstablished?.(heard.established);
    else if ("update" in heard) detector.onFlowUpdate?.(heard.update);
    else if ("unanswered" in heard) detector.onFlowUnanswered?.(heard.unanswered);
    else if ("end" in heard) detector.onFlowEnd?.(heard.end);
    else if ("message" in heard) {
      if (definition.reads?.includes(heard.message.kind) === true) detector.onTransaction?.(heard.message);
    } else if ("neighbour" in heard) detector.onNeighbour?.(heard.neighbour);
    else detector.onAlert?.(heard.alert);
    detector.onTick?.(clock);
  }
  detector.onEnd?.(clock);
  return found;
}

/** Many facts, one for each number from 0. */
export const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
