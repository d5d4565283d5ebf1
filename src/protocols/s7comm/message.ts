import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";

/** Variables of one message that are told. */
const variablesMax = 16;

const KINDS: { readonly [rosctr: number]: string } = { 1: "job", 2: "ack", 3: "ack_data", 7: "userdata" };
const FUNCTIONS: { readonly [code: number]: string } = {
  0: "cpu_services",
  4: "read_var",
  5: "write_var",
  26: "request_download",
  27: "download_block",
  28: "download_ended",
  29: "start_upload",
  30: "upload",
  31: "end_upload",
  40: "plc_control",
  41: "plc_stop",
  240: "setup_communication",
};
const AREAS: { readonly [area: number]: string } = { 28: "C", 29: "T", 129: "I", 130: "Q", 131: "M", 133: "DI", 134: "L", 135: "V" };
const DATA_BLOCK = 0x84;
/** Letter of a place by the size of what is there. */
const SIZES: { readonly [size: number]: string } = { 1: "X", 2: "B", 3: "B", 4: "W", 5: "W", 6: "D", 7: "D", 8: "D" };

const READ = 0x04;
const WRITE = 0x05;
const SETUP = 0xf0;
const JOB = 1;

/** Protocol, kind, reserved, reference, lengths of parameters and data, in answers the error; then the parameters. */
export function readMessage(window: ByteView, at: number, end: number): Transaction | undefined {
  const reader = new Reader(window, at + 1, end);
  const kind = reader.u8();
  reader.skip(2);
  const fields: Transaction = { rosctr: KINDS[kind] ?? String(kind), pdu_reference: reader.u16() };
  const parameters = reader.u16();
  reader.u16();
  if (kind === 2 || kind === 3) {
    fields["error_class"] = reader.u8();
    fields["error_code"] = reader.u8();
  }
  if (reader.short) return undefined;
  if (kind === 7 || parameters === 0 || reader.left === 0) return fields;
  reader.end = Math.min(end, reader.at + parameters);
  const code = reader.u8();
  fields["function"] = code;
  if (FUNCTIONS[code] !== undefined) fields["function_name"] = FUNCTIONS[code];
  if (code === SETUP && reader.left >= 7) {
    reader.skip(5);
    fields["pdu_length"] = reader.u16();
  } else if ((code === READ || code === WRITE) && reader.left >= 1) {
    const count = reader.u8();
    fields["items"] = count;
    if (kind === JOB) fields["variables"] = variables(reader, count);
  }
  return fields;
}

/** Addresses of the usual form (S7ANY): size, count, block, area, place in bits. */
function variables(reader: Reader, count: number): string[] {
  const told: string[] = [];
  for (let i = 0; i < count && told.length < variablesMax && !reader.short; i++) {
    reader.u8();
    const length = reader.u8();
    if (length !== 10) {
      reader.skip(length);
      continue;
    }
    reader.u8();
    const size = reader.u8();
    const many = reader.u16();
    const block = reader.u16();
    const area = reader.u8();
    const place = reader.u24();
    if (reader.short) break;
    const letter = SIZES[size] ?? "B";
    const bit = letter === "X" ? `.${place & 7}` : "";
    const where = area === DATA_BLOCK ? `DB${block}.DB${letter}` : `${AREAS[area] ?? `area${area}`}${letter}`;
    told.push(`${where} ${place >> 3}${bit}${many > 1 ? ` x${many}` : ""}`);
  }
  return told;
}
