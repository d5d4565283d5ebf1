import { boolean, type Field, integer, list, number, object, open, optional, text } from "#schema/field.ts";

const counts = object("What came over the feed.", {
  lines: integer("Lines read."),
  bad: integer("Lines that could not be read."),
  alerts: integer("Alerts told as events."),
  joined: object("Events told, by what found their flow.", {
    community_id: integer("Found by community ID."),
    five_tuple: integer("Found by addresses, ports and protocol."),
    none: integer("Told without a flow."),
  }),
  kinds: open("Events by their kind."),
  rotations: integer("Times that the file was replaced or cut."),
});

const processFacts = object("The child process.", {
  pid: optional(integer("Its number, while it runs.")),
  since: integer("When it was started.", { unit: "ms since 1970" }),
  restarts: integer("Times that it was started again."),
  restarts_max: integer("Times in a row before it is given up."),
  ends: list(
    "The newest ends that nobody asked for.",
    object("An end.", {
      at: integer("When.", { unit: "ms since 1970" }),
      code: optional(integer("Exit code.")),
      signal: optional(text("Signal that ended it.")),
      uptime: number("How long it had run.", { unit: "s" }),
      words: text("The last line that it printed."),
    }),
  ),
  words: list("The newest lines that it printed.", text("A line.")),
});

const states = "`off`, `starting`, `waiting` (nothing heard yet), `running`, `silent`, `restarting`, `failed` or `stopped`.";

/** Answer of `/api/v1/suricata`. */
export const suricataAnswer: Field = object("Programs beside the engine.", {
  suricata: object("The Suricata.", {
    mode: text("`off`, `start`, `follow` or `socket`."),
    state: text(states),
    reason: text("Why, when all is not well."),
    version: optional(text("Its version.")),
    source: optional(text("File or socket that is read.")),
    process: optional(processFacts),
    counts: optional(counts),
    quiet: optional(number("Time since its newest event.", { unit: "s" })),
    counters: optional(
      list(
        "Its newest counters.",
        object("A group.", {
          name: text("capture, memory, decoder, flow, tcp, detect, app_layer or other."),
          counters: list(
            "Counters.",
            object("A counter.", { name: text("Dotted name."), value: number("Value."), loss: boolean("True when something was lost.") }),
          ),
        }),
      ),
    ),
    counters_at: optional(text("Time of the counters.")),
  }),
  zeek: optional(object("Zeek's logs.", { state: text(states), source: text("File or directory."), counts })),
});
