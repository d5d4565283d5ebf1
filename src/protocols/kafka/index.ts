import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { kafkaKind } from "./facts.ts";
import { apiName, KafkaParser, versionMax } from "./parser.ts";

const REQUEST_HEAD = 14;
const clientBytesMax = 255;
const requestBytesLikely = 0x100_0000;

/** Length, a known call and its version, a number, then the client's name, which is text and fits. */
function probe(side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  if (side !== 0) return Probe.no;
  if (end === at) return Probe.more;
  // Requests are shorter than 16 MiB, calls and versions less than 256.
  for (const place of [0, 4, 6]) if (at + place < end && bytes[at + place] !== 0) return Probe.no;
  if (end - at < REQUEST_HEAD) return Probe.more;
  const length = view.getUint32(at);
  if (length < REQUEST_HEAD - 4 || length > requestBytesLikely) return Probe.no;
  if (apiName(view.getUint16(at + 4)) === undefined || view.getUint16(at + 6) > versionMax) return Probe.no;
  const name = view.getInt16(at + 12);
  if (name === -1) return usualPort ? Probe.yes : Probe.no;
  if (name < 1 || name > clientBytesMax || name + REQUEST_HEAD - 4 > length) return Probe.no;
  const stop = at + REQUEST_HEAD + name;
  for (let i = at + REQUEST_HEAD; i < Math.min(stop, end); i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 || byte > 0x7e) return Probe.no;
  }
  return stop > end ? Probe.more : Probe.yes;
}

export default definePlugin({
  name: "kafka",
  summary: "Apache Kafka: calls and their clients.",
  kinds: [kafkaKind],
  protocols: [
    { name: "kafka", depth: "header", transports: ["tcp"], ports: [9092, 9093], probe, create: (context) => new KafkaParser(context) },
  ],
});
