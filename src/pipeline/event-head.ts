import { COMMUNITY_ID_BYTES, CommunityId } from "#flow/community-id.ts";
import { flowId } from "#flow/flow-id.ts";
import { icmpCounterpart } from "#flow/key.ts";
import { originOf, otherProtocolOf, otherSideOf } from "#flow/origin.ts";
import type { Partition } from "#flow/partition.ts";
import { type ProtocolFinder, UNDECIDED, UNKNOWN } from "#flow/protocol-finder.ts";
import { protocolName } from "#flow/protocol-names.ts";
import * as R from "#flow/record.generated.ts";
import { RecordFlag } from "#schema/flow-record.ts";
import { FlowHeads, HeadPiece } from "./flow-heads.ts";
import { ascii, type JsonBytes, type Piece } from "./json-bytes.ts";

const ICMP = 1;
const ICMPV6 = 58;

export const TIMESTAMP = ascii('{"timestamp":"');
const FLOW_ID = ascii('","flow_id":');
export const PCAP_CNT = ascii(',"pcap_cnt":');
export const EVENT_TYPE = ascii(',"event_type":"');
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
const APP_PROTO_ORIG = ascii(',"app_proto_orig":"');
const APP_PROTO_TS = ascii(',"app_proto_ts":"');
const APP_PROTO_TC = ascii(',"app_proto_tc":"');
const FROM_WIRE = ascii(',"pkt_src":"wire/pcap"');
const FROM_DEFRAG = ascii(',"pkt_src":"defrag"');
const FROM_TIMEOUT = ascii(',"pkt_src":"stream (flow timeout)"');
const COMMUNITY_ID = ascii(',"community_id":"');
const QUOTE_COMMA = ascii('",');
const BRACKET_COMMA = ascii("],");
/** Longest head of an event, bytes. */
export const headBytesMax = 700;

/** Writes what all events of flows begin with. */
export class EventHead {
  readonly #json: JsonBytes;
  readonly #communityId = new CommunityId();
  #flows: FlowHeads | undefined = undefined;
  /** Names of protocols as pieces, so that they are encoded once. */
  readonly #names = new Map<string, Piece>();
  /** What tells the protocol, by its number; a head writes for one finder. */
  readonly #applications: (Piece | undefined)[] = [];

  constructor(json: JsonBytes) {
    this.#json = json;
  }

  /** `swapped`: the server is told as the source. The flow event tells of many packets, so that it has no number. */
  write(partition: Partition, slot: number, kind: Piece, isFlow: boolean, swapped: boolean): void {
    const json = this.#json;
    const { words } = partition.table;
    const at = slot * R.RECORD_WORDS;
    const protocol = (words[at + R.KIND] as number) & 0xff;
    // What is told of ICMP changes with its answer.
    const isIcmp = protocol === ICMP || protocol === ICMPV6;
    this.#flows ??= new FlowHeads();
    const flows = this.#flows;
    const known = flows.find(partition.id, slot, words[at + R.GENERATION] as number, swapped) && !isIcmp;
    // Behind the end of a flow nothing more comes of it.
    const into = known || isIcmp || isFlow ? undefined : flows;
    json.reserve(headBytesMax);
    json.raw(TIMESTAMP);
    json.time(partition.time);
    if (known) flows.write(json, HeadPiece.identity);
    else this.#identity(partition, slot, into);
    // What the clock caused has no packet.
    if (!partition.ticking && !isFlow) {
      json.raw(PCAP_CNT);
      json.integer(partition.number);
    }
    json.raw(EVENT_TYPE);
    json.raw(kind);
    if (known) flows.write(json, HeadPiece.ends);
    else this.#ends(words, at, protocol, swapped, into);
    const origin = words[at + R.ORIGIN] as number;
    this.#application(partition.finder, ((words[at + R.KIND] as number) >>> 8) & 0xffff, originOf(origin));
    if (isFlow && otherProtocolOf(origin) > 0) this.#otherSide(origin, partition.finder.name(otherProtocolOf(origin)));
    json.raw(partition.ticking ? FROM_TIMEOUT : partition.assembled ? FROM_DEFRAG : FROM_WIRE);
    if (known) flows.write(json, HeadPiece.community);
    else this.#community(words, at, into);
  }

  #identity({ table }: Partition, slot: number, into: FlowHeads | undefined): void {
    const json = this.#json;
    const from = json.length;
    json.raw(FLOW_ID);
    json.integer(flowId(table.words, table.doubles, slot));
    into?.keep(json, HeadPiece.identity, from);
  }

  #ends(words: Int32Array, at: number, protocol: number, swapped: boolean, into: FlowHeads | undefined): void {
    const json = this.#json;
    const from = json.length;
    const ipv6 = isIpv6(words, at);
    this.#vlans(words[at + R.VLAN] as number);
    json.raw(SRC_IP);
    this.#address(words, at + (swapped ? R.SERVER : R.CLIENT), ipv6);
    if (protocol === ICMP || protocol === ICMPV6) this.#messages(words, at, protocol, ipv6, swapped);
    else this.#ports(words, at, protocol, ipv6, swapped);
    into?.keep(json, HeadPiece.ends, from);
  }

  #community(words: Int32Array, at: number, into: FlowHeads | undefined): void {
    const json = this.#json;
    const from = json.length;
    json.raw(COMMUNITY_ID);
    this.#communityId.write(words, at, isIpv6(words, at), json.bytes, json.length);
    json.length += COMMUNITY_ID_BYTES;
    json.byte(0x22);
    into?.keep(json, HeadPiece.community, from);
  }

  /** Ports, target's address and protocol. */
  #ports(words: Int32Array, at: number, protocol: number, ipv6: boolean, swapped: boolean): void {
    const json = this.#json;
    const ports = words[at + R.PORTS] as number;
    json.raw(SRC_PORT);
    json.integer(swapped ? ports & 0xffff : ports >>> 16);
    json.raw(DEST_IP);
    this.#address(words, at + (swapped ? R.CLIENT : R.SERVER), ipv6);
    json.raw(DEST_PORT);
    json.integer(swapped ? ports >>> 16 : ports & 0xffff);
    json.raw(PROTO);
    json.text(protocolName(protocol));
    json.byte(0x22);
  }

  /** ICMP has type and code instead of ports. */
  #messages(words: Int32Array, at: number, protocol: number, ipv6: boolean, swapped: boolean): void {
    const json = this.#json;
    const ports = words[at + R.PORTS] as number;
    json.raw(DEST_IP_AFTER_TEXT);
    this.#address(words, at + (swapped ? R.CLIENT : R.SERVER), ipv6);
    json.raw(PROTO_AFTER_TEXT);
    json.text(protocolName(protocol));
    json.byte(0x22);
    // Types that have an answer carry it in the key in place of the code, which is 0 for all of them.
    const answer = icmpCounterpart(protocol, ports >>> 16);
    // What the server sent is the answer.
    const isAnswer = swapped && answer >= 0;
    json.raw(ICMP_TYPE);
    json.integer(isAnswer ? answer : ports >>> 16);
    json.raw(ICMP_CODE);
    json.integer(answer < 0 ? ports & 0xffff : 0);
    if (!isAnswer && answer >= 0 && (words[at + R.PACKETS_SERVER] as number) > 0) {
      json.raw(ICMP_ANSWER_TYPE);
      json.integer(answer);
      json.raw(ICMP_ANSWER_CODE);
    }
  }

  #application(finder: ProtocolFinder, number: number, first: number): void {
    if (number === UNDECIDED) return;
    // The place of the undecided is free for those that are none.
    const place = number === UNKNOWN ? UNDECIDED : number;
    let piece = this.#applications[place];
    if (piece === undefined) {
      const name = finder.name(number);
      if (name === undefined) return;
      piece = ascii(`,"app_proto":"${name}"`);
      this.#applications[place] = piece;
    }
    this.#json.raw(piece);
    const before = finder.name(first);
    if (before === undefined) return;
    this.#json.raw(APP_PROTO_ORIG);
    this.#json.raw(this.#name(before));
    this.#json.byte(0x22);
  }

  /** What one side spoke, when it was not what the flow is. */
  #otherSide(origin: number, name: string | undefined): void {
    this.#json.raw(otherSideOf(origin) === 0 ? APP_PROTO_TS : APP_PROTO_TC);
    this.#json.raw(this.#name(name ?? ""));
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

const isIpv6 = (words: Int32Array, at: number): boolean => ((words[at + R.FLAGS] as number) & RecordFlag.ipv6) !== 0;
