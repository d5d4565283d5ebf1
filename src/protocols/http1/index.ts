import { definePlugin } from "#contract/plugin.ts";
import { httpKind } from "./facts.ts";
import { Head } from "./head.ts";
import { HttpParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { httpWords } from "./words.ts";

/** The head at hand; the flows of a thread take turns with it. */
const head = new Head();

export default definePlugin({
  name: "http1",
  summary: "HTTP/1: requests and responses.",
  needs: ["server-sent-events"],
  kinds: [httpKind],
  words: httpWords,
  protocols: [
    {
      name: "http",
      transports: ["tcp"],
      ports: [80, 81, 591, 3000, 3128, 5000, 8000, 8008, 8080, 8081, 8088, 8888, 9000],
      probe,
      create: (context) => new HttpParser(context, head),
    },
  ],
});
