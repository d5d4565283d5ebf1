import type { Side, Transaction } from "#contract/parser.ts";
import type { Config } from "#schema/config.ts";
import { defaultConfig } from "#schema/config.ts";
import type { EndReason } from "#schema/flow-record.ts";
import { newCounters } from "#schema/metrics.ts";
import { LinkType } from "#wire/link-type.ts";
import { PacketColumns } from "./columns.ts";
import { Decoder } from "./decode.ts";
import { Partition } from "./partition.ts";
import type { ProtocolFinder } from "./protocol-finder.ts";
import * as R from "./record.generated.ts";
import { testPlatform } from "./testing.ts";

const CLIENT = [10, 0, 0, 1];
const SERVER = [10, 0, 0, 2];
const HEADERS_BYTES = 40;
/** Time of every packet, so that nothing depends on how many there are. */
const TIME = 1_700_000_000_000_000;

/** A segment of a test; what is left out is what an ordinary segment has. */
export interface Segment {
  readonly side: Side;
  /** `S` SYN, `A` ACK, `F` FIN, `R` RST, `P` PSH, `U` URG. */
  readonly flags: string;
  readonly seq: number;
  readonly ack?: number;
  readonly payload?: Uint8Array | string;
  readonly window?: number;
  readonly urgent?: number;
  /** Value and echo of the timestamps option. */
  readonly stamps?: readonly [number, number];
}

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 };
const bytesOf = (payload: Uint8Array | string): Uint8Array =>
  typeof payload === "string" ? Uint8Array.from(payload, (letter) => letter.charCodeAt(0)) : payload;

/** A partition that is fed one segment after the other, each as a block of its own or all in one, and what it says. */
export class TcpBench {
  readonly partition: Partition;
  readonly counters = newCounters();
  /** Names of anomalies of the stream. */
  readonly anomalies: string[] = [];
  readonly events: (readonly [kind: string, side: Side, txId: number, fields: Transaction])[] = [];
  readonly ends: EndReason[] = [];
  /** At each flow's start: packets of client and server, their TCP flags. */
  readonly starts: (readonly number[])[] = [];
  established = 0;
  readonly bugs: unknown[] = [];
  readonly #decoder: Decoder;
  readonly #columns = new PacketColumns();
  readonly #ports: readonly [number, number];
  #number = 0;

  constructor(finder: ProtocolFinder, config: { readonly [name: string]: unknown } = {}, ports: readonly [number, number] = [40_000, 9]) {
    const full = { ...defaultConfig, "flow.flows-max": 1024, ...config } as Config;
    this.#decoder = new Decoder({ checksums: "no" }, newCounters());
    this.#ports = ports;
    const listener = {
      onFlowStart: (partition: Partition, slot: number) => void this.starts.push(packetsAndFlags(partition, slot)),
      onFlowEstablished: () => void this.established++,
      onFlowUpdate: () => undefined,
      onOpening: () => undefined,
      onForward: () => undefined,
      onFlowEnd: (_partition: Partition, _slot: number, reason: EndReason) => void this.ends.push(reason),
      onTransaction: (_partition: Partition, _slot: number, kind: string, side: Side, txId: number, fields: Transaction) =>
        void this.events.push([kind, side, txId, fields]),
      onAnomaly: (_partition: Partition, _slot: number, _type: string, _side: Side, event: string) => void this.anomalies.push(event),
      onParserBug: (_partition: Partition, _slot: number, error: unknown) => void this.bugs.push(error),
    };
    this.partition = new Partition(0, full, finder, testPlatform, listener, this.counters);
  }

  /** Sends segments in one block, all at the same time. The block's memory is overwritten afterwards. */
  send(...segments: readonly Segment[]): void {
    const frames = segments.map((segment) => this.#frame(segment));
    const total = frames.reduce((sum, frame) => sum + frame.length, 0);
    const bytes = new Uint8Array(total);
    const offset = new Int32Array(frames.length);
    let at = 0;
    for (const [index, frame] of frames.entries()) {
      bytes.set(frame, at);
      offset[index] = at;
      at += frame.length;
    }
    const size = Int32Array.from(frames, (frame) => frame.length);
    const count = frames.length;
    const block = {
      bytes,
      view: new DataView(bytes.buffer),
      count,
      firstNumber: this.#number + 1,
      clock: TIME,
      offset,
      captured: size,
      wire: size,
      time: new Float64Array(count).fill(TIME),
      linkType: new Uint16Array(count).fill(LinkType.raw),
      vlan: new Uint32Array(count),
      flags: new Uint8Array(count),
      interfaceIndex: new Uint8Array(count),
      partition: new Uint8Array(count),
    };
    for (let frame = 0; frame < count; frame++) {
      this.#decoder.decode(block, frame, frame + 1, this.#columns);
      this.partition.packet(block, this.#columns, 0, this.partition.table.hash(this.#columns, 0));
    }
    this.#number += count;
    this.partition.tick(TIME, this.#number);
    bytes.fill(0xdb);
  }

  /** A handshake: the client's data begins at `client`, the server's at `server`. */
  shake(client: number, server: number): void {
    this.send({ side: 0, flags: "S", seq: client - 1 }, { side: 1, flags: "SA", seq: server - 1, ack: client });
    this.send({ side: 0, flags: "A", seq: client, ack: server });
  }

  /** The capture is over. */
  end(): void {
    for (let slot = 0; slot >= 0; ) slot = this.partition.finish(this.#number, slot);
  }

  #frame(segment: Segment): Uint8Array {
    const payload = bytesOf(segment.payload ?? "");
    const options = segment.stamps === undefined ? 0 : 12;
    const frame = new Uint8Array(HEADERS_BYTES + options + payload.length);
    const view = new DataView(frame.buffer);
    const [from, to] = segment.side === 0 ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const ports = segment.side === 0 ? this.#ports : this.#ports.toReversed();
    view.setUint8(0, 0x45);
    view.setUint16(2, frame.length);
    view.setUint8(8, 64);
    view.setUint8(9, 6);
    frame.set(from, 12);
    frame.set(to, 16);
    view.setUint16(20, ports[0]);
    view.setUint16(22, ports[1]);
    view.setInt32(24, segment.seq | 0);
    view.setInt32(28, (segment.ack ?? 0) | 0);
    view.setUint8(32, (20 + options) << 2);
    let flags = 0;
    for (const letter of segment.flags) flags |= FLAGS[letter] as number;
    view.setUint8(33, flags);
    view.setUint16(34, segment.window ?? 8192);
    view.setUint16(38, segment.urgent ?? 0);
    if (segment.stamps !== undefined) {
      view.setInt32(40, 0x0101080a);
      view.setInt32(44, segment.stamps[0]);
      view.setInt32(48, segment.stamps[1]);
    }
    frame.set(payload, HEADERS_BYTES + options);
    return frame;
  }
}

const packetsAndFlags = ({ table }: Partition, slot: number): readonly number[] =>
  [R.PACKETS_CLIENT, R.PACKETS_SERVER, R.TCP_FLAGS_CLIENT, R.TCP_FLAGS_SERVER].map(
    (place) => table.words[slot * R.RECORD_WORDS + place] as number,
  );
