import type { ByteView } from "#base/bytes.ts";
import type { ForwardClaim } from "#contract/forward.ts";
import type { Alert, RuleMaterial, TaggedTaker } from "#contract/inspector.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import type { Plugin } from "#contract/plugin.ts";
import type { PacketRecorder } from "#contract/recorder.ts";
import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import { ApplicationFinder } from "#flow/application.ts";
import { BATCH_PACKETS, Fragment, PacketColumns } from "#flow/columns.ts";
import { Decoder, type DecoderOptions } from "#flow/decode.ts";
import { ReasonFinder } from "#flow/decode-reason.ts";
import { Defragmenter } from "#flow/defragmenter.ts";
import { forwardedProtocol } from "#flow/forwarded-protocol.ts";
import { PARTITIONS, partitionOf } from "#flow/key.ts";
import { malformationEvent } from "#flow/malformation.ts";
import { NeighbourMessage, neighbourMessage } from "#flow/neighbours.ts";
import { Partition } from "#flow/partition.ts";
import type { Beside, PartitionListener } from "#flow/partition-listener.ts";
import { ProtocolFinder } from "#flow/protocol-finder.ts";
import * as R from "#flow/record.generated.ts";
import type { Config } from "#schema/config.ts";
import type { EndReason } from "#schema/flow-record.ts";
import { engineKinds } from "#schema/kinds.ts";
import { M, newCounters } from "#schema/metrics.ts";
import { AnomalyLimit } from "./anomaly-limit.ts";
import { EventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";
import { FactKind, FactRows, type FactWish, type NumberedWish, numbered, openingKind } from "./facts.ts";
import { ForwardedRows } from "./forwarded.ts";
import { countFlags } from "./frame-flags.ts";
import { GatedAlerts } from "./gated-alerts.ts";
import { Inspectors, type LoadedInspector, loadInspectors } from "./inspection.ts";
import type { LiveView } from "./live-view.ts";
import { rowAddress } from "./row-address.ts";
import { YoungFlows } from "./young-flows.ts";

const checksumMode = (config: Config): DecoderOptions["checksums"] => {
  const mode: string = config["capture.checksum-validation"];
  return mode === "yes" || mode === "no" ? mode : "auto";
};

export interface ShardOptions {
  readonly config: Config;
  readonly plugins: readonly Plugin[];
  readonly platform: Platform;
  /** Partitions that this shard runs. */
  readonly partitions: readonly number[];
  /** Rules to judge by; without them nothing of it costs anything. */
  readonly rules?: RuleMaterial | undefined;
  /** Flows that are read elsewhere. */
  readonly claims?: readonly ForwardClaim[] | undefined;
  /** What the reducer wants to hear. */
  readonly facts: FactWish;
  /** The facts' reader sits in the same thread: messages go to it as they are. */
  readonly sharesMessages?: boolean;
  /** Keeps the packets; alerts tell where. */
  readonly recorder?: PacketRecorder | undefined;
  /** The live view that hears of flows and names, when there is one. */
  readonly view?: LiveView;
  /** Called with exceptions inside parsers, for the log. */
  readonly onBug?: (where: string, error: unknown) => void;
}

/**
 * The synchronous loop over blocks, for some or all of the 16 partitions: decode, find the flow, assemble, parse, tell.
 * Packets go through it in batches of 256: first all are decoded, then all their flows are touched so that the cache
 * misses overlap, then each one is read in capture order.
 */
export class Shard implements PartitionListener {
  readonly counters = newCounters();
  readonly lines = new EventLines(1 << 20);
  readonly facts = new FactRows();
  /** Alerts that the reducer decides over. */
  readonly gated = new GatedAlerts();
  /** Rules that packets are judged by. */
  inspectors: readonly LoadedInspector[] = [];
  readonly #judges = new Map<Partition, Inspectors>();
  /** What happened in flows that are read elsewhere. */
  readonly forwarded = new ForwardedRows();
  readonly #claimed: ReadonlySet<string>;
  #wish: NumberedWish;
  /** The partitions by number; those of other shards are `undefined`. */
  readonly partitions: readonly (Partition | undefined)[];
  readonly #all: boolean;
  #young: YoungFlows | undefined;
  readonly #decoder: Decoder;
  readonly #defragmenter: Defragmenter;
  readonly #columns = new PacketColumns();
  readonly #hashes = new Int32Array(BATCH_PACKETS);
  readonly #homes = new Uint8Array(BATCH_PACKETS);
  readonly #writer: EventWriter;
  readonly #anomalies: AnomalyLimit;
  readonly #reasons = new ReasonFinder();
  readonly #options: ShardOptions;
  readonly #applications: ApplicationFinder;
  readonly #gatedWriter: EventWriter;
  #lastNumber = 0;

  constructor(options: ShardOptions) {
    this.#options = options;
    const { config, platform } = options;
    const claims = options.claims ?? [];
    this.#wish = numbered(options.facts);
    if (options.facts.unanswered) this.#young = new YoungFlows();
    this.#claimed = new Set(claims.map(({ name }) => name));
    // Claimed protocols stand first: on their ports they are asked before all others.
    const finder = new ProtocolFinder([...claims.map(forwardedProtocol), ...options.plugins.flatMap((plugin) => plugin.protocols ?? [])]);
    this.partitions = Array.from({ length: PARTITIONS }, (_, id) =>
      options.partitions.includes(id) ? new Partition(id, config, finder, platform, this, this.counters) : undefined,
    );
    const kinds = options.plugins.flatMap((plugin) => plugin.kinds ?? []);
    this.#applications = new ApplicationFinder(kinds);
    this.#all = options.partitions.length === PARTITIONS;
    this.#decoder = new Decoder({ checksums: checksumMode(config) }, this.counters);
    this.#defragmenter = new Defragmenter(config, checksumMode(config), this.counters, (id) => this.partitions[id] !== undefined);
    this.#writer = new EventWriter(this.lines, this.#applications, [...kinds, ...engineKinds], platform.places);
    this.#gatedWriter = new EventWriter(this.gated.lines, this.#applications, []);
    this.#anomalies = new AnomalyLimit(config["anomaly.events-max"]);
    for (const partition of this.partitions)
      if (partition !== undefined)
        this.#judges.set(
          partition,
          new Inspectors(
            partition,
            (alert, inspector) => this.#alert(partition, alert, inspector),
            (inspector, ...packet) => this.#tagged(partition, inspector, ...packet),
          ),
        );
    this.use(loadInspectors(options.plugins, options.rules, platform, config));
  }

  /** Facts that are wanted from now on. */
  wants(wish: FactWish): void {
    this.#wish = numbered(wish);
    this.#young = wish.unanswered ? (this.#young ?? new YoungFlows()) : undefined;
  }

  /** Rules of now on; between blocks only. Inspectors that there are stand first, in their order. */
  use(inspectors: readonly LoadedInspector[]): void {
    this.inspectors = inspectors;
    // All shards have the same rules; one of them counts.
    if (this.partitions[0] !== undefined) {
      this.counters[M.rulesLoaded] = inspectors.reduce((sum, { rules }) => sum + rules.report.loaded, 0);
      this.counters[M.rulesFailed] = inspectors.reduce((sum, { rules }) => sum + rules.report.rejected.length, 0);
    }
    for (const [partition, judges] of this.#judges) {
      judges.replace(inspectors);
      partition.inspector = judges.asked;
    }
  }

  /** Reads a block. Its events and facts are in `lines` and `facts` afterwards, behind what was there. */
  block(block: FrameBlock): void {
    if (block.secrets !== undefined) this.#options.platform.secrets.add(block.secrets);
    const count = block.count;
    const frames = this.#columns.frame;
    let rows = 0;
    for (let i = 0; i < count; i++) {
      if (!this.#all && this.partitions[block.partition[i] as number] === undefined) {
        if (((block.flags[i] as number) & FrameFlag.fragment) === 0) continue;
        // What came before is read first, in case that this fragment completes a packet of ours.
        if (rows > 0) this.#batch(block, rows);
        rows = 0;
        if (this.#defragmenter.addForeign(block, i)) this.#whole();
        continue;
      }
      if (block.flags[i] !== 0) countFlags(this.counters, block.flags[i] as number);
      frames[rows++] = i;
      if (rows === BATCH_PACKETS) {
        this.#batch(block, rows);
        rows = 0;
      }
    }
    if (rows > 0) this.#batch(block, rows);
    if (count > 0) this.#lastNumber = block.firstNumber + count - 1;
    for (const partition of this.partitions) {
      if (partition === undefined) continue;
      partition.tick(block.clock, this.#lastNumber);
      this.#young?.tell(partition, this.facts);
    }
  }

  /**
   * The capture is over: the flows of one partition end, from a slot on, and not too many at once. Returns the slot to
   * go on with, or -1 when the partition has no more.
   */
  finish(partition: number, fromSlot: number): number {
    return this.partitions[partition]?.finish(this.#lastNumber, fromSlot) ?? -1;
  }

  #batch(block: FrameBlock, rows: number): void {
    const columns = this.#columns;
    columns.count = rows;
    this.#decoder.decodeListed(block, columns);
    for (let row = 0; row < rows; row++) {
      const home = partitionOf(columns, row);
      this.#homes[row] = home;
      if ((columns.ipVersion[row] as number) === 0) continue;
      const table = (this.partitions[home] as Partition).table;
      const hash = table.hash(columns, row);
      this.#hashes[row] = hash;
      table.touch(hash);
    }
    for (let row = 0; row < rows; row++) {
      const partition = this.partitions[this.#homes[row] as number] as Partition;
      const isWhole = (columns.fragment[row] as number) !== Fragment.none && this.#defragmenter.add(block, columns, row, partition.id);
      if ((columns.verdict[row] as number) !== 0) this.#malformed(block, columns, row, partition, "wire/pcap");
      if ((columns.ipVersion[row] as number) !== 0) {
        const slot = partition.packet(block, columns, row, this.#hashes[row] as number);
        if (this.#wish.packets && slot >= 0) this.#packet(block, columns, row, partition, slot);
      } else if (partition.inspector !== undefined) partition.frame(block, columns, row);
      if (this.#wish.neighbours) this.#neighbour(block, columns, row, partition);
      if (isWhole) this.#whole();
    }
  }

  /** A packet has been put together from fragments; it may be anybody's when it carries a tunnel. */
  #whole(): void {
    const { block, columns, carried } = this.#defragmenter;
    const partition = this.partitions[partitionOf(columns, 0)];
    if (partition === undefined) return;
    if ((columns.verdict[0] as number) !== 0) this.#malformed(block, columns, 0, partition, "defrag");
    partition.whole(block, columns, carried);
  }

  onFlowStart(partition: Partition, slot: number): void {
    this.#young?.add(partition, slot);
    if (this.#wish.starts) this.facts.append(partition, slot, FactKind.start);
  }

  onFlowEstablished(partition: Partition, slot: number): void {
    if (this.#wish.established) this.facts.append(partition, slot, FactKind.established);
  }

  onFlowUpdate(partition: Partition, slot: number, side: Side): void {
    if (this.#wish.updates) this.facts.append(partition, slot, FactKind.update, side);
  }

  onFlowEnd(partition: Partition, slot: number, reason: EndReason): void {
    if (this.#wish.ends) this.facts.append(partition, slot, FactKind.end, 0, reason);
    this.#options.view?.onFlowEnd(partition, slot);
    const protocol = this.#claimed.size === 0 ? undefined : partition.protocolOf(slot);
    if (protocol !== undefined && this.#claimed.has(protocol)) this.forwarded.end(partition, slot, protocol, reason);
    this.#writer.flow(partition, slot, reason);
  }

  onTransaction(
    partition: Partition,
    slot: number,
    kind: string,
    side: Side,
    txId: number,
    fields: Transaction,
    beside: Beside | undefined,
  ): void {
    const from = this.lines.json.length;
    this.#writer.transaction(partition, slot, kind, side, txId, fields, beside);
    const wanted = this.#wish.numbers.get(kind);
    if (wanted !== undefined) this.#message(partition, slot, wanted, side, txId, from, fields, beside);
    const { words } = partition.table;
    const at = slot * R.RECORD_WORDS + R.APPLICATION;
    if (words[at] === 0) words[at] = this.#applications.find(kind, fields);
    this.#options.view?.onTransaction(partition, slot, this.#applications.hostOf(kind, fields));
  }

  /** The reducer wants to hear of the message whose line has just been written. */
  #message(
    partition: Partition,
    slot: number,
    kind: number,
    side: Side,
    txId: number,
    from: number,
    fields: Transaction,
    beside: Beside | undefined,
  ): void {
    const { facts } = this;
    facts.append(partition, slot, FactKind.message, side);
    if (this.#options.sharesMessages !== true) {
      facts.message(kind, txId, from, this.lines.json.length);
      return;
    }
    facts.message(kind, txId, facts.objects.length, 0);
    facts.objects.push(fields, beside);
  }

  onAnomaly(
    partition: Partition,
    slot: number,
    type: "stream" | "applayer",
    side: Side,
    event: string,
    why: string | undefined,
    txId?: number,
  ): void {
    if (!this.#anomalies.allows(partition.id, event)) {
      this.counters[M.anomaliesSuppressed] = (this.counters[M.anomaliesSuppressed] as number) + 1;
      return;
    }
    const protocol = type === "applayer" ? partition.protocolOf(slot) : undefined;
    const body: Transaction = protocol === undefined ? { type, event } : { app_proto: protocol, type, event };
    if (type === "applayer") body["layer"] = event.startsWith("APPLAYER_") ? "proto_detect" : "proto_parser";
    if (why !== undefined) body["why"] = why;
    const from = this.lines.json.length;
    this.#writer.flowAnomaly(partition, slot, side, txId, body);
    const wanted = this.#wish.numbers.get("anomaly");
    if (wanted !== undefined) this.#message(partition, slot, wanted, side, txId ?? 0, from, body, undefined);
  }

  onOpening(partition: Partition, slot: number, side: Side, window: ByteView): void {
    const wanted = this.#wish.numbers.get(openingKind);
    if (wanted !== undefined) this.facts.opening(partition, slot, side, wanted, window);
  }

  onForward(partition: Partition, slot: number, side: Side, kind: "data" | "gap", bytes: Uint8Array, from: number, to: number): void {
    this.forwarded.data(partition, slot, partition.protocolOf(slot) ?? "", side, kind, bytes, from, to);
  }

  onParserBug(partition: Partition, slot: number, error: unknown): void {
    this.#options.onBug?.(`parser of flow slot ${slot} in partition ${partition.id}`, error);
  }

  /** Tells the reducer of a packet; its side is where the flow table has just found it. */
  #packet(block: FrameBlock, columns: PacketColumns, row: number, partition: Partition, slot: number): void {
    this.facts.append(partition, slot, FactKind.packet, partition.table.side as Side);
    this.facts.sized(block.wire[columns.frame[row] as number] as number);
  }

  /** A frame that says who has which address (ARP, neighbour discovery) goes to the reducer. */
  #neighbour(block: FrameBlock, columns: PacketColumns, row: number, partition: Partition): void {
    const message = neighbourMessage(block, columns, row);
    if (message === NeighbourMessage.none) return;
    const frame = columns.frame[row] as number;
    partition.number = block.firstNumber + frame;
    partition.time = block.time[frame] as number;
    this.facts.neighbour(partition, message, block, columns, row);
  }

  /** A malformed frame: an anomaly of its own, with the addresses when they could be read. */
  #malformed(block: FrameBlock, columns: PacketColumns, row: number, partition: Partition, origin: "wire/pcap" | "defrag"): void {
    const event = malformationEvent(columns, row);
    if (event === undefined) return;
    partition.inspector?.event(-1, 0, "decode", event);
    if (!this.#anomalies.allows(partition.id, event)) {
      this.counters[M.anomaliesSuppressed] = (this.counters[M.anomaliesSuppressed] as number) + 1;
      return;
    }
    const frame = columns.frame[row] as number;
    const version = columns.ipVersion[row] as number;
    const addresses = version === 0 ? "" : `,"src_ip":"${rowAddress(columns, row, true)}","dest_ip":"${rowAddress(columns, row, false)}"`;
    const body = JSON.stringify({ type: "decode", event, why: this.#reasons.reason(block, frame, columns.verdict[row] as number) });
    const number = block.firstNumber + frame;
    this.#writer.plain(
      block.time[frame] as number,
      number,
      "anomaly",
      `${addresses},"pkt_src":"${origin}","anomaly":${body}`,
      number,
      partition.id,
    );
  }

  /** A rule has matched. */
  #alert(partition: Partition, told: Alert, inspector: number): void {
    const place = partition.ticking ? undefined : this.#options.recorder?.place(partition.number);
    const alert =
      place === undefined ? told : { ...told, members: { ...told.members, capture_file: place.file, capture_packet: place.number } };
    if (alert.silent !== true) this.counters[M.alerts] = (this.counters[M.alerts] as number) + 1;
    if (alert.gate < 0) {
      if (alert.slot >= 0) partition.markAlerted(alert.slot);
      const from = this.lines.json.length;
      this.#writer.alert(partition, alert);
      const wanted = this.#wish.numbers.get("alert");
      if (wanted !== undefined && alert.slot >= 0 && alert.silent !== true)
        this.#message(partition, alert.slot, wanted, alert.side, alert.txId, from, alert.alert, undefined);
      return;
    }
    if (alert.slot >= 0 && alert.silent !== true) partition.markAlerted(alert.slot);
    this.#gatedWriter.alert(partition, alert);
    const ends = this.#gatedWriter.ends(partition, alert);
    this.gated.add(inspector, alert.gate, partition.time, ends.flowId, ends);
  }

  /** A packet that rules have tagged, or may have. */
  #tagged(partition: Partition, inspector: number, ...[slot, side, block, rows, row, answer]: Parameters<TaggedTaker>): void {
    const frame = rows.frame[row] as number;
    if (answer === "tell") {
      this.#writer.packet(partition, slot, side, block, frame);
      return;
    }
    if (answer === "ask") this.#gatedWriter.packet(partition, slot, side, block, frame);
    else this.#gatedWriter.nothing(partition);
    const { source, target } = this.#gatedWriter.ends(partition, { slot, side });
    this.gated.addPacket(inspector, partition.time, source, target, block.captured[frame] as number);
  }
}
