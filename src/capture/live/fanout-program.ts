import { HOST_IS_LITTLE } from "#native/libc.ts";

/** Classic BPF (linux/filter.h): code, jump if true, jump if false, operand. */
type Instruction = readonly [code: number, yes: number, no: number, operand: number];

const LOAD_WORD = 0x20;
const LOAD_X_MEMORY = 0x61;
const STORE = 0x02;
const XOR_X = 0xac;
const MULTIPLY = 0x24;
const SHIFT_RIGHT = 0x74;
const JUMP_EQUAL = 0x15;
const JUMP = 0x05;
const RETURN_A = 0x16;
const RETURN = 0x06;

/** Operand that loads the frame's ethertype (SKF_AD_OFF + SKF_AD_PROTOCOL), whatever the link header is. */
const PROTOCOL = 0xffff_f000;
/** Operand base for loads from the network header (SKF_NET_OFF). */
const NETWORK = 0xfff0_0000;

/** XORs 32-bit words of the network header into A: the result is the same for both directions. */
const folded = (offsets: readonly number[]): Instruction[] =>
  offsets.flatMap((offset, i): Instruction[] =>
    i === 0
      ? [[LOAD_WORD, 0, 0, NETWORK + offset]]
      : [
          [STORE, 0, 0, 0],
          [LOAD_WORD, 0, 0, NETWORK + offset],
          [LOAD_X_MEMORY, 0, 0, 0],
          [XOR_X, 0, 0, 0],
        ],
  );

/**
 * Chooses the worker of a frame by its address pair without ports, as the partitions do: fragments, ICMP errors and
 * the connections that belong to each other stay with one worker, and the kernel need not put fragments together
 * (which would hide how they overlapped). What is not IP goes to the first worker.
 */
export function addressPairProgram(): Uint8Array {
  const ipv4 = folded([12, 16]);
  const ipv6 = folded([8, 12, 16, 20, 24, 28, 32, 36]);
  return encode([
    [LOAD_WORD, 0, 0, PROTOCOL],
    [JUMP_EQUAL, 0, ipv4.length + 1, 0x0800],
    ...ipv4,
    [JUMP, 0, 0, ipv6.length + 2],
    [JUMP_EQUAL, 1, 0, 0x86dd],
    [RETURN, 0, 0, 0],
    ...ipv6,
    [MULTIPLY, 0, 0, 0x9e37_79b1],
    [SHIFT_RIGHT, 0, 0, 16],
    [RETURN_A, 0, 0, 0],
  ]);
}

/** A program that keeps `bytes` of every frame; 0 keeps none. */
export const keepProgram = (bytes: number): Uint8Array => encode([[RETURN, 0, 0, bytes]]);

function encode(instructions: readonly Instruction[]): Uint8Array {
  const program = new Uint8Array(instructions.length * 8);
  const view = new DataView(program.buffer);
  instructions.forEach(([code, yes, no, operand], i) => {
    view.setUint16(i * 8, code, HOST_IS_LITTLE);
    view.setUint8(i * 8 + 2, yes);
    view.setUint8(i * 8 + 3, no);
    view.setUint32(i * 8 + 4, operand, HOST_IS_LITTLE);
  });
  return program;
}
