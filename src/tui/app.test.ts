import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "#client/client.ts";
import { LiveConnection } from "#client/live-connection.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { TuiApp } from "./app.ts";
import { textWidth } from "./screen/text.ts";

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

let server: FakeServer;
let app: TuiApp;
let quits = 0;

beforeEach(async () => {
  server = await startFakeServer();
  quits = 0;
  const live = new LiveConnection({ url: server.url, retryMs: { first: 20, longest: 50 } });
  app = new TuiApp({ api: new ApiClient({ url: server.url }), live, changed: () => {}, quit: () => quits++ });
  app.start();
  await expect.poll(() => live.state.summary?.flows.length ?? 0).toBeGreaterThan(0);
  for (let second = 0; second < 10; second++) server.engine.tick();
});

afterEach(async () => {
  app.stop();
  await server[Symbol.asyncDispose]();
});

const screen = (width = 80, height = 24): string => app.compose(width, height).lines().join("\n");
const press = (...names: string[]): void => {
  for (const name of names) app.press({ name, text: name.length === 1 ? name : "" });
};
const type = (text: string): void => press(...Array.from(text));
/** Waits until the screen says so. */
const says = (what: string | RegExp, width = 80, height = 24): Promise<void> => expect.poll(() => screen(width, height)).toMatch(what);

describe("the views, in every size", () => {
  test.each([
    ["1", /Protocols[\s\S]*What is odd[\s\S]*finding/],
    ["2", /Flows that go on[\s\S]*tls/],
    ["3", /live[\s\S]*10\.0\.0\./],
    ["4", /Players \(12\)[\s\S]*Ariadne/],
    ["5", /kinds? of \d+ findings[\s\S]*dns-tunnel/],
    ["6", /Engine[\s\S]*kernel drops/],
    ["7", /no engine runs here/],
  ] as const)("view %s shows %s", async (key, what) => {
    press(key);
    for (const [width, height] of sizes) {
      await says(what, width, height);
      const { texts } = app.compose(width, height);
      expect(texts).toHaveLength(width * height);
      for (const line of app.compose(width, height).lines()) expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});

test("every size down to nothing is composed", async () => {
  await says("Protocols");
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "?"]) {
    press(key);
    for (let width = 0; width < 130; width += 7) for (const height of [0, 1, 9, 10, 11, 24]) app.compose(width, height);
    press("enter");
    for (let width = 40; width < 130; width += 7) app.compose(width, 12);
    press("escape");
  }
});

test("what the engine could not see stands under the header of every view", async () => {
  for (const key of ["1", "2", "3", "4", "5", "6", "7"]) {
    press(key);
    await says(/kernel drops .* encrypted \d+ %/);
  }
});

test("flows are searched, and a mistake in the search is told with its place", async () => {
  press("2", "/");
  type("dest_port = 22");
  press("enter");
  await says(/ \/ dest_port = 22 /);
  await says(/Flows that go on[^\n]*\n.*\n.*ssh/);
  expect(screen()).not.toMatch(/:443/);
  press("/", "ctrl-u");
  type("dest_port = = 1");
  press("enter");
  await says(/column 13/);
  press("escape");
  await says(/:443/);
});

test("a finding is marked, and those that are done with leave the list of open ones", async () => {
  press("5");
  await says(/kinds? of \d+ findings[\s\S]* new /);
  press("b");
  await says(/ benign /);
  press("o");
  await expect.poll(() => screen(), { timeout: 20_000 }).not.toMatch(/ benign /);
});

test("a flow's detail opens, and Escape goes back to the same flow", async () => {
  press("2");
  await says("Flows that go on");
  press("down", "down", "enter");
  await says("first packet");
  press("escape");
  await says("Flows that go on");
});

test("history has the flows that ended", async () => {
  press("2", "h");
  await says(/Flows that have ended[\s\S]*dns/);
  press("h");
  await says("Flows that go on");
});

test("events of a kind, and one in full", async () => {
  press("3");
  await says(/finding \d/);
  press("right");
  await says(/critical 10\.0\.0\.\d+ sends/);
  press("enter");
  await says(/detector/);
  await says(/why/);
});

test("the live stream is searched; a mistake is told, and changes nothing", async () => {
  press("3");
  await says("player");
  press("/");
  type("nothing_like_that = 1");
  press("enter");
  await says(/unknown column "nothing_like_that"/);
  press("up");
  await says(/player[\s\S]*←→ kind/);
  press("/");
  type("rrname ~ example");
  press("enter");
  await says(/nothing yet|no event matches/);
  for (let second = 0; second < 10; second++) server.engine.tick();
  await says(/dns +10\.0/);
  expect(screen()).not.toMatch(/ player +203/);
});

test("a player is watched, whitelisted and noted, and the marks are shown", async () => {
  press("4");
  await says("Ariadne");
  press("w");
  await says(/watched/);
  press("n");
  type("asks for gold");
  press("enter");
  await says(/asks for gold/, 200);
  const { body } = await server.get("/api/v1/players?marked=noted");
  expect(body).toMatchObject({ players: [{ note: "asks for gold", watched: true }] });
  press("enter");
  await says(/statistics|evidence/);
});

test("a finding says why in words, and leads to its player", async () => {
  press("5");
  await says("game-bot");
  press("/");
  type("detector = game-bot");
  press("enter");
  await says(/1 kind of/);
  press("enter");
  await says(/the same 12 actions again and again: 19 \(threshold 3, 240 seen\)/);
  press("p");
  await says(/lantern:107[\s\S]*verdict/);
});

test("a break of the connection is told, and the page goes on when the server is back", async () => {
  await says("●");
  await server[Symbol.asyncDispose]();
  await says("○ lost");
  await says("trying again");
  expect(screen()).toContain("Protocols");
});

test("the help, and the ways out", async () => {
  press("?");
  await says("Search");
  press("q");
  expect(quits).toBe(0);
  press("q");
  expect(quits).toBe(1);
  press("ctrl-c");
  expect(quits).toBe(2);
});

test("names that strangers chose steer nothing", async () => {
  const evil = "\x1b]0;owned\x07\x1b[2J\u202eevil";
  const event = { timestamp: "2026-01-01T00:01:00.000000+0000", event_type: "finding", src_ip: evil, flow_id: 1 };
  server.store.add([{ ...event, finding: { detector: "beacon", title: evil, severity: "critical", score: 1, why: [{ feature: evil }] } }]);
  press("5");
  await says(/owned/);
  press("enter");
  await says(/detector/);
  for (const text of app.compose(80, 24).texts) expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
