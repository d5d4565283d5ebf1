import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { kindSchema } from "#schema/json-schema.ts";
import { alertKind, foreignKind } from "#schema/kinds.ts";
import { FlowTable } from "./flow-table.ts";
import { JoinQueue } from "./join-queue.ts";
import { ZeekFollower } from "./zeek-follower.ts";
import { ZeekLog } from "./zeek-log.ts";
import { ZeekReader } from "./zeek-reader.ts";

const head = (path: string, fields: string, types: string): string =>
  [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    `#path\t${path}`,
    `#fields\t${fields}`,
    `#types\t${types}`,
  ]
    .map((line) => `${line}\n`)
    .join("");
const CONN = head(
  "conn",
  "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\tlocal_orig\ttunnel_parents",
  "time\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tbool\tset[string]",
);
const CONN_LINE = "1300475167.096535\tCHhAvVGS1DHFjwGM9\t10.0.0.1\t5353\t10.0.0.2\t53\tudp\t-\t0.5\tT\t(empty)\n";
const NOTICE = {
  ts: 1300475168.5,
  uid: "C1",
  "id.orig_h": "10.0.0.1",
  "id.orig_p": 5353,
  "id.resp_h": "10.0.0.2",
  "id.resp_p": 53,
  proto: "udp",
  note: "SSH::Password_Guessing",
  msg: "10.0.0.1 appears to guess",
  actions: ["Notice::ACTION_LOG", "Notice::ACTION_EMAIL"],
};

const ajv = new Ajv2020({ strict: false });
const isAlert = ajv.compile(kindSchema(alertKind));
const isForeign = ajv.compile(kindSchema(foreignKind));

function reader(tell: readonly string[] = []) {
  const table = new FlowTable(() => "1:id");
  table.add({ flowId: 42, time: 0, client: "10.0.0.1", server: "10.0.0.2", clientPort: 5353, serverPort: 53, protocol: 17 });
  const events: OddwireEvent[] = [];
  const join = new JoinQueue(table);
  return { events, join, reader: new ZeekReader({ join, tell, onEvent: (event) => void events.push(event) }) };
}
const records = (log: ZeekLog, text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => log.line(line))
    .filter((record) => record !== undefined);

describe("ZeekLog", () => {
  test("a TSV log gives what a JSON log has", () => {
    expect(records(new ZeekLog("x"), CONN + CONN_LINE)).toEqual([
      {
        ts: 1300475167.096535,
        uid: "CHhAvVGS1DHFjwGM9",
        "id.orig_h": "10.0.0.1",
        "id.orig_p": 5353,
        "id.resp_h": "10.0.0.2",
        "id.resp_p": 53,
        proto: "udp",
        duration: 0.5,
        local_orig: true,
        tunnel_parents: [],
      },
    ]);
  });

  test.each([
    ["an escaped separator", "string", "a\\x09b", "a\tb"],
    ["escaped bytes of UTF-8", "string", "zw\\xc3\\xb6lf", "zwölf"],
    ["an empty text", "string", "(empty)", ""],
    ["a set", "set[string]", "a,b\\x2cc", ["a", "b,c"]],
    ["a vector of numbers", "vector[interval]", "1.5,2", [1.5, 2]],
    ["a set with nothing", "set[addr]", "(empty)", []],
    ["false", "bool", "F", false],
    ["a count", "count", "17", 17],
    ["a number that is none", "count", "x", "x"],
  ])("%s", (_case, type, text, value) => {
    expect(records(new ZeekLog("x"), `${head("x", "v\tw", `${type}\tstring`)}${text}\tw\n`)).toEqual([{ v: value, w: "w" }]);
  });

  test("another separator, as its directive says", () => {
    const text = "#separator |\n#set_separator|;\n#unset_field|~\n#path|weird\n#fields|name|note\n#types|string|set[string]\nx|a;b\n~|a\n";
    const log = new ZeekLog("x");
    expect([records(log, text), log.name]).toEqual([[{ name: "x", note: ["a", "b"] }, { note: ["a"] }], "weird"]);
  });

  test("a rotated log may have other fields", () => {
    const log = new ZeekLog("x");
    expect(records(log, `${head("a", "v", "count")}1\n#close\t2026-01-01-00-00-00\n${head("a", "w\tv", "count\tcount")}2\t3\n`)).toEqual([
      { v: 1 },
      { w: 2, v: 3 },
    ]);
  });

  test.each([
    ["a line with too few values", `${CONN}1\t2\n`],
    ["values without a head", "1\t2\n"],
    ["JSON that is cut", '{"ts":1\n'],
  ])("%s is counted as bad", (_case, text) => {
    const log = new ZeekLog("conn");
    expect([records(log, text), log.bad]).toEqual([[], 1]);
  });

  test("no line throws", () => {
    const pieces = fc.array(
      fc.constantFrom("#fields", "#types", "#separator ", "\\x09", "\t", "a", "set[", "]", "{", '"', "(empty)", "-", "\\xff"),
    );
    fc.assert(
      fc.property(fc.array(pieces), (lines) => {
        const log = new ZeekLog("x");
        for (const line of lines) log.line(line.join(""));
      }),
    );
  });
});

describe("ZeekReader", () => {
  test("a notice becomes an alert with our flow", () => {
    const { reader: made, events } = reader();
    made.record("notice", NOTICE);
    expect(events).toEqual([
      {
        timestamp: "2011-03-18T19:06:08.500000+0000",
        flow_id: 42,
        event_type: "alert",
        src_ip: "10.0.0.1",
        src_port: 5353,
        dest_ip: "10.0.0.2",
        dest_port: 53,
        proto: "UDP",
        pkt_src: "wire/pcap",
        alert: {
          action: "allowed",
          gid: 0,
          signature_id: 0,
          rev: 0,
          signature: "SSH::Password_Guessing: 10.0.0.1 appears to guess",
          category: "SSH",
          severity: 2,
        },
        engine: "zeek",
        zeek: { log: "notice", note: "SSH::Password_Guessing", uid: "C1", joined: "five_tuple" },
      },
    ]);
    expect([isAlert(events[0]), isAlert.errors]).toEqual([true, null]);
  });

  test("a community ID decides, a time may be a text, a notice may have no flow", () => {
    const { reader: made, events, join } = reader();
    made.record("notice", { ts: "2011-03-18T19:06:08.500000Z", note: "A::B", community_id: "1:id" });
    made.record("notice", { note: "A::B", src: "10.9.9.9" });
    join.retry(true);
    expect(events.map((event) => event.flow_id)).toEqual([42, undefined]);
    expect(events.map((event) => isAlert(event))).toEqual([true, true]);
  });

  test("other logs are counted, and told when they are wanted", () => {
    const { reader: made, events } = reader(["dns"]);
    made.record("dns", { ...NOTICE, query: "example.org" });
    made.record("weird", NOTICE);
    expect([Object.fromEntries(made.kinds), events.map((event) => event["foreign"])]).toEqual([
      { dns: 1, weird: 1 },
      [expect.objectContaining({ engine: "zeek", kind: "dns", joined: "five_tuple" })],
    ]);
    expect([isForeign(events[0]), isForeign.errors]).toEqual([true, null]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("ZeekFollower", () => {
  test("follows the logs of a directory: those that are there from their end, later ones whole, through rotation", async () => {
    const directory = mkdtempSync(pathOf(tmpdir(), "odw-zeek-"));
    try {
      const { reader: made } = reader();
      writeFileSync(pathOf(directory, "conn.log"), CONN + CONN_LINE);
      writeFileSync(pathOf(directory, "conn.00:00:00-01:00:00.log"), CONN + CONN_LINE);
      await using follower = new ZeekFollower(directory, made, "end");
      follower.start();
      await new Promise((resolve) => setTimeout(resolve, 250));
      appendFileSync(pathOf(directory, "conn.log"), CONN_LINE + CONN_LINE);
      writeFileSync(pathOf(directory, "notice.log"), `${JSON.stringify({ _path: "notice", ...NOTICE })}\n`);
      await until(() => made.lines === 3);
      renameSync(pathOf(directory, "conn.log"), pathOf(directory, "conn-old.txt"));
      writeFileSync(pathOf(directory, "conn.log"), CONN + CONN_LINE);
      await until(() => made.lines === 4);
      expect([Object.fromEntries(made.kinds), follower.bad, follower.rotations]).toEqual([{ conn: 3, notice: 1 }, 0, 1]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
