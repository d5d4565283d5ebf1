import { definePlugin } from "#contract/plugin.ts";
import { sseKind } from "./facts.ts";

/** Not a protocol of its own: what reads HTTP responses feeds the reader of `event-stream.ts`. */
export default definePlugin({
  name: "server-sent-events",
  summary: "Server-sent events in HTTP responses.",
  kinds: [sseKind],
});
