import { HOST_IS_LITTLE, type SharedMapping } from "#native/libc.ts";
import type { PluginCalls, PluginDescription } from "#native/plugin-calls.ts";
import { Packet, PLAYERS_MAX, Player, PlayerConnection, Result, Session } from "#native/plugin-structs.ts";
import { ForeignCalls } from "./foreign-calls.ts";
import type { WasmExports } from "./wasm-exports.ts";

const recordBytes = Player.bytes + PlayerConnection.bytes;
/** Players that one module tells of. */
const playersMax = Math.min(PLAYERS_MAX, 4096);
const SKIP = -1;

/**
 * A module as the host's side of its process calls plugins. What it is told is copied into its own memory, at the place
 * that it names for that, and what it answers is copied out: places and lengths that it names are compared with its memory.
 */
export class WasmCalls extends ForeignCalls implements PluginCalls {
  readonly description: PluginDescription;
  readonly decrypt6: PluginCalls["decrypt6"];
  readonly sessionOpened: PluginCalls["sessionOpened"];
  readonly sessionClosed: PluginCalls["sessionClosed"];
  readonly listPlayers: PluginCalls["listPlayers"];
  readonly getPlayer: PluginCalls["getPlayer"];
  readonly getConnection: PluginCalls["getConnection"];
  readonly #exports: WasmExports;
  #players = new Uint8Array(0);

  constructor(exports: WasmExports, description: PluginDescription, mapping: SharedMapping, warn: (text: string) => void) {
    super(mapping, warn);
    this.#exports = exports;
    this.description = description;
    this.decrypt6 = (packet, input, inputBytes, output, size) => this.guard(() => this.#decrypt(packet, input, inputBytes, output, size));
    const { oddwire_session_opened: opened, oddwire_session_closed: closed } = exports;
    if (opened !== undefined)
      this.sessionOpened = (session) =>
        void this.guard(() => {
          const at = this.#room(Session.bytes);
          this.#copyIn(at, session, Session.bytes);
          opened(at);
          return Result.ok;
        });
    if (closed !== undefined)
      this.sessionClosed = (session) =>
        void this.guard(() => {
          closed(session);
          return Result.ok;
        });
    if (!description.tracksPlayers) return;
    this.listPlayers = (players, count) => this.guard(() => this.#list(players, count));
    this.getPlayer = (player, details) => this.#record(Number(player), 0, details, Player.bytes);
    this.getConnection = (player, connection) => this.#record(Number(player), Player.bytes, connection, PlayerConnection.bytes);
  }

  /** In the module's memory: the packet's facts, the piece, room for what comes of it. */
  #decrypt(packet: number, input: number, inputBytes: number, output: number, size: number): number {
    const room = this.view.getUint32(size - this.base, HOST_IS_LITTLE);
    const inputAt = Packet.bytes;
    const outputAt = (inputAt + inputBytes + 7) & ~7;
    const at = this.#room(outputAt + room);
    this.#copyIn(at, packet, Packet.bytes);
    this.#copyIn(at + inputAt, input, inputBytes);
    const length = this.#exports.oddwire_decrypt(at, at + inputAt, inputBytes, at + outputAt, room);
    if (length === SKIP) return Result.skip;
    if (!Number.isInteger(length) || length < 0) return Result.error;
    if (length > room) throw new RangeError(`oddwire_decrypt answers ${length} bytes, ${room} are the limit for this piece`);
    // The memory may have grown, and its bytes may be elsewhere now.
    this.bytes.set(new Uint8Array(this.#exports.memory.buffer, at + outputAt, length), output - this.base);
    this.view.setUint32(size - this.base, length, HOST_IS_LITTLE);
    return Result.ok;
  }

  #room(bytes: number): number {
    const at = this.#exports.oddwire_buffer(bytes) >>> 0;
    if (at === 0 || at + bytes > this.#exports.memory.buffer.byteLength)
      throw new RangeError(`oddwire_buffer has no room for ${bytes} bytes`);
    return at;
  }

  #copyIn(at: number, from: number, bytes: number): void {
    new Uint8Array(this.#exports.memory.buffer, at, bytes).set(this.bytes.subarray(from - this.base, from - this.base + bytes));
  }

  #list(players: number, count: number): number {
    const at = this.#room(playersMax * recordBytes);
    new Uint8Array(this.#exports.memory.buffer, at, playersMax * recordBytes).fill(0);
    const told = this.#exports.oddwire_list_players?.(at, playersMax) ?? 0;
    const listed = Math.max(0, Math.min(playersMax, told));
    this.#players = new Uint8Array(this.#exports.memory.buffer, at, listed * recordBytes).slice();
    return this.answerPlayers(listed, players, count);
  }

  /** A part of a player's record behind its `struct_size`, which stays. */
  #record(index: number, part: number, to: number, bytes: number): number {
    const from = index * recordBytes + part;
    this.bytes.set(this.#players.subarray(from + 4, from + bytes), to - this.base + 4);
    return Result.ok;
  }
}
