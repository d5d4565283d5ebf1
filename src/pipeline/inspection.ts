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
  TaggedTaker,
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
  return wantedBy(plugins, material).map((definition) => ({ definition, rules: definition.load({ material, words, platform, config }) }));
}

const wantedBy = (plugins: readonly Plugin[], material: RuleMaterial): InspectorDefinition[] =>
  plugins.flatMap((plugin) => plugin.inspectors ?? []).filter((definition) => definition.isWanted(material));

/**
 * The same in steps, for a thread that has other things to do in between. Inspectors that there are stay at their
 * numbers, even when nothing concerns them any more; new ones come behind them.
 */
export function* loadInspectorsInSteps(options: {
  readonly plugins: readonly Plugin[];
  readonly material: RuleMaterial;
  readonly platform: Platform;
  readonly config: Config;
  readonly forGates?: boolean;
  /** Those that there are. */
  readonly present: readonly InspectorDefinition[];
}): Generator<undefined, readonly LoadedInspector[]> {
  const { plugins, present, ...given } = options;
  const words = plugins.flatMap((plugin) => plugin.words ?? []);
  const fresh = wantedBy(plugins, options.material).filter((definition) => !present.includes(definition));
  const loaded: LoadedInspector[] = [];
  for (const definition of [...present, ...fresh]) {
    yield undefined;
    const rules =
      definition.loadInSteps === undefined ? definition.load({ ...given, words }) : yield* definition.loadInSteps({ ...given, words });
    loaded.push({ definition, rules });
  }
  return loaded;
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

/**
 * The inspectors of one partition, asked one after the other. Other rules may come, and further inspectors with them.
 * `alert` hears with the inspector's number.
 */
export class Inspectors implements Inspector {
  readonly #flows: FlowLookup;
  readonly #alert: (alert: Alert, inspector: number) => void;
  readonly #tagged: (inspector: number, ...packet: Parameters<TaggedTaker>) => void;
  #all: readonly Inspector[] = [];

  constructor(
    flows: FlowLookup,
    alert: (alert: Alert, inspector: number) => void,
    tagged: (inspector: number, ...packet: Parameters<TaggedTaker>) => void,
  ) {
    this.#flows = flows;
    this.#alert = alert;
    this.#tagged = tagged;
  }

  /** Whom to ask: nobody, the only one, or all through this. */
  get asked(): Inspector | undefined {
    return this.#all.length > 1 ? this : this.#all[0];
  }

  get readsStreams(): boolean {
    return this.#all.some((inspector) => inspector.readsStreams);
  }

  get choosesFiles(): boolean {
    return this.#all.some((inspector) => inspector.choosesFiles === true);
  }

  /** Rules of now on, for the inspectors in their order; those behind them are new. */
  replace(loaded: readonly LoadedInspector[]): void {
    for (const [number, { rules }] of loaded.slice(0, this.#all.length).entries()) this.#all[number]?.use(rules);
    const fresh = loaded.slice(this.#all.length).map(({ definition, rules }, index) => {
      const number = this.#all.length + index;
      return definition.create(
        rules,
        this.#flows,
        (told) => this.#alert(told, number),
        (...packet) => this.#tagged(number, ...packet),
      );
    });
    this.#all = [...this.#all, ...fresh];
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

  use(rules: LoadedRules): void {
    this.#all[0]?.use(rules);
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

  frame(word: string, side: Side, bytes: Uint8Array, from: number, to: number, length: number): void {
    for (const inspection of this.#all) inspection.frame(word, side, bytes, from, to, length);
  }

  judge(side: Side, txId: number, members?: () => { readonly [member: string]: Transaction }): void {
    for (const inspection of this.#all) inspection.judge(side, txId, members);
  }

  stores(side: Side, txId: number): boolean {
    return this.#all.some((inspection) => inspection.stores?.(side, txId) === true);
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
