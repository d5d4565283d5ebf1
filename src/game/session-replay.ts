import type { DecryptRequest, GamePluginHost } from "#contract/game-plugin.ts";

type SessionFacts = Omit<DecryptRequest, "bytes" | "side">;

/** Bytes from the beginning of a session that are kept: keys are told there. */
const sessionBytesMax = 4096;
/** Bytes of all sessions together. */
const allBytesMax = 32 * 2 ** 20;
const sessionsMax = 65_536;
const batchMax = 256;

interface Kept {
  readonly facts: SessionFacts;
  readonly pieces: DecryptRequest[];
  bytes: number;
  isFull: boolean;
}

/**
 * Open sessions and how they began, for a new version of their plugin: it is told of them and reads their first pieces
 * again, so that it has the keys that the old one had. What does not fit is not kept, and counted.
 */
export class SessionReplay {
  readonly #sessions = new Map<number, Kept>();
  #bytes = 0;
  /** Sessions whose beginning found no room. */
  refused = 0;

  opened(session: number, facts: SessionFacts): void {
    if (this.#sessions.size >= sessionsMax) {
      this.refused++;
      return;
    }
    this.#sessions.set(session, { facts: { ...facts, session }, pieces: [], bytes: 0, isFull: false });
  }

  closed(session: number): void {
    this.#bytes -= this.#sessions.get(session)?.bytes ?? 0;
    this.#sessions.delete(session);
  }

  /** Copies what belongs to the beginning of its session. */
  read(batch: readonly DecryptRequest[]): void {
    for (const request of batch) {
      const kept = this.#sessions.get(request.session);
      const { length } = request.bytes;
      if (kept === undefined || kept.isFull) continue;
      // Pieces that follow one that was left out would be read as what they are not.
      kept.isFull = kept.bytes + length > sessionBytesMax || this.#bytes + length > allBytesMax;
      if (kept.isFull) continue;
      kept.pieces.push({ ...request, bytes: request.bytes.slice() });
      kept.bytes += length;
      this.#bytes += length;
    }
  }

  /** Tells a plugin of the open sessions. */
  async into(host: GamePluginHost): Promise<void> {
    for (const { facts } of this.#sessions.values()) host.sessionOpened(facts.session, facts);
    const pieces = [...this.#sessions.values()].flatMap((kept) => kept.pieces);
    for (let from = 0; from < pieces.length; from += batchMax) await host.decrypt(pieces.slice(from, from + batchMax));
  }
}
