import type { ByteView } from "#base/bytes.ts";
import type { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";

/** `AMQP`, then a number and the version. */
export const PROTOCOL_BYTES = 8;
/** Type, channel, size; behind the payload the mark. */
const FRAME_BYTES = 8;
const HEADER_BYTES = 7;
const END_MARK = 0xce;
const frameBytesMax = 0x100_0000;
const textBytesMax = 255;
const propertiesMax = 16;

export function startsProtocol({ bytes }: ByteView, at: number): boolean {
  for (let i = 0; i < 4; i++) if (bytes[at + i] !== "AMQP".charCodeAt(i)) return false;
  const [id, a, b, c] = [bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7]];
  if (a === 1 && b === 0 && c === 0) return id === 0 || id === 2 || id === 3;
  return (id === 0 && a === 0 && b === 9 && c === 1) || (id === 1 && a === 1 && (b === 8 || b === 9 || b === 0));
}

/** Length of the frame at `at` with its end mark; 0 when the bytes do not say yet, -1 when there is none. */
export function frameLength({ bytes, view, end }: ByteView, at: number): number {
  const type = bytes[at] as number;
  if ((type < 1 || type > 3) && type !== 8) return -1;
  if (end - at < HEADER_BYTES) return 0;
  const length = view.getUint32(at + 3) + FRAME_BYTES;
  if (length > frameBytesMax) return -1;
  const mark = at + length - 1;
  return mark < end && bytes[mark] !== END_MARK ? -1 : length;
}

const CLASSES: { readonly [number: number]: readonly [string, string] } = {
  10: ["connection", "10start 11start_ok 20secure 21secure_ok 30tune 31tune_ok 40open 41open_ok 50close 51close_ok 60blocked 61unblocked"],
  20: ["channel", "10open 11open_ok 20flow 21flow_ok 40close 41close_ok"],
  40: ["exchange", "10declare 11declare_ok 20delete 21delete_ok 30bind 31bind_ok 40unbind 51unbind_ok"],
  50: ["queue", "10declare 11declare_ok 20bind 21bind_ok 30purge 31purge_ok 40delete 41delete_ok 50unbind 51unbind_ok"],
  60: [
    "basic",
    "10qos 11qos_ok 20consume 21consume_ok 30cancel 31cancel_ok 40publish 50return 60deliver 70get 71get_ok 72get_empty 80ack 90reject 100recover_async 110recover 111recover_ok 120nack",
  ],
  85: ["confirm", "10select 11select_ok"],
  90: ["tx", "10select 11select_ok 20commit 21commit_ok 30rollback 31rollback_ok"],
};

/** `basic.publish` from the numbers of class and method; `undefined` when there is none. */
export function methodName(group: number, method: number): string | undefined {
  const found = CLASSES[group];
  const name = found?.[1].split(" ").find((one) => Number.parseInt(one, 10) === method);
  return name === undefined ? undefined : `${found?.[0]}.${name.replace(/^\d+/, "")}`;
}

const short = (fields: Reader): string => fields.text(fields.u8(), textBytesMax);

/** Arguments that are told, by method (AMQP 0-9-1 reference). */
export function readArguments(told: Transaction, method: string, fields: Reader): void {
  const tell = (name: string): void => {
    const value = short(fields);
    if (value !== "") told[name] = value;
  };
  if (method === "connection.start") {
    fields.u16();
    readProperties(told, fields);
  } else if (method === "connection.start_ok") {
    readProperties(told, fields);
    tell("mechanism");
    const proof = fields.text(fields.u32(), textBytesMax);
    if (told["mechanism"] === "PLAIN") told["user"] = proof.split("\0")[1] ?? "";
  } else if (method === "connection.open") tell("vhost");
  else if (method.endsWith(".close")) {
    told["code"] = fields.u16();
    tell("reason");
  } else if (method === "exchange.declare" || method === "exchange.delete") {
    fields.u16();
    tell("exchange");
  } else if (method.startsWith("queue.") && !method.endsWith("_ok")) {
    fields.u16();
    tell("queue");
    if (method === "queue.bind" || method === "queue.unbind") {
      tell("exchange");
      tell("routing_key");
    }
  } else if (method === "basic.publish") {
    fields.u16();
    tell("exchange");
    tell("routing_key");
  } else if (method === "basic.consume" || method === "basic.get") {
    fields.u16();
    tell("queue");
  } else if (method === "basic.deliver") {
    short(fields);
    fields.skip(9);
    tell("exchange");
    tell("routing_key");
  }
}

/** The peer's properties: texts up to the first value of another kind whose length isn't known here. */
function readProperties(told: Transaction, fields: Reader): void {
  const length = fields.u32();
  const stop = Math.min(fields.end, fields.at + length);
  for (let i = 0; i < propertiesMax && fields.at < stop; i++) {
    const name = short(fields);
    const type = String.fromCharCode(fields.u8());
    if (type === "S") {
      const value = fields.text(fields.u32(), textBytesMax);
      if (name === "product") told["product"] = value;
      else if (name === "version") told["product_version"] = value;
    } else if (type === "F") fields.skip(fields.u32());
    else if (type === "t") fields.u8();
    else if (type === "I") fields.u32();
    else break;
  }
  fields.at = stop;
}
