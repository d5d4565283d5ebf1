/** A rule as one line: continued lines are joined. */
export interface RuleLine {
  readonly text: string;
  /** Line of the file that it begins at, from 1. */
  readonly line: number;
}

/** A rule that is longer is refused: 64 KiB are ten times the longest that is in use. */
export const ruleCharactersMax = 65_536;

const BYTE_ORDER_MARK = "\u{feff}";

/** The rules of a file in order, without comments (disabled rules are comments) and empty lines. */
export function* ruleLines(text: string): Generator<RuleLine> {
  let at = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  let line = 0;
  while (at < text.length) {
    line++;
    const begun = line;
    let [part, next] = lineAt(text, at);
    at = next;
    let joined = part;
    if (isRule(part)) {
      while (joined.endsWith("\\") && at < text.length) {
        [part, next] = lineAt(text, at);
        at = next;
        line++;
        joined = joined.slice(0, -1) + part;
      }
    }
    const rule = joined.trim();
    if (isRule(rule)) yield { text: rule, line: begun };
  }
}

function lineAt(text: string, at: number): [part: string, next: number] {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  const last = end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return [text.slice(at, last), end + 1];
}

function isRule(line: string): boolean {
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code !== 32 && code !== 9) return code !== 35;
  }
  return false;
}
