import { otherSide, type ParserContext, Side } from "#contract/parser.ts";
import { readCertificate } from "./certificate.ts";
import { type ClientHello, parseClientHello } from "./client-hello.ts";
import { eventOf, fingerprinted, HandshakeFacts } from "./handshake.ts";
import { isTls13 } from "./names.ts";
import type { RecordListener } from "./record-reader.ts";
import { Handshake } from "./records.ts";
import { preferredVersion, RuleValues } from "./rule-values.ts";
import { parseServerHello } from "./server-hello.ts";

/** Certificates of a chain that are told. */
export const certificatesMax = 16;
/** Hellos of a client that are read: two are lawful, the rest of a connection with more is left alone. */
export const hellosMax = 4;
/** Encrypted records without any hello after which a connection met in the middle is given up. */
const STRANGER_RECORDS = 4;
/** Encrypted records that the answer waits for its question, and the question for its answer (early data). */
const WAITING_RECORDS = 64;
/** Encrypted records of the server after which its hello is known to be missing. */
const SERVER_RECORDS = 2;

const CLIENT_KEY_EXCHANGE = 16;

/**
 * What one connection says before encryption begins, told as one `tls` event: with TLS 1.3 when the server has answered,
 * before it when the client reacts to the server's flight, otherwise at the end of the connection. After a
 * HelloRetryRequest the first hello gets an event of its own when the second differs in name or fingerprint.
 *
 * Who is client and who is server is taken from the hellos, not from who opened the flow: a capture may begin with the
 * answer. What cuts the bytes into records and messages is the subclass's matter.
 */
export abstract class Connection implements RecordListener {
  protected readonly context: ParserContext;
  protected failed = false;
  /** While true, nothing is told: more of the handshake is going to be read than the clear part. */
  protected hold = false;
  readonly #transport: "t" | "d";
  #facts = new HandshakeFacts();
  /** The side that is the TLS client; known with the first hello of either side. */
  #client: Side = Side.toServer;
  #txId = 0;
  #hellos = 0;
  readonly #opaque: [number, number] = [0, 0];
  #lostSides = 0;
  readonly #values: RuleValues | undefined;
  done = false;

  /** `transport` is the letter of JA4: TLS over a stream, or DTLS. */
  constructor(context: ParserContext, transport: "t" | "d") {
    this.context = context;
    this.#transport = transport;
    this.#values = context.rules === undefined ? undefined : new RuleValues(context.rules);
  }

  message(side: Side, type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const isClient = side === this.#client;
    this.#values?.message(side, this.#txId, type, bytes, at, end);
    if (type === Handshake.clientHello) this.#clientHello(side, bytes, view, at, end);
    else if (type === Handshake.serverHello) this.#serverHello(side, bytes, view, at, end);
    else if (type === Handshake.certificate) this.#certificates(side, bytes, view, at, end);
    // By now the client has seen the server's whole flight and sent its own certificate.
    else if (type === CLIENT_KEY_EXCHANGE && isClient && this.#facts.answer !== undefined) this.conclude();
  }

  partialHello(side: Side, bytes: Uint8Array, at: number, end: number): void {
    const hello = parseClientHello(bytes, new DataView(bytes.buffer), at, end, this.#transport === "d");
    if (hello?.sni === undefined || this.#facts.offer !== undefined) return;
    this.#client = side;
    this.#facts.offer = { hello, ja3: undefined, ja4: undefined };
  }

  ssl2Hello(side: Side, hello: ClientHello): void {
    this.#client = side;
    this.#facts.offer = { hello, ja3: undefined, ja4: undefined };
  }

  ssl2Answer(side: Side): void {
    this.#client = otherSide(side);
    this.#facts.version = 0x0002;
    this.conclude();
  }

  changeCipherSpec(side: Side): void {
    const facts = this.#facts;
    if (facts.answer === undefined || isTls13(facts.answer.version)) return;
    facts.abbreviated = side !== this.#client && facts.serverCertificates.length === 0;
    if (facts.offer !== undefined || side === this.#client) this.conclude();
  }

  alert(_side: Side, fatal: boolean, description: number): void {
    if (!fatal) return;
    this.#facts.alert = description;
    this.conclude();
  }

  opaque(side: Side): void {
    this.#opaque[side]++;
    const { answer, offer } = this.#facts;
    const total = this.#opaque[0] + this.#opaque[1];
    const ofServer = this.#opaque[otherSide(this.#client)];
    if (answer !== undefined && offer !== undefined) this.conclude();
    else if (this.#facts.empty ? total >= STRANGER_RECORDS : total >= WAITING_RECORDS) this.conclude();
    else if (offer !== undefined && ofServer >= SERVER_RECORDS) this.conclude();
  }

  heartbeat(side: Side, event: string): void {
    this.context.anomaly(side, event);
  }

  broken(side: Side, event: string): void {
    this.context.anomaly(side, event);
    this.failed = true;
    this.conclude();
  }

  lost(side: Side): void {
    this.#lostSides++;
    if (this.#lostSides === 2 || (side !== this.#client && this.#facts.offer !== undefined)) this.conclude();
  }

  #clientHello(side: Side, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (++this.#hellos > hellosMax) {
      this.conclude();
      return;
    }
    const hello = parseClientHello(bytes, view, at, end, this.#transport === "d");
    if (hello?.trouble !== undefined || hello === undefined) this.context.anomaly(side, hello?.trouble ?? "HANDSHAKE_INVALID_LENGTH");
    if (hello === undefined) return;
    const offer = fingerprinted(hello, this.#transport, this.context.platform);
    const before = this.#facts.offer;
    if (before !== undefined && (before.ja4 !== offer.ja4 || before.hello.sni !== hello.sni)) this.#tell();
    this.#client = side;
    this.#facts.offer = offer;
    this.#values?.version(side, this.#txId, preferredVersion(hello));
    if (this.#facts.answer !== undefined && isTls13(this.#facts.answer.version)) this.conclude();
  }

  #serverHello(side: Side, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const answer = parseServerHello(bytes, view, at, end);
    if (answer === undefined) {
      this.context.anomaly(side, "HANDSHAKE_INVALID_LENGTH");
      return;
    }
    this.#client = otherSide(side);
    if (answer.retry) {
      this.#facts.retry = true;
      return;
    }
    this.#facts.answer = answer;
    this.#values?.version(side, this.#txId, answer.version);
    if (this.#facts.offer !== undefined && isTls13(answer.version)) this.conclude();
  }

  /** RFC 5246 §7.4.2: a list of certificates, each behind its length in three bytes. */
  #certificates(side: Side, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const into = side === this.#client ? this.#facts.clientCertificates : this.#facts.serverCertificates;
    let i = at + 3;
    let sound = i <= end;
    while (i + 3 <= end && into.length < certificatesMax) {
      const start = i + 3;
      const stop = start + (view.getUint8(i) << 16) + view.getUint16(i + 1);
      sound = stop <= end;
      if (!sound) break;
      const certificate = readCertificate(bytes, start, stop, this.context.platform);
      if (certificate.trouble !== undefined && into.length === 0) this.context.anomaly(side, certificate.trouble);
      into.push(certificate);
      this.#values?.certificate(side, this.#txId, bytes, start, stop);
      i = stop;
    }
    if (side !== this.#client) this.#values?.chain(side, this.#txId, into, this.context.time);
    if (!sound) this.context.anomaly(side, "INVALID_CERTIFICATE");
  }

  protected conclude(): void {
    if (this.done || this.hold) return;
    this.done = true;
    if (!this.#facts.empty) this.#tell();
  }

  /** Application protocols that the server has chosen behind its hello. */
  protected serverAlpns(names: readonly string[]): void {
    this.#facts.answer?.alpns.push(...names);
  }

  #tell(): void {
    const fields = eventOf(this.#facts, this.context.platform, this.context.time);
    if (this.context.from !== undefined) fields["from_proto"] = this.context.from;
    this.context.emit("tls", this.#client, this.#txId, fields);
    this.#txId++;
    const { retry } = this.#facts;
    this.#facts = new HandshakeFacts();
    this.#facts.retry = retry;
  }
}
