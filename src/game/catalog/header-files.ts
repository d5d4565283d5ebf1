import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { catalogLimits } from "./limits.ts";
import { SourceFile } from "./source-file.ts";

/** Why a header could not be read; its text names the cause. */
type Unreadable = string;

/**
 * The headers of a catalog. Nothing outside of its folder is ever opened, wherever `#include` or a link points; each
 * file is read once for one loading of the catalog.
 */
export class HeaderFiles {
  /** The folder; for single files, the one that holds them. */
  readonly folder: string;
  readonly #texts = new Map<string, SourceFile | Unreadable>();
  readonly #read: (path: string) => string;

  constructor(folder: string, read: (path: string) => string = readHeader) {
    this.folder = realFolder(folder);
    this.#read = read;
  }

  /** A file by its path. */
  open(path: string): SourceFile | Unreadable {
    const absolute = resolve(this.folder, path);
    let found = this.#texts.get(absolute);
    if (found === undefined) {
      found = this.#opened(absolute);
      this.#texts.set(absolute, found);
    }
    return found;
  }

  /** What `#include` means in a file: beside it, or from the catalog's folder. `undefined` when there is no such file in it. */
  include(name: string, from: SourceFile): SourceFile | undefined {
    if (isAbsolute(name) || name.includes("\0")) return undefined;
    for (const base of [dirname(from.absolute), this.folder]) {
      const file = this.open(join(base, name.replaceAll("\\", "/")));
      if (typeof file !== "string") return file;
    }
    return undefined;
  }

  #opened(absolute: string): SourceFile | Unreadable {
    if (!this.#isInside(absolute)) return "it lies outside of the catalog";
    try {
      const real = realpathSync(absolute);
      if (!this.#isInside(real)) return "it is a link that leads out of the catalog";
      if (statSync(real).size > catalogLimits.fileBytesMax) return `it is larger than ${catalogLimits.fileBytesMax} bytes`;
      const text = this.#read(real);
      if (text.includes("\0")) return "it is no text";
      return new SourceFile(relative(this.folder, absolute).replaceAll("\\", "/"), absolute, text.replace(/^\ufeff/, ""));
    } catch (error) {
      return (error as Error).message;
    }
  }

  #isInside(path: string): boolean {
    return path.startsWith(this.folder.endsWith(sep) ? this.folder : this.folder + sep);
  }
}

const readHeader = (path: string): string => readFileSync(path, "utf8");

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** What lies in a catalog's folder, sorted, relative to it; hidden files and folders are left out. */
export function catalogFiles(folder: string, endings: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (path: string, depth: number): void => {
    for (const entry of entries(join(folder, path))) {
      if (found.length >= catalogLimits.filesMax || entry.name.startsWith(".")) continue;
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && depth < catalogLimits.folderDepthMax) walk(inner, depth + 1);
      else if (!entry.isDirectory() && endings.some((ending) => entry.name.endsWith(ending))) found.push(inner);
    }
  };
  walk("", 0);
  return found;
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
