import type { DecryptRequest } from "#contract/game-plugin.ts";
import type { Entry, SessionOf } from "./call-queue.ts";
import type { SessionFacts } from "./requests.ts";

/** Sessions that are kept; the oldest is forgotten then, and would not be announced to a plugin that is started again. */
const sessionsMax = 65_536;
/** The beginning of a session, which is where keys are agreed on: pieces and their bytes. */
const piecesMax = 16;
const pieceBytesMax = 8192;
/** Bytes of beginnings, all sessions together. */
const bytesMax = 64 * 2 ** 20;

interface OpenSession {
  readonly facts: SessionFacts;
  beginning: DecryptRequest[];
  bytes: number;
  isFull: boolean;
}

/**
 * Sessions that the plugin was told of and that are open still, with their first pieces. A plugin that is started again
 * has lost what it knew: it is told of the sessions and shown their beginnings again, so that it has their keys.
 */
export class SessionBook {
  readonly #open = new Map<number, OpenSession>();
  #bytes = 0;

  /** The plugin has been told of this. */
  note(entry: Entry): void {
    if (entry.kind === "closed") this.#remove(entry.session);
    if (entry.kind !== "opened" || this.#open.has(entry.facts.session)) return;
    if (this.#open.size >= sessionsMax) this.#remove(this.#open.keys().next().value ?? 0);
    this.#open.set(entry.facts.session, { facts: entry.facts, beginning: [], bytes: 0, isFull: false });
  }

  /** The plugin has read these requests. */
  read(requests: readonly DecryptRequest[], from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const request = requests[index] as DecryptRequest;
      const session = this.#open.get(request.session);
      if (session === undefined || session.isFull) continue;
      const bytes = request.bytes.length;
      if (session.bytes + bytes > pieceBytesMax || this.#bytes + bytes > bytesMax) session.isFull = true;
      else {
        session.beginning.push({ ...request, bytes: request.bytes.slice() });
        session.bytes += bytes;
        this.#bytes += bytes;
        session.isFull = session.beginning.length >= piecesMax;
      }
    }
  }

  /** The plugin failed at the beginning of this session when it was shown again: it is not shown once more. */
  forgetBeginning(number: number): void {
    const session = this.#open.get(number);
    if (session === undefined) return;
    this.#bytes -= session.bytes;
    Object.assign(session, { beginning: [], bytes: 0, isFull: true });
  }

  /** What a plugin that starts again has to be told first. What it answers has been told already, and leads nowhere. */
  announcements(): Entry[] {
    return [...this.#open.values()].flatMap(({ facts, beginning }): Entry[] => {
      const opened: Entry = { kind: "opened", facts, isReplay: true };
      if (beginning.length === 0) return [opened];
      const work = {
        requests: beginning,
        results: [],
        open: beginning.length,
        lateAt: Number.POSITIVE_INFINITY,
        resolve: ignore,
        isReplay: true,
      };
      return [opened, { kind: "decrypt", work, from: 0, to: beginning.length }];
    });
  }

  readonly find: SessionOf = (client, clientPort, server) => {
    for (const { facts } of this.#open.values()) {
      if (facts.clientPort === clientPort && facts.client === client && facts.server === server) return facts.session;
    }
    return undefined;
  };

  #remove(number: number): void {
    this.#bytes -= this.#open.get(number)?.bytes ?? 0;
    this.#open.delete(number);
  }
}

const ignore = (): void => undefined;
