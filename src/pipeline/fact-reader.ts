import { macTextOf } from "#base/address.ts";
import { latin1 } from "#base/bytes.ts";
import { combine32, mix32 } from "#base/hash.ts";
import type { Place, Places } from "#base/place.ts";
import type { Micros } from "#base/time.ts";
import type { NeighbourFact, PacketFact, TransactionFact } from "#contract/detector.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import { NeighbourMessage, NeighbourWord } from "#flow/neighbours.ts";
import type { Beside } from "#flow/partition-listener.ts";
import { sampleBits, sampleBytes, sampleText } from "#flow/payload-sample.ts";
import { endReasonNames, RecordFlag } from "#schema/flow-record.ts";
import type { FactHosts } from "./fact-hosts.ts";
import { D, DOUBLES, FactKind, type FactRows, openingKind, ROW_DOUBLES, ROW_WORDS, W } from "./facts.ts";

/** What the reader of the rows has to know of the run that made them. */
export interface FactNames {
  /** Names of protocols by their numbers in records. */
  readonly protocol: (number: number) => string | undefined;
  /** The kinds of `FactWish`. */
  readonly kinds: readonly string[];
  readonly hosts: FactHosts;
  readonly places?: Places | undefined;
}

/** An event's members by name, as far as they are objects. */
type EventMembers = { readonly [member: string]: Transaction };

const neighbourMessages = ["arp-request", "arp-reply", "router-advertisement", "neighbour-advertisement"] as const;

/** Reads rows in place: shows one after the other. */
export class FactReader implements TransactionFact, PacketFact, NeighbourFact {
  number = 0;
  time = 0 as Micros;
  flowId = 0;
  start = 0 as Micros;
  clientHash = 0;
  serverHash = 0;
  clientPort = 0;
  serverPort = 0;
  protocol = 0;
  packetsToServer = 0;
  packetsToClient = 0;
  bytesToServer = 0;
  bytesToClient = 0;
  flagsToServer = 0;
  flagsToClient = 0;
  answered = false;
  established = false;
  refused = false;
  midstream = false;
  waited = false;
  vlan = 0;
  kindOfRow: FactKind = FactKind.start;
  /** Where in the order of all facts this one stands, then its partition. */
  key = 0;
  partition = 0;
  readonly names: FactNames;
  readonly #rows: FactRows;
  /** Lines that messages stand in, when they came from another thread. */
  readonly #lines: Uint8Array | undefined;
  #read: EventMembers = {};
  #readFrom = -1;
  #d = 0;
  #w = 0;
  #ipv6 = false;

  constructor(rows: FactRows, names: FactNames, lines?: Uint8Array) {
    this.#rows = rows;
    this.names = names;
    this.#lines = lines;
  }

  /** Makes this object tell row `index`. */
  show(index: number): void {
    const { doubles, words } = this.#rows;
    const d = index * ROW_DOUBLES;
    const w = index * ROW_WORDS + DOUBLES * 2;
    this.#d = d;
    this.#w = w;
    this.key = doubles[d + D.key] as number;
    this.number = Math.floor(this.key);
    const what = doubles[d + D.what] as number;
    this.partition = what >> 3;
    this.kindOfRow = (what & 7) as FactKind;
    this.time = doubles[d + D.time] as Micros;
    const flags = words[w + W.flags] as number;
    this.#ipv6 = (flags & RecordFlag.ipv6) !== 0;
    this.clientHash = this.#hash(w + W.client);
    this.serverHash = this.#hash(w + W.server);
    this.vlan = words[w + W.vlan] as number;
    if (this.kindOfRow === FactKind.neighbour) return;
    this.flowId = doubles[d + D.flowId] as number;
    this.start = doubles[d + D.start] as Micros;
    this.bytesToServer = doubles[d + D.bytes] as number;
    this.bytesToClient = doubles[d + D.bytes + 1] as number;
    const ports = words[w + W.ports] as number;
    this.clientPort = ports >>> 16;
    this.serverPort = ports & 0xffff;
    this.protocol = (words[w + W.kind] as number) & 0xff;
    this.answered = (flags & (RecordFlag.established | RecordFlag.synAck)) !== 0;
    this.established = (flags & RecordFlag.established) !== 0;
    this.refused = !this.answered && (flags & RecordFlag.rstServer) !== 0;
    this.midstream = (flags & RecordFlag.midstream) !== 0;
    this.waited = (flags & RecordFlag.waited) !== 0;
    this.packetsToServer = words[w + W.packets] as number;
    this.packetsToClient = words[w + W.packets + 1] as number;
    this.flagsToServer = words[w + W.tcpFlags] as number;
    this.flagsToClient = words[w + W.tcpFlags + 1] as number;
  }

  get client(): string {
    return this.names.hosts.text(this.#rows.words, this.#w + W.client, this.#ipv6, this.clientHash);
  }

  get server(): string {
    return this.names.hosts.text(this.#rows.words, this.#w + W.server, this.#ipv6, this.serverHash);
  }

  get clientPlace(): Place | undefined {
    return this.names.places?.find(this.#rows.words, this.#w + W.client, this.#ipv6);
  }

  get serverPlace(): Place | undefined {
    return this.names.places?.find(this.#rows.words, this.#w + W.server, this.#ipv6);
  }

  get clientInside(): boolean {
    return this.names.hosts.isInside(this.#rows.words, this.#w + W.client, this.#ipv6, this.clientHash);
  }

  get serverInside(): boolean {
    return this.names.hosts.isInside(this.#rows.words, this.#w + W.server, this.#ipv6, this.serverHash);
  }

  get serverIsGroup(): boolean {
    const first = this.#rows.words[this.#w + W.server] as number;
    // Broadcasts of networks end in 255: some hosts do too, so only the limited broadcast counts (RFC 919).
    return this.#ipv6 ? first >>> 24 === 0xff : first >>> 28 === 0xe || first === -1;
  }

  get service(): string | undefined {
    return this.names.protocol(((this.#rows.words[this.#w + W.kind] as number) >>> 8) & 0xffff);
  }

  get reason(): string | undefined {
    return endReasonNames[this.#rows.words[this.#w + W.reason] as number];
  }

  get sizeDeviationToServer(): number {
    return deviation(this.#double(D.sizeM2), this.packetsToServer);
  }

  get sizeDeviationToClient(): number {
    return deviation(this.#double(D.sizeM2 + 1), this.packetsToClient);
  }

  get gapMeanToServer(): number {
    return this.#double(D.gapMean);
  }

  get gapMeanToClient(): number {
    return this.#double(D.gapMean + 1);
  }

  get gapDeviationToServer(): number {
    return deviation(this.#double(D.gapM2), this.packetsToServer - 1);
  }

  get gapDeviationToClient(): number {
    return deviation(this.#double(D.gapM2 + 1), this.packetsToClient - 1);
  }

  get payloadToServer(): number {
    return sampleBytes(this.#word(W.payload));
  }

  get payloadToClient(): number {
    return sampleBytes(this.#word(W.payload + 1));
  }

  get payloadBitsToServer(): number {
    return sampleBits(this.#word(W.payload));
  }

  get payloadBitsToClient(): number {
    return sampleBits(this.#word(W.payload + 1));
  }

  get payloadTextToServer(): number {
    return sampleText(this.#word(W.payload));
  }

  get payloadTextToClient(): number {
    return sampleText(this.#word(W.payload + 1));
  }

  get beatsToServer(): number {
    return this.#word(W.beats);
  }

  get beatMeanToServer(): number {
    return this.#double(D.beatMean);
  }

  get beatDeviationToServer(): number {
    return deviation(this.#double(D.beatM2), this.beatsToServer);
  }

  get clientMac(): string {
    const at = this.#w + W.macs;
    const words = this.#rows.words;
    return this.#hasMacs ? macTextOf(words[at] as number, (words[at + 1] as number) >>> 16) : "";
  }

  get serverMac(): string {
    const at = this.#w + W.macs + 1;
    const high = this.#rows.words[at] as number;
    const low = this.#rows.words[at + 1] as number;
    return this.#hasMacs ? macTextOf((high << 16) | (low >>> 16), low & 0xffff) : "";
  }

  get #hasMacs(): boolean {
    return ((this.#rows.words[this.#w + W.flags] as number) & RecordFlag.macs) !== 0;
  }

  get side(): Side {
    return ((this.#word(W.message) >>> 16) & 1) as Side;
  }

  get kind(): string {
    return this.names.kinds[this.#word(W.message) & 0xffff] ?? "";
  }

  get txId(): number {
    return this.#word(W.txId);
  }

  get packetBytes(): number {
    return this.#word(W.txId);
  }

  get fields(): Readonly<Transaction> {
    const from = this.#word(W.from);
    if (this.kind === openingKind) return { text: latin1(this.#rows.texts, from, this.#word(W.to)) };
    if (this.#lines === undefined) return this.#rows.objects[from] as Transaction;
    return this.#parsed(this.#lines, from)[this.kind] ?? {};
  }

  member(name: string): Readonly<Transaction> | undefined {
    if (this.kind === openingKind) return undefined;
    const from = this.#word(W.from);
    if (this.#lines === undefined) return (this.#rows.objects[from + 1] as Beside | undefined)?.[name];
    return this.#parsed(this.#lines, from)[name];
  }

  /** The event of a message, read from its line once. */
  #parsed(lines: Uint8Array, from: number): EventMembers {
    if (this.#readFrom === from) return this.#read;
    this.#read = JSON.parse(new TextDecoder().decode(lines.subarray(from, this.#word(W.to)))) as EventMembers;
    this.#readFrom = from;
    return this.#read;
  }

  get message(): NeighbourFact["message"] {
    return neighbourMessages[this.#word(W.neighbour)] ?? "arp-request";
  }

  get sender(): string {
    return this.client;
  }

  get senderHash(): number {
    return this.clientHash;
  }

  get target(): string {
    // Advertisements ask for nothing.
    return this.#word(W.neighbour) >= NeighbourMessage.routerAdvertisement ? "" : this.server;
  }

  get targetHash(): number {
    return this.serverHash;
  }

  get senderMac(): string {
    return macTextOf(this.#word(NeighbourWord.senderMac), this.#word(NeighbourWord.senderMac + 1));
  }

  get etherMac(): string {
    return macTextOf(this.#word(NeighbourWord.etherMac), this.#word(NeighbourWord.etherMac + 1));
  }

  #word(place: number): number {
    return this.#rows.words[this.#w + place] as number;
  }

  #double(place: number): number {
    return this.#rows.doubles[this.#d + place] as number;
  }

  #hash(at: number): number {
    const { words } = this.#rows;
    const low = combine32(words[at] as number, words[at + 1] as number);
    return mix32(combine32(combine32(low, words[at + 2] as number), words[at + 3] as number));
  }
}

const deviation = (m2: number, count: number): number => (count > 0 ? Math.sqrt(Math.max(0, m2) / count) : 0);
