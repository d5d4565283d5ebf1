import type { Reader } from "#base/reader.ts";

/** Length (3 bytes, little endian), then the packet's number in its command. */
export const HEADER_BYTES = 4;
/** A packet of this length goes on in the next one. */
export const SPLIT = 0xff_ffff;

/** Capability bits (MySQL "Capabilities Flags"). */
export const Capability = {
  connectWithDb: 0x8,
  compress: 0x20,
  protocol41: 0x200,
  ssl: 0x800,
  secureConnection: 0x8000,
  pluginAuth: 0x8_0000,
  connectAttributes: 0x10_0000,
  lengthEncodedAuth: 0x20_0000,
  deprecateEof: 0x100_0000,
  zstd: 0x400_0000,
  queryAttributes: 0x800_0000,
} as const;

export const Command = {
  quit: 1,
  initDb: 2,
  query: 3,
  fieldList: 4,
  createDb: 5,
  dropDb: 6,
  statistics: 9,
  changeUser: 17,
  binlogDump: 18,
  prepare: 22,
  execute: 23,
  sendLongData: 24,
  close: 25,
  reset: 26,
  fetch: 28,
  binlogDumpGtid: 30,
} as const;

const NAMES =
  "sleep quit init_db query field_list create_db drop_db refresh shutdown statistics process_info connect process_kill debug ping time delayed_insert change_user binlog_dump table_dump connect_out register_slave stmt_prepare stmt_execute stmt_send_long_data stmt_close stmt_reset set_option stmt_fetch daemon binlog_dump_gtid reset_connection".split(
    " ",
  );

/** Name of a command; `undefined` when there is none of this number. */
export const commandName = (command: number): string | undefined => (command === 0xfa ? "stmt_bulk_execute" : NAMES[command]);

/** A length-encoded integer: one byte, or a mark and two, three or eight bytes. */
export function lengthEncoded(fields: Reader): number {
  const first = fields.u8();
  if (first < 0xfb) return first;
  if (first === 0xfc) return fields.u16(true);
  if (first === 0xfd) return fields.u24(true);
  return first === 0xfe ? fields.u64(true) : 0;
}

export const lengthEncodedText = (fields: Reader, textBytesMax: number): string => fields.text(lengthEncoded(fields), textBytesMax);

/** Bytes of values of fixed length, by their type's number. */
const FIXED: { readonly [type: number]: number } = { 1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 6: 0, 8: 8, 9: 4, 13: 2 };
const attributesMax = 64;

/** Moves over the attributes in front of a query's text (MySQL "COM_QUERY", CLIENT_QUERY_ATTRIBUTES). */
export function passQueryAttributes(fields: Reader): void {
  const count = lengthEncoded(fields);
  lengthEncoded(fields);
  if (count === 0 || count > attributesMax) return;
  fields.skip((count + 7) >>> 3);
  fields.u8();
  const types: number[] = [];
  for (let i = 0; i < count && !fields.short; i++) {
    types.push(fields.u16(true) & 0xff);
    lengthEncodedText(fields, 0);
  }
  for (const type of types) {
    const fixed = FIXED[type];
    const isTime = type === 7 || (type >= 10 && type <= 12);
    fields.skip(fixed ?? (isTime ? fields.u8() : lengthEncoded(fields)));
  }
}
