import { definePlugin } from "#contract/plugin.ts";
import { pgsqlKind } from "./facts.ts";
import { PostgresqlParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { pgsqlWords } from "./words.ts";

export default definePlugin({
  name: "postgresql",
  summary: "PostgreSQL: sessions, queries and their results.",
  kinds: [pgsqlKind],
  words: pgsqlWords,
  protocols: [{ name: "pgsql", transports: ["tcp"], ports: [5432, 5433, 6432], probe, create: (context) => new PostgresqlParser(context) }],
});
