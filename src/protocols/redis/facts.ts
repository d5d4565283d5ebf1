import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `redis` event: `cmd.name`, `cmd.key`, `cmd.value`, `success` and `reply.value` are Zeek's names. */
export const redisKind: Kind = defineKind({
  name: "redis",
  message: ["cmd.name"],
  summary: "A command to a Redis server and its reply.",
  fields: {
    redis: object("The exchange.", {
      cmd: optional(
        object("The command; absent in what the server sends unasked.", {
          name: text("Name in capitals: `SET`, `CONFIG GET`."),
          key: optional(text("Key of commands that have one, at most 256 bytes.")),
          value: optional(text("Value that is set, at most 256 bytes.")),
          user: optional(text("User that logs in; the password is not told.")),
          arguments: integer("Arguments behind the name.", { unit: "arguments" }),
          inline: optional(boolean("Sent as a line of text.")),
        }),
      ),
      push: optional(boolean("Sent unasked: a message of a channel.")),
      success: optional(boolean("False when the reply is an error; absent without reply.")),
      reply: optional(
        object("The reply.", {
          type: text("`string`, `error`, `integer`, `bulk`, `null`, `array`, `map`, `set`, `double`, `boolean`, `number`, `verbatim`."),
          value: optional(text("What it says, at most 256 bytes.")),
          items: optional(integer("Elements of an array, a map or a set.", { unit: "elements" })),
          values: optional(list("First of its simple elements, at most 4.", text("Element, at most 256 bytes."))),
        }),
      ),
    }),
  },
  columns: [
    { name: "cmd", path: "redis.cmd.name", type: "text", doc: "Command.", index: true },
    { name: "key", path: "redis.cmd.key", type: "text", doc: "Key." },
    { name: "user", path: "redis.cmd.user", type: "text", doc: "User that logs in." },
    { name: "success", path: "redis.success", type: "text", doc: "Whether it went well." },
    { name: "reply", path: "redis.reply.value", type: "text", doc: "What the reply says." },
  ],
});
