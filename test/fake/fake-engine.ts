import { Random } from "#base/random.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { LiveBus, LiveSummary } from "#contract/live.ts";
import { coverageBy } from "#schema/coverage.ts";
import { M, namedCounters, newCounters } from "#schema/metrics.ts";
import { anomalyEvent, findingEvent, flowEvent, openingEvents, statsEvent } from "./fake-events.ts";
import { FakeFlow } from "./fake-flow.ts";
import { FakePlayers } from "./fake-players.ts";

const FLOWS = 40;
const HISTORY_MAX = 3600;
const ENCRYPTED = new Set(["tls", "quic", "ssh"]);

/** An engine that imagines its traffic from a seed: the same seed, the same traffic. Time moves only by `tick`. */
export class FakeEngine implements LiveBus {
  summary: LiveSummary | undefined;
  history: LiveSummary[] = [];
  readonly #random: Random;
  readonly #counters = newCounters();
  readonly #summaryListeners = new Set<(summary: LiveSummary) => void>();
  readonly #eventListeners = new Set<(events: readonly OddwireEvent[]) => void>();
  readonly #players: FakePlayers;
  #flows: FakeFlow[] = [];
  #time: number;
  #sequence = 0;

  /** `time` is the capture clock at the start, microseconds. */
  constructor(seed: number, time: number) {
    this.#random = new Random(seed);
    this.#players = new FakePlayers(new Random(seed));
    this.#time = time;
  }

  onSummary(listener: (summary: LiveSummary) => void): () => void {
    this.#summaryListeners.add(listener);
    return () => this.#summaryListeners.delete(listener);
  }

  onEvents(listener: (events: readonly OddwireEvent[]) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Lets a second pass. */
  tick(): void {
    this.#time += 1_000_000;
    this.#sequence++;
    const events = [...this.#endFlows(), ...this.#beginFlows()];
    for (const flow of this.#flows) flow.advance(this.#time, this.#random);
    events.push(...this.#oddities(), ...this.#players.tick(this.#time, this.#sequence));
    if (this.#sequence % 8 === 0) events.push(statsEvent(this.#time, this.#count("packets"), this.#count("bytes")));
    this.#countTraffic(events.length);
    this.summary = this.#summarise(events.length);
    this.history.push({ ...this.summary, flows: [], talkers: [] });
    if (this.history.length > HISTORY_MAX) this.history.shift();
    this.tell(events);
    for (const listener of this.#summaryListeners) listener(this.summary);
  }

  /** Tells events that are the test's own. */
  tell(events: readonly OddwireEvent[]): void {
    for (const listener of this.#eventListeners) listener(events);
  }

  #count(key: keyof typeof M): number {
    return this.#counters[M[key]] as number;
  }

  #add(key: keyof typeof M, amount: number): void {
    this.#counters[M[key]] = this.#count(key) + amount;
  }

  #endFlows(): OddwireEvent[] {
    const ended = this.#flows.filter((flow) => flow.ends <= this.#time);
    this.#flows = this.#flows.filter((flow) => flow.ends > this.#time);
    return ended.map((flow) => flowEvent(flow, this.#count("packets")));
  }

  #beginFlows(): OddwireEvent[] {
    const events: OddwireEvent[] = [];
    while (this.#flows.length < FLOWS) {
      const id = 1_000_000_000_000 + this.#count("flowsTotal") * 7919;
      const flow = new FakeFlow(id, this.#time - this.#random.between(0, 999_999), this.#random);
      this.#add("flowsTotal", 1);
      this.#add(flow.habit.proto === "TCP" ? "flowsTcp" : "flowsUdp", 1);
      this.#flows.push(flow);
      events.push(...openingEvents(flow, this.#random, this.#count("packets") + 1));
    }
    return events;
  }

  #oddities(): OddwireEvent[] {
    const events: OddwireEvent[] = [];
    const flow = this.#random.pick(this.#flows);
    if (this.#random.chance(0.15)) events.push(anomalyEvent(flow, this.#random, this.#time, this.#count("packets")));
    if (this.#random.chance(0.06)) events.push(findingEvent(flow, this.#random, this.#time, this.#count("packets")));
    return events;
  }

  #countTraffic(events: number): void {
    for (const flow of this.#flows) {
      const [packets, bytes] = flow.fresh;
      this.#add("packets", packets);
      this.#add("ethernet", packets);
      this.#add("bytes", bytes);
      this.#add(flow.habit.proto === "TCP" ? "tcp" : "udp", packets);
      this.#add(flow.server.includes(":") ? "ipv6" : "ipv4", packets);
      this.#add("payloadBytes", bytes);
      if (ENCRYPTED.has(flow.habit.app ?? "")) this.#add("encryptedBytes", bytes);
    }
    if (this.#random.chance(0.2)) this.#add("tcpGapBytes", this.#random.between(0, 1460));
    if (this.#random.chance(0.05)) this.#add("invalid", 1);
    this.#add("events", events);
    this.#counters[M.flowsActive] = this.#flows.length;
  }

  #summarise(events: number): LiveSummary {
    const packets = this.#flows.reduce((sum, flow) => sum + flow.fresh[0], 0);
    const bytes = this.#flows.reduce((sum, flow) => sum + flow.fresh[1], 0);
    return {
      sequence: this.#sequence,
      time: this.#time,
      source: { name: "imaginary network", kind: "scenario", finished: false },
      interval: 1,
      packets_per_second: packets,
      bits_per_second: bytes * 8,
      events_per_second: events,
      live_flows: this.#flows.length,
      coverage: coverageBy((metric) => this.#count(metric)),
      protocols: this.#shares((flow) => [flow.habit.app ?? flow.habit.proto.toLowerCase()], "name"),
      talkers: this.#shares((flow) => [flow.client, flow.server], "address").slice(0, 10),
      flows: this.#flows.map((flow) => flow.snapshot()).toSorted((a, b) => b.last - a.last),
      counters: namedCounters(this.#counters),
    };
  }

  /** Packets and bytes of the interval by name, largest first. */
  #shares<N extends string>(namesOf: (flow: FakeFlow) => readonly string[], member: N) {
    const sums = new Map<string, { packets: number; bytes: number }>();
    for (const flow of this.#flows)
      for (const name of namesOf(flow)) {
        const sum = sums.get(name) ?? { packets: 0, bytes: 0 };
        sum.packets += flow.fresh[0];
        sum.bytes += flow.fresh[1];
        sums.set(name, sum);
      }
    const rows = [...sums].map(
      ([name, sum]) => ({ ...sum, [member]: name }) as { readonly [key in N]: string } & { packets: number; bytes: number },
    );
    return rows.toSorted((a, b) => b.bytes - a.bytes);
  }
}
