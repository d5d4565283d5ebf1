import { definePlugin } from "#contract/plugin.ts";
import { Http2Parser } from "./parser.ts";
import { probe } from "./probe.ts";
import { http2Words } from "./words.ts";

/** Its events are of the kind `http`, which HTTP/1 declares. */
export default definePlugin({
  name: "http2",
  summary: "HTTP/2: streams, settings, gRPC.",
  needs: ["http1", "server-sent-events"],
  words: http2Words,
  protocols: [
    {
      name: "http2",
      transports: ["tcp"],
      ports: [80, 443, 8080, 50051],
      probe,
      create: (context) => new Http2Parser(context),
    },
  ],
});
