import { latin1 } from "#base/bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import { giveText } from "#contract/rule-values.ts";
import type { RequestFacts } from "./exchange.ts";
import { fieldEnd, type Head, headersMax, trimmedEnd } from "./head.ts";
import { CR, isBlank, LF, lineEnd } from "./lines.ts";
import { type Piece, RuleHeaders } from "./rule-headers.ts";
import { normalTarget } from "./rule-uri.ts";
import { requestPlaces, statusPlaces } from "./start-line.ts";

const COLON = 0x3a;
const NO_BYTES = new Uint8Array(0);

/** Gives what a request's head says to rules. The head is only lent. */
export function giveRequest(rules: RuleTap, side: Side, txId: number, head: Head, { authority }: RequestFacts): void {
  const { bytes, lineFrom, lineTo } = head;
  const give = (word: string, from: number, to: number): void => giveBytes(rules, word, side, txId, bytes, from, to);
  rules.frame("frame:http1.request", side, bytes, lineFrom, head.end, head.end - lineFrom);
  const { methodFrom, methodTo, targetFrom, targetTo, versionFrom } = requestPlaces(bytes, lineFrom, lineTo);
  give("http.request_line", lineFrom, lineTo);
  give("http.method", methodFrom, methodTo);
  give("http.uri.raw", targetFrom, targetTo);
  if (versionFrom >= 0) give("http.protocol", versionFrom, lineTo);
  if (rules.wants("http.uri")) {
    // A tunnel's target is a host: it has neither path nor query.
    const isTunnel = latin1(bytes, methodFrom, methodTo) === "CONNECT";
    const target = isTunnel ? NO_BYTES : normalTarget(bytes, targetFrom, targetTo);
    rules.value("http.uri", side, txId, target, 0, target.length);
  }
  if (authority !== undefined) giveText(rules, "http.host", side, txId, authority.host.toLowerCase());
  const headers = new RuleHeaders(rules, side, txId, true);
  const host = addFields(headers, head);
  if (host === undefined) giveText(rules, "http.host.raw", side, txId, authority?.host);
  else giveBytes(rules, "http.host.raw", side, txId, host.bytes, host.from, host.to);
  giveHead(rules, side, txId, head, headers);
}

export function giveResponse(rules: RuleTap, side: Side, txId: number, head: Head): void {
  const { bytes, lineFrom, lineTo } = head;
  const give = (word: string, from: number, to: number): void => giveBytes(rules, word, side, txId, bytes, from, to);
  rules.frame("frame:http1.response", side, bytes, lineFrom, head.end, head.end - lineFrom);
  const { versionTo, codeFrom, codeTo, messageFrom } = statusPlaces(bytes, lineFrom, lineTo);
  give("http.response_line", lineFrom, lineTo);
  give("http.protocol", lineFrom, versionTo);
  give("http.stat_code", codeFrom, codeTo);
  give("http.stat_msg", messageFrom, lineTo);
  const headers = new RuleHeaders(rules, side, txId, false);
  addFields(headers, head);
  giveHead(rules, side, txId, head, headers);
}

function giveHead(rules: RuleTap, side: Side, txId: number, { bytes, lineFrom, lineTo, end }: Head, headers: RuleHeaders): void {
  headers.give({ bytes, from: lineFrom, to: lineTo });
  const from = lineEnd(bytes, lineFrom, end);
  if (end > from) giveBytes(rules, "http.header.raw", side, txId, bytes, from, end);
}

function giveBytes(rules: RuleTap, word: string, side: Side, txId: number, bytes: Uint8Array, from: number, to: number): void {
  if (rules.wants(word)) rules.value(word, side, txId, bytes, from, to);
}

/** Adds the fields of a head; returns the value of the first Host. Lines without a colon are no headers. */
function addFields(into: RuleHeaders, head: Head): Piece | undefined {
  const { bytes, lineFrom, end } = head;
  let host: Piece | undefined;
  let i = lineEnd(bytes, lineFrom, end);
  for (let count = 0; i < end && count < headersMax; count++) {
    const from = i;
    i = fieldEnd(bytes, from, end);
    const to = trimmedEnd(bytes, from, i);
    let colon = from;
    while (colon < to && bytes[colon] !== COLON) colon++;
    if (colon === to) continue;
    let nameEnd = colon;
    while (nameEnd > from && isBlank(bytes[nameEnd - 1] as number)) nameEnd--;
    const key = head.keyOf(from, nameEnd);
    const value = unfolded(bytes, colon + 1, to);
    if (key === "host") host ??= value;
    into.add(key, { bytes, from, to: nameEnd }, value);
  }
  return host;
}

/** A value without the blanks in front, its lines one behind the other. */
function unfolded(bytes: Uint8Array, start: number, to: number): Piece {
  let from = start;
  while (from < to && isBlank(bytes[from] as number)) from++;
  let at = from;
  while (at < to && bytes[at] !== LF) at++;
  if (at === to) return { bytes, from, to };
  const value = bytes.slice(from, to);
  const whole = value.filter((byte, i) => byte !== LF && !(byte === CR && value[i + 1] === LF));
  return { bytes: whole, from: 0, to: whole.length };
}
