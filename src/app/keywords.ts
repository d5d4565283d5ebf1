import { OddwireError } from "#contract/errors.ts";
import type { Keyword, KeywordTrouble } from "#engine/keywords/keyword.ts";
import { type ParsedKeywords, parseKeywords, readLine } from "#engine/keywords/parse.ts";
import { keywordsIn } from "#engine/keywords/test-text.ts";
import type { KeywordLists, KeywordRow, RuleTrouble } from "#schema/rule-lists.ts";
import { type ListDirectory, ownList } from "./list-directory.ts";

export { contextGroups, contexts as keywordContexts } from "#engine/keywords/contexts.ts";
export type { Keyword } from "#engine/keywords/keyword.ts";

/** Reads keywords of texts, for `oddwire keywords check`. */
export const checkKeywords = (lists: readonly { readonly name: string; readonly text: string }[]): ParsedKeywords => parseKeywords(lists);

/** The lists of keywords that an engine would use, and changes of the own one. */
export class KeywordFiles {
  readonly #directory: ListDirectory;

  constructor(directory: ListDirectory) {
    this.#directory = directory;
  }

  parsed(): ParsedKeywords {
    const lists = this.#directory.lists("keywords").filter(({ isOn }) => isOn);
    return parseKeywords(lists.map((list) => ({ name: list.name, text: this.#directory.read(list) })));
  }

  state(): KeywordLists {
    const { keywords, troubles } = this.parsed();
    const lists = this.#directory.lists("keywords").map(({ name, origin, isOn }) => ({
      name,
      origin,
      on: isOn,
      entries: keywords.filter(({ place }) => place.file === name).length,
      rejected: troubles.filter(({ place }) => place.file === name).length,
    }));
    return { lists, keywords: keywords.map(rowOf), troubles: troubles.map(troubleOf) };
  }

  /** Adds a line to the own list. Throws ODW_LIST_BAD. */
  add(line: string): KeywordRow {
    if (/[\r\n]/.test(line)) throw bad("the line", "it is more than one", "add one keyword after the other");
    const own = this.#directory.own("keywords");
    const place = { file: ownList.keywords, line: own.split("\n").length };
    const read = readLine(line, place);
    if (read === undefined || "off" in read)
      throw bad("the line", "it holds no keyword", 'write word "…", phrase "…", command "…", regex /…/ or hex "…"');
    if ("cause" in read) throw bad(`column ${read.column}`, read.cause, read.mend);
    const known = this.parsed().keywords.find(({ sid }) => sid === read.sid);
    if (known !== undefined)
      throw bad("the line", `the same keyword stands in ${known.place.file} line ${known.place.line}`, "nothing needs to be added");
    this.#directory.write("keywords", ownList.keywords, `${withEnd(own)}${line.trim()}\n`);
    return rowOf(read);
  }

  /** Takes a keyword out of the own list. Throws ODW_LIST_BAD when it stands in another. */
  remove(sid: number): void {
    const lines = this.#directory.own("keywords").split("\n");
    const rest = lines.filter((line) => {
      const read = readLine(line, { file: "", line: 1 });
      return read === undefined || !(("sid" in read && read.sid === sid) || ("off" in read && read.off === sid));
    });
    if (rest.length === lines.length) {
      const known = this.#known(sid);
      throw bad(`keyword ${sid}`, `it stands in the list ${known.place.file}`, "switch it off instead");
    }
    this.#directory.write("keywords", ownList.keywords, rest.join("\n"));
  }

  /** Switches a keyword of any list, by a line in the own one. */
  switch(sid: number, isOn: boolean): void {
    const known = this.#known(sid);
    if (known.isOn === isOn) return;
    const own = this.#directory.own("keywords");
    const text = isOn
      ? own
          .split("\n")
          .filter((line) => !isOff(line, sid))
          .join("\n")
      : `${withEnd(own)}off ${sid} # ${known.text.replaceAll("#", "")}\n`;
    this.#directory.write("keywords", ownList.keywords, text);
  }

  /** Keywords that are on and that a text holds. */
  test(text: string, context?: string): ReturnType<typeof keywordsIn> {
    return keywordsIn(this.parsed().keywords, text, context);
  }

  #known(sid: number): Keyword {
    const known = this.parsed().keywords.find((keyword) => keyword.sid === sid);
    if (known === undefined) throw bad(`keyword ${sid}`, "no keyword has this number", "`oddwire keywords list` shows the numbers");
    return known;
  }
}

function isOff(line: string, sid: number): boolean {
  const read = readLine(line, { file: "", line: 1 });
  return read !== undefined && "off" in read && read.off === sid;
}

const withEnd = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
const bad = (where: string, cause: string, mend: string): OddwireError => new OddwireError("ODW_LIST_BAD", { where, cause, mend });

const troubleOf = ({ place, column, cause, mend }: KeywordTrouble): RuleTrouble => ({
  list: place.file,
  line: place.line,
  column,
  cause,
  mend,
});

const rowOf = (keyword: Keyword): KeywordRow => ({
  sid: keyword.sid,
  list: keyword.place.file,
  line: keyword.place.line,
  kind: keyword.kind,
  pattern: keyword.pattern,
  contexts: keyword.contexts,
  direction: keyword.direction,
  ports: keyword.ports.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(","),
  case_sensitive: keyword.isCaseSensitive,
  severity: keyword.severity,
  note: keyword.note,
  on: keyword.isOn,
  text: keyword.text,
  own: keyword.place.file === ownList.keywords,
});
