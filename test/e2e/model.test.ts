import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { microsOf } from "#base/time-words.ts";
import { writeOnnx } from "#engine/onnx/onnx-writer.common.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { oddwire, temporary } from "./oddwire.ts";
import { eventsIn, reading } from "./reading.ts";
import { scanFile, trafficFile } from "./traffic.ts";

const columns = 16;
/** So different that each feature shows in the sum. */
const weights = Array.from({ length: columns }, (_, i) => Math.fround(1 + Math.sin(i * 7)));
const folder = temporary();
const settings = [
  "model.enabled=yes",
  `model.file=${folder.at("sum.onnx")}`,
  "model.threshold=-1000000",
  "model.alerts-per-day=100000",
  "detect.cooldown-s=0",
  "detect.home-networks=10.1.0.0/16",
];

beforeAll(() => {
  const sum = {
    nodes: [{ operator: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
    tensors: { w: { shape: [columns, 1], values: weights } },
  };
  writeFileSync(folder.at("sum.onnx"), writeOnnx(sum, columns));
  writeFileSync(folder.at("traffic.pcap"), trafficFile(20, 3000, 300_000));
  writeFileSync(folder.at("scan.pcap"), scanFile([10, 1, 9, 9], [[10, 3, 0, 1]], 12));
});
afterAll(() => folder[Symbol.dispose]());

const log = (value: number): number => Math.log1p(Math.max(0, value));
const inside = (address = ""): number => Number(address.startsWith("10.1."));

/** The features as docs/how-to/bring-a-model.md computes them from flow events. */
function featuresOf(event: OddwireEvent): readonly number[] {
  const flow = event["flow"] as Record<string, number> & { start: string; end: string; state: string };
  const spread = (name: string): { mean: number; stddev: number } =>
    (event["flow"] as Record<string, { mean: number; stddev: number }>)[name] ?? { mean: 0, stddev: 0 };
  const { pkts_toserver: sent = 0, pkts_toclient: received = 0, bytes_toserver: up = 0, bytes_toclient: down = 0 } = flow;
  const duration = ((microsOf(flow.end) ?? 0) - (microsOf(flow.start) ?? 0)) / 1000;
  const flags = Number.parseInt((event["tcp"] as { tcp_flags_tc: string } | undefined)?.tcp_flags_tc ?? "0", 16);
  const answered = event.proto === "TCP" ? (flags & 0x12) === 0x12 || flow.state === "established" : received > 0;
  return [
    log(up),
    log(down),
    log(sent),
    log(received),
    log(duration),
    sent === 0 ? 0 : up / sent,
    received === 0 ? 0 : down / received,
    spread("size_toserver").stddev,
    spread("size_toclient").stddev,
    log(spread("gap_toserver").mean * 1e6),
    log(spread("gap_toclient").mean * 1e6),
    log(event.dest_port ?? 0),
    event.proto === "TCP" ? 0 : event.proto === "UDP" ? 1 : 2,
    Number(answered),
    inside(event.src_ip) + 2 * inside(event.dest_ip),
    new Date(flow.start).getUTCHours(),
  ];
}

describe("a model of the user's", () => {
  test.each(["traffic.pcap", "scan.pcap"])("gets what the guide computes from flow events: %s", async (capture) => {
    const events = eventsIn(await reading([folder.at(capture)], { settings }));
    const flows = new Map(events.filter(({ event_type }) => event_type === "flow").map((event) => [event.flow_id, event]));
    const told = events.filter((event) => (event["finding"] as { detector?: string } | undefined)?.detector === "model");
    expect(told.length).toBeGreaterThan(10);
    for (const event of told) {
      const flow = flows.get(event.flow_id);
      if (flow === undefined) throw new Error("a finding without its flow");
      const wanted = featuresOf(flow).reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
      const { why } = event["finding"] as { why: readonly { feature: string; value: number }[] };
      // Events round spreads to a hundredth.
      expect(Math.abs((why[0]?.value ?? 0) - wanted)).toBeLessThan(0.05);
    }
  });

  test("the same findings come from three workers", async () => {
    const one = await reading([folder.at("traffic.pcap")], { settings });
    const three = await reading([folder.at("traffic.pcap")], { settings: [...settings, "engine.workers=3"] });
    expect(three.eve.equals(one.eve)).toBe(true);
  });

  test("a model that cannot be used keeps the run from starting", async () => {
    writeFileSync(folder.at("other.onnx"), writeOnnx({ nodes: [{ operator: "LSTM", inputs: ["x"], outputs: ["y"] }] }, columns));
    const given = ["--set", "model.enabled=yes", "--set", `model.file=${folder.at("other.onnx")}`];
    const { code, err } = await oddwire(["read", folder.at("scan.pcap"), "-o", folder.at("out"), ...given]);
    expect([code === 0, err]).toEqual([
      false,
      expect.stringMatching(/cannot use the model .*other\.onnx: the operator LSTM is not known \(export a model of these: /),
    ]);
  });
});
