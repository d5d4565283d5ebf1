import { utf8Text } from "#base/loose-text.ts";

const argumentsMax = 16;
const argumentCharactersMax = 256;
const tagCharactersMax = 64;

export interface Command {
  readonly tag: string;
  /** In capitals, with `UID` before it when it was there. */
  readonly name: string;
  readonly args: readonly string[];
}

/** A quoted string, a list in parentheses (two deep), or a word. */
const ARGUMENT = /"((?:[^"\\]|\\.)*)"|\((?:[^()]|\([^()]*\))*\)|[^\s"]+/gs;

/** A line of the client's (RFC 9051 §6), `undefined` when it is none. */
export function parseCommand(line: string): Command | undefined {
  const [, tag, uid, name, rest = ""] = /^(\S+) +(UID +)?([A-Za-z][A-Za-z0-9-]{0,30})(?: +(.*))?$/s.exec(line) ?? [];
  if (tag === undefined || name === undefined) return undefined;
  const args: string[] = [];
  for (const match of rest.matchAll(ARGUMENT)) {
    if (args.length === argumentsMax) break;
    const text = match[1] === undefined ? match[0] : match[1].replace(/\\(.)/gs, "$1");
    args.push(utf8Text(text).slice(0, argumentCharactersMax));
  }
  return { tag: tag.slice(0, tagCharactersMax), name: `${uid === undefined ? "" : "UID "}${name.toUpperCase()}`, args };
}
