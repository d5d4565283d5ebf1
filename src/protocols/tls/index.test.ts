import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { Probe } from "#contract/parser.ts";
import { fieldSchema } from "#schema/json-schema.ts";
import { testPlatform } from "#test/protocol/drive.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import { drive, type Step } from "./driver.common.ts";
import { tlsKind } from "./facts.ts";
import plugin from "./index.ts";

const platform = testPlatform;

protocolSuite(plugin, import.meta.dirname);

interface Golden {
  readonly about: string;
  readonly protocol: string;
  readonly steps: readonly Step[];
}

const folder = join(import.meta.dirname, "golden");
const goldens = readdirSync(folder)
  .map((file): readonly [string, Golden] => [file, JSON.parse(readFileSync(join(folder, file), "utf8")) as Golden])
  .filter(([, { protocol }]) => protocol === "tls");
const validate = new Ajv2020().compile(fieldSchema(tlsKind.fields["tls"] as never));

describe("golden handshakes", () => {
  test.each(goldens)("%s: both sides are recognised by content", (_case, golden) => {
    for (const side of [0, 1]) {
      const first = golden.steps.find(([which]) => which === side)?.[1] as string;
      const bytes = fromHex(first);
      const definition = plugin.protocols?.[0];
      const answers = Array.from({ length: bytes.length + 1 }, (_, length) =>
        definition?.probe(side as 0 | 1, ByteView.over(bytes.subarray(0, length)), false),
      );
      expect(answers.includes(Probe.no) && bytes.length > 7).toBe(false);
      if (bytes.length > 7) expect(answers.at(-1)).toBe(Probe.yes);
    }
  });
});

/** Changes, cuts, swaps and removes parts of real handshakes. */
function mutate(random: Random, golden: Golden): Step[] {
  const steps: Step[] = golden.steps.slice(0, 4).map(([side, hex]) => {
    const bytes = fromHex(hex as string);
    for (let n = random.between(0, 6); n > 0; n--)
      bytes[random.between(0, bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.between(0, 256)]);
    const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [side, random.chance(0.2) ? text.slice(0, random.between(1, bytes.length) * 2) : text];
  });
  if (random.chance(0.3)) steps.splice(random.between(0, steps.length), 0, [random.between(0, 2), random.between(1, 3000)]);
  if (random.chance(0.1)) steps.reverse();
  return steps;
}

describe("hostile bytes", () => {
  test("mutated handshakes never throw, tell little and fit the schema", () => {
    const random = new Random(20_261_121);
    for (let run = 0; run < 1500; run++) {
      const steps = mutate(random, random.pick(goldens)[1]);
      const outcome = drive(steps, platform, () => random.between(1, random.pick([4, 200, 4000])));
      expect(outcome.events.length, `run ${run}`).toBeLessThanOrEqual(4);
      for (const event of outcome.events) expect(validate(event), `run ${run}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });

  test("mutated handshakes give the same whatever the segments", () => {
    const random = new Random(4);
    for (let run = 0; run < 500; run++) {
      const steps = mutate(random, random.pick(goldens)[1]).filter(([, what]) => typeof what === "string");
      const whole = drive(steps, platform);
      const cut = drive(steps, platform, () => random.between(1, 40));
      expect({ events: cut.events, anomalies: cut.anomalies }, `run ${run}`).toEqual({ events: whole.events, anomalies: whole.anomalies });
    }
  });

  test("random bytes are never recognised, and never throw when parsed", () => {
    const random = new Random(3);
    for (let run = 0; run < 3000; run++) {
      const bytes = random.bytes(random.between(1, 200));
      expect(plugin.protocols?.[0]?.probe(0, ByteView.over(bytes), false)).not.toBe(Probe.yes);
      drive([[run & 1, Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")]], platform);
    }
  });
});
