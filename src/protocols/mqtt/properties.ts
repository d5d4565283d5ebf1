import type { Reader } from "#base/reader.ts";
import { cutText } from "./text.ts";

/** Properties of one packet that are told. */
const propertiesMax = 100;

/** Identifier, kind of value (1, 2, 4 bytes; v variable; s text; b bytes; p pair), name: MQTT 5 §2.2.2.2. */
const TABLE =
  "1 1 payload_format_indicator|2 4 message_expiry_interval|3 s content_type|8 s response_topic|9 s correlation_data|" +
  "11 v subscription_identifier|17 4 session_expiry_interval|18 s assigned_client_identifier|19 2 server_keep_alive|" +
  "21 s authentication_method|22 b authentication_data|23 1 request_problem_information|24 4 will_delay_interval|" +
  "25 1 request_response_information|26 s response_information|28 s server_reference|31 s reason_string|33 2 receive_maximum|" +
  "34 2 topic_alias_maximum|35 2 topic_alias|36 1 maximum_qos|37 1 retain_available|38 p user|39 4 maximum_packet_size|" +
  "40 1 wildcard_subscription_available|41 1 subscription_identifier_available|42 1 shared_subscription_available";

let table: Map<number, readonly [string, string]> | undefined;
function lookUp(identifier: number): readonly [string, string] | undefined {
  table ??= new Map(
    TABLE.split("|").map((row): [number, [string, string]] => {
      const [id, kind, name] = row.split(" ") as [string, string, string];
      return [Number(id), [kind, name]];
    }),
  );
  return table.get(identifier);
}

/** A number of seven bits a byte, lowest first (§1.5.5); `short` is set when it takes more than four. */
export function variable(reader: Reader): number {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = reader.u8();
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return value;
  }
  reader.short = true;
  return 0;
}

/** The properties that stand here; `undefined` when there are none. Marks the reader short when they make no sense. */
export function readProperties(reader: Reader): { [name: string]: unknown } | undefined {
  const length = variable(reader);
  if (length > reader.left) reader.short = true;
  const stop = reader.at + length;
  const told: { [name: string]: unknown } = {};
  let count = 0;
  while (!reader.short && reader.at < stop) {
    const row = lookUp(variable(reader));
    if (row === undefined) {
      reader.short = true;
      break;
    }
    const [name, value] = row[0] === "p" ? [cutText(reader), cutText(reader)] : [row[1], readValue(reader, row[0])];
    if (count++ < propertiesMax) told[row[0] === "b" ? `${name}_length` : name] = value;
  }
  if (reader.at !== stop) reader.short = true;
  return count > 0 ? told : undefined;
}

function readValue(reader: Reader, kind: string): unknown {
  switch (kind) {
    case "1":
      return reader.u8();
    case "2":
      return reader.u16();
    case "4":
      return reader.u32();
    case "v":
      return variable(reader);
    case "b": {
      const length = reader.u16();
      reader.skip(length);
      return length;
    }
    default:
      return cutText(reader);
  }
}
