import { OddwireError } from "#contract/errors.ts";
import { closeDescriptor, SystemError } from "#native/libc.ts";
import {
  attachFilter,
  bindPacketSocket,
  type InterfaceFacts,
  interfaceFacts,
  joinFanoutByFlow,
  joinFanoutByProgram,
  openPacketSocket,
  setIgnoreOutgoing,
  setPromiscuous,
  setReceiveRing,
} from "#native/packet-socket.ts";
import { DuplicateFinder } from "./duplicates.ts";
import { addressPairProgram, keepProgram } from "./fanout-program.ts";
import { captureInterfaces } from "./interfaces.ts";
import { ARPHRD_LOOPBACK, largestFrame, linkFacts } from "./link-types.ts";
import type { Fanout, RingOptions } from "./live-options.ts";
import { Ring } from "./ring.ts";

/** A packet socket with its ring, bound to its interface: everything of a capture that ends when the interface does. */
export interface PacketPort {
  readonly fd: number;
  readonly ring: Ring;
  /** The kernel's number of the interface. */
  number: number;
  /** The filter that lets frames in is not attached yet: the other workers of the group are still joining. */
  gated: boolean;
  readonly ringBytes: number;
}

export const BLOCK_BYTES = 262_144;
const RING_BYTES_MAX = 2 ** 30;
const BLOCKS_MIN = 4;

/** Opens a port; `fd` is a packet socket that was never bound. Throws `OddwireError`, and closes what it opened. */
export function openPort(options: RingOptions, fd = openSocket(options.interface)): PacketPort {
  try {
    const facts = interfaceFacts(fd, options.interface);
    if (facts === undefined) throw missing(options.interface);
    const bytes = shapeRing(fd, options);
    const port: PacketPort = { fd, ring: mapRing(fd, options, facts, bytes), number: facts.index, gated: false, ringBytes: bytes };
    if (options.ignoreOutgoing === true) setIgnoreOutgoing(fd);
    // Nothing is let in before the socket stands at its interface and in its group.
    attachFilter(fd, keepProgram(0));
    attachPort(port, options, facts);
    if (options.fanout !== undefined) joinFanout(fd, options.fanout);
    port.gated = options.fanout?.gate !== undefined;
    if (!port.gated) letFramesIn(port, options);
    return port;
  } catch (error) {
    closeDescriptor(fd);
    throw asOddwireError(error, options.interface);
  }
}

/** Binds the socket to its interface, at first or again after the interface was made anew. */
export function attachPort(port: PacketPort, options: RingOptions, facts: InterfaceFacts): void {
  bindPacketSocket(port.fd, facts.index);
  if (options.promiscuous) setPromiscuous(port.fd, facts.index);
  port.number = facts.index;
  measurePort(port, facts);
}

/** Takes over what may change while the interface is up. */
export function measurePort(port: PacketPort, facts: InterfaceFacts): void {
  port.ring.frameBytesMax = largestFrame(linkFacts(facts.hardware), facts.mtu);
}

/** Attaches the filter that was asked for. */
export function letFramesIn(port: PacketPort, options: RingOptions): void {
  attachFilter(port.fd, options.filter ?? keepProgram(options.snapBytes));
  port.gated = false;
}

/** Lets nothing more in; what stands in the ring stays there. */
export function shutFramesOut(port: PacketPort): void {
  attachFilter(port.fd, keepProgram(0));
  port.gated = false;
}

export function closePort(port: PacketPort): void {
  port.ring.close();
  closeDescriptor(port.fd);
}

/** The only step that needs CAP_NET_RAW. */
export function openSocket(name: string): number {
  try {
    return openPacketSocket();
  } catch (error) {
    throw asOddwireError(error, name);
  }
}

function mapRing(fd: number, options: RingOptions, facts: InterfaceFacts, bytes: number): Ring {
  const link = linkFacts(facts.hardware);
  const ethernet = link.linkType === 1;
  const shape = {
    blockBytes: BLOCK_BYTES,
    blocks: bytes / BLOCK_BYTES,
    link,
    interfaceIndex: options.interfaceIndex ?? 0,
    overwriteReleased: options.overwriteReleased ?? false,
  };
  const duplicates = ethernet && options.markDuplicates !== false ? new DuplicateFinder(facts.hardware === ARPHRD_LOOPBACK) : undefined;
  return new Ring(fd, shape, duplicates);
}

/** Asks for the ring; where the kernel has no memory for it, for half of it, and so on. Returns its bytes. */
function shapeRing(fd: number, options: RingOptions): number {
  let blocks = Math.max(BLOCKS_MIN, Math.floor(Math.min(options.ringBytes, RING_BYTES_MAX) / BLOCK_BYTES));
  for (;;) {
    try {
      setReceiveRing(fd, BLOCK_BYTES, blocks, options.retireMs);
      return blocks * BLOCK_BYTES;
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== "ENOMEM" || blocks <= BLOCKS_MIN) throw error;
      blocks = Math.max(BLOCKS_MIN, blocks >> 1);
    }
  }
}

function joinFanout(fd: number, fanout: Fanout): void {
  if (fanout.spread === "flow") joinFanoutByFlow(fd, fanout.group);
  else joinFanoutByProgram(fd, fanout.group, addressPairProgram());
  if (fanout.gate !== undefined) Atomics.add(fanout.gate, 0, 1);
}

const missing = (name: string): OddwireError =>
  new OddwireError("ODW_INTERFACE_MISSING", {
    interface: name,
    choices: captureInterfaces()
      .map((one) => one.name)
      .join(", "),
  });

function asOddwireError(error: unknown, name: string): unknown {
  if (!(error instanceof SystemError)) return error;
  const values = { interface: name, cause: error.message };
  const options = { cause: error };
  if (error.code === "EPERM" || error.code === "EACCES") return new OddwireError("ODW_CAPTURE_RIGHTS", values, options);
  return new OddwireError("ODW_INTERFACE_LOST", values, options);
}
