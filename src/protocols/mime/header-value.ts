import { extendedValue, readableValue } from "./encoded-text.ts";

/** Parameters of one header that are read. */
const parametersMax = 32;

/** A value and its parameters: `multipart/mixed; boundary="x"`. */
export interface StructuredValue {
  /** In lower case, without comments. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;\s]*))/gs;

/** RFC 2045 §5.1, with RFC 2231's continuations (`name*0`, `name*1`) and charsets (`name*`). */
export function structuredValue(text: string): StructuredValue {
  const value = /^[^;\s(]*/.exec(text.trim())?.[0].toLowerCase() ?? "";
  const parameters = new Map<string, string>();
  const pieces = new Map<string, { parts: string[]; extended: boolean }>();
  let count = 0;
  for (const match of text.matchAll(PARAMETER)) {
    if (++count > parametersMax) break;
    const name = (match[1] as string).toLowerCase();
    const content = match[2] === undefined ? (match[3] as string) : match[2].replace(/\\(.)/gs, "$1");
    const [, base, index, star] = /^([^*]+)(?:\*(\d{1,2}))?(\*)?$/.exec(name) ?? ["", name, undefined, undefined];
    if (index === undefined) {
      const decoded = star === undefined ? readableValue(content) : extendedValue(content);
      // Of `filename` and `filename*` the latter counts; of two of the same, the first.
      if (star !== undefined || !parameters.has(base)) parameters.set(base, decoded);
      continue;
    }
    const piece = pieces.get(base) ?? { parts: [], extended: false };
    piece.parts[Number(index)] = content;
    piece.extended ||= star !== undefined;
    pieces.set(base, piece);
  }
  for (const [name, { parts, extended }] of pieces) {
    const joined = parts.join("");
    if (!parameters.has(name)) parameters.set(name, extended ? extendedValue(joined) : readableValue(joined));
  }
  return { value, parameters };
}

/** Addresses of a list, split at the commas that stand between them, at most `max`. */
export function addressList(text: string, max: number): string[] {
  const list: string[] = [];
  let from = 0;
  let quoted = false;
  let depth = 0;
  const add = (to: number): void => {
    const one = text.slice(from, to).trim();
    if (one !== "" && list.length < max) list.push(readableValue(one));
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (letter === "\\") i++;
    else if (letter === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (letter === "(" || letter === "<") depth++;
    else if (letter === ")" || letter === ">") depth = Math.max(0, depth - 1);
    else if (letter === "," && depth === 0) {
      add(i);
      from = i + 1;
    }
  }
  add(text.length);
  return list;
}
