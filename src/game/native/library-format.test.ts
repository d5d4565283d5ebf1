import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pluginKind } from "#game/plugin-files.ts";
import { libraryTrouble } from "./library-format.ts";
import { openNativePlugin } from "./open.ts";

const elf = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46);
const macho = Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe);
const universal = Uint8Array.of(0xca, 0xfe, 0xba, 0xbe);
const pe = Uint8Array.of(0x4d, 0x5a, 0x90, 0);

test.each([
  ["ELF on Linux", elf, "linux", undefined],
  ["Mach-O on macOS", macho, "darwin", undefined],
  ["Mach-O of several processors on macOS", universal, "darwin", undefined],
  ["PE on Windows", pe, "win32", undefined],
  ["PE on Linux", pe, "linux", "it is a library of Windows (PE, .dll); here they are of Linux (ELF, .so)"],
  ["ELF on macOS", elf, "darwin", "it is a library of Linux (ELF, .so); here they are of macOS (Mach-O, .dylib)"],
  ["Mach-O on Windows", macho, "win32", "it is a library of macOS (Mach-O, .dylib); here they are of Windows (PE, .dll)"],
  ["a text, of which the loader says more", Buffer.from("hello"), "linux", undefined],
  ["an empty file, the same", new Uint8Array(0), "linux", undefined],
  ["ELF on another system", elf, "freebsd", "native plugins are not loaded on freebsd"],
] as const)("%s", (_case, head, platform, trouble) => {
  expect(libraryTrouble(head, platform)).toBe(trouble);
});

test("libraries of all systems are found by their names, and one of another system is refused in words", async () => {
  expect(["a.so", "b.dylib", "c.dll", "D.DLL"].map(pluginKind)).toEqual(["native", "native", "native", "native"]);
  const folder = mkdtempSync(join(tmpdir(), "odw-library-"));
  const file = join(folder, "game.dll");
  writeFileSync(file, pe);
  await expect(openNativePlugin(file)).rejects.toThrow(/it is a library of Windows \(PE, \.dll\)/);
  rmSync(folder, { recursive: true });
});
