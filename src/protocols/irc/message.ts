const paramsMax = 15;

/** One line of IRC in its parts (RFC 2812 §2.3.1, tags of IRCv3). */
export interface Message {
  readonly source: string | undefined;
  /** In capitals. */
  readonly command: string;
  readonly params: readonly string[];
}

export function parseMessage(line: string): Message | undefined {
  const [, source, word, rest = ""] = /^(?:@\S+ +)?(?::(\S+) +)?([A-Za-z]{1,16}|\d{3})(?: +(.*))?$/s.exec(line) ?? [];
  if (word === undefined) return undefined;
  const params: string[] = [];
  let text = rest;
  while (text !== "" && params.length < paramsMax) {
    if (text.startsWith(":") || params.length === paramsMax - 1) {
      params.push(text.replace(/^:/, ""));
      break;
    }
    const space = text.indexOf(" ");
    params.push(space < 0 ? text : text.slice(0, space));
    text = space < 0 ? "" : text.slice(space).trimStart();
  }
  return { source, command: word.toUpperCase(), params };
}
