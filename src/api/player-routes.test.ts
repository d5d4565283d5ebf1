import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventPage } from "#schema/api.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import type { PlayerAnswer, PlayersAnswer } from "#schema/player.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { answerSchemas } from "./answer-schemas.ts";

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const ajv = new Ajv2020({ strict: false });
const faults = (name: string, value: unknown): unknown => (ajv.validate(answerSchemas()[name] as SchemaNode, value) ? [] : ajv.errors);
const listed = async (query: string) => (await server.get(`/api/v1/players?${query}`)).body as PlayersAnswer;
const one = async (id: string) => (await server.get(`/api/v1/players/${id}`)).body as PlayerAnswer;
const idsOf = async (query: string): Promise<readonly string[]> => (await listed(query)).players.map(({ id }) => id);
const put = (path: string, body: unknown, headers: { readonly [name: string]: string } = {}) =>
  fetch(server.url + path, {
    method: "PUT",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

test("each player is listed once, as its newest event tells it", async () => {
  const { body } = await server.get("/api/v1/players");
  expect(faults("Players", body)).toEqual([]);
  const { players } = body as PlayersAnswer;
  expect(players).toHaveLength(12);
  expect(new Set(players.map(({ id }) => id)).size).toBe(12);
  for (const player of players) {
    const newest = ((await server.get(`/api/v1/player-events?id=${player.id}&limit=1`)).body as EventPage).events[0];
    expect(player.seen).toBe(newest?.timestamp);
  }
});

test.each([
  ["a part of the name", "find=KEST", ["lantern:110"]],
  ["the id", "find=lantern:107", ["lantern:107"]],
  ["the address", "find=203.0.113.17", ["lantern:107"]],
  ["nothing that is there", "find=nobody", []],
  ["a column", "state=left", ["lantern:111"]],
  ["the query language", "q=level%20%3E%2042&order=level", ["lantern:110", "lantern:111"]],
  ["conditions are asked of the newest event only", "q=session%20%3D%201%20and%20time%20%3C%202026-01-01T00:00:30Z", []],
])("players are found by %s", async (_case, query, ids) => expect(await idsOf(query)).toEqual(ids));

test("pages leave nobody out", async () => {
  const first = await listed("limit=5&order=level");
  const second = await listed(`limit=5&order=level&cursor=${encodeURIComponent(first.next ?? "")}`);
  const third = await listed(`limit=5&order=level&cursor=${encodeURIComponent(second.next ?? "")}`);
  expect([first, second, third].flatMap(({ players }) => players.map(({ level }) => level))).toEqual(
    Array.from({ length: 12 }, (_, number) => 3 + number * 4),
  );
  expect(third.next).toBeUndefined();
});

test("a player has its history, its sessions and what was found of it", async () => {
  const { body } = await server.get("/api/v1/players/lantern:107");
  expect(faults("Player", body)).toEqual([]);
  const answer = body as PlayerAnswer;
  expect(answer.history.length).toBeGreaterThan(4);
  expect(answer.history.map(({ time }) => time)).toEqual(answer.history.map(({ time }) => time).toSorted((a, b) => a - b));
  expect(answer.sessions).toHaveLength(1);
  expect(answer.findings.length).toBeGreaterThan(0);
  expect(answer.event).toMatchObject({ player: { name: "Hakon", statistics: {}, bot: { evidence: expect.any(Array) } } });
});

test("a player that nobody has seen is not found", async () => {
  const { status, body } = await server.get("/api/v1/players/lantern:1");
  expect({ status, body }).toMatchObject({ status: 404, body: { error: { code: "ODW_PLAYER_UNKNOWN" } } });
});

test("marks are kept, shown, and can be listed by", async () => {
  await put("/api/v1/players/lantern:103/notes", { text: "asks for gold" });
  await put("/api/v1/players/lantern:103/watch", { on: true });
  const mark = await (await put("/api/v1/players/lantern:104/whitelist", { on: true })).json();
  expect(faults("PlayerMark", mark)).toEqual([]);
  expect(mark).toMatchObject({ player: "lantern:104", whitelisted: true, watched: false, note: "" });
  expect((await one("lantern:103")).player).toMatchObject({ note: "asks for gold", watched: true, whitelisted: false });
  expect(await idsOf("marked=watched")).toEqual(["lantern:103"]);
  expect(await idsOf("marked=noted")).toEqual(["lantern:103"]);
  expect(await idsOf("marked=whitelisted")).toEqual(["lantern:104"]);
  await put("/api/v1/players/lantern:104/whitelist", { on: false });
  expect(await idsOf("marked=whitelisted")).toEqual([]);
});

test("ids with any characters can be marked", async () => {
  const id = "lantern:Ünï/сode ?#%";
  const answer = await put(`/api/v1/players/${encodeURIComponent(id)}/watch`, { on: true });
  expect(await answer.json()).toMatchObject({ player: id, watched: true });
});

test.each<[string, string, unknown, { readonly [name: string]: string }, number, string]>([
  ["another member", "watch", { on: true, more: 1 }, {}, 400, "ODW_PARAMETER_BAD"],
  ["a member of another type", "whitelist", { on: "yes" }, {}, 400, "ODW_PARAMETER_BAD"],
  ["no member", "notes", {}, {}, 400, "ODW_PARAMETER_BAD"],
  ["a note as long as a book", "notes", { text: "x".repeat(8193) }, {}, 400, "ODW_PARAMETER_BAD"],
  ["a page of somebody else", "whitelist", { on: true }, { origin: "http://evil.example" }, 403, "ODW_ORIGIN_REFUSED"],
])("a change is refused: %s", async (_case, what, body, headers, status, code) => {
  const answer = await put(`/api/v1/players/lantern:105/${what}`, body, headers);
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status, body: { error: { code } } });
  expect((await one("lantern:105")).player).toMatchObject({ note: "", watched: false, whitelisted: false });
});
