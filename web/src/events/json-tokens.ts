/** A piece of JSON text and what it is. */
export interface Token {
  readonly kind: "key" | "text" | "number" | "word" | "mark";
  readonly text: string;
}

/** The value as indented JSON, cut into pieces that can be coloured. Joined, the pieces are the text itself. */
export function jsonTokens(value: unknown): readonly Token[] {
  const text = JSON.stringify(value, undefined, 2) ?? "";
  const tokens: Token[] = [];
  const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([^"\d\-tfn]+|.)/g;
  for (const [whole, string, colon, number, word] of text.matchAll(pattern)) {
    if (string !== undefined && colon !== undefined) tokens.push({ kind: "key", text: string }, { kind: "mark", text: colon });
    else if (string !== undefined) tokens.push({ kind: "text", text: string });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else tokens.push({ kind: word === undefined ? "mark" : "word", text: whole });
  }
  return tokens;
}
