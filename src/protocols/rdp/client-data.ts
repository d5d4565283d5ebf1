import { latin1 } from "#base/bytes.ts";
import { utf16TextToNul } from "#base/utf16-text.ts";
import type { Transaction } from "#contract/parser.ts";
import { bitNames } from "./connection.ts";

/** What the client tells of itself in the MCS connection (MS-RDPBCGR §2.2.1.3): blocks behind this key. */
const KEY = [0x44, 0x75, 0x63, 0x61] as const;
const CORE = 0xc001;
const NETWORK = 0xc003;
const CHANNEL_BYTES = 12;
/** Channels that are told; the protocol allows 31. */
const channelsMax = 31;
/** Blocks that are read. */
const blocksMax = 16;

const CAPABILITIES = [
  "support_errinfo_pdf",
  "want_32bpp_session",
  "support_statusinfo_pdu",
  "strong_asymmetric_keys",
  "",
  "valid_connection_type",
  "support_monitor_layout_pdu",
  "support_netchar_autodetect",
  "support_dynvc_gfx_protocol",
  "support_dynamic_time_zone",
  "support_heartbeat_pdu",
];
const KEYBOARDS = ["", "xt", "ico", "at", "enhanced", "1050", "9140", "jp"];
const CONNECTIONS = ["", "modem", "low_broadband", "satellite", "high_broadband", "wan", "lan", "autodetect"];
const COLOR_DEPTHS: Readonly<Record<number, number>> = { 51712: 4, 51713: 8, 51714: 15, 51715: 16, 51716: 24 };

/** Number, name. */
const BUILDS =
  " 2195:Windows 2000|2600:Windows XP|3790:Windows Server 2003|6000:Windows Vista|6001:Windows Vista SP1|6002:Windows Vista SP2|7600:Windows 7|7601:Windows 7 SP1|9200:Windows 8|9600:Windows 8.1|10240:Windows 10 1507|10586:Windows 10 1511|14393:Windows 10 1607|15063:Windows 10 1703|16299:Windows 10 1709|17134:Windows 10 1803|17763:Windows 10 1809|18362:Windows 10 1903|18363:Windows 10 1909|19041:Windows 10 2004|19042:Windows 10 20H2|19043:Windows 10 21H1|19044:Windows 10 21H2|19045:Windows 10 22H2|20348:Windows Server 2022|22000:Windows 11 21H2|22621:Windows 11 22H2|22631:Windows 11 23H2|26100:Windows 11 24H2|";
/** Language of a keyboard layout, hexadecimal (MS-LCID). */
const LANGUAGES =
  " 0401:ar-SA|0402:bg-BG|0403:ca-ES|0404:zh-TW|0405:cs-CZ|0406:da-DK|0407:de-DE|0408:el-GR|0409:en-US|040a:es-ES|040b:fi-FI|040c:fr-FR|040d:he-IL|040e:hu-HU|040f:is-IS|0410:it-IT|0411:ja-JP|0412:ko-KR|0413:nl-NL|0414:nb-NO|0415:pl-PL|0416:pt-BR|0418:ro-RO|0419:ru-RU|041a:hr-HR|041b:sk-SK|041d:sv-SE|041e:th-TH|041f:tr-TR|0421:id-ID|0422:uk-UA|0424:sl-SI|0425:et-EE|0426:lv-LV|0427:lt-LT|0429:fa-IR|042a:vi-VN|0439:hi-IN|0804:zh-CN|0807:de-CH|0809:en-GB|080a:es-MX|080c:fr-BE|0813:nl-BE|0816:pt-PT|0c04:zh-HK|0c07:de-AT|0c09:en-AU|0c0a:es-ES|0c0c:fr-CA|1004:zh-SG|1009:en-CA|100c:fr-CH|1409:en-NZ|1809:en-IE|4009:en-IN|";

function lookUp(table: string, key: string): string | undefined {
  const at = Math.max(table.indexOf(` ${key}:`), table.indexOf(`|${key}:`));
  return at < 0 ? undefined : table.slice(at + key.length + 2, table.indexOf("|", at + 1));
}

/** Adds what the client's blocks in `bytes[from..end)` say. */
export function readClientData(fields: Transaction, bytes: Uint8Array, view: DataView, from: number, end: number): void {
  let at = behindKey(bytes, from, end);
  if (at < 0) return;
  for (let n = 0; n < blocksMax && at + 4 <= end; n++) {
    const type = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (length < 4) return;
    const stop = Math.min(end, at + length);
    if (type === CORE && stop - at >= 4 + 132) fields["client"] = readCore(bytes, view, at + 4, stop);
    else if (type === NETWORK) fields["channels"] = readChannels(bytes, view, at + 4, stop);
    at += length;
  }
}

/** First block: behind the key and a length of one or two bytes (T.124, aligned PER). */
function behindKey(bytes: Uint8Array, from: number, end: number): number {
  for (let at = bytes.indexOf(KEY[0], from); at >= 0 && at + 6 <= end; at = bytes.indexOf(KEY[0], at + 1))
    if (KEY.every((byte, i) => bytes[at + i] === byte)) return at + 4 + (((bytes[at + 4] as number) & 0x80) !== 0 ? 2 : 1);
  return -1;
}

/** Client core data (§2.2.1.3.2); what older clients leave out at its end is absent. */
function readCore(bytes: Uint8Array, view: DataView, at: number, end: number): Transaction {
  const room = end - at;
  const capabilities = room >= 142 ? view.getUint16(at + 140, true) : 0;
  const fields: Transaction = { version: versionName(view.getUint32(at, true)) };
  fields["desktop_width"] = view.getUint16(at + 4, true);
  fields["desktop_height"] = view.getUint16(at + 6, true);
  const depth = colorDepth(view, at, room, capabilities);
  if (depth !== undefined) fields["color_depth"] = depth;
  const layout = (view.getUint32(at + 12, true) & 0xffff).toString(16).padStart(4, "0");
  fields["keyboard_layout"] = lookUp(LANGUAGES, layout) ?? `0x${layout}`;
  const build = String(view.getUint32(at + 16, true));
  fields["build"] = lookUp(BUILDS, build) ?? `Build ${build}`;
  const name = utf16TextToNul(bytes, at + 20, at + 52);
  if (name !== "") fields["client_name"] = name;
  const keyboard = view.getUint32(at + 52, true);
  fields["keyboard_type"] = KEYBOARDS[keyboard] || `unknown-${keyboard}`;
  const subtype = view.getUint32(at + 56, true);
  if (subtype !== 0) fields["keyboard_subtype"] = subtype;
  fields["function_keys"] = view.getUint32(at + 60, true);
  const ime = utf16TextToNul(bytes, at + 64, at + 128);
  if (ime !== "") fields["ime"] = ime;
  if (room >= 132) fields["product_id"] = view.getUint16(at + 130, true);
  if (room >= 136 && view.getUint32(at + 132, true) !== 0) fields["serial_number"] = view.getUint32(at + 132, true);
  if (room >= 142) fields["capabilities"] = bitNames(capabilities, CAPABILITIES);
  const id = room >= 206 ? utf16TextToNul(bytes, at + 142, at + 206) : "";
  if (id !== "") fields["id"] = id;
  const hint = room >= 207 && (capabilities & 0x20) !== 0 ? CONNECTIONS[view.getUint8(at + 206)] : undefined;
  if (hint !== undefined && hint !== "") fields["connection_hint"] = hint;
  return fields;
}

/** The deepest of three fields that were added one after the other. */
function colorDepth(view: DataView, at: number, room: number, capabilities: number): number | undefined {
  if ((capabilities & 2) !== 0) return 32;
  const high = room >= 138 ? view.getUint16(at + 136, true) : 0;
  if (high === 4 || high === 8 || high === 15 || high === 16 || high === 24) return high;
  return COLOR_DEPTHS[view.getUint16(at + 128, true)] ?? COLOR_DEPTHS[view.getUint16(at + 8, true)];
}

function versionName(number: number): string {
  const minor = number & 0xffff;
  if (number >>> 16 !== 8) return `unknown-${number}`;
  return minor === 1 ? "v4" : minor === 4 ? "v5" : minor >= 5 ? `v10_${minor - 5}` : `unknown-${number}`;
}

function readChannels(bytes: Uint8Array, view: DataView, at: number, end: number): string[] {
  const names: string[] = [];
  if (end - at < 4) return names;
  const count = view.getUint32(at, true);
  for (let i = at + 4; names.length < count && names.length < channelsMax && i + CHANNEL_BYTES <= end; i += CHANNEL_BYTES) {
    const nul = bytes.indexOf(0, i);
    names.push(latin1(bytes, i, nul < 0 ? i + 8 : Math.min(nul, i + 8)));
  }
  return names;
}
