import type { DecryptResult, PluginPlayer } from "#contract/game-plugin.ts";
import { HOST_IS_LITTLE } from "#native/libc.ts";
import { PLAYERS_MAX, Player, PlayerConnection, Result, TEXT_BYTES } from "#native/plugin-structs.ts";
import {
  Answer,
  Answers,
  answersAt,
  outputsAt,
  outputsEnd,
  pieceBytesMax,
  playersAt,
  recordsMax,
  roomFor,
  Status,
  slotBytes,
} from "./region.ts";

/** What the plugin's own failures are called. */
const reasons: { readonly [status: number]: string } = {
  [Result.error]: "the plugin failed",
  [Result.size]: "the plugin says that its output is too small",
  [Result.data]: "the plugin says that the data contradicts the protocol",
  [Result.version]: "the plugin says that this Oddwire is too old",
  [Status.wroteBeyond]: "the plugin wrote beyond its output",
  [Status.sizeBeyond]: "the plugin says that it wrote more than its output can hold",
};
const skipped: DecryptResult = { status: "skip" };
const outputBytesMax = roomFor(pieceBytesMax);

/**
 * Reads what a plugin's process answered. Its memory is read once and believed in nothing: counts, offsets and lengths
 * are brought into their bounds, bytes are copied out before anybody sees them.
 */
export class AnswerReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #offsets = new Uint32Array(recordsMax);
  readonly #sizes = new Uint32Array(recordsMax);
  readonly #statuses = new Int32Array(recordsMax);
  #copied: Uint8Array = new Uint8Array(0);
  #harmed = false;

  constructor(buffer: ArrayBuffer) {
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
  }

  /** One of the answers that were taken last says that the plugin wrote where it must not. */
  get harmed(): boolean {
    return this.#harmed;
  }

  /** How many of the slot's `count` records are complete. */
  complete(slot: number, count: number): number {
    return Math.min(count, this.#view.getUint32(slot * slotBytes + answersAt + Answers.complete, HOST_IS_LITTLE));
  }

  /** The record that was begun and is not complete, if there is one. */
  begun(slot: number, count: number): number | undefined {
    const begun = this.#view.getUint32(slot * slotBytes + answersAt + Answers.begun, HOST_IS_LITTLE);
    return begun < count && begun === this.complete(slot, count) ? begun : undefined;
  }

  /** Takes over the first `count` answers of a slot: `result` tells them then. */
  take(slot: number, count: number): void {
    const view = this.#view;
    const start = slot * slotBytes;
    let end = outputsAt;
    this.#harmed = false;
    for (let index = 0; index < count; index++) {
      const at = start + answersAt + Answers.records + index * Answers.recordBytes;
      const offset = view.getUint32(at + Answer.offset, HOST_IS_LITTLE);
      const size = view.getUint32(at + Answer.size, HOST_IS_LITTLE);
      let status = view.getInt32(at + Answer.status, HOST_IS_LITTLE);
      if (status === Result.ok && size > 0) {
        if (offset < outputsAt || size > outputBytesMax || offset + size > outputsEnd) status = Status.sizeBeyond;
        else end = Math.max(end, offset + size);
      }
      if (status === Status.wroteBeyond) this.#harmed = true;
      this.#statuses[index] = status;
      this.#offsets[index] = offset - outputsAt;
      this.#sizes[index] = size;
    }
    this.#copied = this.#bytes.slice(start + outputsAt, start + end);
  }

  /** One of the answers that were taken. The bytes are a copy, shared by the slot's answers. */
  result(index: number): DecryptResult {
    const status = this.#statuses[index] as number;
    if (status === Result.ok) {
      const from = this.#offsets[index] as number;
      const size = this.#sizes[index] as number;
      return { status: "ok", bytes: size === 0 ? NOTHING : this.#copied.subarray(from, from + size) };
    }
    if (status === Result.skip || status === Status.noAddress6) return skipped;
    return { status: "error", why: reasons[status] ?? `the plugin answers ${status}` };
  }

  /** Players of a slot that asked for them. `sessionOf` finds the session of a connection that is told by its addresses. */
  players(slot: number, sessionOf: (client: string, port: number, server: string) => number | undefined): PluginPlayer[] {
    const start = slot * slotBytes;
    const record = start + answersAt + Answers.records;
    if (this.#view.getInt32(record + Answer.status, HOST_IS_LITTLE) !== Result.ok) return [];
    const count = Math.min(PLAYERS_MAX, this.#view.getUint32(record + Answer.size, HOST_IS_LITTLE));
    const each = Player.bytes + PlayerConnection.bytes;
    const copy = new DataView(this.#bytes.slice(start + playersAt, start + playersAt + count * each).buffer);
    return Array.from({ length: count }, (_, index) => readPlayer(copy, index * each, sessionOf)).filter((player) => player !== undefined);
  }
}

const NOTHING = new Uint8Array(0);
const LEVEL = 1;
const POSITION = 2;
const HEALTH = 4;

function readPlayer(view: DataView, at: number, sessionOf: Parameters<AnswerReader["players"]>[1]): PluginPlayer | undefined {
  const told = Number(view.getBigUint64(at + Player.session, HOST_IS_LITTLE));
  const ip = (member: number): string => [0, 1, 2, 3].map((byte) => view.getUint8(at + member + byte)).join(".");
  const port = view.getUint16(at + Player.clientPort, HOST_IS_LITTLE);
  const session = told === 0 ? sessionOf(ip(Player.clientIp), port, ip(Player.serverIp)) : told;
  const name = text(view, at + Player.name);
  if (session === undefined || !Number.isSafeInteger(session) || name === "") return undefined;
  const known = view.getUint32(at + Player.known, HOST_IS_LITTLE);
  const [id, map] = [text(view, at + Player.id), text(view, at + Player.map)];
  const float = (member: number): number => view.getFloat32(at + member, HOST_IS_LITTLE);
  const [x, y, z] = [float(Player.x), float(Player.y), float(Player.z)];
  const [now, most] = [float(Player.health), float(Player.healthMax)];
  const connection = readConnection(view, at + Player.bytes);
  return {
    session,
    name,
    ...(id === "" ? {} : { id }),
    ...((known & LEVEL) === 0 ? {} : { level: view.getUint32(at + Player.level, HOST_IS_LITTLE) }),
    ...((known & POSITION) === 0 || ![x, y, z].every(Number.isFinite) ? {} : { position: { x, y, z, ...(map === "" ? {} : { map }) } }),
    ...((known & HEALTH) === 0 || ![now, most].every(Number.isFinite) ? {} : { health: { now, most } }),
    ...(connection === undefined ? {} : { connection }),
  };
}

function readConnection(view: DataView, at: number): PluginPlayer["connection"] {
  if (view.getUint32(at + PlayerConnection.structSize, HOST_IS_LITTLE) === 0) return undefined;
  const count = (member: number): number => Number(view.getBigUint64(at + member, HOST_IS_LITTLE));
  const rttMs = view.getFloat32(at + PlayerConnection.rtt, HOST_IS_LITTLE);
  const told = view.getUint32(at + PlayerConnection.hasRtt, HOST_IS_LITTLE) !== 0 && Number.isFinite(rttMs);
  return { packetsIn: count(PlayerConnection.packetsIn), packetsOut: count(PlayerConnection.packetsOut), ...(told ? { rttMs } : {}) };
}

function text(view: DataView, at: number): string {
  const bytes = new Uint8Array(view.buffer, at, TEXT_BYTES);
  const zero = bytes.indexOf(0);
  return new TextDecoder().decode(zero < 0 ? bytes : bytes.subarray(0, zero));
}
