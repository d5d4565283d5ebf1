import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  HeaderField,
  HOST_ABI,
  Opcode,
  Packet,
  PacketHeader,
  Player,
  PlayerConnection,
  PluginInfo,
  Result,
  Session,
} from "./plugin-structs.ts";

/** Members of plugin_api.h by the names that they have here. */
const structures = [
  [
    "AnomPluginInfo",
    PluginInfo,
    {
      structSize: "struct_size",
      hostAbi: "host_abi_version",
      abi: "abi_version",
      protocol: "protocol",
      name: "name",
      gameId: "game_id",
      versionMajor: "version_major",
      versionMinor: "version_minor",
      versionPatch: "version_patch",
      numPorts: "num_ports",
      ports: "default_ports",
      flags: "flags",
    },
  ],
  ["AnomOpcode", Opcode, { number: "number", directions: "directions", name: "name" }],
  ["AnomHeaderField", HeaderField, { name: "name", offset: "offset", size: "bytes", type: "type" }],
  [
    "AnomPacketHeader",
    PacketHeader,
    {
      structSize: "struct_size",
      size: "bytes",
      bigEndian: "big_endian",
      opcodeOffset: "opcode_offset",
      opcodeBytes: "opcode_bytes",
      lengthOffset: "length_offset",
      lengthBytes: "length_bytes",
      lengthCounts: "length_counts",
      lengthAdjust: "length_adjust",
      numFields: "num_fields",
      fields: "fields",
    },
  ],
  [
    "AnomSession",
    Session,
    {
      structSize: "struct_size",
      family: "family",
      session: "session",
      clientIp: "client_ip",
      serverIp: "server_ip",
      clientPort: "client_port",
      serverPort: "server_port",
      protocol: "protocol",
      time: "time_us",
    },
  ],
  ["AnomPacket", Packet, { structSize: "struct_size", direction: "direction", family: "family" }],
  [
    "AnomPacket",
    {
      bytes: Session.bytes,
      session: Session.session,
      clientIp: Session.clientIp,
      serverIp: Session.serverIp,
      clientPort: Session.clientPort,
      serverPort: Session.serverPort,
      time: Session.time,
    },
    {
      session: "session",
      clientIp: "client_ip",
      serverIp: "server_ip",
      clientPort: "client_port",
      serverPort: "server_port",
      time: "time_us",
    },
  ],
  [
    "AnomPlayer",
    Player,
    {
      structSize: "struct_size",
      known: "known",
      session: "session",
      clientIp: "client_ip",
      serverIp: "server_ip",
      clientPort: "client_port",
      level: "level",
      x: "x",
      y: "y",
      z: "z",
      health: "health",
      healthMax: "health_max",
      name: "name",
      id: "id",
      map: "map",
    },
  ],
  [
    "AnomPlayerConnection",
    PlayerConnection,
    { structSize: "struct_size", hasRtt: "has_rtt", packetsIn: "packets_in", packetsOut: "packets_out", rtt: "rtt_ms" },
  ],
] as const;

const compiler = ["gcc", "clang"].find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);

test.skipIf(compiler === undefined)("offsets are those that a C compiler says (skipped without one)", () => {
  const lines = structures.flatMap(([structure, , members]) => [
    `printf("%zu ", sizeof(${structure}));`,
    ...Object.values(members).map((member) => `printf("%zu ", offsetof(${structure}, ${member}));`),
  ]);
  const constants = "ANOM_PLUGIN_ABI_VERSION, ANOM_OK, ANOM_SKIP, ANOM_ERROR, ANOM_ERROR_SIZE, ANOM_ERROR_DATA, ANOM_ERROR_VERSION";
  const folder = mkdtempSync(join(tmpdir(), "oddwire-offsets-"));
  try {
    const source = join(folder, "offsets.c");
    writeFileSync(
      source,
      `#include <stdio.h>\n#include "plugin_api.h"\nint main(void) { ${lines.join("\n")} printf("%d %d %d %d %d %d %d", ${constants}); return 0; }\n`,
    );
    const program = join(folder, "offsets");
    const built = spawnSync(compiler ?? "", [`-I${join(import.meta.dirname, "../../plugins")}`, source, "-o", program], {
      encoding: "utf8",
    });
    expect(built.stderr).toBe("");
    const said = spawnSync(program, { encoding: "utf8" }).stdout.trim().split(/\s+/).map(Number);
    const assumed = structures.flatMap(([, ours, members]) => {
      const offsets: Readonly<Record<string, number>> = ours;
      return [ours.bytes, ...Object.keys(members).map((member) => offsets[member] ?? Number.NaN)];
    });
    expect(said).toEqual([...assumed, HOST_ABI, Result.ok, Result.skip, Result.error, Result.size, Result.data, Result.version]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
