import type { Places } from "#base/place.ts";
import type { Platform } from "#contract/platform.ts";
import { BufferJudge } from "#engine/rules/judge/buffer.ts";
import { IpReputation } from "#engine/rules/judge/ip-reputation.ts";
import { wordHolds } from "#engine/rules/judge/number.ts";
import { Scratch } from "#engine/rules/judge/scratch.ts";
import { type TransformTools, transformed } from "#engine/rules/judge/transforms.ts";
import type { BufferTests, Content, WordTest } from "#engine/rules/signature.ts";
import { countriesFit } from "./country-tests.ts";
import { fitsHeader } from "./ends.ts";
import { Evidence } from "./evidence.ts";
import type { FlowMemory } from "./flow-memory.ts";
import { type BitSet, bitsFit, flowFits } from "./flow-tests.ts";
import { headerSpan, payloadSpan, Span } from "./packet-buffers.ts";
import { packetFits } from "./packet-tests.ts";
import { reputationFits } from "./reputation-tests.ts";
import type { Rule } from "./rule.ts";
import type { Scene } from "./scene.ts";
import type { StreamWindow } from "./stream-window.ts";
import type { SideState } from "./transaction-state.ts";
import { byteOrderWord } from "./word-rules.ts";

/** Says whether a rule is fulfilled, by the cheap parts first. One for each partition. */
export class RuleJudge {
  readonly scratch = new Scratch();
  readonly evidence = new Evidence(this.scratch);
  readonly #buffers = new BufferJudge();
  readonly #scene: Scene;
  readonly #span = new Span();
  readonly #tools: TransformTools;
  readonly #places: Places | undefined;
  #missing: Content | undefined = undefined;
  /** The bytes that were judged last were judged without transforms. */
  #isAsItStands = false;
  /** The transaction judged last does not fulfil its rule by its values alone: it will not before others come. */
  failedByValues = false;
  /** What is known of addresses. */
  reputation = new IpReputation();

  constructor(scene: Scene, platform: Platform) {
    this.#scene = scene;
    this.#places = platform.places;
    this.#tools = { digest: (algorithm, bytes) => platform.digest(algorithm, bytes, 0, bytes.length) };
  }

  /** A rule about packets, on the packet itself. */
  packet(rule: Rule, memory: FlowMemory | undefined): boolean {
    if (!this.#begin(rule, memory, true)) return false;
    if (rule.payload.length === 0) return true;
    if (this.#scene.isTcp && !isForSegment(rule, this.#scene.inStream)) return false;
    return payloadSpan(this.#scene, this.#span) && this.#all(rule.payload, this.#span);
  }

  /** The literal without which the stream that was judged last cannot fulfil its rule, and that has to come yet. */
  get missing(): Content | undefined {
    return this.#missing;
  }

  /** A rule about payloads, on the stream. `isAgain`: it was told of this message before, so that only new bytes count. */
  stream(rule: Rule, memory: FlowMemory | undefined, window: StreamWindow, isAgain: boolean): boolean {
    this.#missing = undefined;
    if (!this.#begin(rule, memory, false)) return false;
    const { scratch } = this;
    scratch.minimumEnd = isAgain ? window.fresh : 0;
    scratch.precedingBytes = window.preceding;
    this.#span.set(window.bytes, 0, window.used);
    const holds = this.#all(rule.payload, this.#span);
    if (!holds && this.#isAsItStands) this.#missing = this.#buffers.missing;
    scratch.minimumEnd = 0;
    scratch.precedingBytes = 0;
    return holds;
  }

  /** A rule about messages. `window` has the side's stream, for what looks at the payload beside them. */
  transaction(rule: Rule, memory: FlowMemory | undefined, state: SideState, window: StreamWindow | undefined, bits?: BitSet): boolean {
    this.failedByValues = false;
    if (!this.#begin(rule, memory, true)) return false;
    if (rule.usesBits && !bitsFit(rule.signature.flowTests, bits)) return false;
    if (!this.#valuesFit(rule, state)) {
      this.failedByValues = rule.isOfValues;
      return false;
    }
    if (rule.payload.length === 0) return true;
    if (window !== undefined && window.used > 0) this.#span.set(window.bytes, 0, window.used);
    else if (!payloadSpan(this.#scene, this.#span)) return false;
    return this.#all(rule.payload, this.#span);
  }

  #valuesFit(rule: Rule, state: SideState): boolean {
    this.scratch.dceLittle = state.valuesOf(byteOrderWord)?.[0]?.raw === 1;
    for (const event of rule.parserEvents) if (!state.events.has(event)) return false;
    if (rule.needsFile && (!state.hasFile || (this.#scene.block === undefined && !this.#scene.isTcp))) return false;
    for (const test of rule.wordTests) if (!wordFits(test, state)) return false;
    for (let i = 0; i < rule.words.length; i++) {
      if (isDecoded(rule.words, i)) continue;
      if (!this.#anyValue(rule.words, i, state)) return false;
    }
    return true;
  }

  #begin(rule: Rule, memory: FlowMemory | undefined, isPacket: boolean): boolean {
    const scene = this.#scene;
    const { header, flowTests } = rule.signature;
    if ((rule.sides & (1 << scene.side)) === 0 || !fitsHeader(header, scene.ends)) return false;
    if (rule.moment !== "transaction" && rule.applications !== undefined && !isOneOf(rule.applications, scene.application)) return false;
    if (flowTests.length > 0 && !flowFits(flowTests, scene, memory, isPacket)) return false;
    if (rule.reputationTests.length > 0 && !reputationFits(rule.reputationTests, scene.ends, this.reputation)) return false;
    if (rule.countryTests.length > 0 && !countriesFit(rule.countryTests, scene.ends, this.#places)) return false;
    this.scratch.beginRule();
    this.scratch.sourceAddress = scene.ends.version === 4 ? scene.ends.words[0] : undefined;
    this.scratch.overTcp = scene.isTcp;
    if (rule.packetTests.length > 0) {
      const { block, rows, row } = scene;
      if (block === undefined || rows === undefined || !packetFits(rule.packetTests, block, rows, row)) return false;
    }
    for (const tests of rule.headers) {
      if (!headerSpan(tests.base64?.from ?? tests.buffer, scene, this.#span)) return false;
      if (!this.#match(tests, this.#span.bytes, this.#span.from, this.#span.to)) return false;
    }
    return true;
  }

  #all(buffers: readonly BufferTests[], { bytes, from, to }: Span): boolean {
    for (const tests of buffers) if (!this.#match(tests, bytes, from, to)) return false;
    return true;
  }

  /** True when one of the values fulfils the tests, and those of what is decoded of it. */
  #anyValue(buffers: readonly BufferTests[], index: number, state: SideState): boolean {
    const tests = buffers[index] as BufferTests;
    const values = state.valuesOf(tests.base64?.from ?? tests.buffer);
    const isThere = values?.some((value) => value.bytes !== undefined) === true;
    if (!isThere) return tests.absent !== undefined;
    if (tests.absent === "only") return false;
    for (const { bytes } of values ?? []) {
      if (bytes === undefined || !this.#match(tests, bytes, 0, bytes.length)) continue;
      let holds = true;
      for (let i = index + 1; holds && isDecoded(buffers, i); i++) holds = this.#match(buffers[i] as BufferTests, bytes, 0, bytes.length);
      if (holds) return true;
    }
    return false;
  }

  #match(tests: BufferTests, bytes: Uint8Array, from: number, to: number): boolean {
    const { scratch } = this;
    const before = scratch.placeCount;
    const transforms = tests.base64 === undefined ? tests.transforms : (tests.base64.transforms ?? []);
    this.#isAsItStands = transforms.length === 0;
    if (transforms.length > 0) {
      const changed = transformed(transforms, bytes.subarray(from, to), this.#tools);
      if (!this.#buffers.match(tests, changed, 0, changed.length, scratch)) return false;
      this.evidence.note(before, tests.base64 === undefined ? changed : undefined, 0);
      return true;
    }
    if (!this.#buffers.match(tests, bytes, from, to, scratch)) return false;
    this.evidence.note(before, tests.base64 === undefined ? bytes : undefined, from);
    return true;
  }

  /** What literals are searched in: the value after the transforms. */
  transformed(transforms: BufferTests["transforms"], bytes: Uint8Array): Uint8Array {
    return transformed(transforms, bytes, this.#tools);
  }
}

/** What is looked for in streams is looked for in single segments when no stream takes them. */
const isForSegment = (rule: Rule, inStream: boolean): boolean =>
  rule.inPackets || (!inStream && rule.signature.header.layer !== "tcp-stream");

/** True when the tests are of bytes that are decoded of the buffer before, whose value they follow. */
function isDecoded(buffers: readonly BufferTests[], index: number): boolean {
  const from = buffers[index]?.base64?.from;
  if (from === undefined || index === 0) return false;
  const before = buffers[index - 1] as BufferTests;
  return (before.base64?.from ?? before.buffer) === from;
}

function isOneOf(applications: readonly string[], name: string | undefined): boolean {
  return name !== undefined && applications.includes(name);
}

function wordFits(test: WordTest, state: SideState): boolean {
  const values = state.valuesOf(test.word);
  const { test: asked } = test;
  if (asked.operator === "own")
    return values?.some(({ raw, comparable }) => asked.holds(raw instanceof Uint8Array ? comparable : raw)) === true;
  if (values === undefined) return wordHolds(test, undefined);
  const list = values.map((value) => value.comparable).filter((value) => value !== undefined);
  return wordHolds(test, list.length === 1 ? list[0] : list);
}
