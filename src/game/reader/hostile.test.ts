import { array, assert, asyncProperty, constantFrom, record, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { LanternHost } from "#capture/scenario/lantern/host.ts";
import { lanternCatalog } from "#capture/scenario/lantern/layouts.ts";
import type { DecryptRequest } from "#contract/game-plugin.ts";
import { GameReader } from "./game-reader.ts";

const step = record({
  kind: constantFrom("data", "data", "data", "gap", "end"),
  flowId: constantFrom(1, 2, 3),
  side: constantFrom(0, 1),
  transport: constantFrom("tcp", "udp"),
  bytes: uint8Array({ maxLength: 80 }),
});

/** A plugin that believes everything: the bytes as they are, or nonsense in their place. */
function gullible(): LanternHost {
  const host = new LanternHost();
  let count = 0;
  host.decrypt = async (batch: readonly DecryptRequest[]) =>
    batch.map(({ bytes }) => (++count % 5 === 0 ? { status: "skip" as const } : { status: "ok" as const, bytes }));
  host.players = async () => [
    { session: 99, name: "" },
    { session: 1, name: "x".repeat(10_000), level: Number.NaN },
  ];
  return Object.assign(host, { info: { ...host.info, tracksPlayers: true } });
}

/** Bytes that look like packets: a header of the right length, an opcode, then whatever comes. */
function framed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  const packet = bytes.slice();
  packet[0] = packet.length;
  packet[1] = 0;
  packet[2] = (packet[2] as number) % 0x26;
  packet[3] = 0;
  return packet;
}

test("whatever clients, servers and plugins send, nothing throws and every event can be written", async () => {
  await assert(
    asyncProperty(array(array(step, { maxLength: 20 }), { maxLength: 5 }), async (blocks) => {
      const host = gullible();
      const reader = new GameReader({
        hosts: { claims: [], hostFor: () => host },
        catalogFor: () => lanternCatalog,
        sessionsMax: 2,
        playerIntervalUs: 10,
        packets: true,
        packetsPerSecondMax: 1000,
        deadlineMs: 1000,
        speeds: new Map(),
        isWhitelisted: () => false,
      });
      const written: string[] = [];
      const emit = (event: object): void => void written.push(JSON.stringify(event));
      let number = 0;
      for (const steps of blocks) {
        const given = steps.map((one) => ({
          ...one,
          bytes: framed(one.bytes),
          number: ++number,
          time: 1e15 + number * 1000,
          protocol: "lantern",
          client: "10.0.0.1",
          clientPort: 1,
          server: "10.0.0.2",
          serverPort: 7777,
          missing: 3,
          reason: "fin",
        }));
        await reader.block(
          (take) => {
            for (const one of given) take(one);
          },
          number,
          emit,
        );
      }
      await reader.finish(2e15, emit);
      expect(written.filter((line) => line.includes("null") || line.length > 20_000)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
