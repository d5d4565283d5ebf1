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
    const count = this.#code.length;
    let a = 0;
    let x = 0;
    for (let i = 0; i < count; i++) {
      const code = this.#code[i] as number;
      const k = this.#constant[i] as number;
      const operand = (code & FROM_X) === 0 ? k : x;
      switch (code & CLASS) {
        case Class.load:
          a = this.#load(code, view, at, captured, wire, (code & MODE) === Mode.indexed ? (x + k) >>> 0 : k);
          if (a < 0) return false;
          break;
        case Class.loadX:
          x = this.#load(code, view, at, captured, wire, k);
          if (x < 0) return false;
          break;
        case Class.store:
          this.#memory[k & 15] = a;
          break;
        case Class.storeX:
          this.#memory[k & 15] = x;
          break;
        case Class.arithmetic:
          a = compute(code, a, operand);
          if (a < 0) return false;
          break;
        case Class.jump:
          if ((code & OPERATION) === 0) i += k;
          else i += (test(code, a, operand) ? this.#jumpTrue[i] : this.#jumpFalse[i]) as number;
          break;
        case Class.answer:
          return ((code & RETURN_A) === 0 ? k : a) !== 0;
        default:
          if ((code & MOVE_TO_A) === 0) x = a;
          else a = x;
      }
    }
    return false;
  }

  /** The value that a load instruction names, or -1 when the frame does not reach so far. */
  #load(code: number, view: DataView, at: number, captured: number, wire: number, offset: number): number {
    switch (code & MODE) {
      case Mode.constant:
        return offset;
      case Mode.memory:
        return this.#memory[offset & 15] as number;
      case Mode.length:
        return wire >>> 0;
      case Mode.headerLength:
        return offset < captured ? (view.getUint8(at + offset) & 15) * 4 : -1;
      case Mode.absolute:
      case Mode.indexed:
        switch (code & SIZE) {
          case Size.byte:
            return offset < captured ? view.getUint8(at + offset) : -1;
          case Size.half:
            return offset + 2 <= captured ? view.getUint16(at + offset) : -1;
          default:
            return offset + 4 <= captured ? view.getUint32(at + offset) : -1;
        }
      default:
        return -1;
    }
  }
}

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

// Parts of an instruction's code (net/bpf.h).
const CLASS = 0x07;
const Class = { load: 0, loadX: 1, store: 2, storeX: 3, arithmetic: 4, jump: 5, answer: 6 } as const;
const SIZE = 0x18;
const Size = { half: 0x08, byte: 0x10 } as const;
const MODE = 0xe0;
const Mode = { constant: 0x00, absolute: 0x20, indexed: 0x40, memory: 0x60, length: 0x80, headerLength: 0xa0 } as const;
const FROM_X = 0x08;
const OPERATION = 0xf0;
const RETURN_A = 0x10;
const MOVE_TO_A = 0x80;

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
