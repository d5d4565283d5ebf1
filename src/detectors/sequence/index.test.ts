import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { Detector, Finding } from "#contract/detector.ts";
import type { Transaction } from "#contract/parser.ts";
import { findingsOf, flowFact, type Heard, messageFact } from "#test/fake/fake-facts.ts";
import plugin from "./index.ts";
import { messageName, namePaths } from "./message-name.ts";

const [definition] = plugin.detectors ?? [];
if (definition === undefined) throw new Error("the plugin has a detector");

const daySeconds = 86_400;

/** A flow that sends these names, a second each, and ends. */
function* flow(kind: string, fields: readonly Transaction[], at: number, flowId: number): Generator<Heard> {
  for (const [i, one] of fields.entries()) yield { message: messageFact(kind, one, { at: at + i, flowId, txId: i }) };
  yield { end: flowFact({ at: at + fields.length, flowId, answered: true, established: true }) };
}

/** A device that is polled: reads of two sorts and now and then a write, 40 messages every 100 s. */
function* polling(days: number, seed: number): Generator<Heard> {
  const random = new Random(seed);
  for (let at = 0, id = 1; at < days * daySeconds; at += 100, id++) {
    const names = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? "RdHldRegs" : random.chance(0.9) ? "RdInpRegs" : "WrMultRegs"));
    yield* flow(
      "modbus",
      names.map((function_code) => ({ request: { function_code } })),
      at,
      id,
    );
  }
}
const modbus = (...names: string[]) => names.map((function_code) => ({ request: { function_code } }));

function tell(detector: Detector, history: Iterable<Heard>): void {
  for (const heard of history) {
    if ("message" in heard) detector.onTransaction?.(heard.message);
    else if ("end" in heard) detector.onFlowEnd?.(heard.end);
  }
}

describe("order of messages", () => {
  test("protocols that name their messages say where", () => {
    expect([...namePaths.keys()]).toEqual(expect.arrayContaining(["modbus", "smb", "mqtt", "redis", "ftp", "ldap", "s7comm"]));
  });

  test.each<[string, string, Record<string, unknown>, string | undefined]>([
    ["a command by its path", "redis", { cmd: { name: "GET" } }, "GET"],
    ["a packet by the member that tells it", "mqtt", { publish: { topic: "a" } }, "publish"],
    [
      "a procedure before its command",
      "smb",
      { command: "SMB2_COMMAND_IOCTL", dcerpc: { interfaces: [{ procedure: "CreateServiceW" }] } },
      "CreateServiceW",
    ],
    ["an answer by its status", "sip", { code: "200" }, "200"],
    ["a number as text", "dnp3", { application: { function_code: 129 } }, "129"],
    ["nothing where there is none", "redis", { reply: { value: "x" } }, undefined],
  ])("a message is called: %s", (_case, kind, fields, expected) => {
    expect(messageName(fields, namePaths.get(kind) ?? [])).toBe(expected);
  });

  test.each([1, 2])("five days of polling are not told (seed %i)", (seed) => {
    expect(findingsOf(definition, polling(5, seed))).toEqual([]);
  });

  test("functions that nobody ever sent, in a row, are told with the step that is rarest", () => {
    const odd = flow("modbus", modbus("RdHldRegs", "Diagnostic", "RptSlaveID", "Program", "Diagnostic", "WrFileRec"), 4 * daySeconds, 1e6);
    const found = findingsOf(definition, [...polling(4, 1), ...odd]);
    expect(found).toHaveLength(1);
    expect(found[0]?.title).toMatch(/^10\.0\.0\.1 and 10\.0\.0\.2: modbus messages in an order that is unlike \d+ before: \w+ after \w+$/);
  });

  test("the same on the first day is not told", () => {
    const odd = flow("modbus", modbus("RdHldRegs", "Diagnostic", "RptSlaveID", "Program"), 0.9 * daySeconds, 1e6);
    expect(findingsOf(definition, [...polling(0.9, 1), ...odd])).toEqual([]);
  });

  test("what was learnt survives a restart", () => {
    const found: Finding[] = [];
    const settings = Object.fromEntries(Object.entries(definition.settings ?? {}).map(([name, key]) => [name, key.default]));
    const make = (saved?: unknown): Detector =>
      definition.create({ report: (finding) => void found.push(finding), settings: settings as never, seed: 1, saved });
    const first = make();
    tell(first, polling(3, 1));
    const saved: unknown = JSON.parse(JSON.stringify(first.save?.()));
    tell(make(saved), flow("modbus", modbus("RdHldRegs", "Diagnostic", "RptSlaveID", "Program", "WrFileRec"), 3 * daySeconds, 1e6));
    expect(found).toHaveLength(1);
    expect(() => make({ version: 1, born: 1, model: {}, calibration: 5 })).not.toThrow();
  });
});
