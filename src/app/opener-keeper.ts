import { parentPort, workerData } from "node:worker_threads";
import { DescriptorMessage } from "#native/descriptor-passing.ts";
import { closeDescriptor, Poll, SystemError, Waiter } from "#native/libc.ts";
import { openPacketSocket } from "#native/packet-socket.ts";
import { Capability, clearAmbientSet, emptyBoundingSet, setCapabilities, setNoNewPrivileges } from "#native/privileges.ts";
import { ASK, GRANTED, REFUSED } from "./opener-channel.ts";

/**
 * The thread of the opener that keeps CAP_NET_RAW, and nothing else: it opens a packet socket when a worker of the
 * engine asks over its channel. It does not look at anything that came from a network.
 */
export interface KeeperSetup {
  readonly channels: readonly number[];
  /** Word 0 is not 0 when the keeper is to end. */
  readonly stop: Int32Array;
}

const WAIT_MS = 100;
/** A worker gets one new socket in this time, so that a broken engine cannot fill the system's tables. */
const GRANT_MS = 900;

const { channels, stop } = workerData as KeeperSetup;
clearAmbientSet();
emptyBoundingSet();
setNoNewPrivileges();
setCapabilities([Capability.netRaw], []);
parentPort?.postMessage("ready", []);

const message = new DescriptorMessage();
const waiter = new Waiter();
const granted = new Map<number, number>();
const open = new Set(channels);
while (open.size > 0 && Atomics.load(stop, 0) === 0) {
  for (const channel of open) {
    const events = waiter.wait(channel, Math.ceil(WAIT_MS / open.size));
    if ((events & Poll.in) !== 0) serve(channel);
    else if (events !== 0) open.delete(channel);
  }
}

function serve(channel: number): void {
  try {
    const question = message.receive(channel);
    if (question === undefined) {
      open.delete(channel);
      return;
    }
    if (question.fd >= 0) closeDescriptor(question.fd);
    if (question.byte === ASK) answer(channel);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    open.delete(channel);
  }
}

function answer(channel: number): void {
  const now = Date.now();
  const fd = now - (granted.get(channel) ?? 0) < GRANT_MS ? -1 : openPacketSocket();
  if (fd >= 0) granted.set(channel, now);
  try {
    message.send(channel, fd < 0 ? REFUSED : GRANTED, fd);
  } finally {
    if (fd >= 0) closeDescriptor(fd);
  }
}
