import { bufferWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";

export const pgsqlWords: readonly RuleWord[] = [
  bufferWord("pgsql.query", ["pgsql"], "toServer", "Text of a query, simple or extended; at most 8 KiB.", {
    from: pathsBySide("pgsql", ["request.simple_query", "request.query"], []),
  }),
];
