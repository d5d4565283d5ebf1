import { DescriptorMessage } from "#native/descriptor-passing.ts";
import { SystemError, Waiter } from "#native/libc.ts";
import { setDeathSignal } from "#native/privileges.ts";

/** Environment variable by which the opener tells the engine what it was given. */
export const OPENED = "ODDWIRE_OPENED";

/** What the opener hands to the engine when it starts it. */
export interface Opened {
  /** Process number of the opener. */
  readonly opener: number;
  readonly interfaces: readonly string[];
  /** For each worker: a packet socket for each interface, and the channel to ask for more. */
  readonly workers: readonly { readonly sockets: readonly number[]; readonly channel: number }[];
}

/** The engine's side: what was opened for it; `undefined` when no opener started this process. */
export function receiveSockets(): Opened | undefined {
  const text = process.env[OPENED];
  if (text === undefined) return undefined;
  // Whatever this process starts has nothing to do with the opener.
  delete process.env[OPENED];
  return JSON.parse(text) as Opened;
}

/**
 * Lets this process end (SIGTERM) when the opener does. Call it after `dropRights`, which undoes it. Returns false
 * when the opener has ended already.
 */
export function endWithOpener(opened: Opened): boolean {
  setDeathSignal(SIGTERM);
  return process.ppid === opened.opener;
}

/**
 * A function that asks the opener for a new packet socket, for a `RingSource` of one worker; it blocks its thread for
 * up to a second and answers `undefined` when there is none. Numbers only cross to the worker, so it is made there.
 */
export function reopenThrough(channel: number): () => number | undefined {
  const message = new DescriptorMessage();
  const waiter = new Waiter();
  return () => {
    try {
      message.send(channel, ASK, -1);
      if (waiter.wait(channel, ANSWER_MS) === 0) return undefined;
      const answer = message.receive(channel);
      return answer === undefined || answer.fd < 0 ? undefined : answer.fd;
    } catch (error) {
      // The opener is gone; the engine is about to end.
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  };
}

/** The one question: may I have another packet socket? */
export const ASK = 1;
/** Answers: here it is, and not now. */
export const GRANTED = 0;
export const REFUSED = 1;

const SIGTERM = 15;
const ANSWER_MS = 1000;
