import { latin1 } from "#base/bytes.ts";
import type { FileSink } from "#contract/parser.ts";
import { Email, fileNameCharactersMax } from "./email.ts";
import { type StructuredValue, structuredValue } from "./header-value.ts";
import { Base64Decoder, QuotedPrintableDecoder, type TransferDecoder } from "./transfer-decoder.ts";

/** Longest piece of a line that protocols cut; `line` takes up to twice as many bytes. */
export const lineBytesMax = 4096;
/** Characters of one header field; the rest is cut. */
const fieldCharactersMax = 8192;
/** Fields of one header. */
const fieldsMax = 256;
/** Multiparts inside one another. */
const depthMax = 10;
/** RFC 2046 §5.1.1 allows 70. */
const boundaryCharactersMax = 256;
/** Parts of one message, on all levels. */
const partsMax = 512;
/** Text in which addresses are looked for, characters of one message. */
const textCharactersMax = 65_536;
/** RFC 5322 §2.1.1, and RFC 2045 §6.7 and §6.8 for encoded lines. */
const plainLineBytesMax = 998;
const encodedLineBytesMax = 76;

const CRLF = Uint8Array.of(0x0d, 0x0a);
const DASH = 0x2d;

/** What a message asks of the protocol that carries it. */
export interface MessageHost {
  /** A file begins; `undefined` for one without a name. */
  file(name: string | undefined): FileSink;
  /** Suricata's name of a broken rule. Each is told once for a message. */
  anomaly(event: string): void;
}

type Mode = "header" | "body" | "between";

/**
 * Reads a message (RFC 5322, MIME) line by line, and keeps only what its event tells: header, names of files,
 * addresses in its text. Files go to the host as they come. The last file of a message stays open until `closeFiles`.
 */
export class MessageReader {
  readonly email = new Email();
  readonly #host: MessageHost;
  readonly #told = new Set<string>();
  /** Boundaries of the multiparts that are open, the outermost first. */
  readonly #boundaries: string[] = [];
  #mode: Mode = "header";
  /** True in the header of the message itself. */
  #outermost = true;
  #started = false;
  #field = "";
  #fields = 0;
  #parts = 0;
  #type = "";
  #disposition: StructuredValue | undefined;
  #content: StructuredValue | undefined;
  #encoding = "";
  #decoder: TransferDecoder | undefined;
  #file: FileSink | undefined;
  /** True while the part that is being read is that file. */
  #inFile = false;
  /** True while the part is text whose addresses are looked for. */
  #readsText = false;
  #text = "";
  #textLeft = textCharactersMax;
  /** End of the last line, which is content only when no boundary follows. */
  #break = 0;
  #lineBytes = 0;

  constructor(host: MessageHost) {
    this.#host = host;
  }

  /**
   * A line, or a piece of one: `bytes[from..to)` is its text, up to `following` reaches its end. `continues` says that
   * its beginning came before.
   */
  line(bytes: Uint8Array, from: number, to: number, following: number, continues: boolean): void {
    this.#lineBytes = (continues ? this.#lineBytes : 0) + to - from;
    if (this.#lineBytes > plainLineBytesMax) this.#tell("MIME_LONG_LINE");
    if (!continues && this.#boundaries.length > 0 && to - from >= 2 && bytes[from] === DASH && bytes[from + 1] === DASH)
      if (this.#atBoundary(bytes, from, to)) return;
    if (this.#mode === "body") this.#body(bytes, from, to, following, continues);
    else if (this.#mode === "header") this.#headerLine(bytes, from, to, continues);
  }

  /** Bytes that the capture lacks. */
  gap(bytes: number): void {
    if (this.#mode === "header") this.#endHeader();
    this.#break = 0;
    if (this.#inFile) this.#file?.gap(bytes);
  }

  /** No more lines follow. */
  finish(complete: boolean): void {
    // A message may have a header only.
    if (this.#mode === "header" && complete) this.#endHeader();
    const whole = complete || !this.#inFile;
    // No boundary took the end of the last line.
    if (complete && this.#boundaries.length === 0 && this.#break > 0) this.#write(CRLF, 2 - this.#break, 2);
    this.#endPart();
    this.#mode = "between";
    if (complete) this.email.status = "PARSE_DONE";
    else this.closeFiles(whole);
  }

  /** Tells the file that was the last one. */
  closeFiles(complete: boolean): void {
    this.#file?.close(complete);
    this.#file = undefined;
  }

  #tell(event: string): void {
    if (this.#told.has(event)) return;
    this.#told.add(event);
    this.#host.anomaly(event);
  }

  #atBoundary(bytes: Uint8Array, from: number, to: number): boolean {
    const text = latin1(bytes, from + 2, Math.min(to, from + boundaryCharactersMax + 8)).trimEnd();
    for (let level = this.#boundaries.length - 1; level >= 0; level--) {
      const boundary = this.#boundaries[level] as string;
      const last = text.length === boundary.length + 2 && text.endsWith("--") && text.startsWith(boundary);
      if (!last && text !== boundary) continue;
      this.#endPart();
      this.#boundaries.length = last ? level : level + 1;
      if (last) {
        this.#mode = "between";
        if (level === 0) this.email.status = "BODY_END_BOUND";
      } else if (++this.#parts > partsMax) {
        this.email.truncated = true;
        this.#mode = "between";
      } else this.#beginHeader();
      return true;
    }
    return false;
  }

  #beginHeader(): void {
    this.#mode = "header";
    this.#outermost = false;
    this.#field = "";
    this.#fields = 0;
    this.#type = "";
    this.#content = undefined;
    this.#disposition = undefined;
    this.#encoding = "";
  }

  #headerLine(bytes: Uint8Array, from: number, to: number, continues: boolean): void {
    if (from === to && !continues) {
      this.#endHeader();
      return;
    }
    const first = bytes[from] as number;
    const folded = continues || first === 0x20 || first === 0x09;
    if (folded && this.#field === "") return;
    if (!folded) {
      this.#endField();
      // Mail of programs has no header at all; its first line is not one of a header.
      if (!this.#started && !isField(bytes, from, to)) {
        this.#started = true;
        this.#endHeader();
        this.#body(bytes, from, to, to + 2, false);
        return;
      }
    }
    this.#started = true;
    const room = fieldCharactersMax - this.#field.length;
    if (to - from > room) this.email.truncated = true;
    const text = latin1(bytes, from, Math.min(to, from + room));
    this.#field += folded && !continues ? ` ${text.trimStart()}` : text;
  }

  #endField(): void {
    const text = this.#field;
    this.#field = "";
    const colon = text.indexOf(":");
    if (colon < 1) return;
    if (++this.#fields > fieldsMax) {
      this.email.truncated = true;
      return;
    }
    const name = text.slice(0, colon).trimEnd().toLowerCase();
    const value = text.slice(colon + 1).trim();
    if (name === "content-type") this.#content ??= structuredValue(value);
    else if (name === "content-disposition") this.#disposition ??= structuredValue(value);
    else if (name === "content-transfer-encoding") this.#encoding ||= structuredValue(value).value;
    if (this.#outermost) this.email.field(name, value);
  }

  /** The header is over: the part is a multipart, a message, a file or text. */
  #endHeader(): void {
    this.#endField();
    this.#type = this.#content?.value ?? "";
    if (this.#outermost) {
      this.email.contentType = this.#type;
      this.email.status = "BODY_STARTED";
    }
    const boundary = this.#content?.parameters.get("boundary") ?? "";
    if (this.#type.startsWith("multipart/") && boundary !== "" && this.#boundaries.length < depthMax) {
      this.#boundaries.push(boundary.slice(0, boundaryCharactersMax).trimEnd());
      if (boundary.length > boundaryCharactersMax) this.#tell("MIME_LONG_BOUNDARY");
      this.#mode = "between";
      return;
    }
    if (this.#type === "message/rfc822" && this.#encoding !== "base64" && this.#encoding !== "quoted-printable") {
      // What is in the message counts as part of this one.
      this.#fileName();
      this.#beginHeader();
      return;
    }
    this.#mode = "body";
    this.#break = 0;
    this.#decoder =
      this.#encoding === "base64"
        ? new Base64Decoder(2 * lineBytesMax)
        : this.#encoding === "quoted-printable"
          ? new QuotedPrintableDecoder(2 * lineBytesMax)
          : undefined;
    this.#openFile();
    this.#readsText = (this.#type === "" || this.#type.startsWith("text/")) && this.#textLeft > 0;
  }

  #openFile(): void {
    const name = this.#fileName();
    const text = this.#type === "" || this.#type.startsWith("text/") || this.#type.startsWith("multipart/");
    if (name === undefined && text && this.#disposition?.value !== "attachment") return;
    this.closeFiles(true);
    this.#file = this.#host.file(name);
    this.#inFile = true;
  }

  /** Name of the part as a file; it counts as an attachment. */
  #fileName(): string | undefined {
    const name = this.#disposition?.parameters.get("filename") ?? this.#content?.parameters.get("name") ?? "";
    if (name === "") return undefined;
    if (name.length > fileNameCharactersMax) this.#tell("MIME_LONG_FILENAME");
    const short = name.slice(0, fileNameCharactersMax);
    this.email.attachment(short);
    return short;
  }

  #body(bytes: Uint8Array, from: number, to: number, following: number, continues: boolean): void {
    const pending = continues ? 0 : this.#break;
    if (pending > 0) this.#write(CRLF, 2 - pending, 2);
    const breakBytes = following - to;
    const decoder = this.#decoder;
    if (decoder === undefined) {
      this.#write(bytes, from, to);
      this.#break = breakBytes;
      return;
    }
    if (this.#lineBytes > encodedLineBytesMax) this.#tell("MIME_LONG_ENC_LINE");
    const count = decoder.line(bytes, from, to, breakBytes);
    if (decoder.damaged) this.#tell(decoder instanceof Base64Decoder ? "MIME_INVALID_BASE64" : "MIME_INVALID_QP");
    this.#write(decoder.bytes, 0, count);
    this.#break = decoder.breaks ? breakBytes : 0;
  }

  #write(bytes: Uint8Array, from: number, to: number): void {
    if (this.#inFile) this.#file?.data(bytes, from, to);
    if (!this.#readsText || from === to) return;
    const taken = Math.min(to - from, this.#textLeft);
    this.#textLeft -= taken;
    this.#text += latin1(bytes, from, from + taken);
    if (this.#textLeft === 0) this.#readsText = false;
  }

  /** The part is over. Its file is told when another begins, or with the message. */
  #endPart(): void {
    if (this.#mode === "header") this.#endField();
    if (this.#text !== "") this.email.text(this.#text);
    this.#text = "";
    this.#readsText = false;
    this.#decoder = undefined;
    this.#break = 0;
    this.#inFile = false;
  }
}

const NAME = /^[!-9;-~]{1,76}[ \t]*:/;

/** True when a line looks like `Name: value`. */
const isField = (bytes: Uint8Array, from: number, to: number): boolean => NAME.test(latin1(bytes, from, Math.min(to, from + 90)));
