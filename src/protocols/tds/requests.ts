import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";

export const queryCharactersMax = 2048;
const nameCharactersMax = 256;
const optionsMax = 16;
const ENCRYPTION = ["off", "on", "not_supported", "required"];
/** Procedures that are called by number ([MS-TDS] 2.2.6.6). */
const PROCEDURES =
  ",Sp_Cursor,Sp_CursorOpen,Sp_CursorPrepare,Sp_CursorExecute,Sp_CursorPrepExec,Sp_CursorUnprepare,Sp_CursorFetch,Sp_CursorOption,Sp_CursorClose,Sp_ExecuteSql,Sp_Prepare,Sp_Execute,Sp_PrepExec,Sp_PrepExecRpc,Sp_Unprepare".split(
    ",",
  );
const EXECUTE_SQL = 10;
const NVARCHAR = 0xe7;
const NTEXT = 0x63;

/** Text of two bytes a character, little endian. */
export function wideText({ view }: ByteView, at: number, characters: number, most: number): string {
  let text = "";
  for (let i = 0; i < Math.min(characters, most); i++) text += String.fromCharCode(view.getUint16(at + 2 * i, true));
  return text;
}

/** Options of a prelogin, of either side ([MS-TDS] 2.2.6.5); `undefined` when there are none. */
export function readPrelogin(window: ByteView, at: number, end: number): Transaction | undefined {
  const told: Transaction = {};
  const fields = new Reader(window, at, end);
  for (let i = 0; i < optionsMax; i++) {
    const option = fields.u8();
    if (option === 0xff) return told;
    const from = at + fields.u16();
    const length = fields.u16();
    if (fields.short || from + length > end) return undefined;
    const value = new Reader(window, from, from + length);
    if (option === 0 && length >= 4) told["version"] = `${value.u8()}.${value.u8()}.${value.u16()}`;
    else if (option === 1 && length >= 1) told["encryption"] = ENCRYPTION[value.u8() & 3];
    else if (option === 2 && length > 1) told["instance"] = value.zeroText(nameCharactersMax);
  }
  return undefined;
}

/** A login ([MS-TDS] 2.2.6.4): offsets and lengths of its texts, in characters. */
export function readLogin(window: ByteView, at: number, end: number): Transaction {
  const told: Transaction = {};
  if (end - at < 72) return told;
  const { view } = window;
  told["tds_version"] = view
    .getUint32(at + 4, true)
    .toString(16)
    .padStart(8, "0");
  const names: readonly (readonly [string, number])[] = [
    ["host", 36],
    ["user", 40],
    ["app", 48],
    ["server", 52],
    ["library", 60],
    ["database", 68],
  ];
  for (const [name, place] of names) {
    const from = at + view.getUint16(at + place, true);
    const characters = view.getUint16(at + place + 2, true);
    if (characters > 0 && from + 2 * characters <= end) told[name] = wideText(window, from, characters, nameCharactersMax);
  }
  return told;
}

/** Where the request begins behind the headers that later versions put in front. */
function behindHeaders({ view }: ByteView, at: number, end: number): number {
  if (end - at < 10) return at;
  const total = view.getUint32(at, true);
  const first = view.getUint32(at + 4, true);
  const type = view.getUint16(at + 8, true);
  return total >= 10 && total <= 512 && first >= 6 && first <= total - 4 && type >= 1 && type <= 3 ? Math.min(end, at + total) : at;
}

export function readBatch(window: ByteView, at: number, end: number, whole: boolean): Transaction {
  const from = behindHeaders(window, at, end);
  const characters = (end - from) >>> 1;
  const told: Transaction = { query: wideText(window, from, characters, queryCharactersMax) };
  if (!whole || characters > queryCharactersMax) told["query_truncated"] = true;
  return told;
}

export function readCall(window: ByteView, at: number, end: number): Transaction {
  const fields = new Reader(window, behindHeaders(window, at, end), end);
  const length = fields.u16(true);
  if (length !== 0xffff) {
    const from = fields.skip(2 * length);
    if (from < 0) return {};
    const called: Transaction = { procedure: wideText(window, from, length, nameCharactersMax) };
    if (/^sp_executesql$/i.test(called["procedure"] as string)) readStatement(called, window, fields);
    return called;
  }
  const number = fields.u16(true);
  const told: Transaction = { procedure: PROCEDURES[number] ?? `${number}` };
  if (number === EXECUTE_SQL) readStatement(told, window, fields);
  return told;
}

/** The first parameter of Sp_ExecuteSql is the statement. */
function readStatement(told: Transaction, window: ByteView, fields: Reader): void {
  fields.u16();
  fields.skip(2 * fields.u8());
  fields.u8();
  const type = fields.u8();
  if (type !== NVARCHAR && type !== NTEXT) return;
  const most = type === NVARCHAR ? fields.u16(true) : fields.u32(true);
  fields.skip(5);
  // Long values come in pieces that tell their lengths; the statement is the first.
  if (type === NVARCHAR && most === 0xffff) fields.u64();
  const bytes = type === NVARCHAR && most !== 0xffff ? fields.u16(true) : fields.u32(true);
  const shown = Math.min(bytes, fields.left);
  if (fields.short || shown <= 0) return;
  told["query"] = wideText(window, fields.at, shown >>> 1, queryCharactersMax);
  if (shown < bytes || bytes >>> 1 > queryCharactersMax) told["query_truncated"] = true;
}
