import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import type { ProtocolDefinition, Side } from "#contract/parser.ts";
import { KeyLog } from "#pipeline/key-log.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { drive, type Outcome } from "#test/protocol/drive.ts";
import plugin from "./index.ts";

/** Connections of a client and a server of example.com, recorded with their secrets. */
interface Recording {
  readonly about: string;
  readonly keyLog: readonly string[];
  readonly steps: readonly (readonly [Side, string])[];
}

const folder = join(import.meta.dirname, "recordings");
const recordings = readdirSync(folder).map((file): readonly [string, Recording] => [
  file,
  JSON.parse(readFileSync(join(folder, file), "utf8")) as Recording,
]);
const definition = plugin.protocols?.[0] as ProtocolDefinition;

function read({ steps }: Pick<Recording, "steps">, keyLog: string, size?: () => number): Outcome {
  const secrets = new KeyLog();
  secrets.add(keyLog);
  const platform = createNodePlatform(secrets);
  const bytes = steps.map(([side, hex]) => [side, fromHex(hex)] as const);
  return drive(definition, bytes, size === undefined ? { platform } : { platform, size });
}

const texts = (outcome: Outcome): string[][] =>
  outcome.carried.map(({ protocol, sides }) => [protocol, ...sides.map((bytes) => new TextDecoder().decode(bytes))]);
const request = "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
const answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

describe("with secrets", () => {
  test.each(recordings)("%s: application data goes into a stream inside", (_file, recording) => {
    const outcome = read(recording, recording.keyLog.join("\n"));
    expect(texts(outcome)).toEqual([["http", request, answer]]);
    expect(outcome.events).toHaveLength(1);
    expect(outcome.events[0]?.[3]).toMatchObject({ subject: "CN=www.example.com", server_alpns: ["http/1.1"], self_signed: true });
    expect(outcome.anomalies).toEqual([]);
  });

  test.each(recordings)("%s: in pieces of any size", (_file, recording) => {
    const random = new Random(3);
    for (const largest of [1, 3, 50, 700])
      expect(texts(read(recording, recording.keyLog.join("\n"), () => random.between(1, largest + 1)))).toEqual([
        ["http", request, answer],
      ]);
  });

  test.each(recordings)("%s: changed at random, nothing throws", (_file, recording) => {
    const random = new Random(8);
    for (let run = 0; run < 60; run++) {
      const steps = recording.steps.map(([side, hex]): readonly [Side, string] => {
        const bytes = fromHex(hex);
        for (let n = random.between(0, 3); n > 0; n--) bytes[random.between(0, bytes.length)] = random.between(0, 256);
        return [side, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")];
      });
      read({ steps }, recording.keyLog.join("\n"), () => random.between(1, 900));
    }
  });
});

describe("without fitting secrets", () => {
  test.each(recordings)("%s: the same events as without any", (_file, recording) => {
    const other = `CLIENT_RANDOM ${"00".repeat(32)} ${"11".repeat(48)}`;
    const wanted = read(recording, "");
    const outcome = read(recording, other);
    expect(outcome.carried).toEqual([]);
    expect(outcome.events).toEqual(wanted.events);
  });

  test.each(recordings)("%s: wrong secrets open nothing", (_file, recording) => {
    const wrong = recording.keyLog.map((line) => line.replace(/[0-9a-f]{16}$/, "0000000000000000")).join("\n");
    expect(read(recording, wrong).carried).toEqual([]);
    expect(read(recording, wrong).events).toHaveLength(1);
  });
});
