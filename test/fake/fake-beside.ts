import type { BesideAnswer } from "#schema/suricata.ts";

const counter = (name: string, value: number, loss = false) => ({ name, value, loss });

/** A Suricata and a Zeek beside the imaginary network: one was killed a minute ago and lost some packets. */
export function fakeBeside(now = Date.now()): BesideAnswer {
  return {
    suricata: {
      mode: "start",
      state: "running",
      reason: "",
      version: "7.0.10",
      source: "/run/oddwire/suricata-Xk2p9Q/log/eve.json",
      process: {
        pid: 4711,
        since: now - 60_000,
        restarts: 1,
        restarts_max: 5,
        ends: [{ at: now - 61_000, signal: "SIGKILL", uptime: 86_399.5, words: "i: threads: Engine started." }],
        words: [
          "i: suricata: This is Suricata version 7.0.10 RELEASE running in SYSTEM mode",
          "i: threads: Threads created -> W: 2 FM: 1 FR: 1   Engine started.",
        ],
      },
      counts: {
        lines: 18_734,
        bad: 1,
        alerts: 42,
        joined: { community_id: 39, five_tuple: 2, none: 1 },
        kinds: { flow: 9120, dns: 6400, tls: 2100, http: 870, stats: 201, alert: 42 },
        rotations: 2,
      },
      quiet: 1.2,
      counters: [
        {
          name: "capture",
          counters: [
            counter("capture.kernel_packets", 8_123_456),
            counter("capture.kernel_drops", 321, true),
            counter("capture.errors", 0),
          ],
        },
        {
          name: "memory",
          counters: [counter("tcp.memuse", 1_245_184), counter("tcp.reassembly_memuse", 229_376), counter("flow.memuse", 7_234_304)],
        },
        {
          name: "decoder",
          counters: [
            counter("decoder.pkts", 8_123_135),
            counter("decoder.bytes", 6_123_135_881),
            counter("decoder.invalid", 3),
            counter("decoder.ipv4", 8_000_123),
          ],
        },
        { name: "flow", counters: [counter("flow.total", 91_200), counter("flow.active", 812), counter("flow.emerg_mode_entered", 0)] },
        {
          name: "tcp",
          counters: [counter("tcp.sessions", 41_000), counter("tcp.reassembly_gap", 12, true), counter("tcp.segment_memcap_drop", 0)],
        },
        { name: "detect", counters: [counter("detect.alert", 42)] },
      ],
      counters_at: new Date(now - 1200).toISOString().replace("Z", "000+0000"),
    },
    zeek: {
      state: "running",
      source: "/opt/zeek/logs/current",
      counts: {
        lines: 512,
        bad: 0,
        alerts: 2,
        joined: { community_id: 2, five_tuple: 0, none: 0 },
        kinds: { conn: 400, dns: 100, weird: 10, notice: 2 },
        rotations: 0,
      },
    },
  };
}
