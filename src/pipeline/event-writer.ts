import { ipv4Text, ipv6FullText } from "#base/address.ts";
import type { Alert } from "#contract/inspector.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import { type ApplicationFinder, evidenceNames } from "#flow/application.ts";
import { COMMUNITY_ID_BYTES, CommunityId } from "#flow/community-id.ts";
import { flowId } from "#flow/flow-id.ts";
import { icmpCounterpart } from "#flow/key.ts";
import type { Partition } from "#flow/partition.ts";
import type { Beside } from "#flow/partition-listener.ts";
import { protocolName } from "#flow/protocol-names.ts";
import * as R from "#flow/record.generated.ts";
import type { Kind } from "#schema/field.ts";
import { type EndReason, RecordFlag } from "#schema/flow-record.ts";
import type { EventLines } from "./event-lines.ts";
import { FlowBody } from "./flow-body.ts";
import { ascii, type JsonBytes, type Piece } from "./json-bytes.ts";

const ICMP = 1;
const ICMPV6 = 58;

const TIMESTAMP = ascii('{"timestamp":"');
const FLOW_ID = ascii('","flow_id":');
const PCAP_CNT = ascii(',"pcap_cnt":');
const EVENT_TYPE = ascii(',"event_type":"');
const VLANS = ascii('","vlan":[');
const SRC_IP = ascii('"src_ip":"');
const SRC_PORT = ascii('","src_port":');
const DEST_IP = ascii(',"dest_ip":"');
const DEST_IP_AFTER_TEXT = ascii('","dest_ip":"');
const DEST_PORT = ascii('","dest_port":');
const PROTO = ascii(',"proto":"');
const PROTO_AFTER_TEXT = ascii('","proto":"');
const ICMP_TYPE = ascii(',"icmp_type":');
const ICMP_ANSWER_TYPE = ascii(',"response_icmp_type":');
/** All types that have an answer are answered with code 0. */
const ICMP_ANSWER_CODE = ascii(',"response_icmp_code":0');
const ICMP_CODE = ascii(',"icmp_code":');
const APP_PROTO = ascii(',"app_proto":"');
const APP_PROTO_ORIG = ascii(',"app_proto_orig":"');
const FROM_WIRE = ascii(',"pkt_src":"wire/pcap"');
const FROM_DEFRAG = ascii(',"pkt_src":"defrag"');
const FROM_TIMEOUT = ascii(',"pkt_src":"stream (flow timeout)"');
const COMMUNITY_ID = ascii(',"community_id":"');
const TX_ID = ascii(',"tx_id":');
const MEMBER = ascii(',"');
const COLON = ascii('":');
const QUOTE_COMMA = ascii('",');
const BRACKET_COMMA = ascii("],");
/** Longest header of an event without its body, bytes. */
const headerBytesMax = 700;

/** Writes events as lines of EVE JSON. One for each worker. */
export class EventWriter {
  readonly #lines: EventLines;
  readonly #json: JsonBytes;
  readonly #communityId = new CommunityId();
  readonly #flowBody: FlowBody;
  readonly #applications: ApplicationFinder | undefined;
  readonly #bySender: ReadonlySet<string>;
  /** Names of kinds and protocols as pieces, so that they are encoded once. */
  readonly #names = new Map<string, Piece>();

  /** Only a writer of flows needs to know the applications, and the kinds that flows tell. */
  constructor(lines: EventLines, applications?: ApplicationFinder, kinds: readonly Kind[] = []) {
    this.#bySender = new Set(kinds.filter((kind) => kind.bySender).map(({ name }) => name));
    this.#applications = applications;
    this.#lines = lines;
    this.#json = lines.json;
    this.#flowBody = new FlowBody(lines.json);
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
    this.#header(partition, slot, kind, side === 1 && this.#bySender.has(kind));
    const json = this.#json;
    json.raw(TX_ID);
    json.integer(txId);
    this.#member(kind, fields);
    for (const name in beside) this.#member(name, beside[name] as Transaction);
    this.#commit(partition);
  }

  /** A broken rule inside a flow. */
  flowAnomaly(partition: Partition, slot: number, side: Side, txId: number | undefined, body: Transaction): void {
    this.#header(partition, slot, "anomaly", side === 1);
    if (txId !== undefined) {
      this.#json.raw(TX_ID);
      this.#json.integer(txId);
    }
    this.#member("anomaly", body);
    this.#commit(partition);
  }

  /** A match of a rule. A silent one is an empty line, for those who count lines. */
  alert(partition: Partition, alert: Alert): void {
    const json = this.#json;
    if (alert.silent === true) {
      this.#lines.commit(partition.ticking ? partition.number + 0.5 : partition.number, partition.id);
      return;
    }
    if (alert.slot < 0) {
      const members = JSON.stringify({ ...alert.packet, pkt_src: "wire/pcap", alert: alert.alert, ...alert.members });
      this.plain(partition.time, partition.number, "alert", `,${members.slice(1, -1)}`, partition.number, partition.id);
      return;
    }
    this.#header(partition, alert.slot, "alert", alert.side === 1);
    if (alert.txId >= 0) {
      json.raw(TX_ID);
      json.integer(alert.txId);
    }
    this.#member("alert", alert.alert);
    for (const name in alert.members) this.#member(name, alert.members[name] as Transaction);
    this.#commit(partition);
  }

  /** Sender and receiver of what an alert is about, as texts, and its flow's identity (0 for none). */
  ends(partition: Partition, alert: Alert): { source: string; target: string; flowId: number } {
    if (alert.slot < 0) return { source: alert.packet?.src_ip ?? "", target: alert.packet?.dest_ip ?? "", flowId: 0 };
    const { words, doubles } = partition.table;
    const at = alert.slot * R.RECORD_WORDS;
    const text = (from: number): string =>
      partition.isIpv6(alert.slot)
        ? ipv6FullText(words[from] as number, words[from + 1] as number, words[from + 2] as number, words[from + 3] as number)
        : ipv4Text(words[from] as number);
    const client = text(at + R.CLIENT);
    const server = text(at + R.SERVER);
    const flow = flowId(words, doubles, alert.slot);
    return alert.side === 0 ? { source: client, target: server, flowId: flow } : { source: server, target: client, flowId: flow };
  }

  /** The end of a flow. */
  flow(partition: Partition, slot: number, reason: EndReason): void {
    this.#header(partition, slot, "flow", false);
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
    json.reserve(headerBytesMax);
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

  #member(name: string, value: Transaction): void {
    const json = this.#json;
    json.reserve(64);
    json.raw(MEMBER);
    json.raw(this.#name(name));
    json.raw(COLON);
    json.text(JSON.stringify(value));
  }

  #commit(partition: Partition): void {
    this.#json.reserve(1);
    this.#json.byte(0x7d);
    this.#lines.commit(partition.ticking ? partition.number + 0.5 : partition.number, partition.id);
  }

  /** `swapped`: the server is told as the source. */
  #header(partition: Partition, slot: number, kind: string, swapped: boolean): void {
    this.#lines.tally(kind);
    const json = this.#json;
    const { words, doubles } = partition.table;
    const at = slot * R.RECORD_WORDS;
    const flags = words[at + R.FLAGS] as number;
    const ipv6 = (flags & RecordFlag.ipv6) !== 0;
    json.reserve(headerBytesMax);
    json.raw(TIMESTAMP);
    json.time(partition.time);
    json.raw(FLOW_ID);
    json.integer(flowId(words, doubles, slot));
    // The flow event tells of many packets, and what the clock caused has none.
    if (!partition.ticking && kind !== "flow") {
      json.raw(PCAP_CNT);
      json.integer(partition.number);
    }
    json.raw(EVENT_TYPE);
    json.raw(this.#name(kind));
    this.#vlans(words[at + R.VLAN] as number);
    json.raw(SRC_IP);
    this.#address(words, at + (swapped ? R.SERVER : R.CLIENT), ipv6);
    this.#endpoints(words, at, ipv6, swapped);
    this.#application(partition.protocolOf(slot), partition.finder.name(words[at + R.ORIGIN] as number));
    json.raw(partition.ticking ? FROM_TIMEOUT : partition.assembled ? FROM_DEFRAG : FROM_WIRE);
    json.raw(COMMUNITY_ID);
    this.#communityId.write(words, at, ipv6, json.bytes, json.length);
    json.length += COMMUNITY_ID_BYTES;
    json.byte(0x22);
  }

  /** Ports, target's address and protocol; ICMP has type and code instead of ports. */
  #endpoints(words: Int32Array, at: number, ipv6: boolean, swapped: boolean): void {
    const json = this.#json;
    const protocol = (words[at + R.KIND] as number) & 0xff;
    const ports = words[at + R.PORTS] as number;
    const target = at + (swapped ? R.CLIENT : R.SERVER);
    if (protocol === ICMP || protocol === ICMPV6) {
      json.raw(DEST_IP_AFTER_TEXT);
      this.#address(words, target, ipv6);
      json.raw(PROTO_AFTER_TEXT);
      json.text(protocolName(protocol));
      json.byte(0x22);
      json.raw(ICMP_TYPE);
      json.integer(ports >>> 16);
      json.raw(ICMP_CODE);
      // Types that have an answer carry it in the key in place of the code, which is 0 for all of them.
      const answer = icmpCounterpart(protocol, ports >>> 16);
      json.integer(answer < 0 ? ports & 0xffff : 0);
      if (answer >= 0 && (words[at + R.PACKETS_SERVER] as number) > 0) {
        json.raw(ICMP_ANSWER_TYPE);
        json.integer(answer);
        json.raw(ICMP_ANSWER_CODE);
      }
      return;
    }
    json.raw(SRC_PORT);
    json.integer(swapped ? ports & 0xffff : ports >>> 16);
    json.raw(DEST_IP);
    this.#address(words, target, ipv6);
    json.raw(DEST_PORT);
    json.integer(swapped ? ports >>> 16 : ports & 0xffff);
    json.raw(PROTO);
    json.text(protocolName(protocol));
    json.byte(0x22);
  }

  #application(name: string | undefined, first: string | undefined): void {
    if (name === undefined) return;
    this.#json.raw(APP_PROTO);
    this.#json.raw(this.#name(name));
    this.#json.byte(0x22);
    if (first === undefined) return;
    this.#json.raw(APP_PROTO_ORIG);
    this.#json.raw(this.#name(first));
    this.#json.byte(0x22);
  }

  #vlans(vlan: number): void {
    const json = this.#json;
    if (vlan === 0) {
      json.raw(QUOTE_COMMA);
      return;
    }
    json.raw(VLANS);
    json.integer(vlan & 0xfff);
    if (vlan >>> 13 !== 0) {
      json.byte(0x2c);
      json.integer((vlan >>> 13) & 0xfff);
    }
    json.raw(BRACKET_COMMA);
  }

  #address(words: Int32Array, at: number, ipv6: boolean): void {
    if (ipv6) this.#json.ipv6(words, at);
    else this.#json.ipv4(words[at] as number);
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
