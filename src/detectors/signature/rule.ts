import type { Transaction } from "#contract/parser.ts";
import type { BufferTests, PacketTest, Signature, WordTest } from "#engine/rules/signature.ts";
import { alertObject } from "./alert-object.ts";
import type { CountryTest } from "./country-tests.ts";
import { hostTagsOf, sessionTagOf, type Tag } from "./packet-tags.ts";
import type { ReputationTest } from "./reputation-tests.ts";

/** Sides that a rule is about, as bits: of `1 << side`. */
export const Sides = { toServer: 1, toClient: 2, both: 3 } as const;

/**
 * When a rule is tried:
 * - `once`: addresses and ports alone; once for each direction of a flow.
 * - `packet`: each packet that its header fits.
 * - `payload`: bytes of packets, or of TCP in order, in which its literal was found.
 * - `transaction`: values of an application protocol.
 */
export type Moment = "once" | "packet" | "payload" | "transaction";

/** A signature, sorted out for the inspector: what is looked at, where. Inert; one for all partitions of a thread. */
export interface Rule {
  /** Its place in the order of judging. */
  readonly number: number;
  readonly signature: Signature;
  readonly moment: Moment;
  /** Bits of `Sides`. */
  readonly sides: number;
  /** Names of application protocols that the flow must have; `undefined` for any or none. */
  readonly applications: readonly string[] | undefined;
  readonly payload: readonly BufferTests[];
  /** Buffers of the packet's own headers. */
  readonly headers: readonly BufferTests[];
  /** Buffers of the transaction. */
  readonly words: readonly BufferTests[];
  readonly packetTests: readonly PacketTest[];
  readonly reputationTests: readonly ReputationTest[];
  readonly countryTests: readonly CountryTest[];
  readonly wordTests: readonly WordTest[];
  /** Events of the decoder or of the stream reassembly, without prefix and in lower case. */
  readonly packetEvents: readonly string[];
  /** Events of parsers, without the protocol. */
  readonly parserEvents: readonly string[];
  /** What it asks of a transaction's values has the same answer as long as they are the same. */
  readonly isOfValues: boolean;
  /** The transaction must carry a file. */
  readonly needsFile: boolean;
  /** TCP: looked for in single packets, in the stream. */
  readonly inPackets: boolean;
  readonly inStream: boolean;
  /** Thresholds, suppressions or bits of hosts decide in the reducer, or hosts are tagged there. */
  readonly gated: boolean;
  /** It sets bits of transactions, or asks for them. */
  readonly usesBits: boolean;
  /** Told of nobody: it only has effects. */
  readonly silent: boolean;
  /** It tags the flow. */
  readonly tag: Tag | undefined;
  /** It tags hosts, which the gate does. */
  readonly hostTags: readonly Tag[];
  /** A pass rule lets the rest of the flow go, too. */
  readonly passesFlow: boolean;
  /** The `alert` object that its events carry. */
  readonly alert: Transaction;
}

/** Buffers of a packet's own headers. */
const headerBuffers = new Set([
  "ip.hdr",
  "ipv4.hdr",
  "ipv6.hdr",
  "tcp.hdr",
  "udp.hdr",
  "icmpv4.hdr",
  "icmpv6.hdr",
  "igmp.hdr",
  "ip.src",
  "ip.dst",
]);

const PAYLOAD = "payload";

/** What looks at the bytes of another buffer belongs where that one is. */
const homeOf = (tests: BufferTests): string => tests.base64?.from ?? tests.buffer;

/** Names of events are compared without their layer, in lower case. */
export const eventName = (event: string): string => event.toLowerCase().replace(/^(?:decoder|stream|applayer)\./, "");

/** Sorts a signature out. `sidesOf` tells who sends the messages that have a word. */
export function compileRule(signature: Signature, number: number, sidesOf: (word: string) => number): Rule {
  const payload = signature.buffers.filter((tests) => homeOf(tests) === PAYLOAD);
  const headers = signature.buffers.filter((tests) => headerBuffers.has(homeOf(tests)));
  const words = signature.buffers.filter((tests) => homeOf(tests) !== PAYLOAD && !headerBuffers.has(homeOf(tests)));
  const packetTests = signature.packetTests.filter((test) => !["event", "iprep", "geoip"].includes(test.type));
  const packetEvents = signature.packetTests.flatMap((test) => (test.type === "event" ? [eventName(test.event)] : []));
  const events = signature.flowTests.flatMap((test) => (test.type === "app-layer-event" ? [test.event.toLowerCase()] : []));
  const parserEvents = events.filter((event) => event.includes(".")).map((event) => event.slice(event.indexOf(".") + 1));
  packetEvents.push(...events.filter((event) => !event.includes(".")));
  const needsFile = signature.effects.some((effect) => effect.type === "filestore");
  const usesBits = usesTransactionBits(signature);
  const isTransaction = words.length + signature.wordTests.length + parserEvents.length > 0 || needsFile || usesBits;
  const { applications } = signature.header;
  const where = signature.payload ?? "stream";
  const moment = isTransaction ? "transaction" : payload.length > 0 ? "payload" : signature.scope === "once" ? "once" : "packet";
  return {
    number,
    signature,
    moment,
    sides: sidesOfRule(signature, words, sidesOf),
    applications: applications.length > 0 ? applications : undefined,
    payload,
    headers,
    words,
    packetTests,
    reputationTests: signature.packetTests.filter((test) => test.type === "iprep"),
    countryTests: signature.packetTests.filter((test) => test.type === "geoip"),
    wordTests: signature.wordTests,
    packetEvents,
    parserEvents,
    isOfValues: headers.length === 0 && !needsFile && !words.some(asksList),
    needsFile,
    inPackets: where !== "stream",
    inStream: where !== "packet",
    gated: isGated(signature),
    usesBits,
    silent: signature.noalert || signature.action === "config" || isSuppressed(signature),
    tag: sessionTagOf(signature.effects),
    hostTags: hostTagsOf(signature.effects),
    passesFlow: signature.action === "pass" && moment !== "packet" && signature.scope !== "event",
    alert: alertObject(signature),
  };
}

function sidesOfRule(signature: Signature, words: readonly BufferTests[], sidesOf: (word: string) => number): number {
  let sides: number = signature.side === undefined ? Sides.both : sideBits(signature.side);
  for (const test of signature.flowTests) if (test.type === "side") sides &= test.side === "to_server" ? Sides.toServer : Sides.toClient;
  if (signature.header.transactional) return sides;
  let ofWords: number = Sides.both;
  for (const tests of words) ofWords &= tests.side === undefined ? sidesOf(homeOf(tests)) : sideBits(tests.side);
  for (const test of signature.wordTests) ofWords &= sidesOf(test.word);
  // Words of both sides in one rule are judged where either is.
  return ofWords === 0 ? sides : sides & ofWords;
}

/** True when a list that rules change is asked. */
const asksList = ({ tests }: BufferTests): boolean => tests.some(({ type }) => type === "dataset" || type === "datarep");

const sideBits = (side: "toServer" | "toClient"): number => (side === "toServer" ? Sides.toServer : Sides.toClient);

const isGated = (signature: Signature): boolean =>
  signature.thresholds.length > 0 ||
  signature.suppressions.some(({ addresses }) => addresses !== undefined) ||
  signature.flowTests.some((test) => test.type === "xbits" && test.track !== "tx") ||
  signature.effects.some((effect) => effect.type === "xbits" && effect.track !== "tx") ||
  hostTagsOf(signature.effects).length > 0;

const isSuppressed = (signature: Signature): boolean => signature.suppressions.some(({ addresses }) => addresses === undefined);

const usesTransactionBits = (signature: Signature): boolean =>
  signature.flowTests.some((test) => test.type === "xbits" && test.track === "tx") ||
  signature.effects.some((effect) => effect.type === "xbits" && effect.track === "tx");
