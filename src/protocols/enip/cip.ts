import type { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";

/** Services of one message that are told. */
const servicesMax = 16;
/** Packets of services within one another. */
const depthMax = 2;

const MULTIPLE = 0x0a;
const NAMES: { readonly [service: number]: string } = {
  1: "Get_Attributes_All",
  2: "Set_Attributes_All",
  3: "Get_Attribute_List",
  4: "Set_Attribute_List",
  5: "Reset",
  6: "Start",
  7: "Stop",
  8: "Create",
  9: "Delete",
  10: "Multiple_Service_Packet",
  13: "Apply_Attributes",
  14: "Get_Attribute_Single",
  16: "Set_Attribute_Single",
  75: "Execute_PCCC",
  76: "Read_Tag",
  77: "Write_Tag",
  78: "Forward_Close",
  82: "Unconnected_Send",
  84: "Forward_Open",
  85: "Get_Instance_Attribute_List",
};

/** Reads the service that begins here, and those packed into it. */
export function readServices(reader: Reader): Transaction[] {
  const told: Transaction[] = [];
  readService(reader, told, 0);
  return told;
}

function readService(reader: Reader, told: Transaction[], depth: number): void {
  if (reader.left < 2 || told.length >= servicesMax) return;
  const start = reader.u8();
  const service = start & 0x7f;
  const isResponse = start >= 0x80;
  const fields: Transaction = { service, ...(NAMES[service] === undefined ? {} : { name: NAMES[service] }), response: isResponse };
  if (isResponse) {
    reader.u8();
    fields["status"] = reader.u8();
    reader.skip(reader.u8() * 2);
  } else path(reader, fields, reader.u8() * 2);
  if (reader.short) return;
  told.push(fields);
  if (service !== MULTIPLE || depth === depthMax) return;
  // A count, then where each service begins, counted from the count.
  const base = reader.at;
  const end = reader.end;
  const count = reader.u16(true);
  const offsets = Array.from({ length: Math.min(count, servicesMax) }, () => reader.u16(true));
  if (reader.short) return;
  for (const [index, offset] of offsets.entries()) {
    const stop = base + (offsets[index + 1] ?? end - base);
    if (base + offset >= end || stop > end || stop <= base + offset) break;
    reader.at = base + offset;
    reader.end = stop;
    readService(reader, told, depth + 1);
    reader.end = end;
    if (reader.short) return;
  }
}

/** Segments of a path: class, instance, attribute in 8 or 16 bits, names of tags (CIP volume 1 §C-1.4). */
function path(reader: Reader, fields: Transaction, length: number): void {
  if (length > reader.left) {
    reader.short = true;
    return;
  }
  const stop = reader.at + length;
  while (reader.at + 1 < stop) {
    const segment = reader.u8();
    const name = segment === 0x91 ? "tag" : ["class", "instance", undefined, undefined, "attribute"][(segment & 0x1c) >> 2];
    if (segment === 0x91) {
      const size = reader.u8();
      if (reader.at + size > stop) break;
      fields["tag"] ??= reader.text(size);
      if (size % 2 !== 0 && reader.at < stop) reader.u8();
    } else if ((segment & 0xe0) !== 0x20 || name === undefined || (segment & 3) > 1) break;
    else if ((segment & 3) === 0) fields[name] ??= reader.u8();
    else {
      if (reader.at + 3 > stop) break;
      reader.u8();
      fields[name] ??= reader.u16(true);
    }
  }
  reader.at = stop;
}
