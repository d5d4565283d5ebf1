import { type ByteView, latin1 } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";
import { FINISHED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { CommandFilter } from "./command-filter.ts";
import { Option, optionName } from "./options.ts";

/** Text of the server that prompts are looked for in: the last of it, characters. */
const recentCharactersMax = 256;
const bannerCharactersMax = 512;
const typedCharactersMax = 128;
const optionsMax = 32;
/** Bytes of both sides that are read; logins come early. */
const readBytesMax = 65_536;
/** Logins of one connection that are told. */
const loginsMax = 64;

const NAME_PROMPT = /(?:^|[\s>])(?:[-\w.]+ )?(?:login|user ?name|user|account) ?:$/i;
const SECRET_PROMPT = /(?:password|passwd|passcode|passphrase|pin)[^\n:]{0,24}:$/i;
const REFUSED = /incorrect|invalid|fail|denied|bad password|wrong|refused|not allowed/i;
const LET_IN = /last login|welcome|(?:^|\n)[^\n]{0,60}[$#>%] ?$/i;

/** What the client's next line is. */
type Asked = "nothing" | "name" | "secret";

/** RFC 854 and its options. Of what is typed, only a name at a prompt is kept. */
export class TelnetParser implements Parser {
  readonly #context: ParserContext;
  readonly #filters: readonly [CommandFilter, CommandFilter];
  readonly #options: readonly [string[], string[]] = [[], []];
  #count = 0;
  #banner = "";
  #recent = "";
  #asked: Asked = "nothing";
  #prompted = false;
  #typed = "";
  #user: string | undefined;
  #secret = false;
  /** True between a password and the next prompt. */
  #judging = false;
  #success: boolean | undefined;
  #terminal: string | undefined;
  #window: string | undefined;
  #speed: string | undefined;
  #display: string | undefined;
  #read = 0;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#filters = [this.#filter(Side.toServer), this.#filter(Side.toClient)];
  }

  data(side: Side, view: ByteView): number {
    const filter = this.#filters[side];
    const end = Math.min(view.end, view.at + readBytesMax - this.#read);
    for (let i = view.at; i < end; i++) filter.byte(view.bytes[i] as number);
    this.#read += end - view.at;
    return this.#read >= readBytesMax ? FINISHED : view.length;
  }

  gap(side: Side, _bytes: number): boolean {
    this.#filters[side].reset();
    this.#recent = "";
    this.#typed = "";
    return true;
  }

  end(): void {
    if (this.#count === 0 || this.#user !== undefined || this.#judging) this.#tell();
  }

  #filter(side: Side): CommandFilter {
    return new CommandFilter({
      text: side === Side.toServer ? (byte) => this.#type(byte) : (byte) => this.#show(byte),
      will: (option, agrees) => this.#option(side, option, agrees),
      subnegotiation: (bytes, length) => {
        if (side === Side.toServer) this.#told(bytes, length);
      },
    });
  }

  #option(side: Side, option: number, agrees: boolean): void {
    const options = this.#options[side];
    const name = optionName(option);
    const index = options.indexOf(name);
    if (agrees && index < 0 && options.length < optionsMax) options.push(name);
    else if (!agrees && index >= 0) options.splice(index, 1);
  }

  /** What the client tells of its terminal (RFC 1091, RFC 1073, RFC 1079, RFC 1096). */
  #told(bytes: Uint8Array, length: number): void {
    const option = bytes[0];
    if (option === Option.windowSize && length === 5)
      this.#window = `${((bytes[1] as number) << 8) | (bytes[2] as number)}x${((bytes[3] as number) << 8) | (bytes[4] as number)}`;
    if (length < 3 || bytes[1] !== 0) return;
    const text = printable(latin1(bytes, 2, length));
    if (option === Option.terminalType) this.#terminal = text;
    else if (option === Option.terminalSpeed) this.#speed = text;
    else if (option === Option.displayLocation) this.#display = text;
  }

  /** A character that the server shows. */
  #show(byte: number): void {
    const letter = String.fromCharCode(byte);
    this.#recent = (this.#recent + letter).slice(-recentCharactersMax);
    if (!this.#prompted && this.#banner.length < bannerCharactersMax) this.#banner += letter;
    // Prompts end with a colon; shells with one of these.
    if (this.#judging && this.#success === undefined && "\n$#>% ".includes(letter)) this.#judge();
    if (letter !== ":") return;
    if (SECRET_PROMPT.test(this.#recent)) this.#ask("secret");
    else if (NAME_PROMPT.test(this.#recent) && !/last login:$/i.test(this.#recent)) this.#ask("name");
  }

  #ask(asked: Asked): void {
    if (!this.#prompted) this.#banner = this.#banner.slice(0, Math.max(0, this.#banner.lastIndexOf("\n")));
    this.#prompted = true;
    if (asked === "name" && (this.#judging || this.#user !== undefined)) {
      // Asked again: the last attempt was in vain.
      if (this.#judging) this.#success ??= false;
      this.#tell();
    }
    if (this.#asked !== asked) this.#typed = "";
    this.#asked = asked;
  }

  #judge(): void {
    if (REFUSED.test(this.#recent)) this.#success = false;
    else if (LET_IN.test(this.#recent)) this.#success = true;
    if (this.#success === undefined) return;
    this.#tell();
  }

  /** A byte that the client types. */
  #type(byte: number): void {
    if (this.#asked === "nothing") return;
    if (byte === 0x0d || byte === 0x0a) {
      if (this.#typed !== "" || byte === 0x0d) this.#entered();
      return;
    }
    if (byte === 0x08 || byte === 0x7f) this.#typed = this.#typed.slice(0, -1);
    else if (byte >= 0x20 && this.#typed.length < typedCharactersMax)
      this.#typed += this.#asked === "secret" ? "*" : String.fromCharCode(byte);
  }

  #entered(): void {
    if (this.#asked === "name") this.#user = this.#typed === "" ? undefined : utf8Text(this.#typed);
    else {
      this.#secret = true;
      this.#judging = true;
      this.#success = undefined;
      this.#recent = "";
    }
    this.#asked = "nothing";
    this.#typed = "";
  }

  #tell(): void {
    if (this.#count >= loginsMax) return;
    const fields: Transaction = {};
    const banner = printable(this.#banner).trim();
    if (banner !== "" && this.#count === 0) fields["banner"] = utf8Text(banner);
    if (this.#user !== undefined) fields["user"] = this.#user;
    if (this.#secret) fields["password"] = true;
    if (this.#success !== undefined) fields["success"] = this.#success;
    if (this.#options[0].length > 0) fields["client_options"] = [...this.#options[0]];
    if (this.#options[1].length > 0) fields["server_options"] = [...this.#options[1]];
    if (this.#terminal !== undefined) fields["terminal"] = this.#terminal;
    if (this.#window !== undefined) fields["window"] = this.#window;
    if (this.#speed !== undefined) fields["speed"] = this.#speed;
    if (this.#display !== undefined) fields["display"] = this.#display;
    this.#context.emit("telnet", Side.toServer, this.#count++, fields);
    this.#user = undefined;
    this.#secret = false;
    this.#judging = false;
    this.#success = undefined;
  }
}

/** Without control characters, but with line ends as they are. */
const printable = (text: string): string => Array.from(text, (letter) => (letter >= " " || letter === "\n" ? letter : "")).join("");
