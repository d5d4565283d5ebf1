import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";
import { wideText } from "./requests.ts";

const tokensMax = 32;
const textCharactersMax = 512;
/** Tokens of a result ([MS-TDS] 2.2.7). */
const COLUMNS = 0x81;
const ERROR = 0xaa;
const LOGIN_ACK = 0xad;
const STATUS = 0x79;
const isDone = (token: number): boolean => token >= 0xfd;
/** Tokens whose length stands behind them. */
const LENGTH_TOLD = new Set([0xa4, 0xa5, 0xa9, ERROR, 0xab, LOGIN_ACK, 0xe3, 0xed]);
const DONE_BYTES = 13;
const OLD_DONE_BYTES = 9;
const COUNT_VALID = 0x10;

/** Reads the tokens at the beginning of a result, up to the first whose length depends on the columns. */
export function readTokens(told: Transaction, window: ByteView, at: number, end: number): void {
  const fields = new Reader(window, at, end);
  for (let i = 0; i < tokensMax && fields.left > 0; i++) {
    const token = fields.u8();
    if (token === COLUMNS) {
      const columns = fields.u16(true);
      if (columns !== 0xffff) told["columns"] ??= columns;
      return;
    }
    if (token === STATUS) fields.skip(4);
    else if (isDone(token)) fields.skip(fields.left === OLD_DONE_BYTES - 1 ? OLD_DONE_BYTES - 1 : DONE_BYTES - 1);
    else if (LENGTH_TOLD.has(token)) {
      const length = fields.u16(true);
      const from = fields.skip(length);
      if (from < 0) return;
      if (token === ERROR) readError(told, window, from, from + length);
    } else return;
  }
}

function readError(told: Transaction, window: ByteView, at: number, end: number): void {
  told["success"] = false;
  if (told["error_number"] !== undefined) return;
  const fields = new Reader(window, at, end);
  told["error_number"] = fields.i32(true);
  fields.u8();
  told["error_class"] = fields.u8();
  const characters = fields.u16(true);
  const from = fields.skip(2 * characters);
  if (from >= 0) told["error"] = wideText(window, from, characters, textCharactersMax);
}

/** The last token of a result tells the rows, when it is there. */
export function readDone(told: Transaction, { bytes, view }: ByteView, at: number, end: number): void {
  const modern = end - DONE_BYTES;
  if (modern >= at && isDone(bytes[modern] as number) && view.getUint16(modern + 1, true) < 0x400) {
    if ((view.getUint16(modern + 1, true) & COUNT_VALID) !== 0) told["rows"] = view.getUint32(modern + 5, true);
    return;
  }
  const old = end - OLD_DONE_BYTES;
  if (old < at || !isDone(bytes[old] as number) || view.getUint16(old + 1, true) >= 0x400) return;
  if ((view.getUint16(old + 1, true) & COUNT_VALID) !== 0) told["rows"] = view.getUint32(old + 5, true);
}
