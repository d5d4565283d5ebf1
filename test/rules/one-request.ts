const encoder = new TextEncoder();
const server = [10, 2, 0, 1];
const SYN = 2;
const ACK = 0x10;
const PUSH = 8;
const HEAD_BYTES = 14 + 20 + 20;
const clientStart = 7000;
const serverStart = 9000;

/** Frames of one connection whose client sends `request` to port 80 and gets a short answer. Without checksums. */
export function oneRequest(client: readonly number[], port: number, request: string): readonly Uint8Array[] {
  const asked = encoder.encode(request);
  const answered = encoder.encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  const afterRequest = clientStart + 1 + asked.length;
  return [
    segment(client, port, true, clientStart, 0, SYN),
    segment(client, port, false, serverStart, clientStart + 1, SYN | ACK),
    segment(client, port, true, clientStart + 1, serverStart + 1, ACK),
    segment(client, port, true, clientStart + 1, serverStart + 1, ACK | PUSH, asked),
    segment(client, port, false, serverStart + 1, afterRequest, ACK | PUSH, answered),
    segment(client, port, true, afterRequest, serverStart + 1 + answered.length, ACK),
  ];
}

function segment(
  client: readonly number[],
  port: number,
  isForth: boolean,
  sequence: number,
  acknowledged: number,
  flags: number,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const frame = new Uint8Array(HEAD_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45]);
  view.setUint16(16, HEAD_BYTES - 14 + payload.length);
  frame.set([64, 6], 22);
  frame.set(isForth ? [...client, ...server] : [...server, ...client], 26);
  view.setUint16(34, isForth ? port : 80);
  view.setUint16(36, isForth ? 80 : port);
  view.setUint32(38, sequence);
  view.setUint32(42, acknowledged);
  frame[46] = 0x50;
  frame[47] = flags;
  view.setUint16(48, 64_000);
  frame.set(payload, HEAD_BYTES);
  return frame;
}
