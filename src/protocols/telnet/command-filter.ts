const IAC = 0xff;
const SB = 0xfa;
const SE = 0xf0;
const WILL = 0xfb;
const WONT = 0xfc;
const DO = 0xfd;
const DONT = 0xfe;
/** Bytes of a subnegotiation that are kept. */
const subnegotiationBytesMax = 256;

export interface CommandTaker {
  text(byte: number): void;
  /** A side says WILL (true) or WONT of an option. */
  will(option: number, agrees: boolean): void;
  subnegotiation(bytes: Uint8Array, length: number): void;
}

type State = "text" | "command" | "option" | "sub" | "sub-command";

/** Takes Telnet's commands out of one side (RFC 854, RFC 855), byte by byte. */
export class CommandFilter {
  readonly #taker: CommandTaker;
  readonly #bytes = new Uint8Array(subnegotiationBytesMax);
  #state: State = "text";
  #command = 0;
  #length = 0;

  constructor(taker: CommandTaker) {
    this.#taker = taker;
  }

  byte(byte: number): void {
    switch (this.#state) {
      case "text":
        if (byte === IAC) this.#state = "command";
        else this.#taker.text(byte);
        return;
      case "command":
        this.#begin(byte);
        return;
      case "option":
        if (this.#command === WILL || this.#command === WONT) this.#taker.will(byte, this.#command === WILL);
        this.#state = "text";
        return;
      case "sub":
        if (byte === IAC) this.#state = "sub-command";
        else this.#keep(byte);
        return;
      case "sub-command":
        if (byte === SE) {
          this.#taker.subnegotiation(this.#bytes, this.#length);
          this.#state = "text";
        } else {
          this.#keep(byte);
          this.#state = "sub";
        }
    }
  }

  /** Bytes are missing: what was begun is given up. */
  reset(): void {
    this.#state = "text";
  }

  #begin(byte: number): void {
    this.#command = byte;
    if (byte === SB) {
      this.#length = 0;
      this.#state = "sub";
    } else if (byte === WILL || byte === WONT || byte === DO || byte === DONT) this.#state = "option";
    else this.#state = "text";
  }

  #keep(byte: number): void {
    if (this.#length < subnegotiationBytesMax) this.#bytes[this.#length++] = byte;
  }
}
