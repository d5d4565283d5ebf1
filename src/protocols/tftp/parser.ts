import type { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type FileSink, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";

/** Bytes of a name, a mode or a text that are read. */
const textBytesMax = 512;
/** Options of one request that are read. */
const optionsMax = 16;
/** RFC 1350 §5, where no other size is agreed on. */
const BLOCK_BYTES = 512;

const READ = 1;
const WRITE = 2;
const DATA = 3;
const ERROR = 5;
const OPTIONS = 6;
const MODES = new Set(["octet", "netascii", "mail"]);

/** A request: operation, a name, a known mode, each text with its zero byte. */
export function probe(window: ByteView): Probe {
  const { bytes, at, end } = window;
  if (bytes[at] !== 0 || (bytes[at + 1] !== READ && bytes[at + 1] !== WRITE) || end - at < 9) return Probe.no;
  const first = bytes[at + 2] as number;
  return first >= 0x20 && readRequest(window) !== undefined ? Probe.yes : Probe.no;
}

/** Reads a request, and the file that follows it: mostly in a flow of its own, from another port of the server. */
export class TftpParser implements Parser {
  readonly #context: ParserContext;
  #request: Transaction | undefined;
  #transactions = 0;
  #file: FileSink | undefined;
  #fileOver = false;
  #blockBytes = 0;
  /** Last block that was taken. */
  #block = 0;

  constructor(context: ParserContext) {
    this.#context = context;
    this.#request = context.expected;
    this.#blockBytes = Number(context.expected?.["block_size"] ?? 0);
  }

  data(side: Side, window: ByteView): number {
    const { bytes, view, at, end } = window;
    const operation = end - at >= 4 ? view.getUint16(at) : 0;
    if (operation === READ || operation === WRITE) return this.#ask(side, window);
    if (operation === DATA) this.#data(side, view.getUint16(at + 2), bytes, at + 4, end);
    else if (operation === OPTIONS) this.#blockBytes = options(window, at + 2)["blksize"] ?? this.#blockBytes;
    else if (operation === ERROR) {
      const text = textAt(bytes, at + 4, end);
      this.#emit(side, { packet: "error", error_code: view.getUint16(at + 2), message: text?.text ?? "" });
      this.#close(false);
    } else if (operation === 0 || operation > OPTIONS) {
      this.#context.anomaly(side, "malformed_data");
      return FAILED;
    }
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {
    this.#close(false);
  }

  #ask(side: Side, window: ByteView): number {
    const request = readRequest(window);
    if (request === undefined) {
      this.#context.anomaly(side, "malformed_data");
      return FAILED;
    }
    this.#request = request;
    this.#close(false);
    this.#fileOver = false;
    this.#block = 0;
    this.#blockBytes = Number(request["block_size"] ?? BLOCK_BYTES);
    this.#emit(side, request);
    const { clientPort } = this.#context;
    this.#context.expect({ transport: "udp", listener: "client", port: clientPort, protocol: "tftp", note: { ...request } });
    return window.length;
  }

  #emit(side: Side, fields: Transaction): void {
    this.#context.emit("tftp", side, this.#transactions++, fields);
  }

  /** Blocks count from 1; a repeated one is passed over, a missing one is a gap. */
  #data(side: Side, block: number, bytes: Uint8Array, at: number, end: number): void {
    const request = this.#request;
    if (request === undefined || this.#fileOver) return;
    const ahead = (block - this.#block) & 0xffff;
    if (ahead === 0 || ahead > 0x8000) return;
    if (this.#blockBytes === 0) this.#blockBytes = Math.max(BLOCK_BYTES, end - at);
    this.#file ??= this.#context.file(side, Math.max(0, this.#transactions - 1), {
      name: typeof request["file"] === "string" ? request["file"] : "",
      ...(typeof request["size"] === "number" && request["size"] > 0 ? { size: request["size"] } : {}),
      beside: () => ({ tftp: request }),
    });
    if (ahead > 1) this.#file.gap((ahead - 1) * this.#blockBytes);
    this.#block = block;
    this.#file.data(bytes, at, end);
    if (end - at < this.#blockBytes) this.#close(true);
  }

  #close(complete: boolean): void {
    this.#fileOver ||= this.#file !== undefined;
    this.#file?.close(complete);
    this.#file = undefined;
  }
}

function readRequest(window: ByteView): Transaction | undefined {
  const { bytes, at, end } = window;
  const file = textAt(bytes, at + 2, end);
  const mode = file && textAt(bytes, file.next, end);
  const name = mode?.text.toLowerCase();
  if (file === undefined || mode === undefined || file.text === "" || !MODES.has(name as string)) return undefined;
  const request: Transaction = { packet: bytes[at + 1] === READ ? "read" : "write", file: file.text, mode: name };
  const { blksize, tsize } = options(window, mode.next);
  if (blksize !== undefined && blksize >= 8 && blksize <= 65_464) request["block_size"] = blksize;
  if (tsize !== undefined && bytes[at + 1] === WRITE) request["size"] = tsize;
  return request;
}

/** RFC 2347: names and values, each with its zero byte; numbers only. */
function options({ bytes, end }: ByteView, at: number): { blksize?: number; tsize?: number } {
  const told: { [name: string]: number } = {};
  for (let count = 0, next = at; count < optionsMax; count++) {
    const name = textAt(bytes, next, end);
    const value = name && textAt(bytes, name.next, end);
    if (name === undefined || value === undefined) break;
    if (/^\d{1,12}$/.test(value.text)) told[name.text.toLowerCase()] = Number(value.text);
    next = value.next;
  }
  return told;
}

/** The text that ends with a zero byte. */
function textAt(bytes: Uint8Array, at: number, end: number): { text: string; next: number } | undefined {
  let stop = at;
  while (stop < end && bytes[stop] !== 0 && stop - at <= textBytesMax) stop++;
  return stop < end && bytes[stop] === 0 ? { text: looseText(bytes, at, stop), next: stop + 1 } : undefined;
}
