import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { testPlatform } from "#test/protocol/drive.ts";
import { type ClientHello, parseClientHello } from "./client-hello.ts";
import { type Ja4Transport, ja4 } from "./ja4.ts";
import { alpn, clientHello, extension, type HelloShape, numbers, serverName, text, u8, u16, vector8, vector16 } from "./samples.common.ts";

const platform = testPlatform;

function hello(shape: HelloShape): ClientHello {
  const bytes = fromHex(clientHello(shape));
  return parseClientHello(bytes, new DataView(bytes.buffer), 0, bytes.length) as ClientHello;
}
const of = (shape: HelloShape, transport: Ja4Transport = "t"): string => ja4(hello(shape), transport, platform);

const hexes = (list: string): number[] => list.split(",").map((value) => Number.parseInt(value, 16));
/** The example of FoxIO's technical_details/JA4.md. */
const CIPHERS = hexes("1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035");
const EXTENSIONS = "001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015";
const ALGORITHMS = extension(13, vector16(numbers(hexes("0403,0804,0401,0503,0805,0501,0806,0601"))));
const VERSIONS = extension(43, vector8(numbers([0x0304, 0x0303])));

const example = (names: string, algorithms = ALGORITHMS): string =>
  hexes(names)
    .map((type) => {
      if (type === 0) return serverName("www.example.com");
      if (type === 13) return algorithms;
      if (type === 16) return alpn("h2", "http/1.1");
      return type === 43 ? VERSIONS : extension(type, "");
    })
    .join("");

describe("ja4", () => {
  test.each<[string, HelloShape, string]>([
    ["the published example", { ciphers: CIPHERS, extensions: example(EXTENSIONS) }, "t13d1516h2_8daaf6152771_e5627efa2ab1"],
    [
      "GREASE counts nowhere",
      {
        ciphers: [0x2a2a, ...CIPHERS],
        extensions: extension(0x8a8a, "") + example(EXTENSIONS) + extension(0xfafa, "00"),
      },
      "t13d1516h2_8daaf6152771_e5627efa2ab1",
    ],
    [
      "without signature algorithms the underscore goes too",
      { ciphers: CIPHERS, extensions: example(EXTENSIONS, extension(13, "")) },
      "t13d1516h2_8daaf6152771_6d807ffa2a79",
    ],
    ["no ciphers, no extensions: zeros instead of hashes of nothing", { ciphers: [] }, "t12i000000_000000000000_000000000000"],
    [
      "only name and protocols leave nothing to hash",
      { ciphers: [], extensions: serverName("a") + alpn("h2") },
      "t12d0002h2_000000000000_000000000000",
    ],
    ["an empty name extension still means a domain", { ciphers: [], extensions: extension(0, "") }, "t12d000100_000000000000_000000000000"],
    [
      "more than 99 of anything is 99",
      { ciphers: Array.from({ length: 120 }, (_, i) => 0x4000 + i * 16), extensions: undefined },
      "t12i990000_",
    ],
  ])("%s", (_case, shape, wanted) => expect(of(shape).startsWith(wanted), of(shape)).toBe(true));

  test.each<[string, string, string]>([
    ["two letters", "h2", "h2"],
    ["http/1.1 takes the ends", "http/1.1", "h1"],
    ["one letter counts twice", "h", "hh"],
    ["0xAB", "\xab", "ab"],
    ["0xAB 0xCD", "\xab\xcd", "ad"],
    ["0x30 0xAB", "0\xab", "3b"],
    ["0x30 0x31 0xAB 0xCD", "01\xab\xcd", "3d"],
    ["0x30 0xAB 0xCD 0x31 has alphanumeric ends", "0\xab\xcd1", "01"],
  ])("protocol name: %s", (_case, name, wanted) => expect(of({ ciphers: [], extensions: alpn(name) }).slice(8, 10)).toBe(wanted));

  test.each<[string, readonly number[] | undefined, number, Ja4Transport, string]>([
    ["TLS 1.0 from the version field", undefined, 0x0301, "t", "t10"],
    ["SSL 3.0", undefined, 0x0300, "t", "ts3"],
    ["the highest that is offered", [0x0303, 0x0304, 0x0302], 0x0303, "t", "t13"],
    ["GREASE is no version", [0xfafa, 0x0303], 0x0303, "t", "t12"],
    ["a draft is unknown", [0x7f1c, 0x0303], 0x0303, "t", "t00"],
    ["QUIC", [0x0304], 0x0303, "q", "q13"],
    ["DTLS counts downwards", [0xfefd, 0xfefc], 0xfefd, "d", "dd3"],
  ])("version: %s", (_case, versions, version, transport, wanted) => {
    const extensions = versions === undefined ? undefined : extension(43, vector8(numbers(versions)));
    expect(of({ version, extensions }, transport).slice(0, 3)).toBe(wanted);
  });
});

const names = (...list: readonly [type: number, name: string][]): string =>
  extension(0, vector16(list.map(([type, name]) => u8(type) + vector16(text(name))).join("")));

describe("parseClientHello", () => {
  test.each<[string, string, string | undefined, string | undefined]>([
    ["one name", names([0, "a.example"]), "a.example", undefined],
    ["two names: the first", names([0, "a"], [0, "b"]), "a", "MULTIPLE_SNI_EXTENSIONS"],
    ["an unknown type is stepped over", names([7, "x"], [0, "b"]), "b", "INVALID_SNI_TYPE"],
    ["an empty name is none", names([0, ""]), undefined, "INVALID_SNI_LENGTH"],
    ["a name that leaves its extension is none", extension(0, `000800${u16(200)}61`), undefined, "INVALID_SNI_LENGTH"],
    ["bytes beyond ASCII stay bytes", names([0, "b\xfccher"]), "b\xfccher", undefined],
    ["the extension twice", names([0, "a"]) + names([0, "b"]), "a", "MULTIPLE_SNI_EXTENSIONS"],
  ])("server name: %s", (_case, extensions, sni, trouble) => expect(hello({ extensions })).toMatchObject({ sni, trouble }));

  test("every cut of a hello is read without trouble for the reader", () => {
    const bytes = fromHex(clientHello({ session: "22".repeat(32), extensions: example(EXTENSIONS) }));
    for (let end = 0; end <= bytes.length; end++) {
      const exact = bytes.slice(0, end);
      const result = parseClientHello(exact, new DataView(exact.buffer), 0, end);
      if (end < 35) expect(result).toBeUndefined();
      else if (end === bytes.length) expect(result?.trouble).toBeUndefined();
    }
  });

  test.each<[string, string, readonly string[]]>([
    ["two", alpn("h2", "http/1.1"), ["h2", "http/1.1"]],
    ["one that leaves its extension is none", extension(16, "000a0268320861"), ["h2"]],
    ["an empty list", extension(16, "0000"), []],
    ["no list", extension(16, "00"), []],
  ])("protocol names: %s", (_case, extensions, alpns) => expect(hello({ extensions }).alpns).toEqual(alpns));

  test("mutated hellos never throw, and what stands behind them changes nothing", () => {
    const random = new Random(8);
    const sample = fromHex(clientHello({ session: "22".repeat(32), extensions: example(EXTENSIONS) }));
    for (let run = 0; run < 3000; run++) {
      const bytes = sample.slice();
      for (let n = random.between(1, 6); n > 0; n--)
        bytes[random.between(34, bytes.length)] = random.pick([0, 1, 16, 0xff, random.between(0, 256)]);
      const end = random.chance(0.3) ? random.between(0, bytes.length) : bytes.length;
      const alone = bytes.slice(0, end);
      const padded = new Uint8Array(end + 300).fill(1);
      padded.set(alone, 9);
      const view = new DataView(padded.buffer);
      expect(parseClientHello(padded, view, 9, 9 + end), `run ${run}`).toEqual(parseClientHello(alone, new DataView(alone.buffer), 0, end));
    }
  });

  test("a list beyond the limit is kept within it and makes the hello incomplete", () => {
    const result = hello({ ciphers: Array.from({ length: 3000 }, () => 0x002f) });
    expect(result.ciphers).toHaveLength(1024);
    expect(result.complete).toBe(false);
  });
});
