/** Frame types (RFC 9113 §6). */
export const Frame = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const Flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Bytes before each frame's payload (RFC 9113 §4.1). */
export const FRAME_HEADER_BYTES = 9;
/** What a client begins with (RFC 9113 §3.4). */
export const PREFACE = Uint8Array.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (letter) => letter.charCodeAt(0));
/** Largest payload before SETTINGS_MAX_FRAME_SIZE says otherwise. */
export const FRAME_BYTES_DEFAULT = 16_384;

/** Names as Suricata writes them. */
const settingNames = [
  "SETTINGSHEADERTABLESIZE",
  "SETTINGSENABLEPUSH",
  "SETTINGSMAXCONCURRENTSTREAMS",
  "SETTINGSINITIALWINDOWSIZE",
  "SETTINGSMAXFRAMESIZE",
  "SETTINGSMAXHEADERLISTSIZE",
];
export const SETTING_MAX_FRAME_SIZE = 5;

/** The name of a setting, its number when it has none (RFC 9113 §6.5.2, RFC 8441). */
export const settingName = (id: number): string =>
  settingNames[id - 1] ?? (id === 8 ? "SETTINGSENABLECONNECTPROTOCOL" : id === 9 ? "SETTINGSNORFC7540PRIORITIES" : `SETTINGS${id}`);

const errorNames = [
  "NOERROR",
  "PROTOCOLERROR",
  "INTERNALERROR",
  "FLOWCONTROLERROR",
  "SETTINGSTIMEOUT",
  "STREAMCLOSED",
  "FRAMESIZEERROR",
  "REFUSEDSTREAM",
  "CANCEL",
  "COMPRESSIONERROR",
  "CONNECTERROR",
  "ENHANCEYOURCALM",
  "INADEQUATESECURITY",
  "HTTP11REQUIRED",
];

/** RFC 9113 §7, spelled as Suricata does. */
export const errorName = (code: number): string => errorNames[code] ?? `ERROR${code}`;

export const frameLength = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);

export const uint32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0;

/** Number of a stream: the first bit is reserved. */
export const streamNumber = (bytes: Uint8Array, at: number): number => uint32(bytes, at) & 0x7fffffff;

/** True when a frame of the type may have a payload of so many bytes (RFC 9113 §6). */
export function lengthFits(type: number, length: number): boolean {
  if (type === Frame.priority) return length === 5;
  if (type === Frame.reset || type === Frame.windowUpdate) return length === 4;
  if (type === Frame.ping) return length === 8;
  if (type === Frame.settings) return length % 6 === 0;
  return type === Frame.goAway ? length >= 8 : type === Frame.pushPromise ? length >= 4 : true;
}
