import type { ByteTest, Content, Scope, Signature, Value } from "#engine/rules/signature.ts";
import { type Draft, type DraftBuffer, PAYLOAD } from "./draft.ts";
import { refuse } from "./problem.ts";
import { needsPacket } from "./scope.ts";
import { headerBuffers } from "./word-facts.ts";

/** Refuses buffers that say nothing, or what no bytes can fulfil. */
export function checkBuffers(draft: Draft, buffers: readonly DraftBuffer[]): void {
  for (const buffer of buffers) {
    if (buffer.tests.length === 0 && buffer.absent === undefined)
      refuse(buffer.at, `nothing is looked for in ${buffer.name}`, "add a content behind it");
    if (buffer.absent === "only" && buffer.tests.length > 0)
      refuse(buffer.at, `${buffer.name} is absent and has contents`, "write absent:or_else; or take the contents away");
    if (buffer.absent === "or" && buffer.tests.length === 0)
      refuse(buffer.at, `absent:or_else of ${buffer.name} says nothing else`, "add a content behind it");
    for (const test of buffer.tests) if (test.type === "content") checkFilter(draft, test, buffer.at);
    checkLength(buffer);
  }
  checkDataSize(draft, buffers);
  checkLayer(draft);
}

/** Contents that need more bytes than `bsize` says that there are. */
function checkLength(buffer: DraftBuffer): void {
  for (const size of buffer.tests) {
    if (size.type !== "bsize" || size.test.operator !== "=") continue;
    const needed = bytesNeeded(buffer.tests);
    if (needed > Number(size.test.value))
      refuse(
        buffer.at,
        `the contents of ${buffer.name} need ${needed} bytes, and its size is ${size.test.value}`,
        "make the size larger or the contents shorter",
      );
  }
}

/** Contents of the payload that need more bytes than `dsize` says that there are. */
function checkDataSize(draft: Draft, buffers: readonly DraftBuffer[]): void {
  const payload = buffers.find((buffer) => buffer.name === PAYLOAD);
  for (const size of draft.packetTests) {
    if (payload === undefined || size.type !== "number" || size.field !== "dsize" || size.test.operator !== "=") continue;
    const needed = bytesNeeded(payload.tests);
    if (needed > Number(size.test.value))
      refuse(payload.at, `the contents need ${needed} bytes, and dsize is ${size.test.value}`, "make dsize larger or the contents shorter");
  }
}

/** Bytes that a buffer has at least when all its contents are found. */
function bytesNeeded(tests: readonly ByteTest[]): number {
  let most = 0;
  let end = 0;
  for (const test of tests) {
    if (test.type !== "content" || test.negated) continue;
    const before = test.relative ? end + numberOr(test.distance, 0) : numberOr(test.offset, 0);
    end = Math.max(0, before) + test.literal.length;
    most = Math.max(most, end);
  }
  return most;
}

const numberOr = (value: Value, otherwise: number): number => (typeof value === "number" ? value : otherwise);

/** A content that filters, and that only the filter looks at or that must not be there, can have no place. */
function checkFilter(draft: Draft, content: Content, at: number): void {
  const placed = content.relative || content.depth !== undefined || content.offset !== 0;
  if (!content.fastPattern || (!placed && !(draft.filterOnly && content.negated))) return;
  if (draft.filterOnly) refuse(at, "fast_pattern:only of a content that has a place or is negated", "write fast_pattern;");
  if (content.negated) refuse(at, "fast_pattern of a negated content that has a place", "put it behind another content");
}

/** Side whose messages the rule is about; refuses rules that want both in one message. */
export function oneSide(draft: Draft): Signature["side"] {
  let side: Signature["side"];
  let from = "";
  const flow = draft.flowTests.find((test) => test.type === "side")?.side;
  if (flow !== undefined) {
    side = flow === "to_server" ? "toServer" : "toClient";
    from = "flow";
  }
  for (const used of draft.used) {
    if (used.side === "both") continue;
    if (side !== undefined && side !== used.side) {
      if (draft.header.transactional) return undefined;
      refuse(
        used.at,
        `${used.word.name} is never on the side that ${from} wants`,
        "write a rule for each side, joined by flowbits, or => in the header",
      );
    }
    side = used.side;
    from ||= used.word.name;
  }
  return side;
}

/** Refuses what does not go together. */
export function checkWhole(draft: Draft, scope: Scope): void {
  const stream =
    draft.header.layer === "tcp-stream" || draft.flowTests.some((test) => test.type === "origin" && test.origin === "only_stream");
  const packet = isAboutPackets(draft);
  if (stream && packet)
    refuse(
      0,
      "the rule mixes tests of a packet (flags, ttl …) with tcp-stream or flow:only_stream",
      "write alert tcp, or take the tests away",
    );
  if (draft.used.length > 0 && packet)
    refuse(0, "the rule mixes tests of a packet (dsize, flags, ttl …) with words of an application", "write two rules, joined by flowbits");
  if (draft.header.transactional && scope !== "transaction") refuse(0, "=> is for rules about an application's transactions", "write ->");
}

/** True when something in the rule can only be answered by one packet. */
function isAboutPackets({ buffers, header, packetTests, flowTests }: Draft): boolean {
  if (header.layer === "tcp-pkt" || packetTests.some(needsPacket) || buffers.some(({ name }) => headerBuffers.has(name))) return true;
  return flowTests.some((test) => test.type === "counter" || (test.type === "origin" && test.origin === "no_stream"));
}

/** Layers whose packets have no such header. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  tcp: ["udp.hdr", "icmpv4.hdr", "icmpv6.hdr", "igmp.hdr"],
  udp: ["tcp.hdr", "icmpv4.hdr", "icmpv6.hdr", "igmp.hdr"],
  icmp: ["tcp.hdr", "udp.hdr", "igmp.hdr"],
  icmpv4: ["tcp.hdr", "udp.hdr", "icmpv6.hdr", "igmp.hdr"],
  icmpv6: ["tcp.hdr", "udp.hdr", "icmpv4.hdr", "igmp.hdr"],
};

/** Refuses buffers that packets of the header's protocol never have. */
function checkLayer({ header, buffers }: Draft): void {
  const lacking = WITHOUT[header.layer.replace(/-(pkt|stream)$/, "")] ?? [];
  for (const { name, at } of buffers) {
    if (lacking.includes(name)) refuse(at, `packets of ${header.protocol} have no ${name}`, "write alert ip, or another buffer");
    if (name === "file.data" && /^(udp|icmp|sctp)/.test(header.layer))
      refuse(at, `${header.protocol} carries no files`, "write alert tcp, or an application");
  }
}
