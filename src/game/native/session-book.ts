import type { Entry, SessionOf } from "./call-queue.ts";
import type { SessionFacts } from "./requests.ts";

/** Sessions that are kept; the oldest is forgotten then, and would not be announced to a plugin that is started again. */
const sessionsMax = 65_536;

/** Sessions that the plugin was told of and that are open still. */
export class SessionBook {
  readonly #open = new Map<number, SessionFacts>();

  /** The plugin has been told of this. */
  note(entry: Entry): void {
    if (entry.kind === "closed") this.#open.delete(entry.session);
    if (entry.kind !== "opened") return;
    if (this.#open.size >= sessionsMax) this.#open.delete(this.#open.keys().next().value ?? 0);
    this.#open.set(entry.facts.session, entry.facts);
  }

  /** What a plugin that starts again has to be told first. */
  announcements(): Entry[] {
    return [...this.#open.values()].map((facts) => ({ kind: "opened", facts }));
  }

  readonly find: SessionOf = (client, clientPort, server) => {
    for (const facts of this.#open.values()) {
      if (facts.clientPort === clientPort && facts.client === client && facts.server === server) return facts.session;
    }
    return undefined;
  };
}
