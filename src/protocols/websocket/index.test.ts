import { expect, test } from "vitest";
import type { ProtocolDefinition } from "#contract/parser.ts";
import { drive } from "#test/protocol/drive.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { framesToldMax } from "./parser.ts";

protocolSuite(plugin, import.meta.dirname);

test("frames beyond the limit are counted", () => {
  const ping = Uint8Array.of(0x89, 0);
  const { events } = drive(
    plugin.protocols?.[0] as ProtocolDefinition,
    Array.from({ length: framesToldMax + 3 }, () => [0, ping] as const),
  );
  expect(events).toHaveLength(framesToldMax + 1);
  expect(events.at(-1)?.[3]).toMatchObject({ connection: { frames_toserver: framesToldMax + 3, untold: 3 } });
});
