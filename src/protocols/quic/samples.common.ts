import { createCipheriv } from "node:crypto";
import { fromHex, toHex } from "#base/bytes.ts";
import { nonceOf } from "#protocols/tls/hkdf.ts";
import {
  clientHello,
  extension,
  message,
  numbers,
  serverHello,
  serverName,
  TLS13_EXTENSION,
  u8,
  u16,
  vector8,
  vector16,
} from "#protocols/tls/samples.common.ts";
import { joinBytes, testPlatform } from "#test/protocol/drive.ts";
import { initialKeys, type PacketKeys } from "./protection.ts";
import { VERSION_2 } from "./versions.ts";

/** Writers of packets for the tests of this room. All take and give hexadecimal text. */
const u32 = (value: number): string => value.toString(16).padStart(8, "0");
/** A variable-length integer of two bytes. */
const short = (value: number): string => u16(0x4000 | value);

export const cryptoFrame = (offset: number, hex: string, type = "06"): string => `${type}${short(offset)}${short(hex.length / 2)}${hex}`;

/** A client's hello for `name`, as a handshake message. */
export const clientMessage = (name: string, more = ""): string =>
  message(
    1,
    clientHello({
      ciphers: [0x1301, 0x1302],
      extensions:
        serverName(name) +
        extension(16, vector16(vector8("6833"))) +
        extension(13, vector16(numbers([0x0403, 0x0804]))) +
        extension(10, vector16(numbers([0x001d]))) +
        extension(43, vector8(numbers([0x0304]))) +
        more,
    }),
  );
export const serverMessage = message(
  2,
  serverHello({ ciphers: [0x1301], extensions: `${TLS13_EXTENSION}${extension(51, "001d0002aabb")}` }),
);

export interface InitialShape {
  readonly version?: number;
  /** Identifier that the keys are derived from. */
  readonly id: string;
  readonly to: string;
  readonly from?: string;
  readonly side: 0 | 1;
  readonly number?: number;
  readonly token?: string;
  readonly frames: string;
  /** Bytes to which the text is padded in front of its frames. */
  readonly textBytes?: number;
}

/** A sealed Initial packet. */
export function initial(shape: InitialShape): string {
  const { version = 1, id, to, from = "", side, number = 0, token = "", frames, textBytes = 0 } = shape;
  const keys = initialKeys(testPlatform.ciphers, version, fromHex(id))?.[side];
  if (keys === undefined) throw new RangeError(`no salt for version ${version}`);
  const text = frames.padStart(textBytes * 2, "0");
  const head = `${version === VERSION_2 ? "d1" : "c1"}${u32(version)}${vector8(to)}${vector8(from)}${vector8(token)}`;
  return seal(keys, head + short(2 + text.length / 2 + 16), number, text);
}

/** A packet of the handshake. */
export const handshakePacket = (keys: PacketKeys, to: string, from: string, number: number, frames: string): string =>
  seal(keys, `e100000001${vector8(to)}${vector8(from)}${short(2 + frames.length / 2 + 16)}`, number, frames);

/** A packet with a short header, of the first or the second phase of its keys. */
export const shortPacket = (keys: PacketKeys, to: string, number: number, frames: string, phase = 0): string =>
  seal(keys, (phase === 0 ? "41" : "45") + to, number, frames);

/** Protects a packet with a number of two bytes, whose header in front of the number is `head`. */
function seal(keys: PacketKeys, head: string, number: number, frames: string): string {
  const header = fromHex(head + u16(number));
  const sealer = createCipheriv("aes-128-gcm", keys.key, nonceOf(keys.nonce, number));
  sealer.setAAD(header);
  const body = joinBytes(sealer.update(fromHex(frames)), sealer.final());
  const packet = joinBytes(header, body, sealer.getAuthTag());
  const at = header.length - 2;
  const mask = testPlatform.ciphers.headerMask("aes-gcm", keys.header, packet.subarray(at + 4, at + 20));
  packet[0] = (packet[0] as number) ^ ((mask[0] as number) & ((packet[0] as number) & 0x80 ? 0x0f : 0x1f));
  for (let i = 0; i < 2; i++) packet[at + i] = (packet[at + i] as number) ^ (mask[i + 1] as number);
  return toHex(packet);
}

/** A packet whose content is not read: a long header of any type, with a length, and noise. */
export const sealed = (first: number, version: number, to: string, from: string): string =>
  `${u8(first)}${u32(version)}${vector8(to)}${vector8(from)}${short(32)}${"a5".repeat(32)}`;
export const negotiation = (to: string, from: string, versions: readonly number[]): string =>
  `ca00000000${vector8(to)}${vector8(from)}${versions.map(u32).join("")}`;
