import { expect, test } from "vitest";
import { ProtocolFinder } from "./protocol-finder.ts";
import { type Segment, TcpBench } from "./tcp-testing.ts";

const syn: Segment = { side: 0, flags: "S", seq: 99 };
const synAck: Segment = { side: 1, flags: "SA", seq: 499, ack: 100 };
const ack: Segment = { side: 0, flags: "A", seq: 100, ack: 500 };
const data: Segment = { side: 0, flags: "PA", seq: 100, ack: 500, payload: "hello" };

test.each<[string, Segment[], readonly number[], number]>([
  ["a flow begins with one packet of the client and its flags", [syn, syn], [1, 0, 2, 0], 0],
  ["a flow that the server opens says so", [synAck], [0, 1, 0, 0x12], 0],
  ["an answer is no handshake yet", [syn, synAck], [1, 0, 2, 0], 0],
  ["the third packet completes the handshake, once", [syn, synAck, ack, data, data], [1, 0, 2, 0], 1],
  ["an odd packet keeps its flags", [{ side: 0, flags: "FPU", seq: 5 }], [1, 0, 0x29, 0], 1],
])("%s", (_case, segments, start, established) => {
  const bench = new TcpBench(new ProtocolFinder([]));
  for (const segment of segments) bench.send(segment);
  expect(bench.starts).toEqual([start]);
  expect(bench.established).toBe(established);
});
