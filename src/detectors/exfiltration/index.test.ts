import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import type { Transaction } from "#contract/parser.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import exfiltration from "./index.ts";

const find = (name: string, history: readonly Heard[], settings: Record<string, unknown> = {}): Finding[] => {
  const definition = exfiltration.detectors?.find((detector) => detector.name === name);
  return definition === undefined ? [] : findingsOf(definition, history, settings);
};

const hour = 3600;
const mega = 1_000_000;
const flow = (at: number, sent: number, got: number, words: FlowWords = {}): Heard => ({
  end: flowFact({
    at,
    server: "203.0.113.7",
    answered: true,
    established: true,
    bytesToServer: sent,
    bytesToClient: got,
    flowId: at,
    ...words,
  }),
});
/** Two days of web pages. */
const past = many(48, (i) => flow(i * hour, mega, 20 * mega));
const named = (sni: string): Heard => ({ message: messageFact("tls", { sni }, { at: 49 * hour, server: "203.0.113.7" }) });
const timeOf = (heard: Heard): number => ("end" in heard ? heard.end.time : "message" in heard ? heard.message.time : 0);
const categories = (history: readonly Heard[]): readonly unknown[] =>
  find(
    "exfiltration",
    history.toSorted((a, b) => timeOf(a) - timeOf(b)),
  ).map(({ category }) => category);

const store = (at: number, server: string, flowId: number): Heard => ({
  message: messageFact("tls", { sni: `s${flowId}.store.example.com` }, { at, server, flowId }),
});

describe("exfiltration", () => {
  test.each<[string, Heard[], string[]]>([
    ["a large upload after two days of a past", [...past, flow(49 * hour, 300 * mega, mega)], ["exfiltration"]],
    ["the same without a past is only told", [flow(0, 300 * mega, mega)], ["observation"]],
    ["to a server that is new after two days", [...past, flow(49 * hour, 300 * mega, mega, { server: "203.0.113.8" })], ["exfiltration"]],
    ["in many connections", [...past, ...many(30, (i) => flow(49 * hour + i, 10 * mega, 10_000))], ["exfiltration"]],
    ["a backup that runs every hour", many(60, (i) => flow(i * hour, 300 * mega, mega)), ["observation"]],
    ["a video call", [...past, flow(49 * hour, 900 * mega, 800 * mega)], []],
    ["to a service for copies", [...past, named("content.dropboxapi.dropbox.com"), flow(49 * hour, 300 * mega, mega)], ["observation"]],
    ["a download", [...past, flow(49 * hour, 30 * mega, 900 * mega)], []],
    ["to a server of our own", [...past, flow(49 * hour, 300 * mega, mega, { server: "10.0.0.9" })], []],
    ["from outside", [...past, flow(49 * hour, 300 * mega, mega, { client: "198.51.100.2" })], []],
    ["small", [...past, flow(49 * hour, 50 * mega, 0)], []],
  ])("%s", (_case, history, expected) => {
    expect(categories(history)).toEqual(expected);
  });

  const other = { server: "203.0.113.99" } as const;
  const uploads = [40, 90, 25, 180].map((amount, i) => flow((30 + i * 4) * hour, amount * mega, mega, { server: `198.51.100.${i}` }));
  const photos = [40, 90, 25, 180].map((amount, i) => flow((30 + i * 4) * hour, amount * mega, mega, other));
  /** Three clients that upload to the place since the first day. */
  const others = many(3, (i) => flow((10 + i) * hour, 40 * mega, mega, { client: `10.0.0.${10 + i}`, ...other }));
  /** Four days of web pages from eight to six. */
  const atWork = many(4 * 24, (i) => i)
    .filter((at) => at % 24 >= 8 && at % 24 < 18)
    .map((at) => flow(at * hour, mega, 20 * mega));
  /** Ten clients, each seen for a day, that upload each to a place of its own. */
  const here = many(10, (i) => flow(i, mega, mega, { client: `10.0.0.${10 + i}` }));
  const elsewhere = many(10, (i) =>
    flow((26 + i) * hour, (60 + i * 15) * mega, mega, { client: `10.0.0.${10 + i}`, server: `198.51.100.${i}` }),
  ).concat(many(10, (i) => flow(48 * hour, mega, mega, { client: `10.0.0.${10 + i}` })));
  const called = many(12, (i) => flow((10 + i) * hour, mega, mega, { client: `10.0.0.${10 + i}`, ...other }));
  const lately = many(3, (i) => flow((47 + i / 3) * hour, 40 * mega, mega, { client: `10.0.0.${10 + i}`, ...other }));

  test.each<[string, Heard[], string[]]>([
    ["far more than the photos of before", [...past, ...photos, flow(49 * hour, 80_000 * mega, mega, other)], ["exfiltration"]],
    ["more than the photos of before", [...past, ...photos, flow(49 * hour, 950 * mega, mega, other)], ["observation"]],
    ["somebody who uploads to many places", [...past, ...uploads, flow(49 * hour, 400 * mega, mega, other)], ["observation"]],
    [
      "where the network's clients upload such amounts to new places",
      [...past, ...here, ...elsewhere, flow(49 * hour, 400 * mega, mega, other)],
      ["observation"],
    ],
    [
      "the same at an hour at which the machine never sends",
      [...atWork, ...here, ...elsewhere, flow((96 + 3) * hour, 400 * mega, mega, other)],
      ["exfiltration"],
    ],
    ["where others have uploaded for a day", [...past, ...others, flow(49 * hour, 600 * mega, mega, other)], ["observation"]],
    ["where others have uploaded since an hour", [...past, ...lately, flow(49 * hour, 600 * mega, mega, other)], ["exfiltration"]],
    ["to a site that the network uses", [...past, ...called, flow(49 * hour, 600 * mega, mega, other)], ["observation"]],
    ["from a machine that is new", [...past, flow(49 * hour, 600 * mega, mega, { ...other, client: "10.0.0.77" })], ["observation"]],
    [
      "to another server of the same name",
      [
        ...past,
        ...[40, 90].flatMap((amount, i) => [
          store((30 + i) * hour, `198.51.100.${i}`, i + 1),
          flow((30 + i) * hour, amount * mega, mega, { server: `198.51.100.${i}`, flowId: i + 1 }),
        ]),
        store(49 * hour, "198.51.100.9", 9),
        flow(49 * hour, 600 * mega, mega, { server: "198.51.100.9", flowId: 9 }),
      ],
      ["observation"],
    ],
    [
      "what was observed and goes on beyond all measure",
      [...past, ...photos, flow(49 * hour, 950 * mega, mega, other), flow(49 * hour + 60, 80_000 * mega, mega, other)],
      ["observation", "exfiltration"],
    ],
  ])("%s", (_case, history, expected) => {
    expect(categories(history)).toEqual(expected);
  });

  test("a day has three accusations, and a theft that goes on for hours is one of them", () => {
    const places = many(5, (i) => flow((49 + i) * hour, 300 * mega, mega, { client: `10.0.0.${i + 1}`, server: `198.51.100.${i}` }));
    const pasts = many(5, (i) => flow(i, mega, mega, { client: `10.0.0.${i + 1}` }));
    const goesOn = flow(50.5 * hour, 300 * mega, mega, { client: "10.0.0.1", server: "198.51.100.0" });
    const found = find("exfiltration", [...pasts, ...places.slice(0, 2), goesOn, ...places.slice(2)]);
    expect(found.map(({ category }) => category)).toEqual([...many(3, () => "exfiltration"), "observation", "observation"]);
    expect(found.at(-1)?.title).toContain("more of that kind than a day's accusations");
  });

  test("an hour at which the machine never sends makes it worse", () => {
    const [byNight, byDay] = [3, 12].map(
      (hourOfDay) => find("exfiltration", [...atWork, flow((96 + hourOfDay) * hour, 300 * mega, mega, other)])[0],
    );
    expect([byNight, byDay].map((found) => found?.category)).toEqual(["exfiltration", "exfiltration"]);
    expect(byNight?.confidence).toBeGreaterThan(byDay?.confidence ?? 1);
  });

  test("what updates have counted does not count again at the end", () => {
    const words = { server: "203.0.113.7", flowId: 7, answered: true, established: true } as const;
    const update = (at: number, sent: number): Heard => ({ update: flowFact({ ...words, at, bytesToServer: sent }) });
    const history = [update(1, 30 * mega), update(2, 60 * mega), { end: flowFact({ ...words, at: 3, bytesToServer: 90 * mega }) }];
    expect(find("exfiltration", history)).toHaveLength(0);
  });

  test.each<[string, string, number, number]>([
    ["a place for passing files on", "store1.gofile.io", 5 * mega, 1],
    ["the same, but a download", "store1.gofile.io", 20_000, 0],
    ["a name that only looks so", "notgofile.io", 5 * mega, 0],
  ])("%s", (_case, sni, sent, expected) => {
    const message: Heard = { message: messageFact("tls", { sni }, { flowId: 5, server: "203.0.113.7" }) };
    const found = find("exfiltration", [message, flow(5, sent, mega)]);
    expect(found).toHaveLength(expected);
    expect(found.every(({ category }) => category === "policy")).toBe(true);
  });
});

const mail = (subject: string, fields: Transaction = {}, attachment: string[] = []): Heard => ({
  message: messageFact(
    "smtp",
    { helo: "DESKTOP-0A1B2C", auth: "LOGIN", ...fields },
    { server: "203.0.113.25", serverPort: 587, beside: { email: { subject, attachment } } },
  ),
});

const stores = (name: string, server = "203.0.113.21"): Heard => ({
  message: messageFact("ftp", { command: "STOR", command_data: name }, { server, serverPort: 21 }),
});

describe("stolen-data", () => {
  test.each<[string, Heard, number]>([
    ["passwords under Agent Tesla's subject", mail("PW_someone/SOME-PC"), 1],
    ["a file under Agent Tesla's name", stores("PW_someone-SOME-PC_2024_03_05_10_11_12.html"), 1],
    ["Snake's subject", mail("Pc Name: someone | Snake Keylogger"), 1],
    ["a mail that carries the sending machine's name", mail("Log of DESKTOP-0A1B2C"), 1],
    ["an attachment that does", mail("hello", {}, ["desktop-0a1b2c.zip"]), 1],
    ["an ordinary mail", mail("Minutes of Monday"), 0],
    ["a mail without a login", mail("Log of DESKTOP-0A1B2C", { auth: undefined }), 0],
    ["a server that reports about itself under its full name", mail("cron on web1.example.org", { helo: "web1.example.org" }), 0],
    ["a short name within another word", mail("Attached: report", { helo: "att" }), 0],
    ["an ordinary upload", stores("index.html"), 0],
    ["an upload to our own server", stores("PW_someone-SOME-PC_2024_03_05_10_11_12.html", "10.0.0.9"), 0],
  ])("%s", (_case, heard, expected) => {
    expect(find("stolen-data", [heard])).toHaveLength(expected);
  });
});
