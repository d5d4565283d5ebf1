import { OddwireError } from "#contract/errors.ts";
import type { GameControl } from "#contract/game-control.ts";
import type { PluginReloadRow, PluginRow, UnknownOpcodesAnswer } from "#schema/game.ts";

/** One plugin that runs and one that is refused, with two opcodes that nobody knows. */
export class FakeGames implements GameControl {
  plugins(): readonly PluginRow[] {
    return [
      {
        file: "/srv/plugins/lantern.ts",
        state: "running",
        kind: "typescript",
        name: "Lantern",
        game: "lantern",
        version: "1.0",
        abi: 5,
        ports: [7777],
        restarts: 0,
        requests: 120,
        failures: 0,
      },
      { file: "/srv/plugins/old.so", state: "refused", trouble: "it is of ABI 9 and this Oddwire knows 5" },
    ];
  }

  async reloadPlugins(name?: string): Promise<readonly PluginReloadRow[]> {
    if (name !== undefined && name !== "lantern") throw new OddwireError("ODW_PLUGIN_UNKNOWN", { name, choices: "lantern" });
    const outcome = name === undefined ? "kept" : "reloaded";
    return [{ file: "/srv/plugins/lantern.ts", name: "Lantern", game: "lantern", outcome, why: "its file has not changed" }];
  }

  unknownOpcodes(): UnknownOpcodesAnswer {
    const shared = {
      game: "lantern",
      direction: "to_server",
      sessions: 3,
      endian: "little",
      samples: 64,
      length_min: 20,
      length_max: 20,
    } as const;
    return {
      opcodes: [
        {
          ...shared,
          opcode: "0x42",
          opcode_number: 0x42,
          named: false,
          count: 812,
          lengths: [{ length: 20, count: 812 }],
          entropy: 3.4,
          entropy_says: "like fields in clear",
          fields: [
            { offset: 0, bytes: 4, looks_like: "counter", why: "grows from packet to packet, mostly by 1" },
            { offset: 4, bytes: 4, looks_like: "position", why: "a float from 12.00 to 480.0 that moves little from packet to packet" },
            { offset: 8, bytes: 4, looks_like: "position", why: "a float from 3.000 to 122.0 that moves little from packet to packet" },
            { offset: 12, bytes: 4, looks_like: "varies", why: "64 values in 64 packets" },
            { offset: 16, bytes: 4, looks_like: "checksum", why: "the CRC-32 of the bytes before it" },
          ],
          example: "010000000000c84200009042a1b2c3d410203040",
        },
        {
          ...shared,
          opcode: "CMSG_BLOB",
          opcode_number: 0x51,
          named: true,
          count: 9,
          lengths: [{ length: 20, count: 9 }],
          entropy: 7.2,
          entropy_says: "like encrypted or compressed bytes",
          samples: 9,
          fields: [{ offset: 0, bytes: 20, looks_like: "varies", why: "9 values in 9 packets" }],
          example: "a5be11d2f3c4908871aa34e6b7c85d6e9f00ab12",
        },
      ],
      refused: 0,
    };
  }
}
