import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import type { ForwardClaim } from "#contract/forward.ts";
import type { PluginControl } from "#contract/game-control.ts";
import type { GamePluginHost, GamePluginInfo, PluginHealth } from "#contract/game-plugin.ts";
import type { PluginReloadRow, PluginRow } from "#schema/game.ts";
import { fileStamp, openGamePlugin, type PluginLimits, pluginsIn } from "./plugin-files.ts";
import { isNamed, pluginRow } from "./plugin-rows.ts";
import { SwappableHost } from "./swappable-host.ts";

export interface ShelfOptions {
  /** Folders whose plugins are found; one that is missing is empty. */
  readonly folders: readonly string[];
  /** Plugins that were named. */
  readonly files: readonly string[];
  readonly limits: PluginLimits;
  /** Live: files that change are loaded anew. */
  readonly reloads: boolean;
  /** One line for people. */
  readonly log: (line: string) => void;
}

/** A plugin's file and what became of it. */
export type ShelfEntry =
  | { readonly file: string; readonly info: GamePluginInfo; readonly health: PluginHealth }
  | { readonly file: string; readonly cause: string };

interface Loaded {
  readonly file: string;
  readonly host: SwappableHost;
  stamp: string | undefined;
}

/** Time in which changes of files are taken together: compilers write in several steps, ms. */
const settleMs = 300;

/**
 * The plugins of all games: found, opened, replaced when their files change, ended. Claims are those of the start; a
 * game that comes later is told in the log and read from the next start on.
 */
export class PluginShelf implements AsyncDisposable, PluginControl {
  readonly #options: ShelfOptions;
  readonly #games = new Map<string, Loaded>();
  readonly #refused = new Map<string, { readonly cause: string; readonly stamp: string | undefined }>();
  #claims: readonly ForwardClaim[] = [];
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Opens every plugin. One of a folder that cannot be used is told and left out; throws when one that was named cannot. */
  async start(): Promise<void> {
    const named = new Set(this.#options.files.map((file) => resolve(file)));
    await this.#look((file) => named.has(file));
    this.#claims = [...this.#games.values()].map(({ host: { info } }) => ({
      name: info.gameId,
      transports: info.transports,
      ports: info.ports,
    }));
    if (this.#options.reloads) this.#watch();
  }

  get claims(): readonly ForwardClaim[] {
    return this.#claims;
  }

  hostFor(game: string): GamePluginHost | undefined {
    return this.#games.get(game)?.host;
  }

  /** All plugins that are used or were refused. */
  get entries(): readonly ShelfEntry[] {
    return [
      ...[...this.#games.values()].map(({ file, host: { info, health } }) => ({ file, info, health })),
      ...[...this.#refused].map(([file, { cause }]) => ({ file, cause })),
    ];
  }

  rows(): readonly PluginRow[] {
    return this.entries.map((entry) => pluginRow(entry.file, entry));
  }

  /** Looks at the files now: those that changed, or the one with that name, are loaded and take over at the next block. */
  reload(name?: string): Promise<readonly PluginReloadRow[]> {
    const forced = (): ReadonlySet<string> | undefined =>
      name === undefined ? undefined : new Set(this.rows().flatMap((row) => (isNamed(row, name) ? [row.file] : [])));
    const looked = this.#looking.then(() => (this.#ended ? [] : this.#look(() => false, forced())));
    this.#looking = looked.catch(() => undefined);
    return looked;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
    await this.#looking;
    await Promise.all([...this.#games.values()].map(({ host }) => host[Symbol.asyncDispose]()));
  }

  /** Loads what has changed, or the `forced` files whether they have or not; tells what became of each. */
  async #look(mustWork: (file: string) => boolean, forced?: ReadonlySet<string>): Promise<readonly PluginReloadRow[]> {
    const found = [...this.#options.files, ...this.#options.folders.flatMap(pluginsIn)].map((file) => resolve(file));
    for (const file of this.#refused.keys()) if (!found.includes(file)) this.#refused.delete(file);
    const rows: PluginReloadRow[] = [];
    for (const file of new Set([...found, ...[...this.#games.values()].map((one) => one.file)]))
      if (forced?.has(file) !== false) rows.push(await this.#lookAt(file, mustWork(file), forced !== undefined));
    return rows;
  }

  async #lookAt(file: string, mustWork: boolean, isForced: boolean): Promise<PluginReloadRow> {
    const stamp = fileStamp(file);
    const loaded = [...this.#games.values()].find((one) => one.file === file);
    const refused = this.#refused.get(file);
    const row = (outcome: PluginReloadRow["outcome"], why: string): PluginReloadRow => {
      const info = (loaded ?? [...this.#games.values()].find((one) => one.file === file))?.host.info;
      return { file, ...(info !== undefined && { name: info.name, game: info.gameId }), outcome, why };
    };
    if (loaded !== undefined && stamp === undefined) return row("kept", "its file is gone; it stays until the next start");
    if (loaded !== undefined && stamp === loaded.stamp && !isForced) return row("kept", "its file has not changed");
    if (refused !== undefined && refused.stamp === stamp && !isForced) return row("refused", `${refused.cause}; its file has not changed`);
    try {
      return loaded === undefined ? row("added", await this.#add(file, stamp)) : row("reloaded", await this.#renew(loaded, stamp));
    } catch (error) {
      if (mustWork) throw error;
      const kept = loaded === undefined ? "" : "; the old version stays";
      this.#options.log(`${error instanceof Error ? error.message : String(error)}${kept}`);
      const cause = causeOf(error);
      if (loaded !== undefined) loaded.stamp = stamp;
      else this.#refused.set(file, { cause, stamp });
      return { ...(loaded === undefined ? row("refused", cause) : row("kept", `the new version is not used: ${cause}`)), failed: true };
    }
  }

  async #add(file: string, stamp: string | undefined): Promise<string> {
    const host = await openGamePlugin(file, this.#options.limits);
    const { gameId, name, version } = host.info;
    const other = this.#games.get(gameId);
    if (other !== undefined) {
      await host[Symbol.asyncDispose]();
      throw new OddwireError("ODW_PLUGIN_BAD", { file, cause: `the game ${gameId} is read by ${other.file} already` });
    }
    this.#refused.delete(file);
    this.#games.set(gameId, { file, host: new SwappableHost(host, this.#options.reloads), stamp });
    const isNew = this.#claims.length > 0 && !this.#claims.some((claim) => claim.name === gameId);
    const when = isNew ? ": its flows are read from the next start on" : "";
    this.#options.log(`plugin ${name} ${version} (${basename(file)})${when}`);
    return `version ${version}${when}`;
  }

  async #renew(loaded: Loaded, stamp: string | undefined): Promise<string> {
    const { gameId, version: old } = loaded.host.info;
    const host = await openGamePlugin(loaded.file, this.#options.limits);
    loaded.stamp = stamp;
    if (host.info.gameId !== gameId) {
      await host[Symbol.asyncDispose]();
      throw new OddwireError("ODW_PLUGIN_BAD", {
        file: loaded.file,
        cause: `it was ${gameId} and is ${host.info.gameId} now: start Oddwire anew`,
      });
    }
    const { name, version, ports } = host.info;
    const claimed = this.#claims.find((claim) => claim.name === gameId)?.ports ?? [];
    const further = ports.filter((port) => !claimed.includes(port));
    await loaded.host.replace(host);
    const later = further.length > 0 ? `; ports ${further.join(", ")} are read from the next start on` : "";
    this.#options.log(`plugin ${name} ${old} was replaced by ${version} (${basename(loaded.file)})${later}`);
    return `${old === version ? `version ${version} was started anew` : `version ${old} was replaced by ${version}`}${later}`;
  }

  #watch(): void {
    // Editors put a new file in the old one's place: folders are watched, not files.
    for (const path of new Set([...this.#options.folders, ...this.#options.files.map((file) => dirname(resolve(file)))])) {
      try {
        const watcher = watch(path, { persistent: false }, () => this.#changed());
        // A folder that goes away is not watched any more; its plugins stay.
        watcher.on("error", () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // A folder that is missing has no plugins.
      }
    }
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.reload(), settleMs).unref();
  }
}

const causeOf = (error: unknown): string =>
  error instanceof OddwireError ? String(error.values["cause"] ?? error.message) : error instanceof Error ? error.message : String(error);
