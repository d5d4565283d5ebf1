import { numberHolds } from "#engine/rules/judge/number.ts";
import type { FlowTest, Signature } from "#engine/rules/signature.ts";
import type { FlowMemory } from "./flow-memory.ts";
import type { Scene } from "./scene.ts";

const MICROS_PER_SECOND = 1_000_000;

/**
 * True when the flow is as the rule wants it. `isPacket`: a packet is judged, and not the stream or a transaction. Bits
 * of hosts and events are judged elsewhere.
 */
export function flowFits(tests: Signature["flowTests"], scene: Scene, memory: FlowMemory | undefined, isPacket: boolean): boolean {
  for (const test of tests) if (!holds(test, scene, memory, isPacket)) return false;
  return true;
}

function holds(test: FlowTest, scene: Scene, memory: FlowMemory | undefined, isPacket: boolean): boolean {
  if (test.type === "xbits" || test.type === "app-layer-event") return true;
  // What has no flow has none of its properties.
  if (scene.slot < 0) return false;
  switch (test.type) {
    case "state":
      return test.state === "stateless" || (test.state === "established") === scene.isEstablished;
    case "side":
      return (test.side === "to_server") === (scene.side === 0);
    case "origin":
      return originFits(test.origin, scene, isPacket);
    case "application":
      return applicationFits(test, scene);
    case "counter":
      return counterFits(test, scene);
    case "stream_size":
      return streamFits(test, scene);
    case "flowbits":
      return test.isSet ? test.bits.some((bit) => memory?.hasBit(bit) === true) : test.bits.every((bit) => memory?.hasBit(bit) !== true);
    default:
      return integerFits(test, memory);
  }
}

/** Bits that are set on a transaction; absent when none are. */
export type BitSet = ReadonlySet<string> | undefined;

/** True when the bits of the transaction (`xbits … track tx`) are as the rule wants them. */
export function bitsFit(tests: Signature["flowTests"], bits: BitSet): boolean {
  for (const test of tests) if (test.type === "xbits" && test.track === "tx" && (bits?.has(test.bit) === true) !== test.isSet) return false;
  return true;
}

function originFits(origin: "only_stream" | "no_stream" | "only_frag" | "no_frag", scene: Scene, isPacket: boolean): boolean {
  switch (origin) {
    case "only_stream":
      return !isPacket;
    case "no_stream":
      return isPacket;
    case "only_frag":
      return scene.isAssembled;
    default:
      return !scene.isAssembled;
  }
}

function applicationFits(test: Extract<FlowTest, { type: "application" }>, scene: Scene): boolean {
  const { flows, slot } = scene;
  const now = test.mode === "original" ? (flows.originOf(slot) ?? scene.application) : scene.application;
  if (test.protocol === "unknown") return (now === undefined) !== test.negated;
  // What is not known yet is neither this nor another protocol.
  if (now === undefined && !flows.isUnknown(slot)) return false;
  return isNamed(now, test.protocol) !== test.negated;
}

/** `http` in a rule means both versions. */
const isNamed = (name: string | undefined, wanted: string): boolean =>
  name === wanted || (wanted === "http" && name === "http2") || (wanted === "http1" && name === "http");

function counterFits(test: Extract<FlowTest, { type: "counter" }>, { flows, slot }: Scene): boolean {
  if (test.counter === "age") return numberHolds(test.test, Math.floor((flows.time - flows.startOf(slot)) / MICROS_PER_SECOND));
  const of = (side: 0 | 1): number => (test.counter === "pkts" ? flows.packets(slot, side) : flows.bytes(slot, side));
  return bySide(test.side === "to_server" ? "client" : test.side === "to_client" ? "server" : test.side, of, (value) =>
    numberHolds(test.test, value),
  );
}

function streamFits(test: Extract<FlowTest, { type: "stream_size" }>, { flows, slot }: Scene): boolean {
  return bySide(
    test.side,
    (side) => flows.streamBytes(slot, side),
    (value) => numberHolds(test.test, value),
  );
}

function bySide(which: "client" | "server" | "both" | "either", of: (side: 0 | 1) => number, fits: (value: number) => boolean): boolean {
  switch (which) {
    case "client":
      return fits(of(0));
    case "server":
      return fits(of(1));
    case "both":
      return fits(of(0)) && fits(of(1));
    default:
      return fits(of(0)) || fits(of(1));
  }
}

function integerFits({ variable, test }: Extract<FlowTest, { type: "flowint" }>, memory: FlowMemory | undefined): boolean {
  const value = memory?.integer(variable);
  if (!("value" in test)) return (value !== undefined) === (test.operator === "isset");
  const other = typeof test.value === "number" ? test.value : memory?.integer(test.value.variable);
  if (value === undefined || other === undefined) return false;
  return numberHolds({ operator: test.operator === "==" ? "=" : test.operator, value: other }, value);
}
