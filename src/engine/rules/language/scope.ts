import type { PacketTest, Scope, Signature } from "#engine/rules/signature.ts";
import { type Draft, PAYLOAD } from "./draft.ts";
import { headerBuffers, packetBuffers } from "./word-facts.ts";

/** True when the rule speaks of an application's messages. */
function hasMessages(draft: Draft): boolean {
  return draft.used.some(({ word }) => !word.name.startsWith("app-layer-event"));
}

/** Tests that only a packet's own headers can answer. */
export function needsPacket(test: PacketTest): boolean {
  return test.type !== "iprep" && test.type !== "event";
}

/** What the rule is judged on, by what it asks for. */
export function scopeOf(draft: Draft): Scope {
  if (hasMessages(draft)) return "transaction";
  const events = draft.packetTests.some((test) => test.type === "event") || draft.flowTests.some((test) => test.type === "app-layer-event");
  if (events) return "event";
  if (looksIntoPayload(draft)) return payloadOf(draft) === "packet" ? "packet" : "stream";
  return isTold(draft) ? "once" : "packet";
}

/** Where contents of the payload are looked for. */
export function payloadOf(draft: Draft): Signature["payload"] {
  if (!looksIntoPayload(draft)) return undefined;
  const { layer } = draft.header;
  if (layer === "tcp-pkt") return "packet";
  if (layer === "tcp-stream") return "stream";
  if (layer === "udp" || layer === "sctp" || layer.startsWith("icmp") || draft.header.ipProtocol !== undefined) return "packet";
  const origin = draft.flowTests.find((test) => test.type === "origin")?.origin;
  if (origin === "no_stream" || draft.packetTests.some(needsPacket) || draft.flowTests.some(({ type }) => type === "counter"))
    return "packet";
  if (origin === "only_stream") return "stream";
  if (draft.buffers.some(({ name }) => headerBuffers.has(name))) return "packet";
  return hasPlace(draft) || draft.flowTests.some(({ type }) => type === "stream_size") ? "both" : "stream";
}

function looksIntoPayload(draft: Draft): boolean {
  if (draft.base64?.from === PAYLOAD) return true;
  return draft.buffers.some(({ name, tests }) => (name === PAYLOAD || name === "base64_data") && tests.length > 0);
}

/** A content of the payload that has a place of its own, counted from the beginning. */
function hasPlace(draft: Draft): boolean {
  return draft.buffers.some(
    ({ name, tests }) =>
      name === PAYLOAD && tests.some((test) => test.type === "content" && (test.depth !== undefined || test.offset !== 0)),
  );
}

/** Addresses, ports and protocol alone are told once a flow and direction; a negated address or any other test is not. */
function isTold(draft: Draft): boolean {
  if (draft.buffers.some(({ name }) => packetBuffers.has(name))) return false;
  const protocolAlone = draft.flowTests.length > 0 && draft.flowTests.every((test) => test.type === "application");
  if (protocolAlone) return draft.packetTests.length === 0;
  if (draft.header.applications !== undefined || draft.header.negatedAddresses) return false;
  const plain = draft.packetTests.every((test) => test.type === "iprep" || (test.type === "number" && test.field === "ip_proto"));
  return plain && draft.flowTests.every((test) => test.type === "xbits") && !remembers(draft);
}

const remembers = (draft: Draft): boolean =>
  draft.effects.some((effect) => effect.type === "flowint" || effect.type === "config" || effect.type === "bypass");
