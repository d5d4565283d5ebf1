import type { Transaction } from "#contract/parser.ts";

const lineCharactersMax = 1024;
const viaMax = 8;
const headersMax = 128;

/** Short names (RFC 3261 §7.3.3). */
const COMPACT: { readonly [letter: string]: string } = {
  c: "content-type",
  e: "content-encoding",
  f: "from",
  i: "call-id",
  k: "supported",
  l: "content-length",
  m: "contact",
  s: "subject",
  t: "to",
  v: "via",
};
/** Headers that are told, by their names in events. */
const TOLD: { readonly [header: string]: string } = {
  "call-id": "call_id",
  cseq: "cseq",
  from: "from",
  to: "to",
  contact: "contact",
  "user-agent": "user_agent",
  server: "server",
  "content-type": "content_type",
};

/** The event of a message from its head's text; `undefined` when its first line is none. */
export function readHead(text: string): Transaction | undefined {
  const end = text.search(/\r?\n/);
  const told = firstLine(end < 0 ? text : text.slice(0, end));
  if (told === undefined || end < 0) return told;
  // A line that begins with white space goes on with the one before.
  const lines = text
    .slice(end)
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/, headersMax);
  for (const line of lines) header(told, line);
  return told;
}

function firstLine(line: string): Transaction | undefined {
  const cut = line.slice(0, lineCharactersMax);
  const response = /^(SIP\/\d\.\d) (\d{3})(?: (.*))?$/i.exec(cut);
  if (response !== null) return { version: response[1], code: response[2], reason: response[3] ?? "", response_line: cut };
  const request = /^(\S{1,64}) (\S+) (SIP\/\d\.\d)$/i.exec(line);
  if (request === null) return undefined;
  return { method: request[1], uri: (request[2] as string).slice(0, lineCharactersMax), version: request[3], request_line: cut };
}

function header(told: Transaction, line: string): void {
  const colon = line.indexOf(":");
  if (colon <= 0) return;
  const given = line.slice(0, colon).trim().toLowerCase();
  const name = COMPACT[given] ?? given;
  const value = line.slice(colon + 1, colon + 1 + lineCharactersMax).trim();
  const member = TOLD[name];
  if (member !== undefined) told[member] ??= value;
  else if (name === "via") {
    told["via"] ??= [];
    const via = told["via"] as string[];
    if (via.length < viaMax) via.push(value);
  } else if (name === "content-length" && /^\d{1,9}$/.test(value)) told["content_length"] ??= Number(value);
  else if (name === "authorization" || name === "proxy-authorization") {
    const user = /\busername="([^"]{1,256})"/.exec(value)?.[1];
    if (user !== undefined) told["user"] ??= user;
  }
}
