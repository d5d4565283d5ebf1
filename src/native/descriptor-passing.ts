import { addressOf, bindFunction, checked, HOST_IS_LITTLE, lastErrno, type Memory, SystemError } from "./libc.ts";

/**
 * Local socket pairs that carry one byte and, with it, perhaps an open descriptor (SCM_RIGHTS, unix(7)). Linux, 64 bit.
 */

const AF_UNIX = 1;
const SEQPACKET_CLOEXEC = 5 | 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_CMSG_CLOEXEC = 0x4000_0000;
const MSG_NOSIGNAL = 0x4000;
const EINTR = 4;

const pairCall = bindFunction("int socketpair(int family, int type, int protocol, void *fds)") as (
  family: number,
  type: number,
  protocol: number,
  fds: Memory,
) => number;
const sendCall = bindFunction("int64_t sendmsg(int fd, void *message, int flags)") as (
  fd: number,
  message: Memory,
  flags: number,
) => number;
const receiveCall = bindFunction("int64_t recvmsg(int fd, void *message, int flags)") as (
  fd: number,
  message: Memory,
  flags: number,
) => number;

/** Two ends of a channel that keeps messages apart. */
export function channelPair(): readonly [number, number] {
  const fds = new Int32Array(2);
  checked("socketpair", pairCall(AF_UNIX, SEQPACKET_CLOEXEC, 0, new Uint8Array(fds.buffer)));
  return [fds[0] as number, fds[1] as number];
}

/** One message: a byte, and a descriptor or -1. Memory for sending or receiving it, reused by one owner. */
export class DescriptorMessage {
  /** `struct msghdr`, `struct iovec`, `struct cmsghdr` with its descriptor, and the byte. */
  readonly #memory = new Uint8Array(56 + 16 + 24 + 1);
  readonly #view = new DataView(this.#memory.buffer);

  /** Sends a byte and a copy of the descriptor; -1 for none. Throws `SystemError` when the other end is closed. */
  send(channel: number, byte: number, fd: number): void {
    this.#prepare(fd >= 0);
    this.#view.setUint8(BYTE, byte);
    this.#view.setInt32(CONTROL + 16, fd, HOST_IS_LITTLE);
    checked("sendmsg", sendCall(channel, this.#memory, MSG_NOSIGNAL));
  }

  /** Waits for the next message; `undefined` when the other end is closed. */
  receive(channel: number): { readonly byte: number; readonly fd: number } | undefined {
    this.#prepare(true);
    this.#view.setBigUint64(CONTROL, 0n, HOST_IS_LITTLE);
    const result = receiveCall(channel, this.#memory, MSG_CMSG_CLOEXEC);
    if (result < 0 && lastErrno() === EINTR) return this.receive(channel);
    if (result < 0) throw new SystemError("recvmsg", lastErrno());
    if (result === 0) return undefined;
    const carries = this.#view.getBigUint64(40, HOST_IS_LITTLE) >= 20n && this.#view.getBigUint64(CONTROL, HOST_IS_LITTLE) === 20n;
    return { byte: this.#view.getUint8(BYTE), fd: carries ? this.#view.getInt32(CONTROL + 16, HOST_IS_LITTLE) : -1 };
  }

  #prepare(control: boolean): void {
    const view = this.#view;
    const base = addressOf(this.#memory);
    this.#memory.fill(0);
    view.setBigUint64(16, base + BigInt(VECTOR), HOST_IS_LITTLE);
    view.setBigUint64(24, 1n, HOST_IS_LITTLE);
    view.setBigUint64(VECTOR, base + BigInt(BYTE), HOST_IS_LITTLE);
    view.setBigUint64(VECTOR + 8, 1n, HOST_IS_LITTLE);
    if (!control) return;
    view.setBigUint64(32, base + BigInt(CONTROL), HOST_IS_LITTLE);
    view.setBigUint64(40, 24n, HOST_IS_LITTLE);
    view.setBigUint64(CONTROL, 20n, HOST_IS_LITTLE);
    view.setInt32(CONTROL + 8, SOL_SOCKET, HOST_IS_LITTLE);
    view.setInt32(CONTROL + 12, SCM_RIGHTS, HOST_IS_LITTLE);
  }
}

const VECTOR = 56;
const CONTROL = 72;
const BYTE = 96;
