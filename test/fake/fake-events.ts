import type { Random } from "#base/random.ts";
import { type Micros, TimeText } from "#base/time.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { FakeFlow } from "./fake-flow.ts";

const times = new TimeText();
const timeText = (time: number): string => times.format(time as Micros);

function base(flow: FakeFlow, type: string, time: number, packet: number): OddwireEvent {
  return {
    timestamp: timeText(time),
    flow_id: flow.flowId,
    pcap_cnt: packet,
    event_type: type,
    src_ip: flow.client,
    src_port: flow.clientPort,
    dest_ip: flow.server,
    dest_port: flow.habit.port,
    proto: flow.habit.proto,
    pkt_src: "wire/pcap",
  };
}

/** What a parser tells when the flow begins. */
export function openingEvents(flow: FakeFlow, random: Random, packet: number): OddwireEvent[] {
  const event = (type: string, body: object, later = 0) => ({ ...base(flow, type, flow.start + later, packet), [type]: body });
  if (flow.habit.app === "dns") {
    const name = random.pick(["www.example.com", "static.example.net", "api.models.example", "play.example.gg", "nothing.example"]);
    const question = { type: "query", id: random.between(0, 65_536), rrname: name, rrtype: random.pick(["A", "AAAA", "HTTPS"]) };
    const found = name !== "nothing.example";
    const answer = {
      ...question,
      type: "answer",
      rcode: found ? "NOERROR" : "NXDOMAIN",
      ...(found && { answers: [{ rdata: "93.184.216.34", ttl: 300 }] }),
    };
    return [event("dns", question), event("dns", answer, random.between(2000, 40_000))];
  }
  if (flow.habit.app === "tls" || flow.habit.app === "quic")
    return [
      event("tls", {
        ...(flow.host !== undefined && { sni: flow.host }),
        version: flow.habit.app === "quic" || random.chance(0.8) ? "TLS 1.3" : "TLS 1.2",
        ja4: random.pick([
          "t13d1516h2_8daaf6152771_02713d6af862",
          "t13d1715h2_5b57614c22b0_3d5424432f57",
          "q13d0312h3_55b375c5d22e_06cda9e17597",
        ]),
        cipher: "TLS_AES_128_GCM_SHA256",
      }),
    ];
  if (flow.habit.app === "http")
    return [
      event("http", {
        hostname: "intranet.example",
        url: random.pick(["/", "/login", "/report?id=7", "/assets/app.css", "/.env"]),
        http_method: random.pick(["GET", "GET", "GET", "POST"]),
        http_user_agent: random.pick(["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.9.1", '=HYPERLINK("http://evil.example")']),
        status: random.pick([200, 200, 200, 304, 404]),
        length: random.between(0, 90_000),
      }),
    ];
  return [];
}

/** The `flow` event at its end. */
export function flowEvent(flow: FakeFlow, packet: number): OddwireEvent {
  const age = Math.floor((flow.last - flow.start) / 1e6);
  return {
    ...base(flow, "flow", flow.last, packet),
    app_proto: flow.habit.app ?? "failed",
    pkt_src: "wire/pcap",
    flow: {
      pkts_toserver: flow.packets[0],
      pkts_toclient: flow.packets[1],
      bytes_toserver: flow.bytes[0],
      bytes_toclient: flow.bytes[1],
      start: timeText(flow.start),
      end: timeText(Math.max(flow.start, flow.last)),
      age: Math.max(0, age),
      state: flow.habit.proto === "TCP" ? "closed" : "established",
      reason: flow.habit.proto === "TCP" ? "fin" : "timeout",
      alerted: false,
    },
  };
}

/** Broken packets, now and then. */
export function anomalyEvent(flow: FakeFlow, random: Random, time: number, packet: number): OddwireEvent {
  const [type, event, why] = random.pick([
    ["decode", "decoder.ipv4.trunc_pkt", "total length 1500, but 1480 bytes follow"],
    ["stream", "stream.pkt_invalid_ack", "acknowledges 4096 bytes that were never sent"],
    ["applayer", "unexpected_message", "an answer without a question"],
  ] as const);
  return { ...base(flow, "anomaly", time, packet), anomaly: { type, event, why } };
}

/** Verdicts, more rarely. */
export function findingEvent(flow: FakeFlow, random: Random, time: number, packet: number): OddwireEvent {
  const finding = random.pick([
    {
      detector: "beacon",
      category: "beacon",
      title: `${flow.client} calls ${flow.server} every 60 s`,
      severity: "high",
      score: 0.92,
      why: [
        { feature: "variation of the gaps", value: 0.03, threshold: 0.1, sample: 118 },
        { feature: "calls", value: 118, threshold: 30 },
      ],
      techniques: ["T1071"],
    },
    {
      detector: "scan",
      category: "scan",
      title: `${flow.client} tried 214 ports of ${flow.server}`,
      severity: "medium",
      score: 0.81,
      why: [{ feature: "ports without an answer", value: 209, threshold: 20, sample: 214 }],
      techniques: ["T1046"],
    },
    {
      detector: "dns-tunnel",
      category: "tunnel",
      title: `${flow.client} sends data out in DNS names`,
      severity: "critical",
      score: 0.97,
      why: [{ feature: "bits per character of names", value: 4.6, threshold: 3.9, sample: 340 }],
      techniques: ["T1071.004", "T1048"],
    },
    {
      detector: "agent",
      category: "observation",
      title: `${flow.client} talks to a model API`,
      severity: "info",
      score: 0.55,
      why: [{ feature: "server name", value: "api.models.example" }],
    },
  ]);
  const coverage = { kernel_drops: 0, stream_gap_bytes: 0, encrypted_share: 0.71 };
  // One cause tells again: a detector and its flow.
  const id = `${finding.detector}-${flow.client}-${flow.server}`.replaceAll(/[.:]/g, "");
  return { ...base(flow, "finding", time, packet), finding: { id, ...finding, coverage } };
}

/** The engine's own counters. */
export function statsEvent(time: number, packets: number, bytes: number): OddwireEvent {
  return {
    timestamp: timeText(time),
    event_type: "stats",
    pkt_src: "wire/pcap",
    stats: { decoder: { pkts: packets, bytes }, capture: { kernel_drops: 0 } },
  };
}
