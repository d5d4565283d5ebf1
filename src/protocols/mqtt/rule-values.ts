import { Reader } from "#base/reader.ts";
import type { RuleTap } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import type { Packet } from "./packets.ts";
import { readProperties } from "./properties.ts";

/** Topic filters of one packet that rules see. */
const topicsMax = 100;

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const UNSUBSCRIBE = 10;

/** Gives the values of one exchange's packets to rules, as bytes where the event has texts that may be cut. */
export class RuleValues {
  readonly #rules: RuleTap;
  readonly #side: Side;
  readonly #txId: number;
  readonly #packet: Packet;
  readonly #reader: Reader;

  constructor(rules: RuleTap, side: Side, txId: number, packet: Packet) {
    this.#rules = rules;
    this.#side = side;
    this.#txId = txId;
    this.#packet = packet;
    this.#reader = new Reader(packet.view, packet.at, packet.end);
  }

  /** `version` is the connection's. */
  give(version: number): void {
    const { type, qos, first, fields } = this.#packet;
    this.#number("mqtt.type", type);
    this.#number("mqtt.flags", first & 9);
    this.#number("mqtt.qos", qos);
    if (version > 0) this.#number("mqtt.protocol_version", version);
    for (const code of [fields["return_code"], fields["reason_code"], fields["qos_granted"], fields["reason_codes"]].flat())
      if (typeof code === "number") this.#number("mqtt.reason_code", code);
    if (type === CONNECT) this.#connect();
    else if (type === CONNACK) this.#number("mqtt.connack.session_present", fields["session_present"] === true ? 1 : 0);
    else if (type === PUBLISH) this.#publish(qos, version);
    else if (type === SUBSCRIBE || type === UNSUBSCRIBE) this.#topics(type, version);
  }

  #connect(): void {
    const reader = this.#reader;
    this.#text("mqtt.connect.protocol_string");
    const version = reader.u8() & 0x7f;
    const flags = reader.u8();
    this.#number("mqtt.connect.flags", flags & 0xe6);
    reader.u16();
    if (version === 5) readProperties(reader);
    this.#text("mqtt.connect.clientid");
    if ((flags & 4) !== 0) {
      if (version === 5) readProperties(reader);
      this.#text("mqtt.connect.willtopic");
      this.#text("mqtt.connect.willmessage");
    }
    if ((flags & 0x80) !== 0) this.#text("mqtt.connect.username");
    if ((flags & 0x40) !== 0) this.#text("mqtt.connect.password");
  }

  #publish(qos: number, version: number): void {
    const reader = this.#reader;
    this.#text("mqtt.publish.topic");
    if (qos > 0) reader.u16();
    if (version === 5) readProperties(reader);
    this.#value("mqtt.publish.message", reader.at, reader.end);
  }

  #topics(type: number, version: number): void {
    const reader = this.#reader;
    reader.u16();
    if (version === 5) readProperties(reader);
    for (let i = 0; i < topicsMax && reader.left > 0; i++) {
      this.#text(type === SUBSCRIBE ? "mqtt.subscribe.topic" : "mqtt.unsubscribe.topic");
      if (type === SUBSCRIBE) reader.u8();
    }
  }

  /** A text with its length in front. */
  #text(word: string): void {
    const bytes = this.#reader.u16();
    const at = this.#reader.skip(bytes);
    if (at >= 0) this.#value(word, at, at + bytes);
  }

  #value(word: string, from: number, to: number): void {
    if (!this.#reader.short && this.#rules.wants(word)) this.#rules.value(word, this.#side, this.#txId, this.#reader.bytes, from, to);
  }

  #number(word: string, value: number): void {
    this.#rules.number(word, this.#side, this.#txId, value);
  }
}
