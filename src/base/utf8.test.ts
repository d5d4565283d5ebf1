import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { decodeUtf8 } from "./utf8.ts";

const read = (bytes: Uint8Array): string | undefined => decodeUtf8(bytes, 0, bytes.length);

test.each<[string, string, string | undefined]>([
  ["ASCII", "4142", "AB"],
  ["two, three and four bytes", "c3bce282acf09f9880", "ü€😀"],
  ["a lone continuation", "80", undefined],
  ["a cut sequence", "e282", undefined],
  ["an overlong slash", "c0af", undefined],
  ["an overlong form of three bytes", "e080af", undefined],
  ["half a surrogate pair", "eda080", undefined],
  ["beyond the last code point", "f4908080", undefined],
])("%s", (_case, hex, wanted) => expect(read(fromHex(hex))).toBe(wanted));

test("agrees with the platform's strict decoder on random bytes", () => {
  const random = new Random(5);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (let run = 0; run < 5000; run++) {
    const bytes = Uint8Array.from({ length: random.between(0, 7) }, () =>
      random.pick([0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, random.between(0, 256)]),
    );
    let wanted: string | undefined;
    try {
      wanted = decoder.decode(bytes);
    } catch {
      wanted = undefined;
    }
    expect(read(bytes), `run ${run}`).toBe(wanted);
  }
});
