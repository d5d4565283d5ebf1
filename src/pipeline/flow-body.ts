import type { Place, Places } from "#base/place.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Partition } from "#flow/partition.ts";
import { UNDECIDED, UNKNOWN } from "#flow/protocol-finder.ts";
import * as R from "#flow/record.generated.ts";
import { TcpFlag, tcpStateNames } from "#flow/tcp-state.ts";
import { lastTime } from "#flow/timeouts.ts";
import { TCP } from "#flow/track.ts";
import { tunnelName } from "#flow/tunnel-name.ts";
import { type EndReason, endReasonNames, RecordFlag } from "#schema/flow-record.ts";
import { flowStateName } from "./flow-state.ts";
import { ascii, type JsonBytes, type Piece } from "./json-bytes.ts";

const FLOW = ascii(',"flow":{"pkts_toserver":');
const PKTS_TC = ascii(',"pkts_toclient":');
const BYTES_TS = ascii(',"bytes_toserver":');
const BYTES_TC = ascii(',"bytes_toclient":');
const START = ascii(',"start":"');
const END = ascii('","end":"');
const AGE = ascii('","age":');
const STATE = ascii(',"state":"');
const REASON = ascii('","reason":"');
const ALERTED = ascii('","alerted":true');
const NOT_ALERTED = ascii('","alerted":false');
const SIZES = [ascii(',"size_toserver":{"mean":'), ascii(',"size_toclient":{"mean":')] as const;
const GAPS = [ascii(',"gap_toserver":{"mean":'), ascii(',"gap_toclient":{"mean":')] as const;
const STDDEV = ascii(',"stddev":');
const FRAGMENTS = ascii(',"fragments":');
const UNDECODED = ascii(',"undecoded":');
const WHY_ENCRYPTED = ascii(',"undecoded_why":"encrypted"');
const WHY_DEPTH = ascii(',"undecoded_why":"depth"');
const WHY_UNRECOGNISED = ascii(',"undecoded_why":"unrecognised"');
const WHY_FINISHED = ascii(',"undecoded_why":"finished"');
const TCP_FLAGS = ascii(',"tcp":{"tcp_flags":"');
const TCP_FLAGS_TS = ascii('","tcp_flags_ts":"');
const TCP_FLAGS_TC = ascii('","tcp_flags_tc":"');
const QUOTE = ascii('"');
const TCP_STATE = ascii(',"state":"');
const RETRANSMISSIONS = ascii(',"retransmissions":');
const OUT_OF_ORDER = ascii(',"out_of_order":');
const ZERO_WINDOWS = ascii(',"zero_windows":');
const SRC_MAC = ascii(',"ether":{"src_mac":"');
const DEST_MAC = ascii('","dest_mac":"');
const ETHER_END = ascii('"}');
const GAP_BYTES = ascii(',"gap_bytes":');
const SIDES = [0, 1] as const;
/** Names of the flag members in the order that Suricata writes them. */
const FLAG_MEMBERS = (
  [
    [TcpFlag.syn, "syn"],
    [TcpFlag.fin, "fin"],
    [TcpFlag.rst, "rst"],
    [TcpFlag.psh, "psh"],
    [TcpFlag.ack, "ack"],
    [TcpFlag.urg, "urg"],
    [TcpFlag.ece, "ecn"],
    [TcpFlag.cwr, "cwr"],
  ] as const
).map(([flag, name]) => ({ flag, text: `,"${name}":true` }));
/** All the members that a set of flags makes, for each of the 256 sets. */
const FLAG_TEXTS = Array.from({ length: 256 }, (_, flags) =>
  ascii(
    FLAG_MEMBERS.filter(({ flag }) => (flags & flag) !== 0)
      .map(({ text }) => text)
      .join(""),
  ),
);
const STATE_NAMES = tcpStateNames.map(ascii);
const REASON_NAMES = endReasonNames.map(ascii);
const STATES = { new: ascii("new"), established: ascii("established"), closed: ascii("closed"), bypassed: ascii("bypassed") } as const;
const bodyBytesMax = 1200;

/** Writes the members that only a flow event has, from its record. */
export class FlowBody {
  readonly #json: JsonBytes;
  readonly #places: Places | undefined;

  constructor(json: JsonBytes, places?: Places) {
    this.#json = json;
    this.#places = places;
  }

  write(partition: Partition, slot: number, reason: EndReason): void {
    const json = this.#json;
    const { words, doubles } = partition.table;
    const at = slot * R.RECORD_WORDS;
    const d = slot * R.RECORD_DOUBLES;
    const flags = words[at + R.FLAGS] as number;
    json.reserve(bodyBytesMax);
    json.raw(FLOW);
    json.integer(words[at + R.PACKETS_CLIENT] as number);
    json.raw(PKTS_TC);
    json.integer(words[at + R.PACKETS_SERVER] as number);
    json.raw(BYTES_TS);
    json.integer(doubles[d + R.BYTES_CLIENT] as number);
    json.raw(BYTES_TC);
    json.integer(doubles[d + R.BYTES_SERVER] as number);
    const start = doubles[d + R.FIRST_TIME] as number;
    const end = lastTime(partition.table, slot);
    json.raw(START);
    json.time(start);
    json.raw(END);
    json.time(end);
    json.raw(AGE);
    json.integer(Math.max(0, Math.floor((end - start) / MICROS_PER_SECOND)));
    json.raw(STATE);
    json.raw(STATES[flowStateName(words[at + R.KIND] as number, flags)]);
    json.raw(REASON);
    json.raw(REASON_NAMES[reason] as Piece);
    json.raw((flags & RecordFlag.alerted) === 0 ? NOT_ALERTED : ALERTED);
    for (const side of SIDES) this.#moments(words, doubles, at, d, side);
    this.#unless0(FRAGMENTS, words[at + R.FRAGMENTS] as number);
    this.#undecoded(words, at, flags);
    json.byte(0x7d);
    if (((words[at + R.KIND] as number) & 0xff) === TCP) this.#tcp(words, at);
    if ((flags & RecordFlag.macs) !== 0) this.#ether(words, at);
    if (this.#places !== undefined) {
      const ipv6 = partition.isIpv6(slot);
      this.#place("src", this.#places.find(words, at + R.CLIENT, ipv6));
      this.#place("dest", this.#places.find(words, at + R.SERVER, ipv6));
    }
    const tunnel = words[at + R.TUNNEL] as number;
    if (tunnel !== 0) json.text(`,"tunnel":{"kind":"${tunnelName(tunnel)}","id":${tunnel & 0xff_ffff}}`);
  }

  /** Sizes in bytes and gaps in seconds, when there are enough packets to have a spread. */
  #moments(words: Int32Array, doubles: Float64Array, at: number, d: number, side: 0 | 1): void {
    const packets = words[at + R.PACKETS_CLIENT + side] as number;
    if (packets < 2) return;
    const json = this.#json;
    json.raw(SIZES[side]);
    json.fixed((doubles[d + R.BYTES_CLIENT + side] as number) / packets, 2);
    json.raw(STDDEV);
    json.fixed(Math.sqrt((doubles[d + R.SIZE_M2_CLIENT + side] as number) / packets), 2);
    json.byte(0x7d);
    json.raw(GAPS[side]);
    json.fixed((doubles[d + R.GAP_MEAN_CLIENT + side] as number) / MICROS_PER_SECOND, 6);
    json.raw(STDDEV);
    json.fixed(Math.sqrt((doubles[d + R.GAP_M2_CLIENT + side] as number) / (packets - 1)) / MICROS_PER_SECOND, 6);
    json.byte(0x7d);
  }

  #tcp(words: Int32Array, at: number): void {
    const json = this.#json;
    const client = words[at + R.TCP_FLAGS_CLIENT] as number;
    const server = words[at + R.TCP_FLAGS_SERVER] as number;
    json.raw(TCP_FLAGS);
    json.hex8(client | server);
    json.raw(TCP_FLAGS_TS);
    json.hex8(client);
    json.raw(TCP_FLAGS_TC);
    json.hex8(server);
    json.raw(QUOTE);
    json.raw(FLAG_TEXTS[client | server] as Piece);
    json.raw(TCP_STATE);
    json.raw(STATE_NAMES[(words[at + R.KIND] as number) >>> 24] as Piece);
    json.raw(QUOTE);
    this.#unless0(RETRANSMISSIONS, words[at + R.RETRANSMISSIONS] as number);
    this.#unless0(OUT_OF_ORDER, words[at + R.OUT_OF_ORDER] as number);
    this.#unless0(ZERO_WINDOWS, words[at + R.ZERO_WINDOWS] as number);
    this.#unless0(GAP_BYTES, (words[at + R.GAP_BYTES] as number) >>> 0);
    json.byte(0x7d);
  }

  /** Payload that no parser looked at, and why. */
  #undecoded(words: Int32Array, at: number, flags: number): void {
    const bytes = (words[at + R.BYPASSED_BYTES] as number) >>> 0;
    if (bytes === 0) return;
    this.#unless0(UNDECODED, bytes);
    const protocol = ((words[at + R.KIND] as number) >>> 8) & 0xffff;
    if ((flags & RecordFlag.encrypted) !== 0) this.#json.raw(WHY_ENCRYPTED);
    else if ((flags & RecordFlag.depth) !== 0) this.#json.raw(WHY_DEPTH);
    else this.#json.raw(protocol === UNKNOWN || protocol === UNDECIDED ? WHY_UNRECOGNISED : WHY_FINISHED);
  }

  #place(end: "src" | "dest", place: Place | undefined): void {
    if (place === undefined) return;
    const { country, system, organization } = place;
    const json = this.#json;
    if (country !== "") json.text(`,"${end}_country":"${country}"`);
    if (system !== 0) json.text(`,"${end}_asn":${system}`);
    if (organization !== "") json.text(`,"${end}_as_org":${JSON.stringify(organization)}`);
  }

  #unless0(name: Piece, value: number): void {
    if (value === 0) return;
    this.#json.raw(name);
    this.#json.integer(value);
  }

  #ether(words: Int32Array, at: number): void {
    const json = this.#json;
    const a = words[at + R.MACS] as number;
    const b = words[at + R.MACS + 1] as number;
    const c = words[at + R.MACS + 2] as number;
    json.raw(SRC_MAC);
    json.mac(a >>> 16, a & 0xffff, b >>> 16);
    json.raw(DEST_MAC);
    json.mac(b & 0xffff, c >>> 16, c & 0xffff);
    json.raw(ETHER_END);
  }
}
