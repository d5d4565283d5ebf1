import { describe, expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";
import { drive } from "#test/protocol/drive.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import { documentBytesMax } from "./documents.ts";
import plugin from "./index.ts";
import { pendingMax } from "./parser.ts";
import { probe } from "./probe.ts";

protocolSuite(plugin, import.meta.dirname);

const definition = plugin.protocols?.[0] as ProtocolDefinition;
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("a document beyond the limit is gone past", () => {
  const long = `{"jsonrpc":"2.0","method":"m","params":["${"x".repeat(documentBytesMax)}"]}\n`;
  const steps = [[0, bytesOf(`{"jsonrpc":"2.0","method":"a"}${long}{"jsonrpc":"2.0","method":"b"}`)] as const];
  const { events } = drive(definition, steps, { size: () => 5000 });
  expect(events.map(([, , , fields]) => fields["method"])).toEqual(["a", "b"]);
});

test("calls beyond the limit are told without their answer", () => {
  const text = Array.from({ length: pendingMax + 2 }, (_, id) => `{"jsonrpc":"2.0","id":${id},"method":"m"}\n`).join("");
  const { events } = drive(definition, [[0, bytesOf(text)]]);
  expect(events).toHaveLength(pendingMax + 2);
});

describe("probe", () => {
  test.each<readonly [string, string, Probe]>([
    ["a call", '{"jsonrpc":"2.0","id":1,"method":"a"}', Probe.yes],
    ["a call of version 1", '{"id": 1, "method": "mining.subscribe", "params": []}\n', Probe.yes],
    ["the beginning of a document", '{"id": 1, "met', Probe.more],
    ["another document", '{"a": 1}\n', Probe.no],
    ["no document", "{hello}", Probe.no],
    ["binary", "[\x00\x01\x02\x03", Probe.no],
    ["a language server", 'Content-Length: 40\r\n\r\n{"jsonrpc":"2.0","method":"initialized"}', Probe.yes],
    ["a header of something else", "Content-Type: text/plain\r\n\r\nauth", Probe.no],
  ])("%s", (_case, text, answer) => expect(probe(0, ByteView.over(bytesOf(text)))).toBe(answer));
});
