import type { ByteView } from "#base/bytes.ts";
import { FINISHED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { Login } from "#protocols/mime/login.ts";
import { type Tag, TagReader } from "./tag-reader.ts";

const mechanismsMax = 16;
const textCharactersMax = 256;
/** Logins of one stream that are told. */
const loginsMax = 32;
const TLS_HANDSHAKE = 0x16;

/** RFC 6120. Of stanzas only the number is told. */
export class XmppParser implements Parser {
  readonly #context: ParserContext;
  readonly #readers: readonly [TagReader, TagReader] = [new TagReader(), new TagReader()];
  /** Members of the event in the order in which they came. */
  readonly #stream: Transaction = {};
  #mechanisms: string[] = [];
  #login: Login | undefined;
  #auth: string | undefined;
  #user: string | undefined;
  #success: boolean | undefined;
  #jid: string | undefined;
  readonly #stanzas = { messages: 0, presences: 0, queries: 0 };
  #count = 0;
  /** True when something came that no event tells. */
  #news = false;
  #startsTls = false;
  #starttls = false;
  #handed = false;
  #compressed = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const reader = this.#readers[side];
    let at = view.at;
    while (at < view.end && !this.#handed) {
      if (side === Side.toServer && this.#startsTls && view.bytes[at] === TLS_HANDSHAKE) {
        // The server's consent is missing in the capture.
        this.#startTls();
        break;
      }
      at = reader.read(view.bytes, at, view.end);
      if (reader.tag !== undefined) this.#tag(side, reader.tag);
      if (this.#compressed) return FINISHED;
    }
    return at - view.at;
  }

  gap(side: Side, _bytes: number): boolean {
    this.#readers[side].reset();
    return true;
  }

  end(): void {
    if (this.#news || this.#count === 0) this.#tell();
  }

  #tag(side: Side, tag: Tag): void {
    if (tag.closes) this.#closing(side, tag);
    else if (!this.#stanza(tag)) {
      if (side === Side.toServer) this.#fromClient(tag);
      else this.#fromServer(tag);
    }
  }

  #stanza({ name }: Tag): boolean {
    if (name === "message") this.#stanzas.messages++;
    else if (name === "presence") this.#stanzas.presences++;
    else if (name === "iq") this.#stanzas.queries++;
    else return false;
    this.#news = true;
    return true;
  }

  #fromClient({ name, attributes, empty }: Tag): void {
    if (name === "stream") {
      for (const [member, attribute] of [
        ["to", "to"],
        ["from", "from"],
        ["version", "version"],
        ["lang", "xml:lang"],
        ["namespace", "xmlns"],
      ] as const)
        this.#note(member, attributes.get(attribute));
    } else if (name === "starttls") this.#startsTls = true;
    else if (name === "auth" || name === "authenticate") {
      this.#login = new Login(attributes.get("mechanism") ?? "");
      this.#success = undefined;
      this.#news = true;
    } else if (name === "response" && empty) this.#login?.response("");
  }

  #fromServer({ name, attributes }: Tag): void {
    if (name === "stream") {
      this.#note("server", attributes.get("from"));
      this.#note("id", attributes.get("id"));
    } else if (name === "features" || name === "mechanisms") this.#mechanisms = [];
    else if (name === "proceed") this.#startTls();
    else if (name === "compressed") this.#compressed = true;
    else if ((name === "success" || name === "failure") && this.#login !== undefined) this.#answered(name === "success");
  }

  /** Elements whose text tells something. */
  #closing(side: Side, { name, text }: Tag): void {
    if (side === Side.toServer) {
      if ((name === "auth" || name === "response" || name === "initial-response") && text !== "") this.#login?.response(text);
    } else if (name === "mechanism" && this.#mechanisms.length < mechanismsMax) this.#mechanisms.push(short(text));
    else if (name === "jid" && text.includes("@")) {
      this.#jid ??= short(text);
      this.#news = true;
    }
  }

  #note(member: string, value: string | undefined): void {
    if (value === undefined || value === "" || this.#stream[member] !== undefined) return;
    this.#stream[member] = short(value);
    this.#news = true;
  }

  #answered(success: boolean): void {
    const login = this.#login as Login;
    this.#login = undefined;
    this.#auth = login.mechanism;
    this.#user = login.user;
    this.#success = success;
    if (this.#count < loginsMax) this.#tell();
  }

  #startTls(): void {
    this.#starttls = true;
    this.#handed = true;
    this.#news = true;
    // What is no TLS is found by content: captures that were decrypted go on with XMPP.
    this.#context.handOver("tls");
  }

  #tell(): void {
    const fields: Transaction = { ...this.#stream };
    if (this.#mechanisms.length > 0) fields["mechanisms"] = [...this.#mechanisms];
    const auth = this.#auth ?? this.#login?.mechanism;
    const user = this.#user ?? this.#login?.user;
    if (auth !== undefined) fields["auth"] = auth;
    if (user !== undefined) fields["user"] = user;
    if (this.#success !== undefined) fields["success"] = this.#success;
    if (this.#jid !== undefined) fields["jid"] = this.#jid;
    if (this.#starttls) fields["starttls"] = true;
    this.#context.emit("xmpp", Side.toServer, this.#count++, Object.assign(fields, this.#stanzas));
    this.#news = false;
  }
}

const short = (text: string): string => text.slice(0, textCharactersMax);
