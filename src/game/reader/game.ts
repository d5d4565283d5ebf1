import type { GamePluginHost } from "#contract/game-plugin.ts";
import type { Side } from "#contract/parser.ts";
import { newPacketSlot } from "./framer.ts";
import { type GameOpcode, GameOpcodes } from "./game-opcodes.ts";
import type { PacketCatalog } from "./packet-catalog.ts";
import type { Player } from "./player.ts";
import { type FactField, factFields, valueAt } from "./player-facts.ts";
import { opcodeFieldsMax } from "./player-statistics.ts";
import { UnknownOpcode } from "./unknown-opcode.ts";

/** Unknown opcodes of one game that are looked at. */
const unknownMax = 256;
/** Gaps between movement packets that are needed before their tick is known. */
const tickGapsMin = 500;
/** Width of the bins of those gaps, and the longest that counts, µs. */
const tickBinUs = 5_000;
const tickMaxUs = 500_000;

/** What one opcode's fields mean, found at its first packet that the catalog could read. */
export interface OpcodePlan {
  readonly facts: readonly FactField[];
  /** Paths of the numbers that are counted. */
  readonly numbers: readonly (readonly string[])[];
  /** True when the client says where it is. */
  readonly moves: boolean;
  /** The client's clock, and how many µs its unit is; absent when the packet has none. */
  readonly clock?: { readonly path: readonly string[]; readonly micros: number };
}

const clockUnits: Readonly<Record<string, number>> = { s: 1e6, ms: 1e3, us: 1, µs: 1 };
const clockName = /time|clock|stamp/i;

/** One game: its plugin, its opcodes, its players. */
export class Game {
  readonly name: string;
  /** The plugin of now: exchanged between blocks when its file changes. */
  host: GamePluginHost;
  readonly opcodes: GameOpcodes;
  /** Another one when its headers have changed. */
  catalog: PacketCatalog;
  readonly players = new Map<string, Player>();
  /** Of these, the ones who have no session open, in the order in which they left. */
  readonly away = new Set<Player>();
  /** The packet that is read. */
  readonly packet = newPacketSlot();
  readonly unknown = new Map<GameOpcode, UnknownOpcode>();
  /** Packets of unknown opcodes beyond those that are looked at. */
  unknownRefused = 0;
  /** Tick of the movement packets, µs; 0 while it is not known. */
  tick = 0;
  /** Most actions that it lets a player do in a second; `undefined` where nobody has said. */
  readonly actionRate: number | undefined;
  readonly #plans = new Map<GameOpcode, OpcodePlan>();
  readonly #gaps = new Uint32Array(tickMaxUs / tickBinUs);
  #gapCount = 0;

  constructor(name: string, host: GamePluginHost, catalog: PacketCatalog, actionRate?: number) {
    this.name = name;
    this.actionRate = actionRate !== undefined && actionRate > 0 ? actionRate : undefined;
    this.host = host;
    this.catalog = catalog;
    this.opcodes = new GameOpcodes((opcode, side) =>
      opcode < 0 ? "PACKET" : (this.host.info.opcodes?.[side].get(opcode) ?? this.catalog.nameOf(opcode, side)),
    );
  }

  /** The collection for an opcode that nobody names, or whose body nobody describes; `undefined` when there are too many. */
  unknownOf(opcode: GameOpcode): UnknownOpcode | undefined {
    let unknown = this.unknown.get(opcode);
    if (unknown === undefined && this.unknown.size < unknownMax) {
      unknown = new UnknownOpcode();
      this.unknown.set(opcode, unknown);
    }
    if (unknown === undefined) this.unknownRefused++;
    return unknown;
  }

  /** Reads packets by these headers from now on. */
  describe(catalog: PacketCatalog): void {
    if (catalog === this.catalog) return;
    this.catalog = catalog;
    this.#plans.clear();
  }

  plan(opcode: GameOpcode, fields: Readonly<Record<string, unknown>>): OpcodePlan {
    let plan = this.#plans.get(opcode);
    if (plan === undefined) {
      plan = this.#makePlan(opcode.name, opcode.side, fields);
      const names = plan.numbers.map((path) => path.join("."));
      // Players go on counting the fields that they began with: after a change of the header, others are not mixed in.
      if (opcode.numbers.length === 0) opcode.numbers = names;
      else if (opcode.numbers.join() !== names.join()) plan = { ...plan, numbers: [] };
      this.#plans.set(opcode, plan);
    }
    return plan;
  }

  /** A gap between two movement packets of one player, from which the game's tick is learnt. */
  movementGap(gap: number): void {
    if (this.tick > 0 || gap <= 0 || gap >= tickMaxUs) return;
    const bin = Math.floor(gap / tickBinUs);
    this.#gaps[bin] = (this.#gaps[bin] as number) + 1;
    if (++this.#gapCount < tickGapsMin) return;
    this.tick = (this.#gaps.indexOf(Math.max(...this.#gaps)) + 0.5) * tickBinUs;
  }

  #makePlan(name: string, side: Side, fields: Readonly<Record<string, unknown>>): OpcodePlan {
    const facts = factFields(name, side, fields);
    const paths = numberPaths(fields);
    const clock = paths.find((path) => clockName.test(path.at(-1) ?? "") && this.#micros(name, side, path) > 0);
    return {
      facts,
      numbers: paths.slice(0, opcodeFieldsMax),
      moves: side === 0 && facts.some(({ fact }) => fact === "x") && facts.some(({ fact }) => fact === "y"),
      ...(clock !== undefined && { clock: { path: clock, micros: this.#micros(name, side, clock) } }),
    };
  }

  #micros(name: string, side: Side, path: readonly string[]): number {
    return clockUnits[this.catalog.unitOf(name, side, path.join(".")) ?? ""] ?? 0;
  }
}

/** Fields that are numbers, at most two deep. */
function numberPaths(fields: Readonly<Record<string, unknown>>): string[][] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (typeof value === "number") return [[name]];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return Object.entries(value).flatMap(([inner, one]) => (typeof one === "number" ? [[name, inner]] : []));
  });
}

/** Puts the numbers of a packet into `into`; returns how many there are. What is missing becomes NaN and is not counted. */
export function takeNumbers(plan: OpcodePlan, fields: Readonly<Record<string, unknown>>, into: Float64Array): number {
  const { numbers } = plan;
  for (let i = 0; i < numbers.length; i++) {
    const value = valueAt(fields, numbers[i] as readonly string[]);
    into[i] = typeof value === "number" ? value : Number.NaN;
  }
  return numbers.length;
}
