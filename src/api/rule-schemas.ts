import { boolean, integer, list, object, open, optional, text } from "#schema/field.ts";

const troubles = list(
  "Lines that were refused.",
  object("A line.", {
    list: text("List that it stands in."),
    line: integer("From 1."),
    column: integer("From 1."),
    cause: text("What is wrong."),
    mend: text("What to do about it."),
  }),
);
const lists = list(
  "The lists.",
  object("A list.", {
    name: text("Its name, or its path."),
    origin: text("`default` comes along, `configured` is named by the configuration, `folder` can be edited."),
    on: boolean("False when it is switched off."),
    entries: integer("Entries that can be used."),
    rejected: integer("Lines that were refused."),
  }),
);
const keyword = {
  sid: integer("Its number, `signature_id` of its alerts."),
  list: text("List that it stands in."),
  line: integer("Its line."),
  kind: text("`word`, `phrase`, `command`, `regex` or `hex`."),
  pattern: text("What is looked for."),
  contexts: list("Where; everywhere when there is none.", text("Context.")),
  direction: text("`to_server`, `to_client` or `both`."),
  ports: text("Ports of the server, empty for all."),
  case_sensitive: boolean("True when capitals count."),
  severity: text("`critical`, `high`, `medium`, `low` or `info`."),
  note: text("What alerts say."),
  on: boolean("False when it is switched off."),
  text: text("The whole line."),
  own: boolean("True when it can be removed."),
};
const indicator = {
  type: text("What it is."),
  value: text("As it is compared."),
  allow: boolean("True when it never alerts."),
  severity: text("Severity."),
  source: text("Who says so."),
  expires: text("When it stops counting; empty for never."),
  note: text("What is said of it."),
};

/** Answers about rules, keywords and indicators. */
export const ruleAnswers = {
  Rules: object("Rules that the engine judges by.", {
    generation: integer("Reloads that were used."),
    loaded_at: integer("When they were loaded.", { unit: "µs since 1970" }),
    kinds: list(
      "What each kind of them came to.",
      object("A kind.", {
        kind: text("`signature`, `keyword` or `indicator`."),
        loaded: integer("Rules in use."),
        rejected: integer("Lines that were refused."),
        bytes: integer("Memory of its tables in each thread.", { unit: "bytes" }),
      }),
    ),
    troubles,
    changed: list("Lists that the last reload changed.", text("Name.")),
    error: optional(text("Why the last reload was refused; the rules before it are in use.")),
  }),
  Keywords: object("The words that traffic is searched for.", {
    lists,
    keywords: list("All of them.", object("A keyword.", keyword)),
    troubles,
  }),
  Keyword: object("A keyword.", keyword),
  KeywordTest: object("Keywords that a text holds.", {
    hits: list(
      "Those that it holds.",
      object("A keyword.", {
        sid: keyword.sid,
        text: keyword.text,
        offset: integer("Bytes from the beginning.", { unit: "bytes" }),
        matched: text("What matched, one character a byte."),
      }),
    ),
  }),
  Indicators: object("Lists of addresses, names and fingerprints.", {
    lists,
    types: open("How many there are of each type."),
    allowed: integer("Values that never alert."),
    troubles,
    own: list("What is on the own list, the newest first; at most a thousand.", object("An indicator.", indicator)),
  }),
  Indicator: object("An indicator.", indicator),
  IndicatorTest: object("What lists say about a value.", {
    listed: optional(object("The indicator that it is, or lies in.", indicator)),
    list: optional(text("List that it stands on.")),
    allowed: boolean("True when it never alerts."),
  }),
  Done: object("It is done, and loaded.", { done: boolean("True.") }),
} as const;
