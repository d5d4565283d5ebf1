import type { Transaction } from "#contract/parser.ts";

/** Commands whose second word is part of the name. */
const CONTAINERS = new Set(
  "ACL CLIENT CLUSTER COMMAND CONFIG DEBUG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SENTINEL SLOWLOG XGROUP XINFO".split(" "),
);
/** Commands whose first argument is no key. */
const KEYLESS = new Set(
  "AUTH HELLO PING ECHO SELECT INFO QUIT MULTI EXEC DISCARD SAVE BGSAVE FLUSHALL FLUSHDB DBSIZE TIME MONITOR ROLE SYNC PSYNC REPLCONF REPLICAOF SLAVEOF SHUTDOWN LASTSAVE SWAPDB WAIT SCAN KEYS RANDOMKEY UNWATCH EVAL EVALSHA EVAL_RO FCALL READONLY READWRITE ASKING RESET LOLWUT SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE PUBLISH SPUBLISH BGREWRITEAOF FAILOVER MIGRATE XREAD XREADGROUP".split(
    " ",
  ),
);
/** Commands whose second argument is the value. */
const VALUED = new Set("SET SETNX GETSET APPEND LPUSH RPUSH SADD PFADD ZSCORE SISMEMBER HGET INCRBY DECRBY EXPIRE".split(" "));
const nameCharactersMax = 32;

/** What is told of a command: of logins the user, never the password. */
export function readCommand(words: readonly string[], count: number): Transaction {
  let name = (words[0] as string).slice(0, nameCharactersMax).toUpperCase();
  const container = CONTAINERS.has(name) && words.length > 1;
  if (container) name = `${name} ${(words[1] as string).slice(0, nameCharactersMax).toUpperCase()}`;
  const told: Transaction = { name, arguments: count - (container ? 2 : 1) };
  if (name === "AUTH" && count === 3) told["user"] = words[1];
  if (name === "HELLO" && words[2]?.toUpperCase() === "AUTH" && words[3] !== undefined) told["user"] = words[3];
  if (container || KEYLESS.has(name) || words[1] === undefined) return told;
  told["key"] = words[1];
  if (VALUED.has(name) && words[2] !== undefined) told["value"] = words[2];
  return told;
}

const QUOTED = /"((?:[^"\\]|\\.)*)"?|'((?:[^'\\]|\\.)*)'?|[^\s"']+/g;

/** Words of a command that was sent as a line; at most `wordsMax`, the count of all beside. */
export function splitLine(line: string, wordsMax: number): { readonly words: string[]; readonly count: number } {
  const words: string[] = [];
  let count = 0;
  for (const match of line.matchAll(QUOTED)) {
    count++;
    if (words.length < wordsMax) words.push(match[1] ?? match[2] ?? match[0]);
  }
  return { words, count };
}
