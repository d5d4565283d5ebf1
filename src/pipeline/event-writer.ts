import { wordsText } from "#base/address.ts";
import type { Places } from "#base/place.ts";
import type { Alert } from "#contract/inspector.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import type { FrameBlock } from "#contract/source.ts";
import { type ApplicationFinder, evidenceNames } from "#flow/application.ts";
import { flowId } from "#flow/flow-id.ts";
import type { Partition } from "#flow/partition.ts";
import type { Beside } from "#flow/partition-listener.ts";
import * as R from "#flow/record.generated.ts";
import type { Kind } from "#schema/field.ts";
import type { EndReason } from "#schema/flow-record.ts";
import { EVENT_TYPE, EventHead, headBytesMax, PCAP_CNT, TIMESTAMP } from "./event-head.ts";
import type { EventLines, Tally } from "./event-lines.ts";
import { FlowBody } from "./flow-body.ts";
import type { Ends } from "./gated-alerts.ts";
import { ascii, type JsonBytes, type Piece } from "./json-bytes.ts";

const TX_ID = ascii(',"tx_id":');
const MEMBER = ascii(',"');
const COLON = ascii('":');

/** What a writer knows of a kind of events. */
interface KindWords {
  readonly name: Piece;
  /** Told with its sender as the source. */
  readonly bySender: boolean;
  readonly tally: Tally;
}

/** Writes events as lines of EVE JSON. One for each worker. */
export class EventWriter {
  readonly #lines: EventLines;
  readonly #json: JsonBytes;
  readonly #head: EventHead;
  readonly #flowBody: FlowBody;
  readonly #applications: ApplicationFinder | undefined;
  readonly #bySender: ReadonlySet<string>;
  readonly #kinds = new Map<string, KindWords>();
  /** Names of members as pieces, so that they are encoded once. */
  readonly #names = new Map<string, Piece>();

  /** Only a writer of flows needs to know the applications, and the kinds that flows tell. */
  constructor(lines: EventLines, applications?: ApplicationFinder, kinds: readonly Kind[] = [], places?: Places) {
    this.#bySender = new Set(kinds.filter((kind) => kind.bySender).map(({ name }) => name));
    this.#applications = applications;
    this.#lines = lines;
    this.#json = lines.json;
    this.#head = new EventHead(lines.json);
    this.#flowBody = new FlowBody(lines.json, places);
  }

  /** One transaction of a flow's parser. */
  transaction(
    partition: Partition,
    slot: number,
    kind: string,
    side: Side,
    txId: number,
    fields: Transaction,
    beside: Beside | undefined,
  ): void {
    const words = this.#kind(kind);
    words.tally.events++;
    this.#head.write(partition, slot, words.name, false, side === 1 && words.bySender);
    const json = this.#json;
    json.raw(TX_ID);
    json.integer(txId);
    this.#object(words.name, fields);
    for (const name in beside) this.#member(name, beside[name] as Transaction);
    this.#commit(partition);
  }

  /** A broken rule inside a flow. */
  flowAnomaly(partition: Partition, slot: number, side: Side, txId: number | undefined, body: Transaction): void {
    this.#begin(partition, slot, "anomaly", side === 1);
    if (txId !== undefined) {
      this.#json.raw(TX_ID);
      this.#json.integer(txId);
    }
    this.#member("anomaly", body);
    this.#commit(partition);
  }

  /** An empty line, for those who count lines. */
  nothing(partition: Partition): void {
    this.#lines.commit(partition.ticking ? partition.number + 0.5 : partition.number, partition.id);
  }

  /** A match of a rule. A silent one is an empty line, for those who count lines. */
  alert(partition: Partition, alert: Alert): void {
    const json = this.#json;
    if (alert.silent === true) {
      this.nothing(partition);
      return;
    }
    if (alert.slot < 0) {
      const members = JSON.stringify({ ...alert.packet, pkt_src: "wire/pcap", alert: alert.alert, ...alert.members });
      this.plain(partition.time, partition.number, "alert", `,${members.slice(1, -1)}`, partition.number, partition.id);
      return;
    }
    this.#begin(partition, alert.slot, "alert", alert.side === 1);
    if (alert.txId >= 0) {
      json.raw(TX_ID);
      json.integer(alert.txId);
    }
    this.#member("alert", alert.alert);
    for (const name in alert.members) this.#member(name, alert.members[name] as Transaction);
    this.#commit(partition);
  }

  /** A packet that a rule has tagged: frame number `frame` of the block, as it was captured. */
  packet(partition: Partition, slot: number, side: Side, block: FrameBlock, frame: number): void {
    const from = block.offset[frame] as number;
    const bytes = block.bytes.subarray(from, from + (block.captured[frame] as number));
    this.#begin(partition, slot, "packet", side === 1);
    this.#json.text(`,"packet":"${bytes.toBase64()}","packet_info":{"linktype":${block.linkType[frame] as number}}`);
    this.#commit(partition);
  }

  /** Sender and receiver of what an alert is about, as texts, and its flow's identity (0 for none). */
  ends(partition: Partition, alert: Pick<Alert, "slot" | "side" | "packet">): Ends & { flowId: number } {
    if (alert.slot < 0) {
      const { src_ip = "", dest_ip = "", src_port = 0, dest_port = 0 } = alert.packet ?? {};
      return { source: src_ip, target: dest_ip, ports: (src_port << 16) | dest_port, flowId: 0 };
    }
    const { words, doubles } = partition.table;
    const at = alert.slot * R.RECORD_WORDS;
    const ipv6 = partition.isIpv6(alert.slot);
    const client = wordsText(words, at + R.CLIENT, ipv6);
    const server = wordsText(words, at + R.SERVER, ipv6);
    const flow = flowId(words, doubles, alert.slot);
    const ports = words[at + R.PORTS] as number;
    if (alert.side === 0) return { source: client, target: server, ports, flowId: flow };
    return { source: server, target: client, ports: (ports << 16) | (ports >>> 16), flowId: flow };
  }

  /** The end of a flow. */
  flow(partition: Partition, slot: number, reason: EndReason): void {
    this.#begin(partition, slot, "flow", false);
    this.#flowBody.write(partition, slot, reason);
    this.#belongs(partition.table.words[slot * R.RECORD_WORDS + R.APPLICATION] as number);
    this.#commit(partition);
  }

  /** The application, and what tells it. */
  #belongs(word: number): void {
    const row = word === 0 ? undefined : this.#applications?.row(word);
    if (row === undefined) return;
    const { name, suffix } = row;
    this.#json.text(`,"application":{"name":"${name}","evidence":"${evidenceNames[word >>> 16]}","match":"${suffix}"}`);
  }

  /** An event without a flow; `members` is the text of JSON members behind the time and kind, beginning with a comma. */
  plain(time: number, number: number | undefined, kind: string, members: string, key: number, partition: number): void {
    const json = this.#json;
    json.reserve(headBytesMax);
    json.raw(TIMESTAMP);
    json.time(time);
    json.byte(0x22);
    if (number !== undefined) {
      json.raw(PCAP_CNT);
      json.integer(number);
    }
    json.raw(EVENT_TYPE);
    json.text(kind);
    json.byte(0x22);
    json.text(members);
    json.text("}");
    this.#lines.tally(kind);
    this.#lines.commit(key, partition);
  }

  #begin(partition: Partition, slot: number, kind: string, swapped: boolean): void {
    const words = this.#kind(kind);
    words.tally.events++;
    this.#head.write(partition, slot, words.name, kind === "flow", swapped);
  }

  #member(name: string, value: Transaction): void {
    this.#object(this.#name(name), value);
  }

  #object(name: Piece, value: Transaction): void {
    const json = this.#json;
    json.reserve(64);
    json.raw(MEMBER);
    json.raw(name);
    json.raw(COLON);
    json.text(JSON.stringify(value));
  }

  #commit(partition: Partition): void {
    this.#json.reserve(1);
    this.#json.byte(0x7d);
    this.#lines.commit(partition.ticking ? partition.number + 0.5 : partition.number, partition.id);
  }

  #kind(name: string): KindWords {
    let words = this.#kinds.get(name);
    if (words === undefined) {
      words = { name: ascii(name), bySender: this.#bySender.has(name), tally: this.#lines.tallyOf(name) };
      this.#kinds.set(name, words);
    }
    return words;
  }

  #name(name: string): Piece {
    let piece = this.#names.get(name);
    if (piece === undefined) {
      piece = ascii(name);
      this.#names.set(name, piece);
    }
    return piece;
  }
}
