import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { kindSchema } from "#schema/json-schema.ts";
import { alertKind, foreignKind } from "#schema/kinds.ts";
import { EveReader } from "./eve-reader.ts";
import { FlowTable } from "./flow-table.ts";
import { JoinQueue } from "./join-queue.ts";

const ajv = new Ajv2020({ strict: false });
const isAlert = ajv.compile(kindSchema(alertKind));
const isForeign = ajv.compile(kindSchema(foreignKind));

const alert = {
  timestamp: "2026-01-31T23:59:59.000001+0200",
  flow_id: 454317250255236,
  in_iface: "eth0",
  event_type: "alert",
  src_ip: "10.0.0.1",
  src_port: 1234,
  dest_ip: "10.0.0.2",
  dest_port: 80,
  proto: "TCP",
  pkt_src: "wire/pcap",
  community_id: "1:known",
  tx_id: 0,
  tx_guessed: true,
  alert: {
    action: "allowed",
    gid: 1,
    signature_id: 2100498,
    rev: 7,
    signature: "GPL ATTACK_RESPONSE id check returned root",
    category: "Potentially Bad Traffic",
    severity: 2,
    metadata: { created_at: ["2010_09_23"] },
    novelty: 1,
  },
  http: { hostname: "example.org" },
  app_proto: "http",
  direction: "to_client",
  flow: { pkts_toserver: 4 },
};

function reader(tell: readonly string[] = [], flows = true) {
  const table = new FlowTable(() => "1:known");
  if (flows) table.add({ flowId: 99, time: 0, client: "10.0.0.1", server: "10.0.0.2", clientPort: 1234, serverPort: 80, protocol: 6 });
  const events: OddwireEvent[] = [];
  let now = 0;
  const join = new JoinQueue(table, () => now);
  const made = new EveReader({ join, tell, onEvent: (event) => void events.push(event) });
  return {
    made,
    table,
    join,
    events,
    wait: (milliseconds: number) => {
      now += milliseconds;
      join.retry();
    },
  };
}

describe("EveReader", () => {
  test("an alert becomes ours: with our flow, theirs kept, strange members in a place of their own, the time in UTC", () => {
    const { made, events } = reader();
    made.line(JSON.stringify(alert));
    expect(events).toEqual([
      expect.objectContaining({
        timestamp: "2026-01-31T21:59:59.000001+0000",
        flow_id: 99,
        engine: "suricata",
        http: { hostname: "example.org" },
        suricata: { flow_id: 454317250255236, joined: "community_id", more: { tx_guessed: true, alert: { novelty: 1 } } },
      }),
    ]);
    expect([isAlert(events[0]), isAlert.errors]).toEqual([true, null]);
  });

  test("an alert that is almost empty is one that the schema allows", () => {
    const { made, events, wait } = reader();
    made.line('{"event_type":"alert"}');
    wait(1000);
    expect([events.length, isAlert(events[0]), isAlert.errors]).toEqual([1, true, null]);
  });

  test("an alert waits a moment for its flow", () => {
    const { made, events, table, wait } = reader([], false);
    made.line(JSON.stringify(alert));
    expect(events).toEqual([]);
    table.add({ flowId: 5, time: 0, client: "10.0.0.1", server: "10.0.0.2", clientPort: 1234, serverPort: 80, protocol: 6 });
    wait(100);
    expect(events[0]?.flow_id).toBe(5);
  });

  test("an alert whose flow never comes is told without one", () => {
    const { made, events, join, wait } = reader([], false);
    made.line(JSON.stringify(alert));
    wait(699);
    expect(events).toEqual([]);
    wait(2);
    expect([events[0]?.flow_id, events[0]?.["suricata"], join.counts.none]).toEqual([
      undefined,
      expect.objectContaining({ joined: "none" }),
      1,
    ]);
  });

  test("when too many wait, the oldest is told without a flow", () => {
    const { made, events } = reader([], false);
    for (let i = 0; i < 4097; i++) made.line(JSON.stringify({ ...alert, tx_id: i }));
    expect(events.map((event) => event["tx_id"])).toEqual([0]);
  });

  test("other events are counted, and told when they are wanted", () => {
    const dns = JSON.stringify({ ...alert, event_type: "dns", dns: { rrname: "example.org" } });
    const quiet = reader();
    quiet.made.line(dns);
    expect([quiet.events, Object.fromEntries(quiet.made.kinds)]).toEqual([[], { dns: 1 }]);
    for (const tell of [["dns"], ["all"]]) {
      const loud = reader(tell);
      loud.made.line(dns);
      expect(loud.events[0]).toMatchObject({ flow_id: 99, event_type: "foreign", foreign: { engine: "suricata", kind: "dns" } });
      expect([isForeign(loud.events[0]), isForeign.errors]).toEqual([true, null]);
    }
  });

  test("counters are kept in groups, losses marked", () => {
    const { made } = reader();
    const stats = {
      uptime: 8,
      capture: { kernel_packets: 10, kernel_drops: 3 },
      decoder: { pkts: 7 },
      flow: { memuse: 100, memcap: 0, emerg_mode_entered: 0 },
      tcp: { segment_memcap_drop: 0, reassembly_memuse: 5 },
    };
    made.line(JSON.stringify({ event_type: "stats", timestamp: "2026-01-31T23:59:59.000001+0000", stats }));
    expect(made.counters).toEqual([
      {
        name: "capture",
        counters: [
          { name: "capture.kernel_packets", value: 10, loss: false },
          { name: "capture.kernel_drops", value: 3, loss: true },
        ],
      },
      {
        name: "memory",
        counters: [
          { name: "flow.memuse", value: 100, loss: false },
          { name: "flow.memcap", value: 0, loss: false },
          { name: "tcp.segment_memcap_drop", value: 0, loss: false },
          { name: "tcp.reassembly_memuse", value: 5, loss: false },
        ],
      },
      { name: "decoder", counters: [{ name: "decoder.pkts", value: 7, loss: false }] },
      { name: "flow", counters: [{ name: "flow.emerg_mode_entered", value: 0, loss: false }] },
    ]);
  });

  test.each([
    ["no JSON", "{"],
    ["a number", "17"],
    ["a list", "[]"],
    ["nothing", "null"],
    ["no kind", "{}"],
    ["a kind that is no text", '{"event_type":{}}'],
  ])("a line with %s is counted as bad", (_case, line) => {
    const { made } = reader();
    made.line(line);
    expect([made.lines, made.bad, made.lastAt]).toEqual([1, 1, 0]);
  });

  test("names of kinds are limited", () => {
    const { made } = reader();
    for (let i = 0; i < 100; i++) made.line(`{"event_type":"kind${i}"}`);
    expect([made.kinds.size, made.kinds.get("other")]).toEqual([65, 36]);
  });

  test("no line throws, and every alert is one that the schema allows", () => {
    const anything = fc.record(
      {
        timestamp: fc.oneof(fc.constant(alert.timestamp), fc.anything()),
        flow_id: fc.anything(),
        src_ip: fc.constantFrom("10.0.0.1", "x"),
        src_port: fc.nat(65_535),
        alert: fc.oneof(fc.constant(alert.alert), fc.anything()),
        pkt_src: fc.anything(),
        engine: fc.anything(),
        suricata: fc.anything(),
        strange: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anything, (event) => {
        const { made, events, wait } = reader();
        made.line(JSON.stringify({ ...event, event_type: "alert" }));
        wait(1000);
        expect(events).toHaveLength(1);
      }),
    );
  });
});
