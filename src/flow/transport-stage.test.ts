import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";
import { EndReason } from "#schema/flow-record.ts";
import { M } from "#schema/metrics.ts";
import { ProtocolFinder } from "./protocol-finder.ts";
import { type Segment, TcpBench } from "./tcp-testing.ts";

/** What a parser that takes everything has heard of both sides, `<n>` for gaps. */
type Heard = [string, string];

function recorder(heard: Heard): ProtocolDefinition {
  return {
    name: "recorder",
    transports: ["tcp"],
    ports: [],
    probe: () => Probe.yes,
    create: () => ({
      data(side, view) {
        heard[side] += String.fromCharCode(...view.bytes.subarray(view.at, view.end));
        return view.length;
      },
      gap(side, bytes) {
        heard[side] += `<${bytes}>`;
        return true;
      },
      end: () => undefined,
    }),
  };
}

interface Result {
  readonly bench: TcpBench;
  readonly heard: Heard;
}

function bench(config: { readonly [name: string]: unknown } = {}): Result {
  const heard: Heard = ["", ""];
  return { bench: new TcpBench(new ProtocolFinder([recorder(heard)]), config), heard };
}

const C = 1000;
const S = 5000;
const fromClient = (seq: number, payload: string, more: Partial<Segment> = {}): Segment => ({
  side: 0,
  flags: "PA",
  seq: C + seq,
  ack: S,
  payload,
  ...more,
});

/** A connection with four bytes from the client, then some segments: what is told, and what the parser hears. */
function following(...segments: readonly Segment[]): { readonly anomalies: readonly string[]; readonly client: string } {
  const { bench: tcp, heard } = bench();
  tcp.shake(C, S);
  tcp.send(fromClient(0, "abcd"), { side: 1, flags: "A", seq: S, ack: C + 4 });
  tcp.send(...segments);
  return { anomalies: tcp.anomalies.map((name) => name.replace("stream.", "")), client: heard[0] };
}

describe("who speaks first where clients ask", () => {
  const greeting: Segment = { side: 1, flags: "PA", seq: S, ack: C, payload: "hello" };
  test.each<[string, boolean, readonly Segment[], readonly string[]]>([
    ["the client", true, [fromClient(0, "GET"), { ...greeting, ack: C + 3 }], []],
    ["the server", true, [greeting, fromClient(0, "GET", { ack: S + 5 })], ["APPLAYER_WRONG_DIRECTION_FIRST_DATA"]],
    ["nobody knows in a connection met in the middle", false, [greeting, fromClient(0, "GET", { ack: S + 5 })], []],
  ])("%s", (_case, isWhole, segments, told) => {
    const http: ProtocolDefinition = {
      ...recorder(["", ""]),
      name: "http",
      probe: (_side, view) => (view.bytes[view.at] === 0x47 ? Probe.yes : Probe.no),
    };
    const tcp = new TcpBench(new ProtocolFinder([http]));
    if (isWhole) tcp.shake(C, S);
    tcp.send(...segments);
    expect(tcp.anomalies.filter((name) => name.startsWith("APPLAYER"))).toEqual(told);
  });
});

describe("segments that do not fit their connection", () => {
  test.each<[string, readonly Segment[], readonly string[], string]>([
    ["nothing is told of an ordinary one", [fromClient(4, "ef")], [], "abcdef"],
    ["a RST far from the window", [{ side: 1, flags: "R", seq: S + 900_000 }, fromClient(4, "ef")], ["rst_out_of_window"], "abcdef"],
    [
      "a RST that acknowledges what nobody sent",
      [{ side: 1, flags: "RA", seq: S, ack: C + 900_000 }, fromClient(4, "ef")],
      ["rst_invalid_ack"],
      "abcdef",
    ],
    [
      "data goes on behind a RST",
      [{ side: 0, flags: "R", seq: C + 4 }, fromClient(4, "ef"), fromClient(6, "gh")],
      ["suspected_rst_inject"],
      "abcdefgh",
    ],
    [
      "a FIN far from the window",
      [{ side: 0, flags: "FA", seq: C + 900_000, ack: S }, fromClient(4, "ef")],
      ["fin_out_of_window"],
      "abcdef",
    ],
    [
      "a FIN that acknowledges what nobody sent",
      [{ side: 0, flags: "FA", seq: C + 4, ack: S + 900_000 }, fromClient(4, "ef")],
      ["fin_invalid_ack"],
      "abcdef",
    ],
    [
      "an acknowledgement of what nobody sent",
      [{ side: 0, flags: "A", seq: C + 4, ack: S + 900_000 }],
      ["pkt_invalid_ack", "est_invalid_ack"],
      "abcd",
    ],
    ["the SYN again", [{ side: 0, flags: "S", seq: C - 1 }, fromClient(4, "ef")], ["est_syn_resend"], "abcdef"],
    ["another SYN", [{ side: 0, flags: "S", seq: 99 }, fromClient(4, "ef")], ["est_syn_resend_diff_seq"], "abcdef"],
    ["a SYN from the server", [{ side: 1, flags: "S", seq: 99 }, fromClient(4, "ef")], ["est_syn_toclient"], "abcdef"],
    ["a SYN/ACK from the client", [{ side: 0, flags: "SA", seq: C + 4, ack: S }], ["est_synack_toserver"], "abcd"],
    ["another SYN/ACK", [{ side: 1, flags: "SA", seq: 77, ack: C }], ["est_synack_resend_with_diff_seq"], "abcd"],
    ["a SYN/ACK of another SYN", [{ side: 1, flags: "SA", seq: S - 1, ack: 77 }], ["est_synack_resend_with_different_ack"], "abcd"],
    ["data far from the window", [fromClient(900_000, "??"), fromClient(4, "ef")], ["est_packet_out_of_window"], "abcdef"],
    [
      "an acknowledgement number without the flag",
      [{ side: 0, flags: "P", seq: C + 4, ack: 7, payload: "ef" }],
      ["pkt_broken_ack"],
      "abcdef",
    ],
    [
      "other bytes in the place of those that were read",
      [fromClient(4, "efgh"), fromClient(2, "cdXX")],
      ["reassembly_overlap_different_data"],
      "abcdefgh",
    ],
    ["the same bytes again", [fromClient(4, "efgh"), fromClient(4, "efgh"), fromClient(6, "ghij")], [], "abcdefghij"],
    ["a keep-alive with a byte of any value", [fromClient(4, "ef"), fromClient(5, "?")], [], "abcdef"],
    [
      "a segment older than what was sent since",
      [fromClient(4, "ef", { stamps: [500, 1] }), fromClient(6, "XX", { stamps: [400, 1] }), fromClient(6, "gh", { stamps: [501, 1] })],
      ["pkt_invalid_timestamp"],
      "abcdefgh",
    ],
    [
      "the byte that is urgent is not in the stream",
      [fromClient(4, "eXf", { flags: "UA", urgent: 2 }), fromClient(7, "gh")],
      [],
      "abcdefgh",
    ],
    ["the same out of order", [fromClient(7, "gh"), fromClient(6, "X", { flags: "UA", urgent: 1 }), fromClient(4, "ef")], [], "abcdefgh"],
  ])("%s", (_case, segments, anomalies, client) => {
    expect(following(...segments)).toEqual({ anomalies, client });
  });

  test.each<[string, readonly Segment[], readonly string[]]>([
    ["an answer that acknowledges another SYN", [{ side: 1, flags: "SA", seq: S - 1, ack: 7 }], ["3whs_synack_with_wrong_ack"]],
    ["a SYN/ACK from the client", [{ side: 0, flags: "SA", seq: C - 1, ack: 7 }], ["3whs_synack_in_wrong_direction"]],
    ["a RST that acknowledges another SYN", [{ side: 1, flags: "RA", seq: 0, ack: 7 }], ["rst_invalid_ack"]],
    [
      "a RST with an echo of a timestamp that was not sent",
      [{ side: 1, flags: "RA", seq: 0, ack: C, stamps: [100, 100] }],
      ["pkt_invalid_timestamp"],
    ],
  ])("before the handshake: %s, and the connection comes all the same", (_case, segments, anomalies) => {
    const { bench: tcp, heard } = bench();
    tcp.send({ side: 0, flags: "S", seq: C - 1, stamps: [7000, 0] }, ...segments);
    tcp.send({ side: 1, flags: "SA", seq: S - 1, ack: C, stamps: [9000, 7000] }, { side: 0, flags: "A", seq: C, ack: S });
    tcp.send(fromClient(0, "abcd"));
    expect([tcp.anomalies.map((name) => name.replace("stream.", "")), heard[0]]).toEqual([anomalies, "abcd"]);
  });

  test.each<[string, Segment, readonly string[]]>([
    ["a SYN/ACK with another number", { side: 1, flags: "SA", seq: 77, ack: C }, ["3whs_synack_resend_with_diff_seq"]],
    ["a SYN/ACK of another SYN", { side: 1, flags: "SA", seq: S - 1, ack: 7 }, ["3whs_synack_resend_with_different_ack"]],
    ["a SYN/ACK from the client", { side: 0, flags: "SA", seq: C, ack: S }, ["3whs_synack_toserver_on_syn_recv"]],
    ["a SYN with another number", { side: 0, flags: "S", seq: 77 }, ["3whs_syn_resend_diff_seq_on_syn_recv"]],
    ["a SYN from the server", { side: 1, flags: "S", seq: 77 }, ["3whs_syn_toclient_on_syn_recv"]],
    ["an acknowledgement of another SYN", { side: 0, flags: "A", seq: C, ack: S + 900_000 }, ["3whs_right_seq_wrong_ack_evasion"]],
    ["the same with another number", { side: 0, flags: "A", seq: C + 900_000, ack: S + 900_000 }, ["3whs_wrong_seq_wrong_ack"]],
  ])("in the handshake: %s", (_case, segment, anomalies) => {
    const { bench: tcp, heard } = bench();
    tcp.send({ side: 0, flags: "S", seq: C - 1 }, { side: 1, flags: "SA", seq: S - 1, ack: C }, segment);
    tcp.send({ side: 0, flags: "A", seq: C, ack: S }, fromClient(0, "abcd"));
    expect([tcp.anomalies.map((name) => name.replace("stream.", "")), heard[0]]).toEqual([anomalies, "abcd"]);
  });

  test("of two answers the one counts that the client takes", () => {
    const { bench: tcp, heard } = bench();
    tcp.send({ side: 0, flags: "S", seq: C - 1 }, { side: 1, flags: "SA", seq: 76, ack: C }, { side: 1, flags: "SA", seq: S - 1, ack: C });
    tcp.send({ side: 0, flags: "A", seq: C, ack: S }, fromClient(0, "abcd"), { side: 1, flags: "PA", seq: S, ack: C + 4, payload: "wxyz" });
    expect([tcp.anomalies, heard]).toEqual([["stream.3whs_synack_resend_with_diff_seq"], ["abcd", "wxyz"]]);
  });

  test("a split handshake is one", () => {
    const { bench: tcp, heard } = bench();
    tcp.send({ side: 0, flags: "S", seq: C - 1 }, { side: 1, flags: "S", seq: S - 1 });
    tcp.send({ side: 0, flags: "SA", seq: C - 1, ack: S }, { side: 1, flags: "A", seq: S, ack: C }, fromClient(0, "abcd"));
    expect([tcp.anomalies, heard[0]]).toEqual([[], "abcd"]);
  });

  test("no flow tells more than eight", () => {
    expect(following(...Array.from({ length: 30 }, (): Segment => ({ side: 1, flags: "R", seq: S + 900_000 }))).anomalies).toHaveLength(8);
  });
});

describe("data of a SYN", () => {
  test.each([
    ["counts when the server takes it", C + 4, "dataabcd", 4],
    ["does not count when the server does not", C, "abcd", 0],
  ])("%s", (_case, ack, expected, next) => {
    const { bench: tcp, heard } = bench();
    tcp.send({ side: 0, flags: "S", seq: C - 1, payload: "data" }, { side: 1, flags: "SA", seq: S - 1, ack });
    tcp.send({ side: 0, flags: "A", seq: ack, ack: S }, fromClient(next, "abcd"));
    tcp.end();
    expect(heard[0]).toBe(expected);
    expect(tcp.anomalies).toEqual(next === 0 ? ["stream.3whs_synack_tfo_data_ignored"] : []);
  });
});

describe("connections", () => {
  test("a new one begins when the server accepts a SYN though the old one was not closed", () => {
    const { bench: tcp, heard } = bench();
    tcp.shake(C, S);
    tcp.send(fromClient(0, "abcd"));
    tcp.shake(70_001, 90_001);
    tcp.send({ side: 0, flags: "PA", seq: 70_001, ack: 90_001, payload: "new" });
    tcp.end();
    expect([heard[0], tcp.ends]).toEqual(["abcdnew", [EndReason.reuse, EndReason.shutdown]]);
  });

  test("of which one side is seen: holes are not waited for for long", () => {
    const { bench: tcp, heard } = bench();
    tcp.send({ side: 0, flags: "PA", seq: 0, payload: "ab" });
    for (let i = 0; i < 40; i++) tcp.send({ side: 0, flags: "PA", seq: 4 + i * 2, payload: "cd" });
    expect(heard[0]).toBe(`ab<2>${"cd".repeat(40)}`);
  });

  test.each([
    ["windows", "AAXXYYCC"],
    ["last", "AAYYYYCC"],
    ["linux", "AAYYYYCC"],
    ["first", "AAXXCCCC"],
  ])("beyond a hole, bytes count as %s has them", (policy, expected) => {
    const { bench: tcp, heard } = bench({ "stream.policy": policy });
    tcp.shake(C, S);
    tcp.send(fromClient(2, "XX"), fromClient(4, "CCCC"), fromClient(2, "YYYY"));
    tcp.send(fromClient(0, "AA"));
    expect([heard[0], tcp.anomalies]).toEqual([expected, ["stream.reassembly_overlap_different_data"]]);
    expect(tcp.counters[M.tcpOverlaps]).toBe(1);
  });

  test.each([
    ["of all protocols", { "stream.depth-bytes": 6 }, "abcdefgh"],
    ["of this protocol", { "stream.depths": ["nobody=1", "recorder=2"] }, "abcd"],
    ["of all protocols, but not of this one", { "stream.depth-bytes": 6, "stream.depths": ["recorder=0"] }, "abcdefghijkl"],
  ])("are read no further than the depth %s", (_case, config, expected) => {
    const { bench: tcp, heard } = bench(config);
    tcp.shake(C, S);
    tcp.send(fromClient(0, "abcd"), fromClient(4, "efgh"), fromClient(8, "ijkl"));
    const isAll = expected.length === 12;
    expect([heard[0], tcp.anomalies]).toEqual([expected, isAll ? [] : ["stream.reassembly_depth_reached"]]);
    expect(tcp.counters[M.bypassedBytes]).toBe(12 - expected.length);
  });

  test.each<[string, { readonly [name: string]: number }, number]>([
    ["of all flows", { "stream.reassembly-bytes-max": 16 * 20_000 }, 20_000],
    ["of one flow", { "stream.flow-bytes-max": 30_000 }, 30_000],
  ])("hold no more than the limit %s, whatever overlaps and holes are sent", (_case, config, most) => {
    const { bench: tcp } = bench(config);
    const random = new Random(3);
    tcp.shake(C, S);
    for (let i = 0; i < 2000; i++) {
      const seq = 10 + random.between(0, 60_000);
      tcp.send(fromClient(seq, String(i % 10).repeat(random.between(1, 1400))));
      expect(tcp.partition.held.used).toBeLessThanOrEqual(most + 1400);
    }
    tcp.end();
    expect(tcp.partition.held.used).toBe(0);
  });

  test("a segment that begins before another one wins on windows", () => {
    const { bench: tcp, heard } = bench();
    tcp.shake(C, S);
    tcp.send(fromClient(4, "XXXX"), fromClient(2, "YYYY"), fromClient(0, "AA"));
    expect(heard[0]).toBe("AAYYYYXX");
  });
});
