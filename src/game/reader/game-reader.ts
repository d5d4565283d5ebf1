import type { ForwardClaim, Forwarded, ForwardedEvent } from "#contract/forward.ts";
import type { ControlledReader, GameControl, PluginControl } from "#contract/game-control.ts";
import type { DecryptRequest, DecryptResult, GamePluginHost, PluginPlayer } from "#contract/game-plugin.ts";
import { Copies } from "./copies.ts";
import { Game } from "./game.ts";
import { GameEvents } from "./game-events.ts";
import { HostCalls } from "./host-calls.ts";
import type { PacketCatalog } from "./packet-catalog.ts";
import { PacketReader } from "./packet-reader.ts";
import { Player } from "./player.ts";
import { takePlayer } from "./player-facts.ts";
import type { CreateScorer } from "./player-scorer.ts";
import { PlayerTeller } from "./player-teller.ts";
import { ReaderControl } from "./reader-control.ts";
import { flowOf, GameSession } from "./session.ts";

/** Where the reader finds the plugins. The host of a game may be another one at each block. */
export interface GameHosts {
  readonly claims: readonly ForwardClaim[];
  hostFor(game: string): GamePluginHost | undefined;
}

export interface GameReaderOptions {
  readonly hosts: GameHosts;
  /** What is known of the packets of a game. */
  readonly catalogFor: (game: string) => PacketCatalog;
  readonly sessionsMax: number;
  readonly playerIntervalUs: number;
  /** Tell packets, and how many of one game in a second. */
  readonly packets: boolean;
  readonly packetsPerSecondMax: number;
  /** Longest time that a block waits for a plugin beyond its host's own deadline, ms. */
  readonly deadlineMs: number;
  /** Top speed of games where it is known, in what their coordinates count a second. */
  readonly speeds: ReadonlyMap<string, number>;
  /** Most actions a second of a player, of games where it is known. */
  readonly actionRates?: ReadonlyMap<string, number>;
  /** Judges a player; no verdicts without. */
  readonly createScorer?: CreateScorer | undefined;
  /** Players of whom nothing is found. */
  readonly isWhitelisted: (player: string) => boolean;
  /** Loads plugins anew; absent where that cannot be asked. */
  readonly plugins?: PluginControl | undefined;
  /** Ends the plugins, behind the last block. */
  readonly end?: () => Promise<void>;
}

interface Asked {
  readonly game: Game;
  readonly requests: DecryptRequest[];
  results: readonly DecryptResult[];
}

/** A step with its bytes copied: what a plugin is asked, once its session is known. */
type Kept = Omit<Forwarded, "bytes"> & { readonly bytes: Uint8Array; session: number };

/**
 * Reads the flows of games, block by block:
 *
 *     steps ──► sessions ──► plugin (one batch for each game) ──► framers ──► packets ──► players
 *
 * All pieces of a block are decrypted before the first is read, so that a plugin in another process is asked seldom;
 * then the steps are gone through in capture order, whichever game they belong to. Nothing depends on how long a
 * plugin takes.
 */
export class GameReader implements ControlledReader {
  readonly claims: readonly ForwardClaim[];
  readonly control: GameControl;
  /** Sessions that found no room. */
  refused = 0;
  readonly #options: GameReaderOptions;
  readonly #events: GameEvents;
  readonly #calls: HostCalls;
  readonly #packets: PacketReader;
  readonly #teller: PlayerTeller;
  readonly #games = new Map<string, Game>();
  readonly #sessions = new Map<number, GameSession>();
  readonly #troubles = new Map<Game, string>();
  #count = 0;
  #number = 0;

  constructor(options: GameReaderOptions) {
    this.#options = options;
    this.claims = options.hosts.claims;
    this.control = new ReaderControl(options.plugins, () => this.#games.values());
    this.#events = new GameEvents(options);
    this.#calls = new HostCalls(options.deadlineMs);
    this.#packets = new PacketReader(this.#events, (session) => this.#identified(session));
    this.#teller = new PlayerTeller(options);
  }

  /** The plugins run already: whoever opened them knows by what they said which flows are claimed. */
  async start(): Promise<void> {
    this.#count = 0;
  }

  async block(each: (take: (step: Forwarded) => void) => void, clock: number, emit: ForwardedEvent): Promise<void> {
    this.#events.emit = emit;
    const steps: Kept[] = [];
    const copies = new Copies();
    each((step) => steps.push({ ...step, bytes: copies.of(step.bytes), session: 0 }));
    if (steps.length === 0) return;
    this.#number = steps.at(-1)?.number ?? this.#number;
    const asked = this.#ask(steps);
    await Promise.all([...asked.values()].map(async (one) => (one.results = await this.#calls.decrypt(one.game.host, one.requests))));
    for (const { game, requests, results } of asked.values()) this.#health(game, requests, results, clock);
    const ended = this.#read(steps, asked);
    await this.#tell(ended, clock, emit);
  }

  async finish(clock: number, emit: ForwardedEvent): Promise<void> {
    this.#events.emit = emit;
    const left = [...this.#sessions.values()];
    await this.#tell(left, clock, emit);
    for (const game of this.#games.values())
      for (const [opcode, unknown] of game.unknown)
        if (!unknown.full) this.#events.unknown(game, opcode, unknown, { time: clock, number: this.#number });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.end?.();
  }

  /** Finds or opens the session of each step, and gathers what the plugins are asked. */
  #ask(steps: readonly Kept[]): Map<Game, Asked> {
    const asked = new Map<Game, Asked>();
    for (const step of steps) {
      const session = this.#session(step);
      if (session === undefined || step.kind !== "data") continue;
      step.session = session.number;
      let one = asked.get(session.game);
      if (one === undefined) {
        one = { game: session.game, requests: [], results: [] };
        asked.set(session.game, one);
      }
      one.requests.push(step);
    }
    return asked;
  }

  #session(step: Kept): GameSession | undefined {
    const known = this.#sessions.get(step.flowId);
    if (known !== undefined || step.kind === "end") return known;
    const game = this.#game(step.protocol);
    if (game === undefined) return undefined;
    if (this.#sessions.size >= this.#options.sessionsMax) {
      this.refused++;
      return undefined;
    }
    const flow = flowOf(step);
    const number = ++this.#count;
    const player = new Player(flow, number, step.time, { opcodes: game.opcodes, createScorer: this.#options.createScorer });
    const session = new GameSession(number, game, flow, step.time, player);
    this.#sessions.set(step.flowId, session);
    step.session = number;
    this.#calls.tell(() => game.host.sessionOpened(number, step));
    this.#events.opened(session, step);
    return session;
  }

  #game(name: string): Game | undefined {
    const host = this.#options.hosts.hostFor(name);
    const game = this.#games.get(name);
    if (host === undefined) return game;
    if (game === undefined) {
      const made = new Game(name, host, this.#options.catalogFor(name), this.#options.actionRates?.get(name));
      this.#games.set(name, made);
      return made;
    }
    game.host = host;
    game.describe(this.#options.catalogFor(name));
    return game;
  }

  /** Goes through the steps in capture order; returns the sessions that ended. */
  #read(steps: readonly Kept[], asked: ReadonlyMap<Game, Asked>): readonly GameSession[] {
    const places = new Map<Game, number>();
    const ended: GameSession[] = [];
    for (const step of steps) {
      const session = this.#sessions.get(step.flowId);
      if (session === undefined) continue;
      if (step.kind === "gap") this.#gap(session, step);
      else if (step.kind === "end") {
        session.end = { reason: step.reason, time: step.time };
        ended.push(session);
      } else {
        const place = places.get(session.game) ?? 0;
        places.set(session.game, place + 1);
        this.#piece(session, step, asked.get(session.game)?.results[place]);
      }
    }
    return ended;
  }

  #piece(session: GameSession, step: Kept, result: DecryptResult | undefined): void {
    const framer = session.framers[step.side];
    session.last = step.time;
    if (result?.status === "ok") {
      framer.piece(result.bytes, (packet) => this.#packets.packet(session, step, packet));
      this.#teller.seen(session.player, step.time);
      return;
    }
    session.unread += step.bytes.length;
    // What the plugin failed on is missing from the stream.
    if (result?.status !== "skip") framer.gap();
  }

  #gap(session: GameSession, step: Kept): void {
    session.framers[step.side].gap();
    session.player.missing += step.missing;
    session.player.movement?.reset();
  }

  /** A packet has said who plays: the player may be known from an earlier session. */
  #identified(session: GameSession): void {
    const { player, game, flow } = session;
    const { facts } = player;
    const own = facts.id ?? facts.name;
    if (own === undefined) return;
    const id = `${game.name}:${own}`;
    if (id === player.id) return;
    const known = game.players.get(id);
    if (known === undefined || known === player) {
      if (player.named) game.players.delete(player.id);
      player.id = id;
      player.named = true;
      game.players.set(id, player);
      return;
    }
    Object.assign(known.facts, facts);
    if (player.open === 1) game.players.delete(player.id);
    game.away.delete(known);
    known.returns(session.number, flow, session.begin);
    session.player = known;
  }

  async #tell(ended: readonly GameSession[], clock: number, emit: ForwardedEvent): Promise<void> {
    const due = this.#teller.due();
    const games = new Set([...ended.map(({ game }) => game), ...due.map((player) => this.#games.get(player.flow.protocol))]);
    for (const game of games) if (game !== undefined) this.#ofPlugin(await this.#calls.players(game.host));
    for (const player of due) this.#teller.tell(player, "online", this.#games.get(player.flow.protocol), emit, this.#number);
    for (const session of ended) this.#close(session, clock, emit);
  }

  /** What plugins know of their players is believed before what fields tell. */
  #ofPlugin(players: readonly PluginPlayer[]): void {
    if (players.length === 0) return;
    const sessions = new Map([...this.#sessions.values()].map((session) => [session.number, session]));
    for (const told of players) {
      const session = sessions.get(told.session);
      if (session === undefined) continue;
      takePlayer(session.player.facts, told);
      const rttMs = told.connection?.rttMs;
      if (rttMs !== undefined && Number.isFinite(rttMs)) {
        session.player.rttMs = rttMs;
        session.player.scorer?.roundTrip(session.last, rttMs * 1000);
      }
      this.#identified(session);
    }
  }

  #close(session: GameSession, clock: number, emit: ForwardedEvent): void {
    const { game, number, player } = session;
    const end = session.end ?? { reason: "shutdown", time: clock };
    for (const framer of session.framers) framer.end();
    this.#sessions.delete(session.flow.flowId);
    player.open--;
    if (player.open === 0) this.#teller.tell(player, "left", game, emit, this.#number);
    this.#events.closed(session, end, this.#number);
    this.#calls.tell(() => game.host.sessionClosed(number, end.reason));
    this.#teller.leave(game, player);
  }

  /** Tells when a plugin's state changes or it fails, each trouble once in a row. */
  #health(game: Game, requests: readonly DecryptRequest[], results: readonly DecryptResult[], clock: number): void {
    const { state, lastTrouble, restarts } = game.host.health;
    const failed = results.filter((result) => result.status === "error");
    const why = failed[0]?.status === "error" ? failed[0].why : undefined;
    const trouble =
      state === "running"
        ? why === undefined
          ? undefined
          : `${why} (${failed.length} of ${requests.length} pieces of a block)`
        : `the plugin is ${state} after ${restarts} restarts: ${lastTrouble ?? "no reason given"}`;
    const kind = trouble === undefined ? "" : `${state} ${why ?? ""}`;
    if (kind === this.#troubles.get(game) || results.length === 0) return;
    this.#troubles.set(game, kind);
    if (trouble !== undefined) this.#events.trouble(game, trouble, clock, this.#number);
  }
}
