import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import type { Places } from "#base/place.ts";
import { OddwireError } from "#contract/errors.ts";
import { isMmdbRefusal, type Mmdb, type MmdbRefusal, openMmdb } from "#engine/geo/mmdb.ts";
import { PlaceBook } from "#engine/geo/place-book.ts";
import type { Config } from "#schema/config.ts";

/** Largest database that is read, bytes: those of cities have some 100 MB. */
const fileBytesMax = 1_000_000_000;
/** Where the updaters and packages of the makers of databases put them. */
const usualFolders = ["/usr/share/GeoIP", "/var/lib/GeoIP", "/usr/local/share/GeoIP"] as const;
/** The entry of `geo.files` that stands for what lies in the usual folders. */
export const usualWord = "auto";

/** A database in memory that all threads share. */
export interface PlaceFile {
  readonly name: string;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/**
 * The databases that the configuration names, read whole. Throws ODW_FILE_MISSING and ODW_LIST_BAD for one that is named
 * itself; of those that were only found the damaged ones are left out, and `oddwire doctor` tells of them.
 */
export function readPlaceFiles(config: Config): readonly PlaceFile[] {
  return config["geo.files"].flatMap((name) => (name === usualWord ? foundFiles() : [named(name)]));
}

/** What answers from the databases; `undefined` when there are none. */
export function placesOf(files: readonly PlaceFile[]): Places | undefined {
  const databases = files.map(({ bytes }) => openMmdb(bytes)).filter((answer): answer is Mmdb => !isMmdbRefusal(answer));
  return databases.length === 0 ? undefined : new PlaceBook(databases);
}

/** Paths of the databases in the usual folders, in the order of their names: of two that know a thing the first counts. */
export function usualPlaceFiles(): readonly string[] {
  return usualFolders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith(".mmdb"))
        .toSorted()
        .map((name) => join(folder, name));
    } catch {
      return [];
    }
  });
}

/** Opens a file for those who want to know what it is. Throws ODW_FILE_MISSING. */
export const examinedPlaceFile = (path: string): Mmdb | MmdbRefusal => openMmdb(read(path).bytes);

function named(path: string): PlaceFile {
  const file = read(path);
  const answer = openMmdb(file.bytes);
  if (isMmdbRefusal(answer)) throw new OddwireError("ODW_LIST_BAD", { where: `geo.files ${path}`, cause: answer.cause, mend: answer.mend });
  return file;
}

function foundFiles(): PlaceFile[] {
  return usualPlaceFiles().flatMap((path) => {
    try {
      return [named(path)];
    } catch {
      return [];
    }
  });
}

function read(path: string): PlaceFile {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error("it is no file");
    if (stat.size > fileBytesMax) throw new Error(`it has more than ${fileBytesMax} bytes`);
    const bytes = new Uint8Array(new SharedArrayBuffer(stat.size));
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(file, bytes, at, bytes.length - at, at);
      if (count === 0) throw new Error("it became shorter while it was read");
      at += count;
    }
    return { name: basename(path), bytes };
  } catch (error) {
    throw new OddwireError("ODW_FILE_MISSING", { file: path, cause: error instanceof Error ? error.message : String(error) });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
