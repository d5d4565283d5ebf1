import type { DecryptRequest, DecryptResult, GamePluginHost, GamePluginInfo, PluginHealth, PluginPlayer } from "#contract/game-plugin.ts";
import { SessionReplay } from "./session-replay.ts";

/**
 * The host of a game whose plugin may be replaced. The new version takes over between two batches: it is told of the
 * open sessions and how they began first, then it gets the next packet, so that none is lost and none read twice.
 */
export class SwappableHost implements GamePluginHost {
  #current: GamePluginHost;
  #next: { readonly host: GamePluginHost; readonly done: () => void } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #replay: SessionReplay | undefined;

  /** `keepsSessions`: beginnings of sessions are kept for a version to come. */
  constructor(host: GamePluginHost, keepsSessions: boolean) {
    this.#current = host;
    this.#replay = keepsSessions ? new SessionReplay() : undefined;
  }

  get info(): GamePluginInfo {
    return this.#current.info;
  }

  get health(): PluginHealth {
    return this.#current.health;
  }

  /** From the next batch on this host answers; resolves when the old one has ended. A version that waits still is ended. */
  async replace(host: GamePluginHost): Promise<void> {
    const waiting = this.#next;
    const done = new Promise<void>((resolve) => {
      this.#next = { host, done: resolve };
    });
    waiting?.done();
    await waiting?.host[Symbol.asyncDispose]();
    // Nobody may ask for long: then the turn comes by itself.
    this.#tell(async () => undefined);
    await done;
  }

  decrypt(batch: readonly DecryptRequest[]): Promise<readonly DecryptResult[]> {
    return this.#inTurn((host) => {
      this.#replay?.read(batch);
      return host.decrypt(batch);
    });
  }

  sessionOpened(session: number, request: Omit<DecryptRequest, "bytes" | "side">): void {
    const { client, clientPort, server, serverPort, time } = request;
    const facts = { session, client, clientPort, server, serverPort, time };
    this.#tell(async (host) => {
      this.#replay?.opened(session, facts);
      host.sessionOpened(session, facts);
    });
  }

  sessionClosed(session: number, reason: string): void {
    this.#tell(async (host) => {
      this.#replay?.closed(session);
      host.sessionClosed(session, reason);
    });
  }

  players(): Promise<readonly PluginPlayer[]> {
    return this.#inTurn((host) => host.players());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn.catch(() => undefined);
    this.#next?.done();
    await this.#next?.host[Symbol.asyncDispose]();
    this.#next = undefined;
    await this.#current[Symbol.asyncDispose]();
  }

  /** One call after the other, in the order in which they came; a swap stands between two of them. */
  #inTurn<T>(call: (host: GamePluginHost) => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      await this.#swap();
      return call(this.#current);
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** For what nobody waits for: a failure is the plugin's, and stands in its health. */
  #tell(call: (host: GamePluginHost) => Promise<void>): void {
    this.#inTurn(call).catch(() => undefined);
  }

  async #swap(): Promise<void> {
    const next = this.#next;
    if (next === undefined) return;
    this.#next = undefined;
    await this.#replay?.into(next.host);
    const old = this.#current;
    this.#current = next.host;
    void old[Symbol.asyncDispose]().then(next.done, next.done);
  }
}
