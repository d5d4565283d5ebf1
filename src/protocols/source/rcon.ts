import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side } from "#contract/parser.ts";
import { answer, GameTeller, query } from "#protocols/game-query/message.ts";
import { GameReader } from "#protocols/game-query/reader.ts";

/** Length, number, type, text, two zero bytes; the length does not count itself. */
const HEADER_BYTES = 12;
const lengthMin = 10;
const lengthMax = 4110;
const AUTH = 3;
const COMMAND = 2;

/** Source RCON, which Minecraft speaks too: the first packet logs in. */
export function probeRcon(side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (end - at < 4) return at < end && (bytes[at] as number) < lengthMin ? Probe.no : Probe.more;
  const length = view.getUint32(at, true);
  if (length < lengthMin || length > 600) return Probe.no;
  if (end - at < HEADER_BYTES) return Probe.more;
  const type = view.getUint32(at + 8, true);
  if (side === 0 ? type !== AUTH : type !== COMMAND && type !== 0) return Probe.no;
  // A client's first packet must be whole and end where its length says.
  if (end - at < 4 + length) return side === 0 && end - at < 1024 ? Probe.more : Probe.no;
  if (bytes[at + 2 + length] !== 0 || bytes[at + 3 + length] !== 0) return Probe.no;
  return side === 0 && end - at === 4 + length ? Probe.yes : Probe.maybe;
}

export class RconParser implements Parser {
  readonly #teller: GameTeller;
  #loggedIn = false;

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    const { view, end } = input;
    let at = input.at;
    while (end - at >= 4) {
      const length = view.getUint32(at, true);
      if (length < lengthMin || length > lengthMax) return FAILED;
      if (end - at < 4 + length) break;
      this.#packet(side, GameReader.at(input, at - input.at + 4));
      at += 4 + length;
    }
    return at - input.at;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}

  /** The password is not told; of a command, its first word. */
  #packet(side: Side, reader: GameReader): void {
    const id = reader.i32();
    const type = reader.u32();
    if (side === 0) {
      const message = query("rcon", type === AUTH ? "login" : "command");
      if (type === COMMAND) message.command = reader.cstring().trim().split(/\s/, 1)[0] ?? "";
      this.#teller.tell(side, message);
    } else if (type === COMMAND && !this.#loggedIn) {
      this.#loggedIn = id !== -1;
      this.#teller.tell(side, { ...answer("rcon", "login"), status: id === -1 ? 1 : 0 });
    }
  }
}
