import { type Members, membersOf, textOf } from "#base/members.ts";
import { parseTime } from "#base/time.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { PlayerMark, PlayerPoint, PlayerRow, PlayerSession } from "#schema/player.ts";

const texts = (from: Members, ...names: readonly string[]): Members => pick(from, names, "string");
const numbers = (from: Members, ...names: readonly string[]): Members => pick(from, names, "number");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** A player's event as a row of the list: what is long is left out, what people say of it is added. */
export function playerRow(event: OddwireEvent, mark: PlayerMark | undefined): PlayerRow {
  const player = membersOf(event["player"]);
  const bot = membersOf(player["bot"]);
  const connection = membersOf(player["connection"]);
  return {
    ...sessionOf(event),
    id: textOf(player["id"]),
    ...texts(player, "name"),
    game: textOf(player["game"]),
    ...numbers(player, "level"),
    ...(player["position"] !== undefined && { position: player["position"] as NonNullable<PlayerRow["position"]> }),
    ...(player["health"] !== undefined && { health: player["health"] as NonNullable<PlayerRow["health"]> }),
    ...numbers(connection, "rtt_ms"),
    actions: number(membersOf(player["statistics"])["actions"]),
    ...texts(bot, "verdict"),
    ...numbers(bot, "score"),
    watched: mark?.watched === true,
    whitelisted: mark?.whitelisted === true || bot["whitelisted"] === true,
    note: mark?.note ?? "",
  };
}

/** What an event says of the session that it was told in. */
export function sessionOf(event: OddwireEvent): PlayerSession {
  const player = membersOf(event["player"]);
  const connection = membersOf(player["connection"]);
  return {
    session: number(player["session"]),
    since: textOf(player["since"]),
    seen: event.timestamp,
    age: number(player["age"]),
    state: textOf(player["state"]),
    ...(event.src_ip !== undefined && { address: event.src_ip }),
    ...(event.src_port !== undefined && { port: event.src_port }),
    ...(event.flow_id !== undefined && { flow_id: event.flow_id }),
    packets_in: number(connection["packets_in"]),
    packets_out: number(connection["packets_out"]),
  };
}

/** The sessions that events tell of, newest first: of each its newest event. `events` are newest first. */
export function sessionsOf(events: readonly OddwireEvent[]): readonly PlayerSession[] {
  const sessions = new Map<string, PlayerSession>();
  for (const event of events) {
    const session = sessionOf(event);
    // Numbers start anew with each run of the engine.
    const key = `${session.since} ${session.session}`;
    if (!sessions.has(key)) sessions.set(key, session);
  }
  return [...sessions.values()];
}

/** One point of the history. */
export function pointOf(event: OddwireEvent): PlayerPoint {
  const player = membersOf(event["player"]);
  const bot = membersOf(player["bot"]);
  return {
    time: parseTime(event.timestamp) ?? 0,
    ...numbers(bot, "score", "classic", "rhythm"),
    ...texts(bot, "verdict"),
    actions: number(membersOf(player["statistics"])["actions"]),
  };
}

function pick(from: Members, names: readonly string[], type: "string" | "number"): Members {
  return Object.fromEntries(names.flatMap((name) => (typeof from[name] === type ? [[name, from[name]]] : [])));
}
