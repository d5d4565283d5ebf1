import { createCipheriv, createHmac } from "node:crypto";
import { fromHex } from "#base/bytes.ts";
import { ByteWriter } from "./byte-writer.ts";

/** Salt of QUIC version 1 (RFC 9001 5.2). */
const salt = fromHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
const VERSION_1 = 1;
const TAG_BYTES = 16;
const NUMBER_BYTES = 2;
const Frame = { padding: 0, ack: 2, crypto: 6 } as const;
const LongType = { initial: 0xc0, handshake: 0xe0 } as const;

/** Keys of one side's Initial packets: anybody who has seen the first one can make them. */
export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly header: Uint8Array;
}

export function initialKeys(firstId: Uint8Array, side: "client in" | "server in"): InitialKeys {
  const secret = expand(createHmac("sha256", salt).update(firstId).digest(), side, 32);
  return { key: expand(secret, "quic key", 16), iv: expand(secret, "quic iv", 12), header: expand(secret, "quic hp", 16) };
}

/** HKDF-Expand-Label of RFC 8446 7.1, for at most 32 bytes. */
function expand(secret: Uint8Array, label: string, length: number): Uint8Array {
  const info = new ByteWriter(64).u16(length).sized(1, (writer) => writer.text(`tls13 ${label}`));
  return createHmac("sha256", secret).update(info.u8(0, 1).done()).digest().subarray(0, length);
}

/** Variable-length integer of two bytes (RFC 9000 16). */
const short = (value: number): number => 0x4000 | value;

export const ackFrame = (largest: number): Uint8Array => Uint8Array.of(Frame.ack, largest, 0, 0, largest);
export const cryptoFrame = (message: Uint8Array): Uint8Array =>
  new ByteWriter(message.length + 8).u8(Frame.crypto, 0).u16(short(message.length)).bytes(message).done();

export interface InitialPacket {
  readonly to: Uint8Array;
  readonly from: Uint8Array;
  readonly number: number;
  readonly frames: readonly Uint8Array[];
  /** Padded to that size. */
  readonly bytes: number;
}

/** An Initial packet, encrypted and with its header protected (RFC 9001 5). */
export function initialPacket(keys: InitialKeys, packet: InitialPacket): Uint8Array {
  const { to, from, number } = packet;
  const payload = new ByteWriter(packet.bytes);
  for (const frame of packet.frames) payload.bytes(frame);
  // First byte, version, identifiers with lengths, no token, length, number.
  const headBytes = 1 + 4 + 1 + to.length + 1 + from.length + 1 + 2 + NUMBER_BYTES;
  payload.bytes(new Uint8Array(Math.max(0, packet.bytes - headBytes - TAG_BYTES - payload.length)));
  const head = longHead(LongType.initial, to, from)
    .u8(0)
    .u16(short(NUMBER_BYTES + payload.length + TAG_BYTES))
    .u16(number)
    .done();
  const nonce = Uint8Array.from(keys.iv);
  nonce[11] = (nonce[11] as number) ^ number;
  const cipher = createCipheriv("aes-128-gcm", keys.key, nonce);
  cipher.setAAD(head);
  const body = [cipher.update(payload.done()), cipher.final()];
  const whole = new ByteWriter(packet.bytes).bytes(head);
  for (const part of [...body, cipher.getAuthTag()]) whole.bytes(part);
  return protect(keys, whole.done(), head.length - NUMBER_BYTES);
}

function protect(keys: InitialKeys, bytes: Uint8Array, numberAt: number): Uint8Array {
  const sample = bytes.subarray(numberAt + 4, numberAt + 20);
  const mask = createCipheriv("aes-128-ecb", keys.header, new Uint8Array(0)).update(sample);
  bytes[0] = (bytes[0] as number) ^ ((mask[0] as number) & 0x0f);
  for (let i = 0; i < NUMBER_BYTES; i++) bytes[numberAt + i] = (bytes[numberAt + i] as number) ^ (mask[i + 1] as number);
  return bytes;
}

const longHead = (type: number, to: Uint8Array, from: Uint8Array): ByteWriter =>
  new ByteWriter(64)
    .u8(type | (NUMBER_BYTES - 1))
    .u32(VERSION_1)
    .sized(1, (writer) => writer.bytes(to))
    .sized(1, (writer) => writer.bytes(from));

/** A Handshake packet of which only the head can be read. */
export const handshakePacket = (to: Uint8Array, from: Uint8Array, hidden: Uint8Array): Uint8Array =>
  longHead(LongType.handshake, to, from).u16(short(hidden.length)).bytes(hidden).done();

/** A packet of the open connection: a bit, the receiver's identifier, and what cannot be read. */
export function shortPacket(to: Uint8Array, hidden: Uint8Array): Uint8Array {
  const writer = new ByteWriter(hidden.length + to.length + 1).u8(0x40 | ((hidden[0] as number) & 0x3f));
  return writer.bytes(to).bytes(hidden).done();
}

/** What a client tells of itself (RFC 9000 18.2): time-out, sizes, streams, its identifier. */
export function transportParameters(from: Uint8Array): Uint8Array {
  const writer = new ByteWriter(64);
  const put = (id: number, value: readonly number[]): void => void writer.u8(id, value.length).u8(...value);
  put(0x01, [0x80, 0, 0x75, 0x30]);
  put(0x03, [0x45, 0xc0]);
  put(0x04, [0x80, 0xf0, 0, 0]);
  put(0x05, [0x80, 0x60, 0, 0]);
  put(0x06, [0x80, 0x60, 0, 0]);
  put(0x07, [0x80, 0x60, 0, 0]);
  put(0x08, [0x40, 0x64]);
  put(0x09, [0x40, 0x67]);
  put(0x0f, [...from]);
  return writer.done();
}
