import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, messageFact } from "#test/fake/fake-facts.ts";
import plugin from "./index.ts";

const definition = plugin.detectors?.find(({ name }) => name === "custom-protocol");
if (definition === undefined) throw new Error("the plugin has that detector");

const bytes = (hex: string): string =>
  hex
    .replaceAll(" ", "")
    .match(/../g)
    ?.map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
    .join("") ?? "";

function told(text: string, words: FlowWords & { side?: 0 | 1; length?: number } = {}): Finding[] {
  const { length = text.length, ...flow } = words;
  const place = { client: "10.0.0.5", server: "198.51.100.9", serverPort: 5552, service: "failed", payloadTextToServer: 1, ...flow };
  return findingsOf(definition as NonNullable<typeof definition>, [
    { message: messageFact("opening", { text }, { ...place, txId: length }) },
  ]);
}

/** Gh0st's head for a message of so many bytes: its word, both lengths, and zlib. */
const ghost = (word: string, length: number): string =>
  `${word}${bytes(`${length.toString(16).padStart(2, "0")} 00 00 00 e4 02 00 00 78 9c`)}${"x".repeat(length - 15)}`;

describe("known words", () => {
  test.each<[string, string, 0 | 1, string]>([
    ["njRAT 0.6", "ll|'|'|SGFjS2VkX0Q4RkU=|'|'|DESKTOP-1ABCDEF|'|'|user|'|'|2020-01-01", 0, "njRAT"],
    ["njRAT 0.7 with a length", "175\u0000ll|'|'|SGFjS2VkX0Q4RkU=|'|'|DESKTOP|'|'|user", 0, "njRAT"],
    ["LimeRAT", "INFO|'L'|abc|'L'|user", 0, "LimeRAT"],
    ["Revenge RAT", "Information*-]NK[-*SGVsbG8=*-]NK[-*_0123", 0, "Revenge RAT"],
    ["STRRAT behind its length", "144\r\n\r\nping|STRRAT|C4BA3647|USER-PC|admin", 0, "STRRAT"],
    ["Turkojan's master", "ANABILGI|556\r\n", 1, "Turkojan"],
    ["DarkComet's master", "BF7CAB464EFB", 1, "DarkComet"],
    ["Remcos", bytes("24 04 ff 00 f0 01 00 00 4b 00 00 00"), 0, "Remcos"],
    ["Bandook", `${"QUJD".repeat(20)}&&&`, 0, "Bandook"],
    ["Gh0st", ghost("Gh0st", 120), 0, "Gh0st RAT"],
    ["Gh0st with another word", ghost("cb1st", 60), 0, "Gh0st RAT"],
  ])("%s", (_case, text, side, name) => {
    expect(told(text, { side })[0]).toMatchObject({ severity: "critical", source: "10.0.0.5", target: "198.51.100.9" });
    expect(told(text, { side })[0]?.title).toContain(name);
  });

  test.each<[string, string, 0 | 1, string]>([
    ["a shell of Windows from the client", "Microsoft Windows [Version 10.0.19045.2006]\r\n(c) Microsoft", 0, "command line (cmd.exe)"],
    ["a shell of Windows XP", "Microsoft Windows XP [Version 5.1.2600]", 0, "command line (cmd.exe)"],
    ["a shell of a German Windows", "Microsoft Windows [Vers\u00edon 6.1.7601]", 0, "command line (cmd.exe)"],
    ["a shell without a terminal", "bash: cannot set terminal process group (733): Inappropriate", 0, "command line (a POSIX shell)"],
    ["a PowerShell", "PS C:\\Users\\user> ", 0, "command line (PowerShell)"],
    [
      "a stage with its length",
      bytes("f0 00 00 00 fc e8 89 00 00 00 60 89 e5 31 d2 64 8b 52 30"),
      1,
      "machine code that runs by itself (x86)",
    ],
    ["a stage of 64 bits", bytes("fc 48 83 e4 f0 e8 cc 00 00 00 41 51 41 50 52"), 1, "machine code that runs by itself (x64)"],
    ["a library that loads itself", bytes("00 c0 02 00 4d 5a 41 52 55 48 89 e5"), 1, "machine code"],
  ])("%s", (_case, text, side, title) => {
    expect(told(text, { side })[0]?.title).toContain(title);
  });
});

describe("a machine that introduces itself", () => {
  const hello = "new;DESKTOP-1ABCDEF;user;Microsoft Windows 10 Pro;x64;8 GB;Windows Defender;DE;1.0.3;idle";
  test.each<[string, string, FlowWords & { side?: 0 | 1 }, number]>([
    ["system, machine, hardware and guard, to outside", hello, {}, 1],
    ["the same with tabs", hello.replaceAll(";", "\t"), {}, 1],
    ["to a machine inside it may be an inventory", hello, { server: "10.0.0.9" }, 0],
    ["a server that says what it is", hello, { side: 1 }, 0],
  ])("%s", (_case, text, words, expected) => {
    expect(told(text, words)).toHaveLength(expected);
  });

  test.each<[string, string]>([
    ["a list of numbers", "1;2;3;4;5;6;7;8;9;10;11;12"],
    ["a sentence about Windows", "I use Windows 10; it is slow; really; very; slow; indeed"],
    ["a line of a log", "<34>Oct 11 22:14:15 DESKTOP-1ABCDEF su: 'su root' failed for lonvick on /dev/pts/8"],
    ["quotes of a market", "8=FIX.4.2|9=178|35=8|49=PHLX|56=PERS|52=20071123-05:30:00.000|11=ATOMNOCCC9990900|20=3"],
    ["a position of a ship", "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C"],
    ["a tracker on the road", "*HQ,4109198974,V1,133200,A,2234.0297,N,11405.9101,E,000.00,348,040522,FFFFFBFF,460,00,10342,4283#"],
    ["the banner of a game", "MCPingHost|1.19|Linux|server|64"],
    ["random bytes", Array.from({ length: 256 }, (_, i) => String.fromCharCode((i * 167 + 13) & 0xff)).join("")],
    ["a zlib stream of somebody else", `ABCDE${bytes("10 00 00 00 e4 02 00 00 78 9c")}${"x".repeat(100)}`],
    ["nothing", ""],
    ["a script that is sent", "#!/bin/sh\n# Action script to enable/disable interfaces\nPATH=/sbin"],
    ["the word of a system alone", "Microsoft Windows is a trademark"],
  ])("%s is not told", (_case, text) => {
    expect(told(text)).toEqual([]);
    expect(told(text, { side: 1 })).toEqual([]);
  });
});

test("whatever is said, nothing is thrown", () => {
  for (let seed = 0; seed < 500; seed++) {
    const text = Array.from({ length: seed % 256 }, (_, i) => String.fromCharCode((i * (seed * 31 + 7) + seed) & 0xff)).join("");
    expect(() => told(text, { side: seed % 2 === 0 ? 0 : 1 })).not.toThrow();
  }
});
