import { rmSync } from "node:fs";
import { parseAddress } from "#base/address.ts";
import { OddwireError } from "#contract/errors.ts";
import { type Hit, type Indicator, type IndicatorType, indicatorTypes, isSeverity, severities } from "#engine/indicators/indicator.ts";
import { type IndicatorReport, IndicatorSet } from "#engine/indicators/indicator-set.ts";
import { readList } from "#engine/indicators/read-list.ts";
import { isRefusal, readValue } from "#engine/indicators/value.ts";
import type { IndicatorLists, IndicatorRow, ListRow, NewIndicator } from "#schema/rule-lists.ts";
import { type ListDirectory, ownList, safeName } from "./list-directory.ts";

export type { IndicatorReport } from "#engine/indicators/indicator-set.ts";

const header = "value,type,source,expires,note,severity,action";
const rowsMax = 1000;

/** What lists hold, for `oddwire indicators check`. */
export const checkIndicators = (lists: readonly { readonly name: string; readonly text: string }[]): IndicatorReport =>
  IndicatorSet.of(lists).report;

/** The lists of indicators that an engine would use, and changes of those in the folder. */
export class IndicatorFiles {
  readonly #directory: ListDirectory;
  /** The last set, and what it was made of: a look-up does not read a million lines again. */
  #made: { readonly stamp: string; readonly set: IndicatorSet } | undefined = undefined;

  constructor(directory: ListDirectory) {
    this.#directory = directory;
  }

  state(): IndicatorLists {
    const { report } = this.#set();
    const lists = this.#directory.lists("indicators").map(({ name, origin, isOn }): ListRow => {
      const row = report.lists.find((one) => one.name === name);
      return { name, origin, on: isOn, entries: row?.loaded ?? 0, rejected: row?.rejected ?? 0 };
    });
    const own = this.#own().map(rowOf).toReversed().slice(0, rowsMax);
    return { lists, types: report.types, allowed: report.allowed, troubles: report.troubles.slice(0, rowsMax), own };
  }

  /** Adds a row to the own list. Throws ODW_LIST_BAD. */
  add(given: NewIndicator): IndicatorRow {
    const row = [given.value, given.type, given.source, given.expires, given.note, given.severity, given.allow === true ? "allow" : ""].map(
      (cell) => (cell ?? "").replaceAll(/[\r\n]+/g, " ").trim(),
    );
    const line = row.map(cellText).join(",");
    const [added] = listed(`${header}\n${line}\n`, true);
    if (added === undefined) throw bad(given.value, "it is no indicator", "give a value");
    const own = this.#directory.own("indicators");
    const known = this.#own().find(
      (one) => one.type === added.type && one.value === added.value && one.port === added.port && one.allowed === added.allowed,
    );
    if (known !== undefined) throw bad(given.value, "it is on the own list already", "remove it first to change what is said of it");
    const text = own === "" ? `${header}\n` : own.endsWith("\n") ? own : `${own}\n`;
    this.#directory.write("indicators", ownList.indicators, `${text}${line}\n`);
    return rowOf(added);
  }

  /** Takes a value out of the own list. Throws ODW_LIST_BAD when it is not on it. */
  remove(value: string): void {
    const wanted = readValue(value.replace(/^!/, ""));
    const text = isRefusal(wanted) ? value : wanted.value;
    const lines = this.#directory.own("indicators").split("\n");
    const rest = lines.filter((line, index) => index === 0 || !listed(`${lines[0]}\n${line}\n`, false).some((one) => one.value === text));
    if (rest.length === lines.length) {
      const hit = this.test(value).hit;
      throw bad(
        value,
        hit === undefined ? "it is on no list" : `it stands on the list ${hit.list}`,
        "only what is on the own list can be removed; `allow` what shall not alert",
      );
    }
    this.#directory.write("indicators", ownList.indicators, rest.join("\n"));
  }

  /** Writes a whole list. Throws ODW_LIST_BAD when nothing of it can be used. */
  put(name: string, text: string): ListRow {
    safeName(name);
    const { report } = IndicatorSet.of([{ name, text }]);
    const [first] = report.troubles;
    if (report.loaded === 0 && first !== undefined) throw bad(`${name} line ${first.line} column ${first.column}`, first.cause, first.mend);
    this.#directory.write("indicators", name, text);
    return { name, origin: "folder", on: true, entries: report.loaded, rejected: report.rejected };
  }

  removeList(name: string): void {
    rmSync(this.#folderList(name).path);
  }

  switch(name: string, isOn: boolean): void {
    this.#directory.switch(this.#folderList(name), isOn);
  }

  /** What the lists say about a value at a time, µs. */
  test(given: string, type?: string, time: number = Date.now() * 1000): { readonly hit: Hit | undefined; readonly allowed: boolean } {
    if (type !== undefined && !(indicatorTypes as readonly string[]).includes(type))
      throw bad(given, `${type} is no type`, `one of ${indicatorTypes.join(", ")}`);
    const read = readValue(given, type as IndicatorType | undefined);
    if (isRefusal(read)) throw bad(given, read.cause, read.mend);
    const set = this.#set();
    const find = (): Hit | undefined => {
      const { type: kind, value, port } = read;
      if (kind === "domain") return set.findDomain(value, time);
      if (kind === "url") return set.findUrl(value, time);
      if (kind === "digest") return set.findDigits("md5", value, time) ?? set.findDigits("ja3", value, time);
      if (kind !== "address") return set.findDigits(kind, value, time);
      const address = parseAddress(value.split("/")[0] as string);
      return address === undefined ? undefined : set.findAddress(address.words, 0, address.version === 6, port, time);
    };
    return { hit: find(), allowed: set.isAllowed(read.type, read.value) };
  }

  #folderList(name: string): { path: string; isOn: boolean } & ReturnType<ListDirectory["lists"]>[number] {
    const list = this.#directory.lists("indicators").find((one) => one.name === name);
    if (list === undefined) throw bad(name, "there is no such list", "see `oddwire indicators list`");
    if (list.origin !== "folder") throw bad(name, "the configuration names it", "change indicators.files");
    return list;
  }

  #own(): Indicator[] {
    return listed(this.#directory.own("indicators"), false);
  }

  #set(): IndicatorSet {
    const lists = this.#directory.lists("indicators").filter(({ isOn }) => isOn);
    const texts = lists.map((list) => ({ name: list.name, text: this.#directory.read(list) }));
    const stamp = texts.map(({ name, text }) => `${name} ${text.length} ${hashOf(text)}`).join("\n");
    if (this.#made?.stamp !== stamp) this.#made = { stamp, set: IndicatorSet.of(texts) };
    return this.#made.set;
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Indicators of a text; the first trouble is thrown when it is `strict`. */
function listed(text: string, strict: boolean): Indicator[] {
  const all: Indicator[] = [];
  const steps = readList(
    text,
    (indicator) => all.push(indicator),
    ({ cause, mend }) => {
      if (strict) throw bad("the indicator", cause, mend);
    },
  );
  while (steps.next().done !== true);
  return all;
}

const cellText = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const bad = (where: string, cause: string, mend: string): OddwireError => new OddwireError("ODW_LIST_BAD", { where, cause, mend });

/** A row of the API; severities have one word each there. */
export const rowOf = (
  indicator: Pick<Indicator, "type" | "value" | "severity" | "source" | "expires" | "note"> & Partial<Pick<Indicator, "port" | "allowed">>,
): IndicatorRow => ({
  type: indicator.type,
  value:
    (indicator.port ?? 0) === 0
      ? indicator.value
      : `${indicator.value.includes(":") ? `[${indicator.value}]` : indicator.value}:${indicator.port}`,
  allow: indicator.allowed ?? false,
  severity: Object.keys(severities).findLast((word) => isSeverity(word) && severities[word] === indicator.severity) ?? "medium",
  source: indicator.source,
  expires: indicator.expires === 0 ? "" : new Date(indicator.expires * 1000).toISOString().replace(".000", ""),
  note: indicator.note,
});
