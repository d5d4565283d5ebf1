import type { Random } from "#base/random.ts";
import type { LiveFlow } from "#contract/live.ts";

/** How flows of a kind behave in the imaginary network. */
interface Habit {
  readonly app: string | undefined;
  readonly proto: "TCP" | "UDP";
  readonly port: number;
  readonly servers: readonly (readonly [string, string | undefined])[];
  /** Mean length in seconds. */
  readonly seconds: number;
  /** Mean packets in a second to the server and to the client, and their bytes. */
  readonly up: readonly [number, number];
  readonly down: readonly [number, number];
  readonly weight: number;
}

const web: Habit["servers"] = [
  ["93.184.216.34", "www.example.com"],
  ["151.101.1.140", "static.example.net"],
  ["2606:2800:0220:0001:0248:1893:25c8:1946", "www.example.com"],
  ["203.0.113.80", "api.models.example"],
  ["198.51.100.23", "updates.example.org"],
];

const habits: readonly Habit[] = [
  { app: "tls", proto: "TCP", port: 443, servers: web, seconds: 25, up: [30, 120], down: [60, 1200], weight: 40 },
  { app: "quic", proto: "UDP", port: 443, servers: web.slice(0, 3), seconds: 40, up: [40, 90], down: [120, 1180], weight: 14 },
  { app: "dns", proto: "UDP", port: 53, servers: [["10.0.0.1", undefined]], seconds: 1, up: [2, 76], down: [2, 180], weight: 20 },
  {
    app: "http",
    proto: "TCP",
    port: 80,
    servers: [["198.51.100.7", "intranet.example"]],
    seconds: 6,
    up: [12, 300],
    down: [20, 900],
    weight: 8,
  },
  { app: "ssh", proto: "TCP", port: 22, servers: [["192.0.2.10", undefined]], seconds: 240, up: [6, 110], down: [6, 140], weight: 4 },
  {
    app: "raknet",
    proto: "UDP",
    port: 19132,
    servers: [["203.0.113.5", "play.example.gg"]],
    seconds: 300,
    up: [20, 95],
    down: [30, 210],
    weight: 8,
  },
  { app: undefined, proto: "UDP", port: 123, servers: [["192.0.2.123", undefined]], seconds: 2, up: [1, 90], down: [1, 90], weight: 3 },
  {
    app: undefined,
    proto: "TCP",
    port: 8443,
    servers: [["185.199.110.9", undefined]],
    seconds: 600,
    up: [1, 80],
    down: [1, 74],
    weight: 2,
  },
];

const clients = ["10.0.0.12", "10.0.0.17", "10.0.0.23", "10.0.0.31", "10.0.0.42", "10.0.0.57", "2001:0db8:0000:0000:0000:0000:0000:0042"];

/** A flow that moves; `snapshot` freezes it. */
export class FakeFlow {
  readonly flowId: number;
  readonly start: number;
  readonly ends: number;
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly host: string | undefined;
  readonly habit: Habit;
  last: number;
  packets: [number, number] = [1, 0];
  bytes: [number, number] = [74, 0];
  /** Packets and bytes of the last interval. */
  fresh: [number, number] = [1, 74];

  constructor(flowId: number, start: number, random: Random) {
    this.flowId = flowId;
    this.start = start;
    this.last = start;
    this.habit = pickHabit(random);
    const [server, host] = random.pick(this.habit.servers);
    this.server = server;
    this.host = host;
    const wanted = server.includes(":");
    this.client = random.pick(clients.filter((address) => address.includes(":") === wanted));
    this.clientPort = random.between(32_768, 61_000);
    this.ends = start + Math.round(random.exponential(this.habit.seconds) * 1e6) + 500_000;
  }

  /** Lets a second of traffic pass. */
  advance(now: number, random: Random): void {
    const { up, down } = this.habit;
    const swing = 0.6 + 0.4 * Math.sin(now / 3e7 + this.flowId);
    const sent = Math.max(0, Math.round(random.exponential(up[0]) * swing));
    const got = Math.max(0, Math.round(random.exponential(down[0]) * swing));
    const bytes: [number, number] = [
      Math.round(sent * up[1] * (0.8 + random.unit() * 0.4)),
      Math.round(got * down[1] * (0.8 + random.unit() * 0.2)),
    ];
    this.packets = [this.packets[0] + sent, this.packets[1] + got];
    this.bytes = [this.bytes[0] + bytes[0], this.bytes[1] + bytes[1]];
    this.fresh = [sent + got, bytes[0] + bytes[1]];
    if (sent + got > 0) this.last = now - random.between(0, 900_000);
  }

  snapshot(): LiveFlow {
    return {
      flow_id: this.flowId,
      start: this.start,
      last: Math.max(this.start, this.last),
      src_ip: this.client,
      src_port: this.clientPort,
      dest_ip: this.server,
      dest_port: this.habit.port,
      proto: this.habit.proto,
      app_proto: this.habit.app,
      host: this.host,
      pkts_toserver: this.packets[0],
      pkts_toclient: this.packets[1],
      bytes_toserver: this.bytes[0],
      bytes_toclient: this.bytes[1],
      state: this.packets[1] > 0 ? "established" : "new",
    };
  }
}

function pickHabit(random: Random): Habit {
  let left = random.between(
    0,
    habits.reduce((sum, habit) => sum + habit.weight, 0),
  );
  for (const habit of habits) {
    left -= habit.weight;
    if (left < 0) return habit;
  }
  return habits[0] as Habit;
}
