/** Frames for pairs of a rule and what it is judged on: small, with correct lengths, each pair on a port of its own. */

const CLIENT = [10, 0, 0, 1];
const SERVER = [10, 0, 0, 2];
const Flag = { fin: 1, syn: 2, psh: 8, ack: 16 } as const;

/** A UDP datagram from the client to `port` of the server; `hosts` are the last bytes of other addresses. */
export function datagramFrame(port: number, payload: Uint8Array, hosts?: readonly [from: number, to: number]): Uint8Array {
  const { frame, view } = ipFrame(17, 8 + payload.length, true);
  if (hosts !== undefined) {
    frame[29] = hosts[0];
    frame[33] = hosts[1];
    // The sum of the header stays what it was when what is added to one word is taken from another.
    view.setUint16(18, 0x10000 + 3 - hosts[0] - hosts[1]);
  }
  view.setUint16(34, 40_000);
  view.setUint16(36, port);
  view.setUint16(38, 8 + payload.length);
  frame.set(payload, 42);
  return frame;
}

/** The frames of a TCP connection from `port` to port 80 in which the client posts `body`, and the server says that it has it. */
export function httpFrames(port: number, body: Uint8Array): Uint8Array[] {
  const head = latin1(`POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${body.length}\r\n\r\n`);
  const request = new Uint8Array(head.length + body.length);
  request.set(head);
  request.set(body, head.length);
  const answer = latin1("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const none = new Uint8Array(0);
  let client = 100;
  let server = 500;
  const frames = [segment(port, true, client++, 0, Flag.syn, none), segment(port, false, server++, client, Flag.syn | Flag.ack, none)];
  frames.push(segment(port, true, client, server, Flag.ack, none), segment(port, true, client, server, Flag.ack | Flag.psh, request));
  client += request.length;
  frames.push(segment(port, false, server, client, Flag.ack | Flag.psh, answer));
  server += answer.length;
  frames.push(
    segment(port, true, client++, server, Flag.ack | Flag.fin, none),
    segment(port, false, server++, client, Flag.ack | Flag.fin, none),
  );
  return [...frames, segment(port, true, client, server, Flag.ack, none)];
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function segment(port: number, toServer: boolean, sequence: number, acknowledged: number, flags: number, payload: Uint8Array): Uint8Array {
  const { frame, view } = ipFrame(6, 20 + payload.length, toServer);
  view.setUint16(34, toServer ? port : 80);
  view.setUint16(36, toServer ? 80 : port);
  view.setUint32(38, sequence);
  view.setUint32(42, acknowledged);
  view.setUint16(46, 0x5000 | flags);
  view.setUint16(48, 65_535);
  frame.set(payload, 54);
  return frame;
}

/** Checksums of the transport are left out: both sides are told not to look at them. */
function ipFrame(protocol: number, bytes: number, toServer: boolean): { frame: Uint8Array; view: DataView } {
  const frame = new Uint8Array(34 + bytes);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0]);
  view.setUint16(16, 20 + bytes);
  frame.set([0x40, 0, 64, protocol], 20);
  frame.set(toServer ? [...CLIENT, ...SERVER] : [...SERVER, ...CLIENT], 26);
  let sum = 0;
  for (let i = 14; i < 34; i += 2) sum += view.getUint16(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(24, ~sum & 0xffff);
  return { frame, view };
}
