import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const skinnyKind: Kind = defineKind({
  name: "skinny",
  summary: "A message between a Cisco telephone and its call manager (SCCP).",
  fields: {
    skinny: object("The message.", {
      message_id: integer("Number of the message."),
      message: optional(text("Its name, when it is one of the common ones: `Register`, `OpenReceiveChannel`.")),
      version: integer("Version in the header."),
      device: optional(text("Name of the telephone that registers.")),
      bytes: integer("Length of the message.", { unit: "bytes" }),
    }),
  },
  columns: [
    { name: "message", path: "skinny.message", type: "text", doc: "Name of the message.", index: true },
    { name: "device", path: "skinny.device", type: "text", doc: "Telephone that registers.", index: true },
  ],
});

const HEADER_BYTES = 12;
const headBytesMax = 128;
const messageBytesMax = 65_536;
const versionMax = 0x20;
const messageMax = 0x8100;
const REGISTER = 1;
const DEVICE_BYTES = 16;
const NAMES: { readonly [id: number]: string } = {
  0: "KeepAlive",
  1: "Register",
  2: "IpPort",
  3: "KeypadButton",
  6: "OffHook",
  7: "OnHook",
  15: "ConfigStatRequest",
  16: "CapabilitiesResponse",
  34: "OpenReceiveChannelAck",
  37: "ConnectionStatisticsResponse",
  38: "SoftKeyEvent",
  39: "Unregister",
  44: "DeviceToUserData",
  129: "RegisterAck",
  130: "StartTone",
  133: "SetRinger",
  138: "StartMediaTransmission",
  139: "StopMediaTransmission",
  143: "CallInfo",
  151: "ButtonTemplateResponse",
  152: "Version",
  155: "CapabilitiesRequest",
  157: "RegisterReject",
  256: "KeepAliveAck",
  261: "OpenReceiveChannel",
  262: "CloseReceiveChannel",
  273: "CallState",
  280: "UnregisterAck",
  285: "DialedNumber",
};

/** Length and number, little endian, with a version between them; 0 when too short, -1 when there is no message. */
function messageLength({ bytes, view, end }: ByteView, at: number): number {
  for (const place of [2, 3, 5, 6, 7, 10, 11]) if (at + place < end && bytes[at + place] !== 0) return -1;
  if (end - at < HEADER_BYTES) return 0;
  const length = view.getUint32(at, true);
  const known = length >= 4 && length <= messageBytesMax && view.getUint32(at + 4, true) <= versionMax;
  return known && view.getUint32(at + 8, true) <= messageMax ? length + 8 : -1;
}

/** Reads the headers of one connection of a telephone: a `skinny` event for each message but signs of life. */
class SkinnyParser extends FramedParser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  protected lengthOf(_side: Side, view: ByteView, at: number): number {
    const length = messageLength(view, at);
    return length < 0 ? FAILED : length;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const fields = new Reader(view, at + 4, end);
    const version = fields.u32(true);
    const id = fields.u32(true);
    if (id === 0 || id === 0x100) return 0;
    const told: Transaction = { message_id: id, version, bytes: length };
    const name = NAMES[id];
    if (name !== undefined) told["message"] = name;
    if (id === REGISTER) {
      const device = fields.text(DEVICE_BYTES, DEVICE_BYTES).split("\0")[0];
      if (device !== undefined && device !== "") told["device"] = device;
    }
    this.#context.emit("skinny", side, this.#transactions++, told);
    return 0;
  }
}

/** Seven zero bytes and a known message; a registration names a telephone. */
function probe(side: Side, view: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = view;
  const length = messageLength(view, at);
  if (length <= 0) return length < 0 ? Probe.no : Probe.more;
  const id = view.view.getUint32(at + 8, true);
  if (NAMES[id] === undefined) return Probe.no;
  if (usualPort) return Probe.yes;
  if (id !== REGISTER || side !== 0) return Probe.no;
  if (end - at < HEADER_BYTES + 4) return Probe.more;
  for (let i = at + HEADER_BYTES; i < at + HEADER_BYTES + 4; i++)
    if ((bytes[i] as number) < 0x30 || (bytes[i] as number) > 0x7a) return Probe.no;
  return Probe.yes;
}

export default definePlugin({
  name: "skinny",
  summary: "Cisco telephones (SCCP): headers of messages, names of telephones.",
  kinds: [skinnyKind],
  protocols: [
    { name: "skinny", depth: "header", transports: ["tcp"], ports: [2000], probe, create: (context) => new SkinnyParser(context) },
  ],
});
