import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";
import { drive } from "#test/protocol/drive.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import { CryptoStream, cryptoBytesMax, piecesMax } from "./crypto-stream.ts";
import plugin from "./index.ts";
import { bareEventsMax, derivationsMax } from "./parser.ts";
import { clientMessage, cryptoFrame, initial, negotiation, sealed } from "./samples.common.ts";

protocolSuite(plugin, import.meta.dirname);

const definition = plugin.protocols?.[0] as ProtocolDefinition;
const ID = "8394c8f03e515708";
const hello = clientMessage("www.example.com");
const told = (steps: readonly (readonly [0 | 1, string])[]) =>
  drive(
    definition,
    steps.map(([side, hex]) => [side, fromHex(hex)] as const),
  ).events;
const first = (version: number, type?: string): string =>
  initial({ version, id: ID, to: ID, side: 0, frames: cryptoFrame(0, hello, type), textBytes: 400 });

describe("versions", () => {
  test.each([
    ["version 1", 1, "1", "v1"],
    ["version 2", 0x6b3343cf, "v2", "v2"],
    ["draft 22", 0xff000016, "ff000016", "draft-22"],
    ["draft 27", 0xff00001b, "ff00001b", "draft-27"],
    ["draft 29", 0xff00001d, "ff00001d", "draft-29"],
    ["draft 32", 0xff000020, "ff000020", "draft-32"],
    ["draft 34", 0xff000022, "ff000022", "draft-34"],
    ["mvfst of draft 27", 0xfaceb002, "faceb002", "mvfst"],
    ["a reserved version", 0x1a2a3a4a, "1a2a3a4a", "reserved"],
  ])("%s: the hello is read", (_case, version, text, name) => {
    expect(told([[0, first(version)]])[0]?.[3]).toMatchObject({ version: text, version_name: name, sni: "www.example.com" });
  });

  test.each([
    ["T050", 0x54303530],
    ["T051", 0x54303531],
  ])("%s: TLS in Google's frames", (name, version) => {
    expect(told([[0, first(version, "08")]])[0]?.[3]).toMatchObject({ version_name: name, sni: "www.example.com" });
  });

  test("the server may answer in another version than the client's", () => {
    const answer = initial({ version: 0x6b3343cf, id: ID, to: "", from: "aa", side: 1, frames: cryptoFrame(0, hello) });
    expect(
      told([
        [0, first(1)],
        [1, answer],
      ])[1]?.[3],
    ).toMatchObject({ version: "v2", sni: "www.example.com" });
  });

  test("of an unknown version, only the packets are told", () => {
    expect(told([[0, sealed(0xd0, 0x0000_1234, ID, "")]])[0]?.[3]).toEqual({ version: "1234", dcid: ID });
  });
});

describe("probe", () => {
  test.each([
    ["a first packet", first(1), true, Probe.yes],
    ["the same on another port", first(1), false, Probe.yes],
    ["a length beyond the datagram", first(1).slice(0, 200), true, Probe.no],
    ["an identifier of 21 bytes", `c00000000115${"00".repeat(40)}`, true, Probe.no],
    ["no fixed bit", `80${first(1).slice(2)}`, true, Probe.no],
    ["a list of versions", negotiation("aa", ID, [1]), true, Probe.yes],
    ["a list of versions nobody knows", negotiation("aa", ID, [0x1234_5678]), true, Probe.no],
    ["a list with a rest", `${negotiation("aa", ID, [1])}00`, true, Probe.no],
    ["a short header", `40${ID}${"5a".repeat(40)}`, true, Probe.no],
    ["Google's public header", `09${ID}51303433${"5a".repeat(40)}`, false, Probe.yes],
    ["Google's public header with another version", `09${ID}51413433${"5a".repeat(40)}`, false, Probe.no],
    ["an unknown version, too short", sealed(0xc0, 0x1234, ID, ""), true, Probe.no],
  ])("%s", (_case, hex, usualPort, wanted) => {
    expect(definition.probe(0, ByteView.over(fromHex(hex)), usualPort)).toBe(wanted);
  });

  test("random bytes are not QUIC", () => {
    const random = new Random(5);
    for (let run = 0; run < 5000; run++)
      expect(definition.probe(0, ByteView.over(random.bytes(random.between(1, 300))), false)).not.toBe(Probe.yes);
  });
});

describe("limits", () => {
  test("packets that tell nothing are told a few times", () => {
    const packet = initial({ id: ID, to: ID, side: 0, frames: "01", textBytes: 40 });
    expect(told(Array.from({ length: 60 }, () => [0, packet] as const))).toHaveLength(bareEventsMax);
  });

  test("keys are derived a few times", () => {
    const steps = Array.from(
      { length: 40 },
      (_, i) => [0, initial({ id: ID, to: i.toString(16).padStart(16, "0"), side: 0, frames: "01", textBytes: 40 })] as const,
    );
    const events = told([...steps, [0, first(1)]]);
    expect(derivationsMax).toBeLessThan(40);
    expect(events).toEqual([]);
  });

  test("CRYPTO bytes: pieces in any order, with any overlap", () => {
    const random = new Random(9);
    const message = fromHex(clientMessage("a".repeat(200)));
    for (let run = 0; run < 200; run++) {
      const stream = new CryptoStream();
      const cuts = Array.from({ length: 40 }, () => random.between(0, message.length)).flatMap((at) => [
        [at, Math.min(message.length, at + random.between(1, 90))],
      ]);
      for (let at = 0; at < message.length; at += 60) cuts.push([at, Math.min(message.length, at + 60)]);
      cuts.sort(() => (random.chance(0.5) ? 1 : -1));
      for (const [from, to] of cuts) stream.add(from as number, message, from as number, to as number);
      const whole = stream.next();
      expect(whole?.bytes.slice(0, whole.end)).toEqual(message);
    }
  });

  test("CRYPTO bytes beyond the limits are left out", () => {
    const stream = new CryptoStream();
    const bytes = new Uint8Array(8);
    stream.add(cryptoBytesMax - 4, bytes, 0, 8);
    for (let i = 1; i <= piecesMax + 10; i++) stream.add(i * 10, bytes, 0, 8);
    expect(stream.next()).toBeUndefined();
  });
});
