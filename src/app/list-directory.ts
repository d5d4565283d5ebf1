import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import type { Config } from "#schema/config.ts";
import { makeDirectory, storeDirectory } from "./outputs.ts";

export type ListKind = "keywords" | "indicators";

/** A list that is there, whether it is on or not. */
export interface ListFile {
  readonly kind: ListKind;
  /** How people call it: the path of a configured one, the name of one in the folder, `default`. */
  readonly name: string;
  readonly path: string;
  readonly isOn: boolean;
  /** `default` comes along, `configured` is named by the configuration, `folder` lies in the folder that may be edited. */
  readonly origin: "default" | "configured" | "folder";
}

/** What single additions go into. */
export const ownList: Readonly<Record<ListKind, string>> = { keywords: "own.txt", indicators: "own.csv" };
/** Behind the name of a list that is switched off. */
const offSuffix = ".off";
const defaultKeywords: string = join(import.meta.dirname, "../../rules/keywords.txt");

/**
 * The folder with the lists that may be edited: `keywords/*.txt` and `indicators/*`. A list is switched off by the
 * ending `.off` of its file's name, so that whoever looks into the folder sees it.
 */
export class ListDirectory {
  readonly path: string;
  readonly #config: Config;
  readonly #hasDefault: boolean;

  /** `isLive`: for live capture and demo, where `keywords.default` is on unless it is switched off. */
  constructor(config: Config, path: string, isLive: boolean) {
    this.#config = config;
    this.path = path;
    const wish: string = config["keywords.default"];
    this.#hasDefault = wish === "yes" || (wish === "auto" && isLive);
  }

  /** All lists, in the order in which they are read: what comes along, what is configured, what lies in the folder. */
  lists(kind: ListKind): readonly ListFile[] {
    const listed = (path: string, origin: ListFile["origin"], name = path): ListFile => ({ kind, name, path, isOn: true, origin });
    const along = kind === "keywords" && this.#hasDefault ? [listed(defaultKeywords, "default", "default")] : [];
    const configured = this.#config[`${kind}.files`].map((path) =>
      kind === "keywords" && path === "default" ? listed(defaultKeywords, "default", "default") : listed(path, "configured"),
    );
    const all = [...along, ...configured.filter(({ path }) => along.every((one) => one.path !== path))];
    return [...all, ...this.#inFolder(kind)];
  }

  /** Text of a list. Throws ODW_FILE_MISSING. */
  read(list: ListFile): string {
    return readText(list.path);
  }

  /** Writes a list of the folder, the old one staying whole until the new one is. */
  write(kind: ListKind, name: string, text: string): void {
    const folder = join(this.path, kind);
    makeDirectory(folder);
    const path = this.lists(kind).find((list) => list.origin === "folder" && list.name === name)?.path ?? join(folder, safeName(name));
    try {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    } catch (error) {
      throw new OddwireError("ODW_OUT_UNWRITABLE", { path, cause: (error as Error).message }, { cause: error });
    }
  }

  /** The own list's text; empty when there is none yet. */
  own(kind: ListKind): string {
    const path = join(this.path, kind, ownList[kind]);
    return existsSync(path) ? readText(path) : "";
  }

  /** Switches a list of the folder on or off. */
  switch(list: ListFile, isOn: boolean): void {
    if (list.isOn !== isOn) renameSync(list.path, isOn ? list.path.slice(0, -offSuffix.length) : list.path + offSuffix);
  }

  #inFolder(kind: ListKind): ListFile[] {
    const folder = join(this.path, kind);
    if (this.path === "" || !existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".new") && !entry.name.startsWith("."))
      .map(({ name }): ListFile => {
        const isOn = !name.endsWith(offSuffix);
        return { kind, name: isOn ? name : name.slice(0, -offSuffix.length), path: join(folder, name), isOn, origin: "folder" };
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** Names of lists are names of files in one folder, and lead nowhere else. */
export function safeName(name: string): string {
  if (
    basename(name) !== name ||
    dirname(name) !== "." ||
    !/^[\w][\w. -]{0,99}$/.test(name) ||
    name.endsWith(offSuffix) ||
    name.endsWith(".new")
  )
    throw new OddwireError("ODW_LIST_BAD", {
      where: name,
      cause: "this is no name for a list",
      mend: "use letters, digits, dots and hyphens",
    });
  return name;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new OddwireError("ODW_FILE_MISSING", { file: path, cause: (error as Error).message });
  }
}

/** The folder that `oddwire live` uses, for commands that look at its lists. */
export const listDirectoryOf = (config: Config, out: string | undefined): ListDirectory =>
  new ListDirectory(config, config["lists.directory"] || join(storeDirectory(out), "lists"), true);

/** Lists by their paths; `default` is the one of keywords that comes along. */
export const readLists = (paths: readonly string[]): { readonly name: string; readonly text: string }[] =>
  paths.map((path) => ({ name: path, text: readText(path === "default" ? defaultKeywords : path) }));
