/** Connection-oriented PDUs of DCE/RPC 1.1 (C706 §12.6). */
const VERSION = 0;
const MINOR = 1;
const TYPE = 2;
const FLAGS = 3;
const DATA_REPRESENTATION = 4;
const FRAGMENT_LENGTH = 8;
const AUTH_LENGTH = 10;
const CALL_ID = 12;
export const HEADER_BYTES = 16;
/** Request: allocation hint, context, operation. Response: allocation hint, context, cancel count. */
export const CALL_HEADER_BYTES = 24;
const CONTEXT_ID = 20;
const OPERATION = 22;

export const Pdu = { request: 0, response: 2, fault: 3, bind: 11, bindAck: 12, bindNak: 13, alter: 14, alterAck: 15, auth3: 16 } as const;
export const Flag = { first: 1, last: 2 } as const;

const NAMES: readonly string[] = [
  "REQUEST",
  "PING",
  "RESPONSE",
  "FAULT",
  "WORKING",
  "NOCALL",
  "REJECT",
  "ACK",
  "CL_CANCEL",
  "FACK",
  "CANCEL_ACK",
  "BIND",
  "BINDACK",
  "BINDNAK",
  "ALTER_CONTEXT",
  "ALTER_CONTEXT_RESP",
  "AUTH3",
  "SHUTDOWN",
  "CO_CANCEL",
  "ORPHANED",
];
/** Name as EVE writes it. */
export const typeName = (number: number): string => NAMES[number] ?? `UNKNOWN_${number}`;

/**
 * Once this says true, the getters below are safe at `at`, and the header is one that sane software writes: version 5.0
 * or 5.1, a type that exists, ASCII, IEEE numbers, reserved bytes zero, a length that holds the header.
 */
export function plausible(view: DataView, at: number): boolean {
  return (
    view.getUint8(at + VERSION) === 5 &&
    view.getUint8(at + MINOR) <= 1 &&
    knownType(view.getUint8(at + TYPE)) &&
    (view.getUint8(at + DATA_REPRESENTATION) & 0xef) === 0 &&
    view.getUint8(at + DATA_REPRESENTATION + 1) === 0 &&
    view.getUint16(at + DATA_REPRESENTATION + 2) === 0 &&
    fragmentBytes(view, at) >= HEADER_BYTES &&
    authBytes(view, at) <= fragmentBytes(view, at) - HEADER_BYTES
  );
}

export const knownType = (number: number): boolean => number === 0 || number === 2 || number === 3 || (number >= 11 && number <= 19);
export const littleEndian = (view: DataView, at: number): boolean => (view.getUint8(at + DATA_REPRESENTATION) & 0x10) !== 0;
export const type = (view: DataView, at: number): number => view.getUint8(at + TYPE);
export const flags = (view: DataView, at: number): number => view.getUint8(at + FLAGS);
export const minor = (view: DataView, at: number): number => view.getUint8(at + MINOR);
export const fragmentBytes = (view: DataView, at: number): number => view.getUint16(at + FRAGMENT_LENGTH, littleEndian(view, at));
export const authBytes = (view: DataView, at: number): number => view.getUint16(at + AUTH_LENGTH, littleEndian(view, at));
export const callId = (view: DataView, at: number): number => view.getUint32(at + CALL_ID, littleEndian(view, at));
/** Of requests and responses with CALL_HEADER_BYTES at least. */
export const contextId = (view: DataView, at: number): number => view.getUint16(at + CONTEXT_ID, littleEndian(view, at));
export const operation = (view: DataView, at: number): number => view.getUint16(at + OPERATION, littleEndian(view, at));

/**
 * Bytes of parameters in a request or response, as Suricata counts them: an object's identifier and a security trailer
 * are among them; over TCP, the eight bytes in front of a response's parameters too.
 */
export const stubBytes = (view: DataView, at: number, inPipe: boolean): number =>
  Math.max(0, fragmentBytes(view, at) - (type(view, at) === Pdu.request || inPipe ? CALL_HEADER_BYTES : HEADER_BYTES));

const two = (value: number): string => value.toString(16).padStart(2, "0");

/** `12345778-1234-abcd-ef00-0123456789ab`; 16 bytes must be there. */
export function uuidText(view: DataView, at: number, little: boolean): string {
  const a = view.getUint32(at, little).toString(16).padStart(8, "0");
  const b = view
    .getUint16(at + 4, little)
    .toString(16)
    .padStart(4, "0");
  const c = view
    .getUint16(at + 6, little)
    .toString(16)
    .padStart(4, "0");
  let rest = "";
  for (let i = 8; i < 16; i++) rest += `${i === 10 ? "-" : ""}${two(view.getUint8(at + i))}`;
  return `${a}-${b}-${c}-${rest}`;
}
