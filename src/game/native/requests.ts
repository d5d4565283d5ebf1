import type { DecryptRequest } from "#contract/game-plugin.ts";
import { HOST_IS_LITTLE } from "#native/libc.ts";
import { Packet, Session } from "#native/plugin-structs.ts";
import { AddressTexts } from "./addresses.ts";
import { Answers, Ask, answersAt, dataAt, dataBytesMax, NONE_BEGUN, Request, Requests, recordsMax, slotBytes } from "./region.ts";

/** What every call of a session is told. */
export type SessionFacts = Omit<DecryptRequest, "bytes" | "side">;

const reasonBytesMax = 128;
const encoder = new TextEncoder();

/** Writes the requests of one slot. A slot is the host's until its number is told to the process. */
export class RequestWriter {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #addresses = new AddressTexts();
  #start = 0;
  #count = 0;
  #data = dataAt;

  constructor(buffer: ArrayBuffer) {
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
  }

  get count(): number {
    return this.#count;
  }

  begin(slot: number): void {
    this.#start = slot * slotBytes;
    this.#count = 0;
    this.#data = dataAt;
  }

  /** Whether another piece of this length has room. */
  fits(bytes: number): boolean {
    return this.#count < recordsMax && this.#data + bytes <= dataAt + dataBytesMax;
  }

  decrypt(request: DecryptRequest): void {
    const at = this.#record(Ask.decrypt, request.bytes);
    const structure = at + Request.structure;
    this.#facts(structure, request);
    this.#view.setUint32(structure + Packet.structSize, Packet.bytes, HOST_IS_LITTLE);
    this.#view.setUint32(structure + Packet.direction, request.side, HOST_IS_LITTLE);
    this.#view.setUint32(structure + Packet.family, this.#family(structure), HOST_IS_LITTLE);
  }

  opened(facts: SessionFacts): void {
    const structure = this.#record(Ask.opened, NOTHING) + Request.structure;
    this.#facts(structure, facts);
    this.#view.setUint32(structure + Session.structSize, Session.bytes, HOST_IS_LITTLE);
    this.#view.setUint32(structure + Session.family, this.#family(structure), HOST_IS_LITTLE);
    this.#view.setUint32(structure + Session.protocol, 0, HOST_IS_LITTLE);
  }

  closed(session: number, reason: string): void {
    const text = encoder.encode(`${reason.slice(0, reasonBytesMax).replaceAll("\0", " ")}\0`);
    const at = this.#record(Ask.closed, text);
    this.#view.setBigUint64(at + Request.structure + Session.session, BigInt(session), HOST_IS_LITTLE);
  }

  players(): void {
    this.#record(Ask.players, NOTHING);
  }

  /** Completes the slot. */
  finish(): void {
    this.#view.setUint32(this.#start + Requests.count, this.#count, HOST_IS_LITTLE);
    this.#view.setUint32(this.#start + answersAt + Answers.begun, NONE_BEGUN, HOST_IS_LITTLE);
    this.#view.setUint32(this.#start + answersAt + Answers.complete, 0, HOST_IS_LITTLE);
  }

  #record(kind: number, bytes: Uint8Array): number {
    const at = this.#start + Requests.records + this.#count++ * Requests.recordBytes;
    this.#view.setUint32(at + Request.kind, kind, HOST_IS_LITTLE);
    this.#view.setUint32(at + Request.dataAt, this.#data, HOST_IS_LITTLE);
    this.#view.setUint32(at + Request.dataBytes, bytes.length, HOST_IS_LITTLE);
    this.#bytes.set(bytes, this.#start + this.#data);
    this.#data += (bytes.length + 7) & ~7;
    return at;
  }

  #facts(at: number, facts: SessionFacts): void {
    const view = this.#view;
    view.setUint32(at + Session.session, facts.session >>> 0, HOST_IS_LITTLE);
    view.setUint32(at + Session.session + 4, Math.floor(facts.session / 2 ** 32), HOST_IS_LITTLE);
    this.#bytes.set(this.#addresses.bytes(facts.client), at + Session.clientIp);
    this.#bytes.set(this.#addresses.bytes(facts.server), at + Session.serverIp);
    view.setUint16(at + Session.clientPort, facts.clientPort, HOST_IS_LITTLE);
    view.setUint16(at + Session.serverPort, facts.serverPort, HOST_IS_LITTLE);
    const time = Math.max(0, facts.time);
    view.setUint32(at + Session.time, time % 2 ** 32, HOST_IS_LITTLE);
    view.setUint32(at + Session.time + 4, Math.floor(time / 2 ** 32), HOST_IS_LITTLE);
  }

  /** 4 when the client's address is ::ffff:a.b.c.d. */
  #family(structure: number): number {
    const at = structure + Session.clientIp;
    const view = this.#view;
    const mapped = view.getUint32(at) === 0 && view.getUint32(at + 4) === 0 && view.getUint32(at + 8) === 0xffff;
    return mapped ? 4 : 6;
  }
}

const NOTHING = new Uint8Array(0);
