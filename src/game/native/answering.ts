import { HOST_IS_LITTLE, type SharedMapping } from "#native/libc.ts";
import type { PluginCalls } from "#native/plugin-calls.ts";
import { Packet, PLAYERS_MAX, Player, PlayerConnection, Result, Session } from "#native/plugin-structs.ts";
import {
  Answer,
  Answers,
  Ask,
  answersAt,
  CANARY_BYTES,
  outputsAt,
  outputsEnd,
  playersAt,
  Request,
  Requests,
  roomFor,
  Status,
  slotBytes,
} from "./region.ts";

const CANARY = 0x5afe_c0de;
const IPV6 = 6;
/** Where the last 4 bytes of a mapped IPv4 address are. */
const IPV4_PART = 12;

/**
 * Calls the plugin for each request of a slot, in the plugin's process. Which request was begun stands in the shared
 * memory before its call: when the process dies, the host sees which one it was.
 */
export class Answering {
  readonly #view: DataView;
  readonly #base: number;
  readonly #calls: PluginCalls;
  /** The plugin wrote where it must not: nothing that it says later can be trusted. */
  harmed = false;

  constructor(mapping: SharedMapping, calls: PluginCalls) {
    this.#view = new DataView(mapping.buffer);
    this.#base = Number(mapping.address);
    this.#calls = calls;
  }

  /** Answers a batch; false when the outputs did not fit and the rest waits. */
  answer(slot: number): boolean {
    const view = this.#view;
    const start = slot * slotBytes;
    const count = view.getUint32(start + Requests.count, HOST_IS_LITTLE);
    const answers = start + answersAt;
    let output = start + outputsAt;
    for (let index = 0; index < count; index++) {
      const request = start + Requests.records + index * Requests.recordBytes;
      const answer = answers + Answers.records + index * Answers.recordBytes;
      const room = roomFor(view.getUint32(request + Request.dataBytes, HOST_IS_LITTLE));
      const kind = view.getUint32(request + Request.kind, HOST_IS_LITTLE);
      if (kind === Ask.decrypt && output + room + CANARY_BYTES > start + outputsEnd) return false;
      view.setUint32(answers + Answers.begun, index, HOST_IS_LITTLE);
      if (kind === Ask.decrypt) output = this.#decrypt(start, request, answer, output, room);
      else this.#other(kind, start, request, answer);
      view.setUint32(answers + Answers.complete, index + 1, HOST_IS_LITTLE);
      if (this.harmed) return false;
    }
    return true;
  }

  /** One packet; returns where the next output begins. */
  #decrypt(start: number, request: number, answer: number, output: number, room: number): number {
    const view = this.#view;
    const size = answer + Answer.size;
    view.setUint32(size, room, HOST_IS_LITTLE);
    view.setUint32(answer + Answer.offset, output - start, HOST_IS_LITTLE);
    view.setUint32(output + room, CANARY, HOST_IS_LITTLE);
    view.setUint32(output + room + 4, CANARY, HOST_IS_LITTLE);
    let status = this.#call(start, request, output, size);
    const length = view.getUint32(size, HOST_IS_LITTLE);
    if (view.getUint32(output + room, HOST_IS_LITTLE) !== CANARY || view.getUint32(output + room + 4, HOST_IS_LITTLE) !== CANARY) {
      status = Status.wroteBeyond;
      this.harmed = true;
    } else if (status === Result.ok && length > room) {
      status = Status.sizeBeyond;
    }
    view.setInt32(answer + Answer.status, status, HOST_IS_LITTLE);
    return status === Result.ok ? (output + length + 7) & ~7 : output;
  }

  #call(start: number, request: number, output: number, size: number): number {
    const view = this.#view;
    const base = this.#base;
    const packet = request + Request.structure;
    const input = base + start + view.getUint32(request + Request.dataAt, HOST_IS_LITTLE);
    const inputBytes = view.getUint32(request + Request.dataBytes, HOST_IS_LITTLE);
    const isV6 = view.getUint32(packet + Packet.family, HOST_IS_LITTLE) === IPV6;
    if (isV6 || this.#calls.always6) {
      const { decrypt6 } = this.#calls;
      if (decrypt6 !== undefined) return decrypt6(base + packet, input, inputBytes, base + output, base + size);
      if (isV6) return Status.noAddress6;
    }
    return this.#calls.decrypt(
      input,
      inputBytes,
      base + output,
      base + size,
      view.getUint32(packet + Packet.direction, HOST_IS_LITTLE),
      view.getUint32(packet + Session.clientIp + IPV4_PART, HOST_IS_LITTLE),
      view.getUint16(packet + Session.clientPort, HOST_IS_LITTLE),
      view.getUint32(packet + Session.serverIp + IPV4_PART, HOST_IS_LITTLE),
    );
  }

  #other(kind: number, start: number, request: number, answer: number): void {
    const view = this.#view;
    let status: number = Result.ok;
    if (kind === Ask.opened) this.#calls.sessionOpened?.(this.#base + request + Request.structure);
    else if (kind === Ask.closed) {
      const session = view.getBigUint64(request + Request.structure + Session.session, HOST_IS_LITTLE);
      const reason = this.#base + start + view.getUint32(request + Request.dataAt, HOST_IS_LITTLE);
      this.#calls.sessionClosed?.(Number(session), reason);
    } else status = this.#players(start, answer);
    view.setInt32(answer + Answer.status, status, HOST_IS_LITTLE);
  }

  /** Numbers of players, then details of each; the answer's size is how many there are. */
  #players(start: number, answer: number): number {
    const view = this.#view;
    const { listPlayers, getPlayer, getConnection } = this.#calls;
    const sizeAt = answer + Answer.size;
    const list = start + outputsAt;
    view.setUint32(sizeAt, PLAYERS_MAX, HOST_IS_LITTLE);
    view.setBigUint64(list + PLAYERS_MAX * 8, BigInt(CANARY), HOST_IS_LITTLE);
    const status = listPlayers === undefined || getPlayer === undefined ? Result.skip : listPlayers(this.#base + list, this.#base + sizeAt);
    const listed = status === Result.ok ? view.getUint32(sizeAt, HOST_IS_LITTLE) : 0;
    if (listed > PLAYERS_MAX || view.getBigUint64(list + PLAYERS_MAX * 8, HOST_IS_LITTLE) !== BigInt(CANARY)) {
      this.harmed = true;
      return Status.wroteBeyond;
    }
    let at = start + playersAt;
    let count = 0;
    for (let index = 0; index < listed; index++) {
      const player = view.getBigUint64(list + index * 8, HOST_IS_LITTLE);
      new Uint8Array(view.buffer, at, Player.bytes + PlayerConnection.bytes).fill(0);
      view.setUint32(at + Player.structSize, Player.bytes, HOST_IS_LITTLE);
      view.setUint32(at + Player.bytes, PlayerConnection.bytes, HOST_IS_LITTLE);
      if (getPlayer?.(player, this.#base + at) !== Result.ok) continue;
      if (getConnection?.(player, this.#base + at + Player.bytes) !== Result.ok) view.setUint32(at + Player.bytes, 0, HOST_IS_LITTLE);
      at += Player.bytes + PlayerConnection.bytes;
      count++;
    }
    view.setUint32(sizeAt, count, HOST_IS_LITTLE);
    return status;
  }
}
