import type { ByteView } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import { FAILED, otherSide, type Parser, type ParserContext, type Side, type Transaction } from "#contract/parser.ts";
import { PACKETS, type Packet, readPacket } from "./packets.ts";
import { RuleValues } from "./rule-values.ts";

/** Bytes of a packet that are read; of a longer PUBLISH the message is cut, other packets are told as skipped. */
export const packetBytesMax = 16_384;
/** Exchanges of one flow that wait for an answer; beyond it the oldest is told as it is. */
export const pendingMax = 256;

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const PUBREL = 6;
const PINGREQ = 12;
const AUTH = 15;

/** An exchange that waits for its answer. */
interface Exchange {
  readonly txId: number;
  readonly side: Side;
  readonly fields: Transaction;
  /** Packet that ends it. */
  readonly last: number;
}

/** Anomaly of an answer that nobody asked for, by its type. */
const UNASKED: readonly string[] = ["", "", "connect", "", "publish", "publish", "publish", "publish", "", "subscribe", "", "unsubscribe"];

/** Reads one flow of MQTT: an event for each exchange, when its last packet is there. */
export class MqttParser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];
  /** By side and packet identifier; the connection's own exchange has the key -1. Oldest first. */
  readonly #pending = new Map<number, Exchange>();
  #transactions = 0;
  #version = 0;
  /** True once the server has accepted, and once the lack of it was told. */
  #introduced = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const place = this.#places[side];
    let at = place.enter(view);
    while (at < view.end) {
      let length = 0;
      let body = at + 1;
      for (let shift = 0; ; shift += 7) {
        if (body >= view.end) return place.wait(view, at, 0);
        const byte = view.bytes[body++] as number;
        length += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) break;
        if (shift === 21) {
          this.#context.anomaly(side, "malformed_traffic", "the length takes more than four bytes");
          return FAILED;
        }
      }
      const shown = Math.min(length, packetBytesMax);
      if (view.end - body < shown) return place.wait(view, at, body - at + length);
      this.#frames(side, view, at, body, length, shown);
      this.#packet(side, view, at, body, length, shown);
      at = place.skip(view, body, length);
    }
    return view.length;
  }

  gap(side: Side, bytes: number): boolean {
    return this.#places[side].gap(bytes);
  }

  end(): void {
    for (const exchange of this.#pending.values()) this.#emit(exchange);
    this.#pending.clear();
  }

  #frames(side: Side, { bytes }: ByteView, at: number, body: number, length: number, shown: number): void {
    const { rules } = this.#context;
    if (rules === undefined) return;
    rules.frame("frame:mqtt.pdu", side, bytes, at, body + shown, body - at + length);
    rules.frame("frame:mqtt.header", side, bytes, at, body, body - at);
    rules.frame("frame:mqtt.data", side, bytes, body, body + shown, length);
  }

  #packet(side: Side, view: ByteView, at: number, body: number, length: number, shown: number): void {
    const first = view.bytes[at] as number;
    const type = first >> 4;
    if (type === 0 || (type === AUTH && this.#version !== 0 && this.#version < 5)) {
      this.#context.anomaly(side, "unassigned_msg_type");
      return;
    }
    const packet = readPacket(view, first, body, body + shown, length, this.#version);
    if (shown < length && type !== PUBLISH) {
      const { qos, retain, dup } = packet.fields;
      const fields = { qos, retain, dup, truncated: true, skipped_length: length };
      this.#context.emit("mqtt", side, this.#transactions++, { [PACKETS[type] as string]: fields });
      return;
    }
    if (packet.version > 0) this.#version = packet.version;
    if (!packet.sound) this.#context.anomaly(side, "malformed_traffic");
    else {
      if (packet.qos === 3) this.#context.anomaly(side, "invalid_qos_level");
      this.#take(side, packet);
    }
  }

  #take(side: Side, packet: Packet): void {
    const { type } = packet;
    if (type === CONNACK) this.#introduced = true;
    else if (!this.#introduced && type !== CONNECT && type !== AUTH) {
      this.#context.anomaly(side, "unintroduced_message");
      this.#introduced = true;
    }
    if (type === CONNECT) {
      if (this.#pending.has(-1) || this.#transactions > 0) this.#context.anomaly(side, "double_connect");
      this.#begin(side, -1, packet, CONNACK);
    } else if (type === PUBLISH) this.#begin(side, keyOf(side, packet.id), packet, packet.qos === 1 ? 4 : packet.qos === 2 ? 7 : PUBLISH);
    else if (type === 8 || type === 10) this.#begin(side, keyOf(side, packet.id), packet, type + 1);
    else if (type >= PINGREQ) this.#begin(side, 0, packet, type);
    else this.#answer(side, packet);
  }

  #begin(side: Side, key: number, packet: Packet, last: number): void {
    const exchange = { txId: this.#transactions++, side, fields: { [PACKETS[packet.type] as string]: packet.fields }, last };
    this.#give(exchange, packet);
    if (last === packet.type) {
      this.#emit(exchange);
      return;
    }
    const earlier = this.#pending.get(key) ?? (this.#pending.size >= pendingMax ? this.#oldest() : undefined);
    if (earlier !== undefined) this.#emit(earlier);
    this.#pending.delete(key);
    this.#pending.set(key, exchange);
  }

  /** The longest waiting, taken out. */
  #oldest(): Exchange | undefined {
    for (const [key, exchange] of this.#pending) {
      this.#pending.delete(key);
      return exchange;
    }
    return undefined;
  }

  #answer(side: Side, packet: Packet): void {
    // PUBREL comes from who published, all other answers from the other side.
    const asker = packet.type === PUBREL ? side : otherSide(side);
    const key = packet.type === CONNACK ? -1 : keyOf(asker, packet.id);
    const exchange = this.#pending.get(key);
    const name = PACKETS[packet.type] as string;
    if (exchange === undefined) {
      this.#context.anomaly(side, `missing_${UNASKED[packet.type]}`);
      const alone = { txId: this.#transactions++, side, fields: { [name]: packet.fields }, last: 0 };
      this.#give(alone, packet);
      this.#emit(alone);
      return;
    }
    exchange.fields[name] = packet.fields;
    this.#give(exchange, packet);
    // A refused message (quality of service 2) gets no further packets.
    const refused = packet.type === 5 && ((packet.fields["reason_code"] as number | undefined) ?? 0) >= 128;
    if (packet.type !== exchange.last && !refused) return;
    this.#pending.delete(key);
    this.#emit(exchange);
  }

  #give({ side, txId }: Exchange, packet: Packet): void {
    const { rules } = this.#context;
    if (rules !== undefined) new RuleValues(rules, side, txId, packet).give(this.#version);
  }

  #emit({ side, txId, fields }: Exchange): void {
    this.#context.emit("mqtt", side, txId, fields);
  }
}

const keyOf = (side: Side, id: number): number => (side << 16) | id;
