import { definePlugin } from "#contract/plugin.ts";
import { redisKind } from "./facts.ts";
import { RedisParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "redis",
  summary: "Redis: commands and their replies.",
  kinds: [redisKind],
  protocols: [{ name: "redis", transports: ["tcp"], ports: [6379, 6380, 26379], probe, create: (context) => new RedisParser(context) }],
});
