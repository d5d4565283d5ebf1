import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openNativePlugin } from "./open.ts";
import { compile, compilers, cxxCompilers, headerFolder, requests, textOf, Workshop, windowsCompilers, words } from "./testing.ts";

const workshop = new Workshop();
afterAll(() => workshop[Symbol.dispose]());

/** As the product's description shows it. The second function is declared only: its author writes it. */
const example = `
  ANOM_EXPORT AnomPluginResult AnomGetPluginInfo(AnomPluginInfo* info) {
    info->abi_version = ANOM_PLUGIN_ABI_VERSION; info->name = "My Game"; info->game_id = "mygame";
    info->version_major = 1; info->version_minor = 0; info->protocol = ANOM_PROTO_TCP;
    info->default_ports[0] = 7777; info->num_ports = 1; return ANOM_OK; }
  ANOM_EXPORT AnomPluginResult AnomDecryptPacket(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
    AnomPacketDirection direction, uint32_t client_ip, uint16_t client_port, uint32_t server_ip);
`;
const body = `
  AnomPluginResult AnomDecryptPacket(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
    AnomPacketDirection direction, uint32_t client_ip, uint16_t client_port, uint32_t server_ip) {
    uint32_t at;
    (void)direction, (void)client_ip, (void)client_port, (void)server_ip;
    for (at = 0; at < in_size; at++) out[at] = in[at] ^ 0x5a;
    *out_size = in_size;
    return ANOM_OK; }
`;

const languages = [
  ...compilers.flatMap((compiler) => ["c89", "c99", "c11", "c17"].map((standard) => [compiler, standard, "c"] as const)),
  ...cxxCompilers.flatMap((compiler) => ["c++98", "c++11", "c++20"].map((standard) => [compiler, standard, "c++"] as const)),
];

/** Names that a library of Windows exports (PE Format, "The .edata Section"). */
function exportedBy(file: Buffer): string[] {
  const header = file.readUInt32LE(0x3c);
  const optional = header + 24;
  const sections = optional + file.readUInt16LE(header + 20);
  const offsetOf = (address: number): number => {
    for (let at = sections; at < sections + 40 * file.readUInt16LE(header + 6); at += 40) {
      const first = file.readUInt32LE(at + 12);
      if (address >= first && address < first + file.readUInt32LE(at + 8)) return address - first + file.readUInt32LE(at + 20);
    }
    throw new Error(`no section has the address ${address}`);
  };
  const directory = offsetOf(file.readUInt32LE(optional + 112));
  const names = offsetOf(file.readUInt32LE(directory + 32));
  return Array.from({ length: file.readUInt32LE(directory + 24) }, (_, index) => {
    const at = offsetOf(file.readUInt32LE(names + 4 * index));
    return file.toString("latin1", at, file.indexOf(0, at));
  });
}

describe.skipIf(compilers.length === 0)("native plugins (skipped without a C compiler)", () => {
  test.each(languages)("the documented example compiles without a warning and loads: %s -std=%s", async (compiler, standard, language) => {
    const source = workshop.write("example.txt", `#include "plugin_api.h"\n${example}${body}`);
    const out = join(workshop.folder, `${compiler}-${standard}.so`);
    const strict = ["-Wall", "-Wextra", "-Werror", ...(language === "c" ? ["-pedantic"] : [])];
    compile([compiler, "-x", language, `-std=${standard}`, ...strict, "-shared", "-fPIC", `-I${headerFolder}`, source, "-o", out]);
    await using host = await openNativePlugin(out);
    expect(host.info).toMatchObject({ name: "My Game", gameId: "mygame", version: "1.0.0", abi: 5, transports: ["tcp"], ports: [7777] });
    expect(words(await host.decrypt(requests(3)))).toEqual([0, 1, 2]);
  });

  test("with exports of MSVC's style it compiles too", () => {
    const source = workshop.write(
      "msvc.c",
      `#define _WIN32 1\n#define __declspec(x) __attribute__((visibility("default")))\n#include "plugin_api.h"\n${example}${body}`,
    );
    expect(() => workshop.library(source, ["-Wall", "-Werror"])).not.toThrow();
  });

  test.skipIf(windowsCompilers.length === 0)("for Windows it exports both functions by their names (skipped without MinGW)", async () => {
    const source = workshop.write("windows.txt", `#include "plugin_api.h"\n${example}${body}`);
    for (const compiler of windowsCompilers) {
      const out = join(workshop.folder, `${compiler}.dll`);
      const language = compiler.endsWith("g++") ? "c++" : "c";
      compile([compiler, "-x", language, "-Wall", "-Wextra", "-Werror", "-shared", `-I${headerFolder}`, source, "-o", out]);
      expect(exportedBy(readFileSync(out))).toEqual(["AnomDecryptPacket", "AnomGetPluginInfo"]);
      await expect(openNativePlugin(out)).rejects.toThrow(/it is a library of Windows \(PE, \.dll\)/);
    }
  });

  test.each([
    ["no AnomGetPluginInfo", ["NO_INFO"], /does not export AnomGetPluginInfo/],
    ["no AnomDecryptPacket", ["NO_DECRYPT"], /does not export AnomDecryptPacket/],
    ["ABI 0", ["ABI=0"], /reports ABI 0: set abi_version to ANOM_PLUGIN_ABI_VERSION/],
    ["an ABI newer than the host's", ["ABI=6"], /was written for ABI 6, and this Oddwire knows ABI 5 and older: update Oddwire/],
    ["more ports than there is room for", ["MANY_PORTS"], /names 1000 ports, 16 are the limit/],
    ["a name that cannot stand in events", ["BAD_NAME"], /game_id "Not\/A\/Name" has to be/],
    ["a name that is no address", ["WILD_NAME"], /it crashed \(SIGSEGV\)/],
    ["a header whose opcode is beyond it", ["TABLES", "BAD_HEADER"], /the opcode is beyond the header/],
    ["a constructor that ends the process", ["DIES_AT_ONCE"], /it crashed \(SIGABRT\)/],
    ["a constructor that does not come back", ["NEVER_READY"], /did not start within 1500 ms/],
  ])("refused: %s", async (_case, defined, why) => {
    const options = defined[0] === "NEVER_READY" ? { startMsMax: 1500 } : {};
    await expect(openNativePlugin(workshop.hostile(...defined), options)).rejects.toThrow(why);
  });

  test.each([1, 2, 3, 4, 5])("ABI %i is accepted", async (abi) => {
    await using host = await openNativePlugin(workshop.hostile(`ABI=${abi}`));
    expect([host.info.abi, host.info.tracksPlayers]).toEqual([abi, abi >= 4]);
  });

  test("a plugin finds no files, no network, no processes and no rights, neither when it is loaded nor later", async (context) => {
    await using host = await openNativePlugin(workshop.hostile("SNOOP"));
    expect(host.fences.slice(0, 2)).toEqual(["user", "limits"]);
    if (host.fences.length < 4) context.skip("this kernel has no seccomp or no Landlock");
    expect(textOf((await host.decrypt(requests(1)))[0])).toBe("swhnufkrextm swhnufkrextm");
  });
});

test.each([
  ["a text", "nothing of the kind", /cannot be loaded: .*(invalid ELF header|file too short)/],
  ["an empty file", "", /cannot be loaded/],
])("refused: %s", async (_case, content, why) => {
  await expect(openNativePlugin(workshop.write("text.so", content))).rejects.toThrow(why);
});

test("refused: a file that is missing, a folder, a library of something else", async () => {
  await expect(openNativePlugin(join(workshop.folder, "missing.so"))).rejects.toThrow(/ENOENT/);
  await expect(openNativePlugin(workshop.folder)).rejects.toThrow(/is not a file/);
  const library = join(workshop.folder, "node.so");
  copyFileSync(process.execPath, library);
  await expect(openNativePlugin(library)).rejects.toThrow(/cannot be loaded|does not export AnomGetPluginInfo/);
});
