import { addressOf, bindFunction, checked, HOST_IS_LITTLE, lastErrno, type Memory, SystemError } from "./libc.ts";

/**
 * Linux packet sockets (packet(7)). Only `openPacketSocket` needs CAP_NET_RAW; everything after it works on the
 * descriptor alone, also in a process that has no right left.
 */

const AF_PACKET = 17;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const ETH_P_ALL = 3;

/** Options of SOL_PACKET (linux/if_packet.h). */
const Option = {
  addMembership: 1,
  rxRing: 5,
  statistics: 6,
  version: 10,
  fanout: 18,
  qdiscBypass: 20,
  fanoutData: 22,
  ignoreOutgoing: 23,
} as const;

const TPACKET_V3 = 2;
const MR_PROMISC = 1;
const FANOUT_HASH = 0;
const FANOUT_CBPF = 6;
const FANOUT_FLAG_DEFRAG = 0x8000;

const socketCall = bindFunction("int socket(int family, int type, int protocol)") as (
  family: number,
  type: number,
  protocol: number,
) => number;
const bindCall = bindFunction("int bind(int fd, void *address, unsigned int bytes)") as (
  fd: number,
  address: Memory,
  bytes: number,
) => number;
const setOption = bindFunction("int setsockopt(int fd, int level, int name, void *value, unsigned int bytes)") as (
  fd: number,
  level: number,
  name: number,
  value: Memory,
  bytes: number,
) => number;
const getOption = bindFunction("int getsockopt(int fd, int level, int name, void *value, void *bytes)") as (
  fd: number,
  level: number,
  name: number,
  value: Memory,
  bytes: Memory,
) => number;
const ioctlCall = bindFunction("int ioctl(int fd, unsigned long request, void *value)") as (
  fd: number,
  request: number,
  value: Memory,
) => number;

/** A raw packet socket that receives nothing before it is bound. Throws `SystemError` EPERM without CAP_NET_RAW. */
export const openPacketSocket = (): number => checked("socket(AF_PACKET)", socketCall(AF_PACKET, SOCK_RAW_CLOEXEC, 0));

/** Receives all protocols of one interface (by index) from now on. */
export function bindPacketSocket(fd: number, interfaceNumber: number): void {
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, HOST_IS_LITTLE);
  view.setUint16(2, ETH_P_ALL);
  view.setInt32(4, interfaceNumber, HOST_IS_LITTLE);
  checked("bind", bindCall(fd, address, address.length));
}

/** Gives the socket a TPACKET_V3 receive ring; map `blockBytes * blocks` bytes of the descriptor afterwards. */
export function setReceiveRing(fd: number, blockBytes: number, blocks: number, retireMs: number): void {
  setPacketOption(fd, "PACKET_VERSION", Option.version, words(TPACKET_V3));
  const frameBytes = 2048;
  const request = words(blockBytes, blocks, frameBytes, (blockBytes / frameBytes) * blocks, retireMs, 0, 0);
  setPacketOption(fd, "PACKET_RX_RING", Option.rxRing, request);
}

/** Asks the interface for frames that are for other machines too, for as long as the socket lives. */
export function setPromiscuous(fd: number, interfaceNumber: number): void {
  const request = new Uint8Array(16);
  const view = new DataView(request.buffer);
  view.setInt32(0, interfaceNumber, HOST_IS_LITTLE);
  view.setUint16(4, MR_PROMISC, HOST_IS_LITTLE);
  setPacketOption(fd, "PACKET_ADD_MEMBERSHIP", Option.addMembership, request);
}

/** Leaves out what this host sends. */
export const setIgnoreOutgoing = (fd: number): void => setPacketOption(fd, "PACKET_IGNORE_OUTGOING", Option.ignoreOutgoing, words(1));

/** Sent frames bypass the queueing discipline: for traffic generators. */
export const setQdiscBypass = (fd: number): void => setPacketOption(fd, "PACKET_QDISC_BYPASS", Option.qdiscBypass, words(1));

/** Joins the bound socket to a fanout group by the kernel's flow hash; the kernel puts IPv4 fragments together first. */
export const joinFanoutByFlow = (fd: number, group: number): void =>
  setPacketOption(fd, "PACKET_FANOUT", Option.fanout, words((group & 0xffff) | ((FANOUT_HASH | FANOUT_FLAG_DEFRAG) << 16)));

/** Joins the bound socket to a fanout group whose member is chosen by a classic BPF program: its result modulo the members. */
export function joinFanoutByProgram(fd: number, group: number, program: Uint8Array): void {
  setPacketOption(fd, "PACKET_FANOUT", Option.fanout, words((group & 0xffff) | (FANOUT_CBPF << 16)));
  withProgram(program, (pointer) => setPacketOption(fd, "PACKET_FANOUT_DATA", Option.fanoutData, pointer));
}

/** Attaches a classic BPF program (8 bytes an instruction, host order) in place of the one before, in one step. */
export function attachFilter(fd: number, program: Uint8Array): void {
  withProgram(program, (pointer) => {
    checked("SO_ATTACH_FILTER", setOption(fd, SOL_SOCKET, SO_ATTACH_FILTER, pointer, pointer.length));
  });
}

/** Reads the socket's counters since the last reading (the kernel sets them to 0). Reused by one owner. */
export class PacketStatistics {
  /** Frames that passed the filter, the dropped ones among them. */
  frames = 0;
  dropped = 0;
  /** Times that the ring was full. */
  freezes = 0;
  readonly #value = new Uint32Array(3);
  readonly #bytes = new Uint8Array(this.#value.buffer);
  readonly #length = new Uint32Array(1);
  readonly #lengthBytes = new Uint8Array(this.#length.buffer);

  /** False when the descriptor cannot say. */
  read(fd: number): boolean {
    this.#length[0] = this.#bytes.length;
    if (getOption(fd, SOL_PACKET, Option.statistics, this.#bytes, this.#lengthBytes) < 0) return false;
    this.frames = this.#value[0] as number;
    this.dropped = this.#value[1] as number;
    this.freezes = this.#value[2] as number;
    return true;
  }
}

/** Takes the pending error off the socket: an errno, or 0. */
export function takeSocketError(fd: number): number {
  const value = new Int32Array(1);
  checked("SO_ERROR", getOption(fd, SOL_SOCKET, SO_ERROR, new Uint8Array(value.buffer), new Uint8Array(new Uint32Array([4]).buffer)));
  return value[0] as number;
}

const Request = { flags: 0x8913, mtu: 0x8921, hardware: 0x8927, index: 0x8933 } as const;
const IFF_UP = 1;

/** What the kernel says of an interface in the socket's network namespace. */
export interface InterfaceFacts {
  readonly index: number;
  /** ARPHRD_ number (linux/if_arp.h). */
  readonly hardware: number;
  readonly mtu: number;
  readonly up: boolean;
}

/** `undefined` when there is no interface of that name. */
export function interfaceFacts(fd: number, name: string): InterfaceFacts | undefined {
  const index = askInterface(fd, name, Request.index);
  if (index === undefined) return undefined;
  const [hardware, mtu, flags] = [Request.hardware, Request.mtu, Request.flags].map((request) => askInterface(fd, name, request));
  if (hardware === undefined || mtu === undefined || flags === undefined) return undefined;
  return {
    index: index.getInt32(16, HOST_IS_LITTLE),
    hardware: hardware.getUint16(16, HOST_IS_LITTLE),
    mtu: mtu.getInt32(16, HOST_IS_LITTLE),
    up: (flags.getUint16(16, HOST_IS_LITTLE) & IFF_UP) !== 0,
  };
}

/** One ioctl on `struct ifreq`: 16 bytes of name, then the answer. */
function askInterface(fd: number, name: string, request: number): DataView | undefined {
  const value = new Uint8Array(40);
  const text = new TextEncoder().encode(name);
  if (text.length === 0 || text.length > 15) return undefined;
  value.set(text);
  if (ioctlCall(fd, request, value) < 0) return undefined;
  return new DataView(value.buffer);
}

/** `struct sock_fprog`: how many instructions, and where. The program stays referenced until the kernel has copied it. */
function withProgram(program: Uint8Array, use: (pointer: Uint8Array) => void): void {
  const pointer = new Uint8Array(16);
  const view = new DataView(pointer.buffer);
  view.setUint16(0, program.length / 8, HOST_IS_LITTLE);
  view.setBigUint64(8, addressOf(program), HOST_IS_LITTLE);
  use(pointer);
  // Reading it afterwards keeps it alive over the call.
  if (program.length % 8 !== 0) throw new RangeError("a BPF instruction has 8 bytes");
}

function setPacketOption(fd: number, what: string, option: number, value: Uint8Array): void {
  if (setOption(fd, SOL_PACKET, option, value, value.length) < 0) throw new SystemError(what, lastErrno());
}

const words = (...values: readonly number[]): Uint8Array => new Uint8Array(new Uint32Array(values).buffer);
