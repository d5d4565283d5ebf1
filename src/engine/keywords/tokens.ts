/** A piece of a line: a bare word, a quoted text, or an expression between slashes; `name` when it is `name=value`. */
export interface Token {
  /** From 1. */
  readonly column: number;
  readonly name: string | undefined;
  readonly shape: "bare" | "text" | "regex";
  readonly value: string;
  /** Letters behind the second slash. */
  readonly flags: string;
}

export interface TokenTrouble {
  readonly column: number;
  readonly cause: string;
  readonly mend: string;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\", '"': '"' };

/** Cuts a line into its pieces; a comment ends it. */
export function tokensOf(line: string): readonly Token[] | TokenTrouble {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && /\s/.test(line[at] as string)) at++;
    if (at >= line.length || line[at] === "#") return tokens;
    const column = at + 1;
    const name = /^([a-z]+)=/.exec(line.slice(at))?.[1];
    if (name !== undefined) at += name.length + 1;
    const first = line[at];
    if (first === '"' || first === "/") {
      const read = first === '"' ? readText(line, at) : readExpression(line, at);
      if ("cause" in read) return read;
      tokens.push({ column, name, shape: first === '"' ? "text" : "regex", value: read.value, flags: read.flags });
      at = read.end;
      if (at < line.length && !/[\s#]/.test(line[at] as string))
        return { column: at + 1, cause: `${JSON.stringify(line[at])} follows without a space`, mend: "put a space between two pieces" };
    } else {
      const end = /[\s]|$/.exec(line.slice(at))?.index ?? 0;
      tokens.push({ column, name, shape: "bare", value: line.slice(at, at + end), flags: "" });
      at += end;
    }
  }
}

type Read = { readonly value: string; readonly flags: string; readonly end: number } | TokenTrouble;

function readText(line: string, from: number): Read {
  let value = "";
  for (let at = from + 1; at < line.length; at++) {
    const character = line[at] as string;
    if (character === '"') return { value, flags: "", end: at + 1 };
    if (character !== "\\") {
      value += character;
      continue;
    }
    const next = line[++at] ?? "";
    const hex = /^x([0-9a-fA-F]{2})/.exec(line.slice(at));
    if (hex !== null) {
      value += String.fromCharCode(Number.parseInt(hex[1] as string, 16));
      at += 2;
    } else if (escapes[next] === undefined) {
      return {
        column: at,
        cause: `\\${next} means nothing in quotes`,
        mend: 'write \\\\ for a backslash, \\" for a quote, or \\n \\r \\t \\xHH',
      };
    } else value += escapes[next];
  }
  return { column: from + 1, cause: "the quote is not closed", mend: 'put a " behind the text' };
}

function readExpression(line: string, from: number): Read {
  let isClass = false;
  for (let at = from + 1; at < line.length; at++) {
    const character = line[at];
    if (character === "\\") at++;
    else if (character === "[") isClass = true;
    else if (character === "]") isClass = false;
    else if (character === "/" && !isClass) {
      const flags = /^[a-z]*/.exec(line.slice(at + 1))?.[0] ?? "";
      return { value: line.slice(from + 1, at), flags, end: at + 1 + flags.length };
    }
  }
  return { column: from + 1, cause: "the expression is not closed", mend: "put a / behind it, and \\/ for a slash inside" };
}

/** The text in quotes, as `tokensOf` reads it back. */
export function quote(text: string): string {
  let quoted = "";
  for (const character of text) {
    const code = character.charCodeAt(0);
    const letter = Object.keys(escapes).find((key) => escapes[key] === character);
    if (letter !== undefined) quoted += `\\${letter}`;
    else quoted += code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : character;
  }
  return `"${quoted}"`;
}
