/**
 * Runs classic BPF programs (McCanne and Jacobson 1993, as bpf_filter.c of libpcap) over frames where they lie. An
 * interpreter of our own because a foreign call for each frame needs an address that the garbage collector and shared
 * memory do not give, and costs more than the ten instructions that a filter usually takes.
 */
export class BpfFilter {
  readonly #code: Uint16Array;
  readonly #jumpTrue: Uint8Array;
  readonly #jumpFalse: Uint8Array;
  readonly #constant: Uint32Array;
  readonly #memory = new Uint32Array(16);

  /** `program` holds instructions of 8 bytes in this machine's byte order, as libpcap compiles them. */
  constructor(program: Uint8Array) {
    const count = program.length >> 3;
    const view = new DataView(program.buffer, program.byteOffset, program.length);
    this.#code = new Uint16Array(count);
    this.#jumpTrue = new Uint8Array(count);
    this.#jumpFalse = new Uint8Array(count);
    this.#constant = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      this.#code[i] = view.getUint16(i * 8, LITTLE);
      this.#jumpTrue[i] = view.getUint8(i * 8 + 2);
      this.#jumpFalse[i] = view.getUint8(i * 8 + 3);
      this.#constant[i] = view.getUint32(i * 8 + 4, LITTLE);
    }
  }

  /** True when the program keeps the frame `view[at..at + captured)`, which had `wire` bytes. */
  matches(view: DataView, at: number, captured: number, wire: number): boolean {
    const memory = this.#memory;
    const count = this.#code.length;
    let a = 0;
    let x = 0;
    for (let i = 0; i < count; i++) {
      const code = this.#code[i] as number;
      const k = this.#constant[i] as number;
      switch (code) {
        case Code.loadWord:
        case Code.loadHalf:
        case Code.loadByte:
        case Code.loadWordIndexed:
        case Code.loadHalfIndexed:
        case Code.loadByteIndexed:
          a = load(code, view, at, captured, (code & INDEXED) === INDEXED ? (x + k) >>> 0 : k);
          if (a < 0) return false;
          break;
        case Code.loadHeaderLength:
          if (k >= captured) return false;
          x = (view.getUint8(at + k) & 15) * 4;
          break;
        case Code.jump:
          i += k;
          break;
        case Code.returnConstant:
          return k !== 0;
        case Code.returnA:
          return a !== 0;
        case Code.moveToX:
          x = a;
          break;
        case Code.moveToA:
          a = x;
          break;
        case Code.loadConstant:
          a = k;
          break;
        case Code.loadConstantX:
          x = k;
          break;
        case Code.loadLength:
          a = wire >>> 0;
          break;
        case Code.loadLengthX:
          x = wire >>> 0;
          break;
        case Code.loadMemory:
          a = memory[k & 15] as number;
          break;
        case Code.loadMemoryX:
          x = memory[k & 15] as number;
          break;
        case Code.store:
          memory[k & 15] = a;
          break;
        case Code.storeX:
          memory[k & 15] = x;
          break;
        default: {
          const operand = (code & FROM_X) === 0 ? k : x;
          if ((code & CLASS) === JUMP) i += (test(code, a, operand) ? this.#jumpTrue[i] : this.#jumpFalse[i]) as number;
          else if ((code & CLASS) === ARITHMETIC) {
            a = compute(code, a, operand);
            if (a < 0) return false;
          } else return false;
        }
      }
    }
    return false;
  }
}

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const CLASS = 0x07;
const ARITHMETIC = 0x04;
const JUMP = 0x05;
const FROM_X = 0x08;
const INDEXED = 0x40;
const OPERATION = 0xf0;

const Code = {
  loadWord: 0x20,
  loadHalf: 0x28,
  loadByte: 0x30,
  loadWordIndexed: 0x40,
  loadHalfIndexed: 0x48,
  loadByteIndexed: 0x50,
  loadConstant: 0x00,
  loadMemory: 0x60,
  loadLength: 0x80,
  loadConstantX: 0x01,
  loadMemoryX: 0x61,
  loadLengthX: 0x81,
  loadHeaderLength: 0xb1,
  store: 0x02,
  storeX: 0x03,
  jump: 0x05,
  returnConstant: 0x06,
  returnA: 0x16,
  moveToX: 0x07,
  moveToA: 0x87,
} as const;

/** The number at `offset` of the frame, or -1 when the frame does not reach so far. */
function load(code: number, view: DataView, at: number, captured: number, offset: number): number {
  const size = code & 0x18;
  if (size === 0x10) return offset < captured ? view.getUint8(at + offset) : -1;
  if (size === 0x08) return offset + 2 <= captured ? view.getUint16(at + offset) : -1;
  return offset + 4 <= captured ? view.getUint32(at + offset) : -1;
}

function test(code: number, a: number, operand: number): boolean {
  switch (code & OPERATION) {
    case 0x10:
      return a === operand;
    case 0x20:
      return a > operand;
    case 0x30:
      return a >= operand;
    default:
      return (a & operand) !== 0;
  }
}

/** The result as an unsigned word, or -1 for a division by zero, which ends the program. */
function compute(code: number, a: number, operand: number): number {
  switch (code & OPERATION) {
    case 0x00:
      return (a + operand) >>> 0;
    case 0x10:
      return (a - operand) >>> 0;
    case 0x20:
      return Math.imul(a, operand) >>> 0;
    case 0x30:
      return operand === 0 ? -1 : Math.floor(a / operand);
    case 0x40:
      return (a | operand) >>> 0;
    case 0x50:
      return (a & operand) >>> 0;
    case 0x60:
      return operand < 32 ? (a << operand) >>> 0 : 0;
    case 0x70:
      return operand < 32 ? a >>> operand : 0;
    case 0x80:
      return -a >>> 0;
    case 0x90:
      return operand === 0 ? -1 : a % operand;
    case 0xa0:
      return (a ^ operand) >>> 0;
    default:
      return -1;
  }
}
