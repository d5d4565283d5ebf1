import { assert } from "#base/assert.ts";
import { type LibraryNames, type LoadedLibrary, loadLibrary } from "./library.ts";

/** macOS and Windows (Npcap) by their documentation; they have not been run. */
export const libpcapNames: LibraryNames = {
  linux: ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"],
  darwin: ["libpcap.dylib", "/usr/lib/libpcap.A.dylib"],
  win32: ["C:\\Windows\\System32\\Npcap\\wpcap.dll", "wpcap.dll"],
};

/** A classic BPF program: instructions of 8 bytes (code, two jumps, constant) in this machine's byte order. */
export interface BpfProgram {
  readonly bytes: Uint8Array;
  /** Instructions. */
  readonly count: number;
}

export type CompiledProgram =
  | { readonly ok: true; readonly program: BpfProgram }
  /** What libpcap says about the expression. */
  | { readonly ok: false; readonly cause: string };

/** libpcap's filter compiler, or why there is none. */
export async function openLibpcap(): Promise<Libpcap | { readonly found: false; readonly cause: string }> {
  const loaded = await loadLibrary(libpcapNames);
  return loaded.found ? new Libpcap(loaded) : loaded;
}

const INSTRUCTION_BYTES = 8;
/** `struct bpf_program` is a 32-bit count and, aligned, a pointer. */
const PROGRAM_BYTES = 16;
const PROGRAM_POINTER = 8;
const NETMASK_UNKNOWN = 0xffff_ffff;
const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

type Pointer = bigint | null;

export class Libpcap {
  readonly found = true;
  /** Name of the file that was loaded. */
  readonly name: string;
  readonly #koffi: (LoadedLibrary & { found: true })["koffi"];
  readonly #version: () => string;
  readonly #openDead: (linkType: number, snapBytes: number) => Pointer;
  readonly #compile: (pcap: Pointer, program: Uint8Array, expression: string, optimize: number, netmask: number) => number;
  readonly #errorText: (pcap: Pointer) => string;
  readonly #offlineFilter: (program: Uint8Array, header: Uint8Array, frame: Uint8Array) => number;
  readonly #free: (program: Uint8Array) => void;
  readonly #close: (pcap: Pointer) => void;

  constructor({ name, library, koffi }: LoadedLibrary & { found: true }) {
    this.name = name;
    this.#koffi = koffi;
    this.#version = library.func("const char *pcap_lib_version()");
    this.#openDead = library.func("void *pcap_open_dead(int link, int bytes)");
    this.#compile = library.func("int pcap_compile(void *p, void *program, const char *text, int optimize, uint32_t netmask)");
    this.#errorText = library.func("const char *pcap_geterr(void *p)");
    this.#offlineFilter = library.func("int pcap_offline_filter(const void *program, const void *header, const void *frame)");
    this.#free = library.func("void pcap_freecode(void *program)");
    this.#close = library.func("void pcap_close(void *p)");
  }

  /** What the library calls itself: `libpcap version 1.10.3 (…)`. */
  get version(): string {
    return this.#version();
  }

  /**
   * Compiles an expression of pcap-filter(7) for frames of a DLT_ number. Host names in it are looked up by libpcap
   * in the way that the system does; numbers are not.
   */
  compile(expression: string, dataLinkType: number, snapBytes = 262_144): CompiledProgram {
    const pcap = this.#openDead(dataLinkType, snapBytes);
    if (pcap === null) return { ok: false, cause: "libpcap has no memory" };
    try {
      const program = new Uint8Array(PROGRAM_BYTES);
      if (this.#compile(pcap, program, expression, 1, NETMASK_UNKNOWN) < 0) return { ok: false, cause: this.#errorText(pcap) };
      const copied = this.#copy(program);
      this.#free(program);
      return { ok: true, program: copied };
    } finally {
      this.#close(pcap);
    }
  }

  /** Runs a program on one frame in libpcap itself. Slow (a foreign call for each frame): the judge in tests. */
  matches(program: BpfProgram, frame: Uint8Array, wireBytes: number): boolean {
    const header = new Uint8Array(24);
    const headerView = new DataView(header.buffer);
    headerView.setUint32(16, frame.length, LITTLE);
    headerView.setUint32(20, wireBytes, LITTLE);
    const instructions = Uint8Array.from(program.bytes);
    const raw = new Uint8Array(PROGRAM_BYTES);
    const rawView = new DataView(raw.buffer);
    rawView.setUint32(0, program.count, LITTLE);
    rawView.setBigUint64(PROGRAM_POINTER, this.#koffi.address(instructions), LITTLE);
    const result = this.#offlineFilter(raw, header, frame);
    // The raw address did not keep the instructions alive; this use does.
    assert(instructions.length === program.count * INSTRUCTION_BYTES, "a program has whole instructions");
    return result !== 0;
  }

  #copy(program: Uint8Array): BpfProgram {
    const view = new DataView(program.buffer);
    const count = view.getUint32(0, LITTLE);
    const memory = this.#koffi.view(view.getBigUint64(PROGRAM_POINTER, LITTLE), count * INSTRUCTION_BYTES);
    return { bytes: new Uint8Array(memory).slice(), count };
  }
}
