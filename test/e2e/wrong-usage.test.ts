import { expect, test } from "vitest";
import { oddwire, temporary } from "./oddwire.ts";

test.each<[string, number, RegExp, readonly string[]]>([
  ["an unknown command", 2, /^oddwire: unknown command 'red'\n\(Did you mean read\?\)/, ["red"]],
  ["a missing argument, and where to read on", 2, /^oddwire: missing required argument 'file'\n\(`oddwire --help`/, ["read"]],
  ["a question without a kind", 2, /^oddwire: say which kind of events is asked for; `oddwire query --kinds` lists all/, ["query"]],
  ["a schema of an unknown kind, with what was meant", 2, /^oddwire: no events are called dsn; did you mean dns\?/, ["schema", "dsn"]],
  ["a seed that is no number", 2, /^oddwire: --seed abc is no whole number/, ["demo", "--seed", "abc"]],
  ["a length that is none", 2, /^oddwire: --seconds soon is no length of time/, ["demo", "--record", "x.pcap", "--seconds", "soon"]],
])("%s is told for people, and nothing is begun", async (_case, code, text, args) => {
  const outcome = await oddwire(args);
  expect(outcome.err).toMatch(text);
  expect([outcome.code, outcome.out]).toEqual([code, ""]);
});

test("a capture that cannot be played is named with what to do, and is no bug", async () => {
  using folder = temporary();
  const { code, err } = await oddwire(["replay", folder.at("nowhere.pcap"), "-o", folder.at("out"), "--listen", "127.0.0.1:0"]);
  expect(err).toMatch(/^oddwire: cannot open .*nowhere\.pcap: there is no such file \(check the path and the permissions\)$/m);
  expect(err).not.toMatch(/bug|the page is at/);
  expect(code).toBe(1);
});
