import type { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { answer, type GameMessage, GameTeller, lift, notice, query } from "#protocols/game-query/message.ts";
import { PacketReader, wideText } from "./packets.ts";
import { addressBytesMax } from "./probe.ts";
import { componentText, readJson, readStatus } from "./status.ts";

/** Longest packet before a player is in the game: a status with its picture. */
export const packetBytesMax = 262_144;
const nameBytesMax = 64;
/** Letters of an old answer. */
const oldLettersMax = 1024;

type State = "handshake" | "status" | "login" | "play" | "old";

/** A connection of Minecraft Java Edition: status, or login up to where it is encrypted. */
export class MinecraftParser implements Parser {
  readonly #teller: GameTeller;
  #state: State = "handshake";
  #compressed = false;
  #player: string | undefined = undefined;
  /** The old question has been told. */
  #asked = false;

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    if (this.#state === "play") return input.length;
    const first = input.bytes[input.at];
    if (this.#state === "handshake" && (first === 0xfe || (side === 1 && first === 0xff))) this.#state = "old";
    if (this.#state === "old") return side === 0 ? this.#oldPing(input) : this.#oldAnswer(input);
    let at = input.at;
    while (at < input.end) {
      const reader = new PacketReader(input.bytes, input.view, at, input.end);
      const length = reader.varint();
      if (reader.short) return reader.left === 0 && input.end - at < 5 ? at - input.at : FAILED;
      if (length <= 0 || length > packetBytesMax) return FAILED;
      if (reader.left < length) return at - input.at;
      at = reader.at + length;
      const done = this.#packet(side, new PacketReader(input.bytes, input.view, reader.at, at));
      if (done !== 0) return done;
      if (this.#is("play")) return input.length;
    }
    return at - input.at;
  }

  gap(): boolean {
    return this.#state === "play";
  }

  end(): void {
    if (this.#state === "old" && !this.#asked) this.#teller.tell(0, query("minecraft", "status"));
    if (this.#state === "play" && this.#player !== undefined)
      this.#teller.tell(0, { ...notice("minecraft", "disconnect"), player: this.#player });
  }

  #is(state: State): boolean {
    return this.#state === state;
  }

  #packet(side: Side, reader: PacketReader): number {
    if (this.#compressed) {
      // Long packets are packed; those of a login are short.
      if (reader.varint() !== 0) {
        this.#state = "play";
        return 0;
      }
    }
    const id = reader.varint();
    if (reader.short) return FAILED;
    if (this.#state === "handshake") return side === 0 ? this.#handshake(id, reader) : this.#serverFirst(id, reader);
    if (this.#state === "status") this.#status(side, id, reader);
    else return side === 0 ? this.#clientLogin(id, reader) : this.#serverLogin(id, reader);
    return 0;
  }

  #handshake(id: number, reader: PacketReader): number {
    const version = reader.varint();
    const address = reader.text(addressBytesMax);
    const port = reader.u16();
    const next = reader.varint();
    if (id !== 0 || reader.short || next < 1 || next > 3) return FAILED;
    this.#state = next === 1 ? "status" : "login";
    const message: GameMessage = { ...query("minecraft", "handshake"), protocol_version: version, port };
    // Mods write behind the name.
    message.address = address.split("\0", 1)[0] ?? "";
    if (next === 3) message.reason = "transfer";
    this.#teller.tell(0, message);
    return 0;
  }

  /** The client's side is missing: an answer tells what it was about. */
  #serverFirst(id: number, reader: PacketReader): number {
    if (id !== 0) return FAILED;
    this.#state = "status";
    this.#status(1, id, reader);
    return 0;
  }

  #status(side: Side, id: number, reader: PacketReader): void {
    if (id === 1) {
      this.#teller.tell(side, side === 0 ? query("minecraft", "ping") : answer("minecraft", "ping"));
      return;
    }
    if (id !== 0) return;
    if (side === 0) {
      this.#teller.tell(side, query("minecraft", "status"));
      return;
    }
    const length = reader.varint();
    const end = Math.min(reader.end, reader.at + Math.max(0, length));
    this.#teller.tell(side, readStatus(readJson(reader.bytes, reader.at, end)));
  }

  #clientLogin(id: number, reader: PacketReader): number {
    if (id === 0 && this.#player === undefined) {
      const name = reader.text(nameBytesMax);
      if (reader.short) return FAILED;
      this.#player = name;
      this.#teller.tell(0, { ...query("minecraft", "login"), player: name });
    } else if (id === 1) {
      // The key has been sent: all that follows is encrypted, on both sides.
      this.#teller.tell(0, { ...notice("minecraft", "connect"), encrypted: true, ...this.#named() });
      return FINISHED;
    }
    return 0;
  }

  #named(): { player?: string } {
    return this.#player === undefined ? {} : { player: this.#player };
  }

  #serverLogin(id: number, reader: PacketReader): number {
    if (id === 0) {
      const length = reader.varint();
      const json = readJson(reader.bytes, reader.at, Math.min(reader.end, reader.at + Math.max(0, length)));
      this.#teller.tell(1, { ...notice("minecraft", "refused"), reason: componentText(json), ...this.#named() });
    } else if (id === 2) {
      this.#teller.tell(1, { ...notice("minecraft", "connect"), encrypted: false, ...this.#named() });
      this.#state = "play";
    } else if (id === 3) this.#compressed = true;
    return 0;
  }

  /** `fe`, `fe 01`, or with a channel's name and the address that is asked for. */
  #oldPing({ bytes, view, at, end }: ByteView): number {
    if (bytes[at] !== 0xfe) return end - at;
    if (end - at >= 3 && bytes[at + 2] === 0xfa) {
      if (end - at < 29 || end - at < 29 + view.getUint16(at + 27)) return 0;
      const message: GameMessage = { ...query("minecraft", "status"), protocol_version: view.getUint8(at + 29) };
      const length = end - at >= 32 ? view.getUint16(at + 30) : 0;
      if (length > 0 && length <= 255 && at + 36 + 2 * length <= end) {
        message.address = wideText(view, at + 32, length);
        message.port = view.getUint32(at + 32 + 2 * length) & 0xffff;
      }
      this.#asked = true;
      this.#teller.tell(0, message);
      return end - at;
    }
    // The shorter ones may be the beginning of the longest.
    return end - at <= 2 ? 0 : FAILED;
  }

  /** 0xff, how many letters, and the letters: separated by zeros, or by `§` before version 1.4. */
  #oldAnswer({ bytes, view, at, end }: ByteView): number {
    if (bytes[at] !== 0xff) return FAILED;
    if (end - at < 3) return 0;
    const letters = view.getUint16(at + 1);
    if (letters > oldLettersMax) return FAILED;
    if (end - at < 3 + 2 * letters) return 0;
    if (!this.#asked) this.#teller.tell(0, query("minecraft", "status"));
    this.#asked = true;
    const text = wideText(view, at + 3, letters);
    const message = answer("minecraft", "status");
    if (text.startsWith("§1\0")) {
      const [, protocol, version, name, players, places] = text.split("\0");
      lift(message, "protocol", protocol ?? "");
      if (version !== undefined) message.version = version;
      if (name !== undefined) message.hostname = name;
      lift(message, "numplayers", players ?? "");
      lift(message, "maxplayers", places ?? "");
    } else {
      const parts = text.split("§");
      lift(message, "maxplayers", parts.pop() ?? "");
      lift(message, "numplayers", parts.pop() ?? "");
      message.hostname = parts.join("§");
    }
    this.#teller.tell(1, message);
    return FINISHED;
  }
}
