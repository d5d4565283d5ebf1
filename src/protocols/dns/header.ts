/** RFC 1035 §4.1.1. */
const ID = 0;
const FLAGS = 2;
const QUESTIONS = 4;
const ANSWERS = 6;
const AUTHORITIES = 8;
const ADDITIONALS = 10;
export const HEADER_BYTES = 12;

export const Flag = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
} as const;
/** The bit that stays zero (RFC 1035), and those of DNSSEC (RFC 4035 §3.2). */
export const Z = 0x0040;
export const AUTHENTIC_DATA = 0x0020;
export const CHECKING_DISABLED = 0x0010;
/** NetBIOS: the request was broadcast (RFC 1002 §4.2.1.1). */
export const NETBIOS_BROADCAST = 0x0010;

export const Opcode = { query: 0, inverse: 1, status: 2, notify: 4, update: 5, stateful: 6 } as const;

export const id = (view: DataView, at: number): number => view.getUint16(at + ID);
export const flags = (view: DataView, at: number): number => view.getUint16(at + FLAGS);
export const questions = (view: DataView, at: number): number => view.getUint16(at + QUESTIONS);
export const answers = (view: DataView, at: number): number => view.getUint16(at + ANSWERS);
export const authorities = (view: DataView, at: number): number => view.getUint16(at + AUTHORITIES);
export const additionals = (view: DataView, at: number): number => view.getUint16(at + ADDITIONALS);
export const opcode = (flagBits: number): number => (flagBits >>> 11) & 15;
