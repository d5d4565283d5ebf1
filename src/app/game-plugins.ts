import { readFileSync } from "node:fs";
import type { DecryptRequest, GamePluginInfo, PluginHealth } from "#contract/game-plugin.ts";
import { openGamePlugin } from "#game/plugin-files.ts";
import { PluginShelf, type ShelfEntry } from "#game/plugins.ts";
import type { Config } from "#schema/config.ts";

export type { ShelfEntry } from "#game/plugins.ts";

/** Plugins of games: the shelf of a run, and what `oddwire plugin` asks. */

export interface ShelfRun {
  /** Plugins named on the command line. */
  readonly files: readonly string[];
  /** Live: nobody waits longer than the deadline, and files that change are loaded anew. */
  readonly live: boolean;
  readonly log: (line: string) => void;
}

const limitsOf = (config: Config, waits: boolean) => ({
  deadlineMs: config["plugins.deadline-ms"],
  memoryBytesMax: config["plugins.memory"],
  waits,
});

/** The shelf as the configuration has it; `start` opens the plugins. */
export const pluginShelf = (config: Config, { files, live, log }: ShelfRun): PluginShelf =>
  new PluginShelf({
    folders: [config["plugins.folder"]],
    files,
    limits: limitsOf(config, !live),
    reloads: live,
    log,
  });

/** What a plugin says of itself once it was opened in its sandbox. */
export interface PluginReport {
  readonly info: GamePluginInfo;
  readonly fences: readonly string[];
  readonly health: PluginHealth;
  /** What became of pieces that no game sends: random bytes, an empty piece, a long one. */
  readonly nonsense: { readonly [status: string]: number };
}

const nonsensePieces = 200;
const nonsenseBytesMax = 3000;

/** Opens a plugin in its sandbox (its self-test runs there), then gives it what no game sends. Throws ODW_PLUGIN_BAD. */
export async function checkPlugin(config: Config, file: string): Promise<PluginReport> {
  await using host = await openGamePlugin(file, limitsOf(config, true));
  const roll = dice(7);
  const batch = Array.from({ length: nonsensePieces }, (_, index) =>
    piece(
      index % 2 === 0 ? 0 : 1,
      Uint8Array.from({ length: index === 0 ? 0 : roll(nonsenseBytesMax) }, () => roll(256)),
      1 + (index >> 4),
    ),
  );
  host.sessionOpened(1, piece(0, new Uint8Array(0), 1));
  const results = await host.decrypt(batch);
  host.sessionClosed(1, "check");
  await host.players();
  const nonsense: Record<string, number> = {};
  for (const { status } of results) nonsense[status] = (nonsense[status] ?? 0) + 1;
  return { info: host.info, fences: host.fences, health: host.health, nonsense };
}

/** Plugins that a run would use, each opened once. */
export async function listPlugins(config: Config): Promise<readonly ShelfEntry[]> {
  await using shelf = new PluginShelf({
    folders: [config["plugins.folder"]],
    files: [],
    limits: limitsOf(config, true),
    reloads: false,
    log: () => undefined,
  });
  await shelf.start();
  return shelf.entries;
}

export interface PluginSpeed {
  readonly info: GamePluginInfo;
  readonly packets: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly results: { readonly [status: string]: number };
}

const benchBatch = 256;
const benchPieceBytes = 120;

/** Packets a second through a plugin: those of a sample (lines of `side hex`), else random bytes. */
export async function benchPlugin(config: Config, file: string, seconds: number, sample?: string): Promise<PluginSpeed> {
  const pieces = sample === undefined ? randomPieces() : readSample(sample);
  await using host = await openGamePlugin(file, limitsOf(config, true));
  const results: Record<string, number> = {};
  let packets = 0;
  let bytes = 0;
  let session = 0;
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1000) {
    const batch: DecryptRequest[] = [];
    while (batch.length + pieces.length <= Math.max(benchBatch, pieces.length)) {
      session++;
      for (const one of pieces) batch.push(piece(one.side, one.bytes, session));
    }
    for (const { status } of await host.decrypt(batch)) results[status] = (results[status] ?? 0) + 1;
    for (const one of new Set(batch.map((request) => request.session))) host.sessionClosed(one, "finished");
    packets += batch.length;
    for (const one of batch) bytes += one.bytes.length;
    if (host.health.state === "quarantined") break;
  }
  return { info: host.info, packets, bytes, seconds: (performance.now() - begin) / 1000, results };
}

type Piece = Pick<DecryptRequest, "side" | "bytes">;

function randomPieces(): readonly Piece[] {
  const roll = dice(11);
  return Array.from({ length: 16 }, (_, index) => ({
    side: index % 2 === 0 ? 0 : 1,
    bytes: Uint8Array.from({ length: benchPieceBytes }, () => roll(256)),
  }));
}

function readSample(file: string): readonly Piece[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines
    .map((line) => /^([01]) ([0-9a-f]*)$/i.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, side, hex]) => ({ side: side === "0" ? 0 : 1, bytes: Uint8Array.from(Buffer.from(hex ?? "", "hex")) }));
}

const piece = (side: 0 | 1, bytes: Uint8Array, session: number): DecryptRequest => ({
  session,
  side,
  bytes,
  client: "10.0.0.1",
  clientPort: 40_000,
  server: "10.0.0.2",
  serverPort: 7777,
  time: 1_700_000_000_000_000 + session,
});

/** The same numbers always: xorshift32. */
function dice(seed: number): (sides: number) => number {
  let x = seed;
  return (sides) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % sides;
  };
}
