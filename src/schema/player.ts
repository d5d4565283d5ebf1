import type { OddwireEvent } from "./event.ts";

/** What people say of a player. Plugins and detectors never write it. */
export interface PlayerMark {
  /** Id of the player: `lantern:42`. */
  readonly player: string;
  /** Empty when nobody wrote one. */
  readonly note: string;
  /** Somebody wants to keep an eye on it. */
  readonly watched: boolean;
  /** Nothing is found of it. */
  readonly whitelisted: boolean;
  /** When it was last changed, milliseconds since 1970. */
  readonly changed: number;
}

/** What is to be changed; the rest stays. */
export type PlayerMarkChange = Partial<Pick<PlayerMark, "note" | "watched" | "whitelisted">>;

/** Longest note, characters. */
export const noteCharactersMax = 8192;

/** A player as its newest event tells it. */
export interface PlayerRow {
  readonly id: string;
  readonly name?: string;
  readonly game: string;
  readonly session: number;
  /** `online` or `left`. */
  readonly state: string;
  /** Time of the session's first packet. */
  readonly since: string;
  /** Time of the newest event. */
  readonly seen: string;
  /** Seconds that the session has lasted. */
  readonly age: number;
  readonly address?: string;
  readonly port?: number;
  readonly flow_id?: number;
  readonly level?: number;
  readonly position?: { readonly x: number; readonly y: number; readonly z: number; readonly map?: string };
  readonly health?: { readonly now: number; readonly most: number };
  readonly packets_in: number;
  readonly packets_out: number;
  readonly rtt_ms?: number;
  readonly actions: number;
  /** `human`, `undecided` or `bot`; absent where nothing judges. */
  readonly verdict?: string;
  readonly score?: number;
  readonly watched: boolean;
  readonly whitelisted: boolean;
  readonly note: string;
}

export interface PlayersAnswer {
  readonly players: readonly PlayerRow[];
  /** `cursor` of the next page. */
  readonly next?: string;
}

/** One point of a player's history, from one event. */
export interface PlayerPoint {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly score?: number;
  readonly classic?: number;
  readonly rhythm?: number;
  readonly verdict?: string;
  readonly actions: number;
}

export interface PlayerSession {
  readonly session: number;
  readonly since: string;
  readonly seen: string;
  readonly age: number;
  readonly state: string;
  readonly address?: string;
  readonly port?: number;
  readonly flow_id?: number;
  readonly packets_in: number;
  readonly packets_out: number;
}

export interface PlayerAnswer {
  readonly player: PlayerRow;
  /** The newest event, with statistics and evidence. */
  readonly event: OddwireEvent;
  /** Oldest first. */
  readonly history: readonly PlayerPoint[];
  /** Newest first. */
  readonly sessions: readonly PlayerSession[];
  /** Newest first. */
  readonly findings: readonly OddwireEvent[];
  /** True when there are older events than were looked at. */
  readonly truncated: boolean;
}
