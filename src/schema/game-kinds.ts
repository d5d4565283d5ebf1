import { boolean, defineKind, type Field, integer, type Kind, list, number, object, open, optional, text } from "./field.ts";

const spread = (what: string): Field =>
  object(`${what}: mean and standard deviation.`, {
    mean: number("Arithmetic mean."),
    stddev: number("Standard deviation (population)."),
  });

/** What happens between a game's server and its players, as a plugin reads it. */
export const gameSessionKind: Kind = defineKind({
  name: "game_session",
  bySender: true,
  summary: "A session of a game server, a packet that was not seen before, or trouble with a game's plugin.",
  fields: {
    game_session: object("What happened.", {
      name: text("The game's id, as its plugin names it."),
      event: text(
        "`session_opened`, `session_closed`, `opcode_new` (first packet of an opcode), `opcode_unknown` (of one without a name), " +
          "`packet` (when `game.packets` is on), `plugin` (trouble, or a plugin that was exchanged).",
      ),
      session: optional(integer("Number of the session, from 1.")),
      player: optional(text("Id of the player, once it is known.")),
      reason: optional(text("Why a session was closed: as `flow.reason`.")),
      direction: optional(text("`to_server` or `to_client`.")),
      opcode: optional(text("Name of the opcode, or `0x` and its number.")),
      opcode_number: optional(integer("Number of the opcode.")),
      size: optional(integer("Size of the packet with its header, in clear.", { unit: "bytes" })),
      fields: optional(open("Fields of the packet, as the catalog names them.")),
      unknown: optional(open("Profile of an unknown opcode: lengths, entropy, and what its fields may be.")),
      age: optional(number("How long the session lasted.", { unit: "s" })),
      pkts_toserver: optional(integer("Packets of the game from the client.", { unit: "packets" })),
      pkts_toclient: optional(integer("Packets of the game from the server.", { unit: "packets" })),
      undecoded: optional(integer("Bytes that the plugin could not read or that belong to no packet.", { unit: "bytes" })),
      trouble: optional(text("What is wrong with the plugin, and the mend.")),
    }),
  },
  columns: [
    { name: "name", path: "game_session.name", type: "text", doc: "The game's id.", index: true },
    { name: "event", path: "game_session.event", type: "text", doc: "What happened.", index: true },
    { name: "session", path: "game_session.session", type: "integer", doc: "Number of the session." },
    { name: "player", path: "game_session.player", type: "text", doc: "Id of the player." },
    { name: "opcode", path: "game_session.opcode", type: "text", doc: "Name of the opcode." },
    { name: "reason", path: "game_session.reason", type: "text", doc: "Why the session was closed." },
  ],
});

const statistics = object("What the player's packets are like.", {
  actions: integer("Packets that tell what the player did: no ticks, no keep-alives.", { unit: "packets" }),
  opcodes: list(
    "Each opcode and direction, the most frequent first.",
    object("One opcode.", {
      opcode: text("Name, or `0x` and the number."),
      direction: text("`to_server` or `to_client`."),
      count: integer("Packets.", { unit: "packets" }),
      per_second: number("Packets in a second of the player's sessions."),
      gap: optional(spread("Times between them, seconds")),
      size: spread("Sizes with the header, bytes"),
      fields: optional(
        list(
          "Numbers among the fields.",
          object("One field.", {
            name: text("As the catalog names it."),
            mean: number("Arithmetic mean."),
            stddev: number("Standard deviation (population)."),
            min: number("Smallest value."),
            max: number("Largest value."),
            cv: optional(number("Coefficient of variation: deviation by mean.")),
          }),
        ),
      ),
    }),
  ),
  transitions: list(
    "Which of the player's opcodes follows which, the most frequent first.",
    object("One step.", { from: text("Opcode."), to: text("Opcode."), count: integer("How often.") }),
  ),
  unusual: optional(
    list("Opcodes and steps that others, or the player until now, rarely send.", open("What, how often here and elsewhere.")),
  ),
});

/** A player of a game: who it is, where it stands, and what its packets are like. */
export const playerKind: Kind = defineKind({
  name: "player",
  summary: "A player of a game: told every `game.player-interval-s` while it plays, and when it leaves.",
  fields: {
    player: object("The player.", {
      id: text("The game's id, a colon, and what the game knows the player by; the client's address and port where it tells nothing."),
      name: optional(text("Name or account, as the game tells it.")),
      game: text("The game's id."),
      session: integer("Number of the session."),
      state: text("`online`, or `left` in the last event of a session."),
      since: text("Time of the session's first packet."),
      age: number("How long the session has lasted.", { unit: "s" }),
      level: optional(integer("Level.")),
      position: optional(
        object("Where it stands.", {
          x: number("East."),
          y: number("North."),
          z: number("Height."),
          map: optional(text("Name of the map.")),
        }),
      ),
      health: optional(object("Hit points.", { now: number("Now."), most: number("At most.") })),
      connection: object("Its connection.", {
        packets_in: integer("Packets of the game to the server.", { unit: "packets" }),
        packets_out: integer("Packets of the game to the client.", { unit: "packets" }),
        rtt_ms: optional(number("Round trip as the plugin measures it.", { unit: "ms" })),
        missing: optional(integer("Bytes that the capture does not hold.", { unit: "bytes" })),
      }),
      statistics,
      bot: optional(
        object("Whether a program plays.", {
          verdict: text("`human`, `undecided` or `bot`."),
          score: number("0 (people) to 1 (a program): of the scorer that decides."),
          classic: optional(number("The four weighted heuristics alone, 0 to 1.")),
          rhythm: optional(number("The scorer of rhythm, order and repetition, 0 to 1.")),
          sample: integer("Actions that it rests on."),
          whitelisted: optional(boolean("True when the player is on the whitelist: nothing is found of it.")),
          evidence: list("What speaks for it, the strongest first: in words, and numbers for plots.", open("One piece of evidence.")),
        }),
      ),
    }),
  },
  columns: [
    { name: "id", path: "player.id", type: "text", doc: "Id of the player.", index: true },
    { name: "name", path: "player.name", type: "text", doc: "Name of the player.", index: true },
    { name: "game", path: "player.game", type: "text", doc: "The game's id." },
    { name: "session", path: "player.session", type: "integer", doc: "Number of the session." },
    { name: "state", path: "player.state", type: "text", doc: "online or left." },
    { name: "level", path: "player.level", type: "integer", doc: "Level." },
    { name: "verdict", path: "player.bot.verdict", type: "text", doc: "human, undecided or bot.", index: true },
    { name: "score", path: "player.bot.score", type: "real", doc: "0 (people) to 1 (a program)." },
    { name: "actions", path: "player.statistics.actions", type: "integer", doc: "Packets that tell what the player did." },
  ],
});
