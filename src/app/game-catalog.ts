import { type FSWatcher, watch } from "node:fs";
import type { PacketCatalog } from "#game/reader/packet-catalog.ts";
import type { Config } from "#schema/config.ts";
import { type CatalogProblem, problemText, RunningCatalog } from "./catalog.ts";

/** Problems that are told at a time. */
const problemsToldMax = 10;
/** Time in which changes of files are taken together, ms. */
const settleMs = 300;

/** The catalog as it is now: another object for a game when its headers have changed. */
export interface OpenCatalog {
  readonly forGame: (game: string) => PacketCatalog;
  end(): void;
}

/** Reads the headers of the folder, and again when they change; where they are wrong, the layouts of before stay. */
export async function openCatalog(config: Config, reloads: boolean, log: (text: string) => void): Promise<OpenCatalog> {
  const games = new Map<string, PacketCatalog>();
  const tell = (problems: readonly CatalogProblem[]): void => {
    for (const problem of problems.slice(0, problemsToldMax)) log(problemText(problem));
  };
  const { catalog, problems } = await RunningCatalog.open(config);
  tell(problems);
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const again = async (): Promise<void> => {
    tell(await catalog.reload());
    games.clear();
  };
  if (reloads) {
    try {
      watcher = watch(config["catalog.folder"], { persistent: false, recursive: true }, () => {
        clearTimeout(timer);
        timer = setTimeout(() => void again().catch((error: unknown) => log(`catalog: ${String(error)}`)), settleMs).unref();
      });
      watcher.on("error", () => watcher?.close());
    } catch {
      // A folder that is missing has no headers.
    }
  }
  return {
    forGame: (game) => {
      const known = games.get(game) ?? catalog.forGame(game);
      games.set(game, known);
      return known;
    },
    end: () => {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}
