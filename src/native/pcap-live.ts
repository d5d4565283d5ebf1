import koffi from "koffi";
import { addressOf, HOST_IS_LITTLE, type Memory } from "./libc.ts";
import { libpcapNames } from "./libpcap.ts";

/**
 * Live capture through libpcap (pcap(3)): for systems other than Linux, and interfaces that packet sockets do not
 * show. macOS and Windows (Npcap) follow the documentation and have not been run.
 */

/** libpcap refused: `kind` is what a caller can act on. */
export class PcapError extends Error {
  override readonly name = "PcapError";
  readonly kind: "library" | "rights" | "missing" | "filter" | "other";

  constructor(kind: PcapError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Results of `pcap_activate` that a caller can act on; positive ones are warnings. */
const ACTIVATE_KINDS: ReadonlyMap<number, PcapError["kind"]> = new Map([
  [-5, "missing"],
  [-8, "rights"],
  [-11, "rights"],
]);
const ERROR_TEXT_BYTES = 256;
const NETMASK_UNKNOWN = 0xffff_ffff;

interface PcapCalls {
  create(device: string, error: Memory): bigint | null;
  openDead(link: number, snapBytes: number): bigint | null;
  setSnapBytes(pcap: bigint, bytes: number): number;
  setPromiscuous(pcap: bigint, on: number): number;
  setTimeout(pcap: bigint, milliseconds: number): number;
  setBuffer(pcap: bigint, bytes: number): number;
  activate(pcap: bigint): number;
  setNonblock(pcap: bigint, on: number, error: Memory): number;
  errorText(pcap: bigint): string;
  link(pcap: bigint): number;
  compile(pcap: bigint, program: Memory, text: string, optimize: number, netmask: number): number;
  setFilter(pcap: bigint, program: Memory): number;
  freeProgram(program: Memory): void;
  next(pcap: bigint, header: Memory, data: Memory): number;
  statistics(pcap: bigint, value: Memory): number;
  close(pcap: bigint): void;
  copy(to: bigint, from: bigint, bytes: number): bigint;
  /** Absent on Windows. */
  descriptor: ((pcap: bigint) => number) | undefined;
}

function loadCalls(): PcapCalls {
  const library = loadLibrary();
  const memory = process.platform === "win32" ? koffi.load("msvcrt.dll") : koffi.load(null);
  return {
    create: library.func("void *pcap_create(const char *device, void *error)"),
    openDead: library.func("void *pcap_open_dead(int link, int bytes)"),
    setSnapBytes: library.func("int pcap_set_snaplen(void *p, int bytes)"),
    setPromiscuous: library.func("int pcap_set_promisc(void *p, int on)"),
    setTimeout: library.func("int pcap_set_timeout(void *p, int ms)"),
    setBuffer: library.func("int pcap_set_buffer_size(void *p, int bytes)"),
    activate: library.func("int pcap_activate(void *p)"),
    setNonblock: library.func("int pcap_setnonblock(void *p, int on, void *error)"),
    errorText: library.func("const char *pcap_geterr(void *p)"),
    link: library.func("int pcap_datalink(void *p)"),
    compile: library.func("int pcap_compile(void *p, void *program, const char *text, int optimize, uint32_t netmask)"),
    setFilter: library.func("int pcap_setfilter(void *p, void *program)"),
    freeProgram: library.func("void pcap_freecode(void *program)"),
    next: library.func("int pcap_next_ex(void *p, void *header, void *data)"),
    statistics: library.func("int pcap_stats(void *p, void *value)"),
    close: library.func("void pcap_close(void *p)"),
    copy: memory.func("void *memcpy(void *to, void *from, size_t bytes)"),
    descriptor: process.platform === "win32" ? undefined : library.func("int pcap_get_selectable_fd(void *p)"),
  };
}

function loadLibrary(): ReturnType<typeof koffi.load> {
  let cause = `nothing known for ${process.platform}`;
  for (const name of libpcapNames[process.platform] ?? []) {
    try {
      return koffi.load(name);
    } catch (error) {
      cause = (error as Error).message;
    }
  }
  throw new PcapError("library", cause);
}

export interface PcapSettings {
  readonly snapBytes: number;
  readonly promiscuous: boolean;
  readonly bufferBytes: number;
  readonly retireMs: number;
}

/** One frame's header, as `PcapCapture.next` left it. */
export interface PcapHeader {
  /** Microseconds since 1970. */
  time: number;
  captured: number;
  wire: number;
}

/** An open live capture. */
export class PcapCapture {
  readonly header: PcapHeader = { time: 0, captured: 0, wire: 0 };
  /** DLT_ number. */
  readonly link: number;
  /** Descriptor to wait for, or -1 where there is none: then `next` itself waits for `retireMs`. */
  readonly descriptor: number;
  readonly #calls: PcapCalls;
  readonly #pcap: bigint;
  readonly #pointers = new BigUint64Array(2);
  readonly #headerPointer = new Uint8Array(this.#pointers.buffer, 0, 8);
  readonly #dataPointer = new Uint8Array(this.#pointers.buffer, 8, 8);
  readonly #raw = new Uint8Array(24);
  readonly #rawView = new DataView(this.#raw.buffer);
  readonly #rawAddress = addressOf(this.#raw);

  constructor(device: string, settings: PcapSettings) {
    this.#calls = loadCalls();
    const error = new Uint8Array(ERROR_TEXT_BYTES);
    const pcap = this.#calls.create(device, error);
    if (pcap === null || pcap === 0n) throw new PcapError("other", textOf(error));
    this.#pcap = pcap;
    try {
      this.#activate(settings);
      this.link = this.#calls.link(pcap);
      this.descriptor = this.#calls.descriptor?.(pcap) ?? -1;
      if (this.descriptor >= 0) this.#calls.setNonblock(pcap, 1, error);
    } catch (failure) {
      this.#calls.close(pcap);
      throw failure;
    }
  }

  #activate(settings: PcapSettings): void {
    this.#calls.setSnapBytes(this.#pcap, settings.snapBytes);
    this.#calls.setPromiscuous(this.#pcap, settings.promiscuous ? 1 : 0);
    this.#calls.setTimeout(this.#pcap, settings.retireMs);
    this.#calls.setBuffer(this.#pcap, settings.bufferBytes);
    const result = this.#calls.activate(this.#pcap);
    if (result < 0) throw new PcapError(ACTIVATE_KINDS.get(result) ?? "other", this.#calls.errorText(this.#pcap) || `error ${result}`);
  }

  /** Lets only frames through that the classic BPF program keeps. */
  setFilter(program: Uint8Array): void {
    if (this.#calls.setFilter(this.#pcap, programPointer(program)) < 0) throw new PcapError("filter", this.#calls.errorText(this.#pcap));
  }

  /** Compiles for this interface, with what its kernel offers (`vlan` finds tags that the kernel took off). */
  compile(text: string): Uint8Array {
    return compileWith(this.#calls, this.#pcap, text);
  }

  /**
   * Takes the next frame: 1 and `header` is filled, 0 when there is none now, less when the capture broke. libpcap
   * owns the frame's bytes until the next call; `copyTo` fetches them.
   */
  next(): number {
    const result = this.#calls.next(this.#pcap, this.#headerPointer, this.#dataPointer);
    if (result === 1) this.#readHeader();
    return result;
  }

  /** Copies the frame's bytes to an address that has room for them. */
  copyTo(address: bigint, bytes: number): void {
    this.#calls.copy(address, this.#pointers[1] as bigint, bytes);
  }

  /** `struct pcap_pkthdr`: a timeval as wide as the system's, and two lengths. */
  #readHeader(): void {
    const wide = process.platform !== "win32";
    this.#calls.copy(this.#rawAddress, this.#pointers[0] as bigint, wide ? 24 : 16);
    const view = this.#rawView;
    const lengths = wide ? 16 : 8;
    this.header.time = view.getUint32(0, HOST_IS_LITTLE) * 1_000_000 + view.getInt32(wide ? 8 : 4, HOST_IS_LITTLE);
    this.header.captured = view.getUint32(lengths, HOST_IS_LITTLE);
    this.header.wire = view.getUint32(lengths + 4, HOST_IS_LITTLE);
  }

  /** Frames lost since the start, by the kernel and by the interface; `undefined` when it cannot say. */
  dropped(): number | undefined {
    const value = new Uint32Array(6);
    if (this.#calls.statistics(this.#pcap, new Uint8Array(value.buffer)) < 0) return undefined;
    return (value[1] as number) + (value[2] as number);
  }

  get errorText(): string {
    return this.#calls.errorText(this.#pcap);
  }

  close(): void {
    this.#calls.close(this.#pcap);
  }
}

/** Compiles a filter for a DLT_ number without an interface. Throws `PcapError` "filter". */
export function compileFilterFor(link: number, snapBytes: number, text: string): Uint8Array {
  const calls = loadCalls();
  const pcap = calls.openDead(link, snapBytes);
  if (pcap === null) throw new PcapError("other", "pcap_open_dead failed");
  try {
    return compileWith(calls, pcap, text);
  } finally {
    calls.close(pcap);
  }
}

function compileWith(calls: PcapCalls, pcap: bigint, text: string): Uint8Array {
  const program = new Uint8Array(16);
  if (calls.compile(pcap, program, text, 1, NETMASK_UNKNOWN) < 0) throw new PcapError("filter", calls.errorText(pcap));
  const view = new DataView(program.buffer);
  const copied = new Uint8Array(view.getUint32(0, HOST_IS_LITTLE) * 8);
  calls.copy(addressOf(copied), view.getBigUint64(8, HOST_IS_LITTLE), copied.length);
  calls.freeProgram(program);
  return copied;
}

/** `struct bpf_program`. The program has to stay referenced during the call. */
function programPointer(program: Uint8Array): Uint8Array {
  const pointer = new Uint8Array(16);
  const view = new DataView(pointer.buffer);
  view.setUint32(0, program.length / 8, HOST_IS_LITTLE);
  view.setBigUint64(8, addressOf(program), HOST_IS_LITTLE);
  return pointer;
}

const textOf = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
};
