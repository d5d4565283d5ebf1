import { LiteralHits } from "#base/literal.ts";
import type { Side } from "#contract/parser.ts";
import { type Candidates, originsMax } from "./candidates.ts";
import { Mark } from "./flow-state.ts";
import type { LiteralSet } from "./literal-set.ts";
import type { PacketRules } from "./packet-rules.ts";
import type { Rule } from "./rule.ts";
import type { Scene } from "./scene.ts";
import type { StreamWindow } from "./stream-window.ts";

const TCP = 6;

/** A stream that the present packet has brought forward. */
export interface TouchedStream {
  readonly slot: number;
  readonly side: Side;
  readonly window: StreamWindow;
}

/** Finds the rules that a packet may fulfil: by port, protocol and event, and by the literals in what it carries. */
export class PacketSearch {
  readonly #scene: Scene;
  readonly #candidates: Candidates;
  readonly #hits = new LiteralHits();

  constructor(scene: Scene, candidates: Candidates) {
    this.#scene = scene;
    this.#candidates = candidates;
  }

  /** Adds them. `marks` are what is noted of the flow; returns what is to be noted now. */
  find(packets: PacketRules, marks: number, events: readonly string[], touched: readonly TouchedStream[]): number {
    const { side, slot, application, ends } = this.#scene;
    const { version, protocol, targetPort } = ends;
    let now = marks;
    for (const event of events) this.#addAll(packets.events.get(event));
    if (slot < 0 || (marks & (Mark.once << side)) === 0) {
      this.#addAll(packets.once.of(version, protocol, side, targetPort));
      now |= Mark.once << side;
    }
    this.#addAll(packets.plain.of(version, protocol, side, targetPort));
    if (application !== undefined) now |= this.#applicationRules(packets, marks, application);
    this.#payloadRules(packets);
    for (let i = 0; i < touched.length && i < originsMax; i++) this.#streamRules(packets, touched[i] as TouchedStream, i + 1);
    return now;
  }

  #applicationRules(packets: PacketRules, marks: number, application: string): number {
    const { side, slot, isTcp, ends, flows } = this.#scene;
    this.#addAll(packets.applications.get(application));
    if ((marks & (Mark.application << side)) !== 0 || packets.applicationOnce.isEmpty) return 0;
    if (isTcp && flows.streamBytes(slot, side) === 0) return 0;
    this.#addAll(packets.applicationOnce.of(ends.version, ends.protocol, side, ends.targetPort));
    return Mark.application << side;
  }

  /** Rules about what the packet carries. */
  #payloadRules(packets: PacketRules): void {
    const { rows, row, side, isWhole, inStream, block, ends } = this.#scene;
    if (rows === undefined || block === undefined || !isWhole || ends.version === 0) return;
    const length = rows.payloadBytes[row] as number;
    if (length === 0) return;
    const from = rows.payload[row] as number;
    const isTcp = ends.protocol === TCP;
    const set = isTcp ? packets.segmentLiterals[side] : packets.datagramLiterals[side];
    if (set !== undefined) this.#scan(packets, set, block.bytes, from, from + length, side, 0);
    // Segments that no stream takes are looked at by themselves.
    const streams = isTcp && !inStream ? packets.streamLiterals[side] : undefined;
    if (streams !== undefined) this.#scan(packets, streams, block.bytes, from, from + length, side, 0);
    this.#addAll(packets.payload.of(ends.version, ends.protocol, side, ends.targetPort));
  }

  /** Rules about what has come of a stream: of the packet's flow, most often of its side. */
  #streamRules(packets: PacketRules, { side, window }: TouchedStream, origin: number): void {
    const { ends } = this.#scene;
    const set = packets.streamLiterals[side];
    const from = Math.max(0, window.fresh - packets.longest + 1);
    if (set !== undefined) this.#scan(packets, set, window.bytes, from, window.used, side, origin);
    const { pending } = window;
    for (let i = 0; i < pending.length; i++) if (!window.isWaiting(i)) this.#candidates.add(pending[i] as number, origin);
    const port = side === this.#scene.side ? ends.targetPort : ends.sourcePort;
    for (const { number } of packets.stream.of(ends.version, TCP, side, port)) this.#candidates.add(number, origin);
  }

  /** Adds the rules whose literals stand in the bytes, as far as their headers fit. */
  #scan(
    { heads }: PacketRules,
    { matcher, rules }: LiteralSet,
    bytes: Uint8Array,
    from: number,
    to: number,
    side: Side,
    origin: number,
  ): void {
    const hits = this.#hits;
    matcher.scan(bytes, from, to, hits);
    const { count } = hits;
    if (count === 0) return;
    const { ends, side: packetSide } = this.#scene;
    const layers = heads.layersOf(ends.version, origin > 0 ? TCP : ends.protocol);
    const [source, target] = side === packetSide ? [ends.sourcePort, ends.targetPort] : [ends.targetPort, ends.sourcePort];
    const { ids } = hits;
    for (let i = 0; i < count; i++)
      for (const rule of rules[ids[i] as number] as readonly number[])
        if (heads.fits(rule, side, layers, source, target)) this.#candidates.add(rule, origin);
    hits.clear();
  }

  #addAll(rules: readonly Rule[] | undefined): void {
    if (rules === undefined) return;
    for (let i = 0; i < rules.length; i++) this.#candidates.add((rules[i] as Rule).number, 0);
  }
}
