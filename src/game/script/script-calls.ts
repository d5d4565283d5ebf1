import type { PluginPlayer } from "#contract/game-plugin.ts";
import type { GamePiece, GameScript, GameSession } from "#contract/game-script.ts";
import { HOST_IS_LITTLE, type SharedMapping } from "#native/libc.ts";
import type { PluginCalls, PluginDescription } from "#native/plugin-calls.ts";
import { Packet, PLAYERS_MAX, Player, PlayerConnection, Result, Session, TEXT_BYTES } from "#native/plugin-structs.ts";
import { addressText } from "./address-text.ts";
import { ForeignCalls } from "./foreign-calls.ts";

const reasonBytesMax = 128;
const LEVEL = 1;
const POSITION = 2;
const HEALTH = 4;

/**
 * A script as the host's side of its process calls plugins: addresses of the shared memory become objects, what the
 * script answers goes back to them. Nothing that the script answers is believed: lengths are compared, texts are cut.
 */
export class ScriptCalls extends ForeignCalls implements PluginCalls {
  readonly description: PluginDescription;
  readonly decrypt6: PluginCalls["decrypt6"];
  readonly sessionOpened: PluginCalls["sessionOpened"];
  readonly sessionClosed: PluginCalls["sessionClosed"];
  readonly listPlayers: PluginCalls["listPlayers"];
  readonly getPlayer: PluginCalls["getPlayer"];
  readonly getConnection: PluginCalls["getConnection"];
  readonly #script: GameScript;
  #players: readonly PluginPlayer[] = [];

  constructor(script: GameScript, description: PluginDescription, mapping: SharedMapping, warn: (text: string) => void) {
    super(mapping, warn);
    this.#script = script;
    this.description = description;
    this.decrypt6 = (packet, input, inputBytes, output, size) => this.guard(() => this.#decrypt(packet, input, inputBytes, output, size));
    if (script.sessionOpened !== undefined)
      this.sessionOpened = (at) => void this.guard(() => this.#done(script.sessionOpened?.(this.#session(at - this.base))));
    if (script.sessionClosed !== undefined)
      this.sessionClosed = (session, reason) =>
        void this.guard(() => this.#done(script.sessionClosed?.(session, this.#text(reason - this.base, reasonBytesMax))));
    if (!description.tracksPlayers) return;
    this.listPlayers = (players, count) => this.guard(() => this.#list(players, count));
    this.getPlayer = (player, details) => this.guard(() => this.#player(Number(player), details - this.base));
    this.getConnection = (player, connection) => this.guard(() => this.#connection(Number(player), connection - this.base));
  }

  #decrypt(packet: number, input: number, inputBytes: number, output: number, size: number): number {
    const at = packet - this.base;
    const from = input - this.base;
    const piece: GamePiece = {
      ...this.#session(at),
      side: this.view.getUint32(at + Packet.direction, HOST_IS_LITTLE) === 0 ? 0 : 1,
      bytes: this.bytes.slice(from, from + inputBytes),
    };
    const clear: unknown = this.#script.decrypt(piece);
    if (clear === undefined) return Result.skip;
    if (!(clear instanceof Uint8Array)) throw new TypeError("decrypt has to answer a Uint8Array or undefined, at once");
    const room = this.view.getUint32(size - this.base, HOST_IS_LITTLE);
    if (clear.length > room) throw new RangeError(`decrypt answers ${clear.length} bytes, ${room} are the limit for this piece`);
    this.bytes.set(clear, output - this.base);
    this.view.setUint32(size - this.base, clear.length, HOST_IS_LITTLE);
    return Result.ok;
  }

  #session(at: number): GameSession {
    const view = this.view;
    return {
      session: Number(view.getBigUint64(at + Session.session, HOST_IS_LITTLE)),
      client: addressText(view, at + Session.clientIp),
      clientPort: view.getUint16(at + Session.clientPort, HOST_IS_LITTLE),
      server: addressText(view, at + Session.serverIp),
      serverPort: view.getUint16(at + Session.serverPort, HOST_IS_LITTLE),
      time: Number(view.getBigUint64(at + Session.time, HOST_IS_LITTLE)),
    };
  }

  #list(players: number, count: number): number {
    const said: unknown = this.#script.players?.();
    if (!Array.isArray(said)) throw new TypeError("players has to answer an array, at once");
    this.#players = said.slice(0, PLAYERS_MAX);
    return this.answerPlayers(this.#players.length, players, count);
  }

  #player(index: number, at: number): number {
    const player = this.#players[index];
    if (player === undefined || !Number.isSafeInteger(player.session) || player.session < 1) return Result.skip;
    const view = this.view;
    const { level, position, health } = player;
    const known = (level === undefined ? 0 : LEVEL) | (position === undefined ? 0 : POSITION) | (health === undefined ? 0 : HEALTH);
    view.setUint32(at + Player.known, known, HOST_IS_LITTLE);
    view.setBigUint64(at + Player.session, BigInt(player.session), HOST_IS_LITTLE);
    view.setUint32(at + Player.level, level ?? 0, HOST_IS_LITTLE);
    for (const axis of ["x", "y", "z"] as const) view.setFloat32(at + Player[axis], position?.[axis] ?? 0, HOST_IS_LITTLE);
    view.setFloat32(at + Player.health, health?.now ?? 0, HOST_IS_LITTLE);
    view.setFloat32(at + Player.healthMax, health?.most ?? 0, HOST_IS_LITTLE);
    for (const [member, text] of [
      [Player.name, player.name],
      [Player.id, player.id],
      [Player.map, position?.map],
    ] as const)
      new TextEncoder().encodeInto(text ?? "", this.bytes.subarray(at + member, at + member + TEXT_BYTES));
    return Result.ok;
  }

  #connection(index: number, at: number): number {
    const connection = this.#players[index]?.connection;
    if (connection === undefined) return Result.skip;
    const view = this.view;
    view.setUint32(at + PlayerConnection.hasRtt, connection.rttMs === undefined ? 0 : 1, HOST_IS_LITTLE);
    view.setBigUint64(at + PlayerConnection.packetsIn, BigInt(Math.trunc(connection.packetsIn)), HOST_IS_LITTLE);
    view.setBigUint64(at + PlayerConnection.packetsOut, BigInt(Math.trunc(connection.packetsOut)), HOST_IS_LITTLE);
    view.setFloat32(at + PlayerConnection.rtt, connection.rttMs ?? 0, HOST_IS_LITTLE);
    return Result.ok;
  }

  #done(_answer: unknown): number {
    return Result.ok;
  }

  #text(at: number, bytesMax: number): string {
    const bytes = this.bytes.slice(at, at + bytesMax);
    const zero = bytes.indexOf(0);
    return new TextDecoder().decode(zero < 0 ? bytes : bytes.subarray(0, zero));
  }
}
