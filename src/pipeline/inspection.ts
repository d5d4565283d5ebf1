import type {
  Alert,
  AlertGate,
  FlowLookup,
  Inspector,
  InspectorDefinition,
  LoadedRules,
  PacketRows,
  RuleMaterial,
  StreamInspection,
} from "#contract/inspector.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import type { Plugin } from "#contract/plugin.ts";
import type { FrameBlock } from "#contract/source.ts";
import type { Config } from "#schema/config.ts";

/** An inspector's rules as this thread holds them. */
export interface LoadedInspector {
  readonly definition: InspectorDefinition;
  readonly rules: LoadedRules;
}

/** Loads the rules of every inspector that the material concerns. Takes a moment for large sets. */
export function loadInspectors(
  plugins: readonly Plugin[],
  material: RuleMaterial | undefined,
  platform: Platform,
  config: Config,
): readonly LoadedInspector[] {
  if (material === undefined) return [];
  const words = plugins.flatMap((plugin) => plugin.words ?? []);
  return plugins
    .flatMap((plugin) => plugin.inspectors ?? [])
    .filter((definition) => definition.isWanted(material))
    .map((definition) => ({ definition, rules: definition.load({ material, words, platform, config }) }));
}

/** The gates for the alerts of workers that loaded the same rules. */
export const createGates = (options: {
  readonly plugins: readonly Plugin[];
  readonly rules?: RuleMaterial | undefined;
  readonly platform: Platform;
  readonly config: Config;
}): readonly AlertGate[] =>
  loadInspectors(options.plugins, options.rules, options.platform, options.config).map(({ definition, rules }) =>
    definition.createGate(rules),
  );

/** The inspectors of one partition as one; `undefined` without any. `alert` hears with the inspector's number. */
export function createInspector(
  loaded: readonly LoadedInspector[],
  flows: FlowLookup,
  alert: (alert: Alert, inspector: number) => void,
): Inspector | undefined {
  const all = loaded.map(({ definition, rules }, number) => definition.create(rules, flows, (told) => alert(told, number)));
  return all.length > 1 ? new Inspectors(all) : all[0];
}

/** Several inspectors of one partition, asked one after the other. */
class Inspectors implements Inspector {
  readonly readsStreams: boolean;
  readonly #all: readonly Inspector[];

  constructor(all: readonly Inspector[]) {
    this.#all = all;
    this.readsStreams = all.some((inspector) => inspector.readsStreams);
  }

  open(slot: number, protocol: string): StreamInspection | undefined {
    const open = this.#all.map((inspector) => inspector.open(slot, protocol)).filter((inspection) => inspection !== undefined);
    return open.length > 1 ? new Inspections(open) : open[0];
  }

  flowStart(slot: number): void {
    for (const inspector of this.#all) inspector.flowStart?.(slot);
  }

  stream(slot: number, side: Side, bytes: Uint8Array, from: number, to: number): void {
    for (const inspector of this.#all) if (inspector.readsStreams) inspector.stream(slot, side, bytes, from, to);
  }

  gap(slot: number, side: Side, bytes: number): void {
    for (const inspector of this.#all) if (inspector.readsStreams) inspector.gap(slot, side, bytes);
  }

  event(slot: number, side: Side, layer: "decode" | "stream", event: string): void {
    for (const inspector of this.#all) inspector.event(slot, side, layer, event);
  }

  packet(block: FrameBlock, rows: PacketRows, row: number, slot: number, side: Side, whole: boolean, inStream: boolean): void {
    for (const inspector of this.#all) inspector.packet(block, rows, row, slot, side, whole, inStream);
  }

  flowEnd(slot: number): void {
    for (const inspector of this.#all) inspector.flowEnd(slot);
  }

  use(rules: LoadedRules, index = 0): void {
    this.#all[index]?.use(rules);
  }
}

class Inspections implements StreamInspection {
  readonly #all: readonly StreamInspection[];

  constructor(all: readonly StreamInspection[]) {
    this.#all = all;
  }

  wants(word: string): boolean {
    return this.#all.some((inspection) => inspection.wants(word));
  }

  value(word: string, side: Side, txId: number, bytes: Uint8Array, from: number, to: number): void {
    for (const inspection of this.#all) inspection.value(word, side, txId, bytes, from, to);
  }

  number(word: string, side: Side, txId: number, value: number): void {
    for (const inspection of this.#all) inspection.number(word, side, txId, value);
  }

  judge(side: Side, txId: number, members?: () => { readonly [member: string]: Transaction }): void {
    for (const inspection of this.#all) inspection.judge(side, txId, members);
  }

  transaction(
    kind: string,
    side: Side,
    txId: number,
    fields: Transaction,
    beside: { readonly [member: string]: Transaction } | undefined,
  ): void {
    for (const inspection of this.#all) inspection.transaction(kind, side, txId, fields, beside);
  }

  event(event: string, side: Side, txId: number | undefined): void {
    for (const inspection of this.#all) inspection.event(event, side, txId);
  }

  end(): void {
    for (const inspection of this.#all) inspection.end();
  }
}
