import { addressOf, bindFunction, HOST_IS_LITTLE, lastErrno, type Memory, SystemError } from "./libc.ts";
import { bindPacketSocket, setQdiscBypass } from "./packet-socket.ts";

const MESSAGE_BYTES = 64;
const VECTOR_BYTES = 16;
const EAGAIN = 11;
const ENOBUFS = 105;

const sendMany = bindFunction("int sendmmsg(int fd, void *messages, unsigned int count, int flags)") as (
  fd: number,
  messages: Memory,
  count: number,
  flags: number,
) => number;

/**
 * Sends prepared frames on an interface, many with one call: the other end of live tests and benchmarks. It sends
 * what it is given, link header and all.
 */
export class FrameSender {
  readonly #fd: number;
  readonly #frames: readonly Uint8Array[];
  /** `struct mmsghdr` and `struct iovec`, one of each for a frame. */
  readonly #messages: Uint8Array;
  readonly #vectors: Uint8Array;

  /**
   * `fd` is a packet socket that was never bound; `interfaceNumber` is the kernel's number of the interface. Unless
   * `visible`, the frames take the short way to the device, past the sockets that would see them as outgoing.
   */
  constructor(fd: number, interfaceNumber: number, frames: readonly Uint8Array[], visible = false) {
    this.#fd = fd;
    this.#frames = frames;
    this.#messages = new Uint8Array(frames.length * MESSAGE_BYTES);
    this.#vectors = new Uint8Array(frames.length * VECTOR_BYTES);
    bindPacketSocket(fd, interfaceNumber);
    if (!visible) setQdiscBypass(fd);
    this.#prepare();
  }

  /** Sends every frame once, in order. Returns how many the kernel took: all, unless the interface is gone. */
  sendAll(): number {
    let sent = 0;
    while (sent < this.#frames.length) {
      const rest = this.#messages.subarray(sent * MESSAGE_BYTES);
      const result = sendMany(this.#fd, rest, this.#frames.length - sent, 0);
      if (result > 0) {
        sent += result;
        continue;
      }
      const errno = lastErrno();
      // The device's queue is full: it empties by itself.
      if (errno !== EAGAIN && errno !== ENOBUFS) throw new SystemError("sendmmsg", errno);
    }
    return sent;
  }

  #prepare(): void {
    const messages = new DataView(this.#messages.buffer);
    const vectors = new DataView(this.#vectors.buffer);
    const firstVector = addressOf(this.#vectors);
    this.#frames.forEach((frame, i) => {
      vectors.setBigUint64(i * VECTOR_BYTES, addressOf(frame), HOST_IS_LITTLE);
      vectors.setBigUint64(i * VECTOR_BYTES + 8, BigInt(frame.length), HOST_IS_LITTLE);
      messages.setBigUint64(i * MESSAGE_BYTES + 16, firstVector + BigInt(i * VECTOR_BYTES), HOST_IS_LITTLE);
      messages.setBigUint64(i * MESSAGE_BYTES + 24, 1n, HOST_IS_LITTLE);
    });
  }
}
