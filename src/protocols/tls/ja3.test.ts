import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { testPlatform } from "#test/protocol/drive.ts";
import { type ClientHello, parseClientHello } from "./client-hello.ts";
import { ja3, ja3s } from "./ja3.ts";
import { clientHello, extension, type HelloShape, numbers, serverHello, vector8, vector16 } from "./samples.common.ts";
import { parseServerHello, type ServerHello } from "./server-hello.ts";

const platform = testPlatform;
const GROUPS = extension(10, vector16(numbers([23, 24, 25])));

// The first two are the examples of Salesforce's README.
test.each<[string, HelloShape, string, string]>([
  [
    "with extensions",
    {
      version: 769,
      ciphers: [47, 53, 5, 10, 49_161, 49_162, 49_171, 49_172, 50, 56, 19, 4],
      extensions: extension(0, "") + GROUPS + extension(11, vector8("00")),
    },
    "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0",
    "ada70206e40642a3e4461f35503241d5",
  ],
  [
    "without extensions",
    { version: 769, ciphers: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99] },
    "769,4-5-10-9-100-98-3-6-19-18-99,,,",
    "de350869b8c85de67a350c8d186f11e6",
  ],
  [
    "GREASE left out",
    {
      version: 769,
      ciphers: [0x0a0a, 4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99],
      extensions: extension(0x1a1a, ""),
    },
    "769,4-5-10-9-100-98-3-6-19-18-99,,,",
    "de350869b8c85de67a350c8d186f11e6",
  ],
])("ja3 %s", (_case, shape, string, wanted) => {
  const bytes = fromHex(clientHello(shape));
  const hello = parseClientHello(bytes, new DataView(bytes.buffer), 0, bytes.length) as ClientHello;
  expect(ja3(hello, platform)).toEqual({ string, hash: wanted });
});

test.each<[string, HelloShape, string]>([
  ["with extensions", { version: 769, ciphers: [47], extensions: extension(65_281, "00") + extension(0, "") }, "769,47,65281-0"],
  ["without extensions", { version: 769, ciphers: [47] }, "769,47,"],
])("ja3s %s", (_case, shape, string) => {
  const bytes = fromHex(serverHello(shape));
  const hello = parseServerHello(bytes, new DataView(bytes.buffer), 0, bytes.length) as ServerHello;
  expect(ja3s(hello, platform).string).toBe(string);
});

test("every cut of a server's hello is read without trouble for the reader", () => {
  const bytes = fromHex(serverHello({ session: "33".repeat(32), extensions: extension(43, "0304") + extension(51, "001d0002aabb") }));
  for (let end = 0; end <= bytes.length; end++) {
    const exact = bytes.slice(0, end);
    parseServerHello(exact, new DataView(exact.buffer), 0, end);
  }
  expect(parseServerHello(bytes, new DataView(bytes.buffer), 0, bytes.length)).toMatchObject({ version: 0x0304, group: 0x001d });
});
