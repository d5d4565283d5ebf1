import { VarintReader } from "./varint.ts";

/** Who is told what the frames of a packet carry. Ranges are in the packet's text. */
export interface FrameListener {
  crypto(offset: number, text: Uint8Array, from: number, to: number): void;
  /** Data of a stream; `last` with its last byte. */
  stream(id: number, offset: number, text: Uint8Array, from: number, to: number, last: boolean): void;
  /** The connection is closed with an error of the transport or of the application. */
  close(code: number, application: boolean): void;
}

/** How many numbers follow the type of frames that hold nothing else (RFC 9000 §19, RFC 9221). */
const NUMBERS: { readonly [type: number]: number } = {
  0: 0,
  1: 0,
  4: 3,
  5: 2,
  16: 1,
  17: 2,
  18: 1,
  19: 1,
  20: 1,
  21: 2,
  22: 1,
  23: 1,
  25: 1,
  30: 0,
};

/** Walks the frames of a packet. False when one of them makes no sense. */
export function readFrames(text: Uint8Array, listener: FrameListener): boolean {
  const reader = new VarintReader(new DataView(text.buffer, text.byteOffset, text.byteLength), 0, text.length);
  while (reader.at < reader.end) {
    // Padding is most of an Initial packet.
    if (text[reader.at] === 0) {
      reader.at++;
      continue;
    }
    if (!readFrame(reader, text, listener)) return false;
  }
  return reader.at === reader.end;
}

function readFrame(reader: VarintReader, text: Uint8Array, listener: FrameListener): boolean {
  const type = reader.next();
  if (type >= 0x08 && type <= 0x0f) return readStream(reader, type, text, listener);
  if (type === 0x06) {
    const offset = reader.next();
    const length = reader.next();
    const from = reader.at;
    if (!reader.skip(length)) return false;
    listener.crypto(offset, text, from, from + length);
    return true;
  }
  if (type === 0x02 || type === 0x03) return readAck(reader, type === 0x03);
  if (type === 0x1c || type === 0x1d) return readClose(reader, type === 0x1d, listener);
  if (type === 0x07) return reader.skip(reader.next());
  if (type === 0x18) {
    reader.next();
    reader.next();
    return reader.at < reader.end && reader.skip(1 + (text[reader.at] as number) + 16);
  }
  if (type === 0x1a || type === 0x1b) return reader.skip(8);
  if (type === 0x30) return reader.skip(reader.end - reader.at);
  if (type === 0x31) return reader.skip(reader.next());
  const numbers = NUMBERS[type];
  if (numbers === undefined) return false;
  for (let i = 0; i < numbers; i++) reader.next();
  return reader.at <= reader.end;
}

/** RFC 9000 §19.8: the low bits of the type say which members there are. */
function readStream(reader: VarintReader, type: number, text: Uint8Array, listener: FrameListener): boolean {
  const id = reader.next();
  const offset = (type & 4) === 0 ? 0 : reader.next();
  const length = (type & 2) === 0 ? reader.end - reader.at : reader.next();
  const from = reader.at;
  if (!reader.skip(length)) return false;
  listener.stream(id, offset, text, from, from + length, (type & 1) !== 0);
  return true;
}

function readAck(reader: VarintReader, counts: boolean): boolean {
  reader.next();
  reader.next();
  const ranges = reader.next();
  reader.next();
  for (let i = 0; i < ranges && reader.at < reader.end; i++) {
    reader.next();
    reader.next();
  }
  if (counts) for (let i = 0; i < 3; i++) reader.next();
  return reader.at <= reader.end;
}

function readClose(reader: VarintReader, application: boolean, listener: FrameListener): boolean {
  const code = reader.next();
  if (!application) reader.next();
  if (!reader.skip(reader.next())) return false;
  listener.close(code, application);
  return true;
}
