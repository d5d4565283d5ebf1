import { describe, expect, test } from "vitest";
import { openLibpcap } from "./libpcap.ts";
import { loadLibrary } from "./library.ts";

describe("a shared library", () => {
  test("that no name is found of is a result with its cause", async () => {
    const loaded = await loadLibrary({ linux: ["libno-such-thing.so.1", "libneither.so"] }, "linux");
    expect(loaded).toMatchObject({ found: false, cause: expect.stringContaining("libno-such-thing.so.1") as string });
  });

  test("is not known on every system", async () => {
    expect(await loadLibrary({ linux: ["libc.so.6"] }, "plan9")).toEqual({ found: false, cause: "its name on plan9 is not known" });
  });
});

const libpcap = await openLibpcap();

describe.skipIf(!libpcap.found)("libpcap (needs it installed)", () => {
  if (!libpcap.found) return;

  test("tells its version", () => expect(libpcap.version).toMatch(/^libpcap version 1\./));

  test("compiles an expression to whole instructions that end with an answer", () => {
    const compiled = libpcap.compile("ip proto 6", 1, 1000);
    expect(compiled.ok).toBe(true);
    if (!compiled.ok) return;
    const { bytes, count } = compiled.program;
    expect(bytes.length).toBe(count * 8);
    const view = new DataView(bytes.buffer);
    const codes = Array.from({ length: count }, (_, i) => view.getUint16(i * 8, true));
    // Load the type, compare, load the protocol, compare, keep 1000 bytes or none.
    expect(codes).toEqual([0x28, 0x15, 0x30, 0x15, 0x06, 0x06]);
    expect(view.getUint32(4 * 8 + 4, true)).toBe(1000);
  });

  test("gives its own words for what it refuses", () => {
    expect(libpcap.compile("tcp and", 1)).toMatchObject({ ok: false, cause: expect.stringContaining("syntax error") as string });
    expect(libpcap.compile("ether host 00:11:22:33:44:55", 12)).toMatchObject({ ok: false });
  });

  test("a thousand programs are compiled and given back", () => {
    for (let i = 0; i < 1000; i++) expect(libpcap.compile(`port ${i + 1}`, 1).ok).toBe(true);
  });
});
