import type { ByteView } from "#base/bytes.ts";
import { FINISHED, type Parser, type ParserContext, Probe, type Side } from "#contract/parser.ts";
import { answer, GameTeller, notice, query } from "#protocols/game-query/message.ts";
import { GameReader, matches } from "#protocols/game-query/reader.ts";

/** Version 3 begins with these letters where later packets have their check sum; then number, and type 8 with a flag. */
const INIT = "TS3INIT1";
const INIT_TYPE = 0x88;
/** Version 2: class and type of a packet outside of a connection: login, its answer, and the end of a connection. */
const LOGIN = 0xf4be0300;
const LOGIN_ANSWER = 0xf4be0400;
const LOGIN_BYTES = 180;
const LEAVE = 0xf0be2c01;

/** Place of the type: the client's packets have its number before it. */
function initTypeAt({ bytes, view, at, end }: ByteView): number {
  if (end - at < 12 || !matches(bytes, at, end, INIT) || view.getUint16(at + 8) !== 0x65) return 0;
  if (bytes[at + 10] === INIT_TYPE) return at + 10;
  return end - at > 17 && bytes[at + 12] === INIT_TYPE ? at + 12 : 0;
}

export function probeVoice(_side: Side, input: ByteView): Probe {
  const { bytes, view, at, end } = input;
  if (bytes[at] === 0x54) return initTypeAt(input) > 0 ? Probe.yes : Probe.no;
  if (bytes[at] !== 0xf4 || end - at < 100) return Probe.no;
  const first = view.getUint32(at);
  if (first === LOGIN) return end - at === LOGIN_BYTES && (bytes[at + 20] as number) < 30 ? Probe.yes : Probe.no;
  return first === LOGIN_ANSWER && (bytes[at + 20] as number) < 30 ? Probe.yes : Probe.no;
}

/** How a client comes to a voice server and leaves it. Version 3 is encrypted behind its puzzle. */
export class VoiceParser implements Parser {
  readonly #teller: GameTeller;
  #asked = false;
  #left = false;

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    const place = initTypeAt(input);
    if (place > 0) return this.#init(side, input, place);
    if (input.length >= 16) this.#old(side, input);
    return input.length;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}

  /** Steps 0 to 4 in turn: client, server, client, server with the puzzle, client with the answer. */
  #init(side: Side, { bytes, at, end }: ByteView, place: number): number {
    const isClient = place === at + 12;
    const step = bytes[place + (isClient ? 5 : 1)];
    if (isClient && step === 0 && !this.#asked) {
      this.#asked = true;
      this.#teller.tell(side, query("teamspeak3", "connect"));
    } else if (!isClient && step === 3) this.#teller.tell(side, { ...answer("teamspeak3", "connect"), encrypted: true });
    else if (isClient && step === 4) return FINISHED;
    return end - at;
  }

  #old(side: Side, input: ByteView): void {
    const { view, at } = input;
    const kind = view.getUint32(at);
    if (kind === LOGIN && input.length === LOGIN_BYTES) {
      const message = { ...query("teamspeak2", "connect"), player: fixedText(input, 150) };
      const password = input.bytes[at + 120] as number;
      this.#teller.tell(side, { ...message, os: fixedText(input, 50), password: password > 0 });
    } else if (kind === LOGIN_ANSWER && input.length >= 80) {
      const hostname = fixedText(input, 20);
      this.#teller.tell(side, hostname === "" ? answer("teamspeak2", "connect") : { ...answer("teamspeak2", "connect"), hostname });
    } else if (kind === LEAVE && !this.#left) {
      this.#left = true;
      this.#teller.tell(side, { ...notice("teamspeak2", "disconnect"), reason: "the client left" });
    }
  }
}

/** A text of at most 29 bytes behind its length. */
function fixedText(input: ByteView, offset: number): string {
  const reader = GameReader.at(input, offset);
  const length = reader.u8();
  return length < 30 ? reader.text(Math.min(length, reader.left)) : "";
}
