import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "#base/bytes.ts";
import type { ProtocolDefinition, Side } from "#contract/parser.ts";
import { KeyLog } from "#pipeline/key-log.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { expandLabel } from "#protocols/tls/hkdf.ts";
import { extension, message, vector8, vector16 } from "#protocols/tls/samples.common.ts";
import { drive, type Outcome, testPlatform } from "#test/protocol/drive.ts";
import plugin from "./index.ts";
import { type PacketKeys, packetKeys } from "./protection.ts";
import { clientMessage, cryptoFrame, handshakePacket, initial, serverMessage, shortPacket } from "./samples.common.ts";
import { failuresMax } from "./sealed-connection.ts";

const definition = plugin.protocols?.[0] as ProtocolDefinition;
const { ciphers } = testPlatform;
const ID = "8394c8f03e515708";
const CLIENT = "c1c2c3c4";
const SERVER = "f067a5502a4262b5";
/** The client's random in the samples. */
const RANDOM = "11".repeat(32);
const secretOf = (letter: string): Uint8Array => fromHex(letter.repeat(64));
const labels = ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"];
const keyLog = labels.map((label, i) => `${label} ${RANDOM} ${"abcd"[i]?.repeat(64)}`).join("\n");
const keysOf = (secret: Uint8Array, header?: Uint8Array): PacketKeys => packetKeys(ciphers, 1, "aes-gcm", 16, "sha256", secret, header);
const serverHandshake = keysOf(secretOf("b"));
const clientData = keysOf(secretOf("c"));
const serverData = keysOf(secretOf("d"));

const hellos: readonly (readonly [Side, string])[] = [
  [0, initial({ id: ID, to: ID, from: CLIENT, side: 0, frames: cryptoFrame(0, clientMessage("dns.example.com")), textBytes: 400 })],
  [1, initial({ id: ID, to: CLIENT, from: SERVER, side: 1, frames: cryptoFrame(0, serverMessage) })],
];
const chosen = (alpn: string): readonly [Side, string] => {
  const name = toHex(new TextEncoder().encode(alpn));
  const extensions = message(8, vector16(extension(16, vector16(vector8(name)))));
  return [1, handshakePacket(serverHandshake, CLIENT, SERVER, 0, cryptoFrame(0, extensions))];
};
/** A STREAM frame with offset, length and perhaps the end. */
const stream = (id: string, offset: string, hex: string, last: boolean): string =>
  `${last ? "0f" : "0e"}${id}${offset}${(hex.length / 2).toString(16).padStart(2, "0")}${hex}`;

function read(steps: readonly (readonly [Side, string])[], log = keyLog): Outcome {
  const secrets = new KeyLog();
  secrets.add(log);
  return drive(
    definition,
    steps.map(([side, hex]) => [side, fromHex(hex)] as const),
    { platform: createNodePlatform(secrets) },
  );
}
const carried = (outcome: Outcome) => outcome.carried.map(({ protocol, sides }) => [protocol, toHex(sides[0]), toHex(sides[1])]);

describe("with secrets", () => {
  const query: readonly (readonly [Side, string])[] = [
    [0, shortPacket(clientData, SERVER, 1, stream("00", "04", "eeff", true))],
    [0, shortPacket(clientData, SERVER, 0, `01${stream("00", "00", "0004ccdd", false)}`)],
    [1, shortPacket(serverData, CLIENT, 0, `0200000000${stream("00", "00", "0001aa", true)}`)],
  ];

  test("the chosen protocol is told, and each stream goes to its parser in order", () => {
    const outcome = read([...hellos, chosen("doq"), ...query]);
    expect(outcome.events.map(([, , , fields]) => fields["server_alpns"])).toEqual([undefined, undefined, ["doq"]]);
    expect(carried(outcome)).toEqual([["dns", "0004ccddeeff", "0001aa"]]);
  });

  test("the drafts of DNS over QUIC get their lengths", () => {
    expect(carried(read([...hellos, chosen("doq-i02"), ...query]))).toEqual([["dns", "00060004ccddeeff", "00030001aa"]]);
  });

  test("HTTP/3 and streams of one side are left alone", () => {
    expect(carried(read([...hellos, chosen("h3"), ...query]))).toEqual([]);
    const oneSided: readonly [Side, string] = [0, shortPacket(clientData, SERVER, 0, stream("02", "00", "aabb", false))];
    expect(carried(read([...hellos, chosen("doq"), oneSided]))).toEqual([]);
  });

  test("a side may take new keys", () => {
    const later = expandLabel(ciphers, "sha256", secretOf("c"), "tls13 quic ku", 32);
    const keys = keysOf(later, clientData.header);
    const outcome = read([
      ...hellos,
      chosen("doq"),
      [0, shortPacket(clientData, SERVER, 0, stream("00", "00", "0001", false))],
      [0, shortPacket(keys, SERVER, 1, stream("00", "02", "aa", true), 1)],
    ]);
    expect(carried(outcome)).toEqual([["dns", "0001aa", ""]]);
  });
});

describe("without", () => {
  test("no secrets for this client: nothing but the hellos", () => {
    const outcome = read([...hellos, chosen("doq")], keyLog.replaceAll(RANDOM, "22".repeat(32)));
    expect(outcome.events).toHaveLength(2);
    expect(outcome.carried).toEqual([]);
  });

  test("packets that no key opens end it", () => {
    const noise = Array.from({ length: failuresMax + 5 }, (): readonly [Side, string] => [0, `41${SERVER}${"5a".repeat(40)}`]);
    expect(read([...hellos, ...noise]).answers).toHaveLength(2 + failuresMax);
  });
});
