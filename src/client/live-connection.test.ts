import { connect } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveMessage } from "#schema/api.ts";
import { defaultConfig } from "#schema/config.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { LiveConnection, type LiveState } from "./live-connection.ts";

const retryMs = { first: 10, longest: 40 };
let server: FakeServer;
const connections: LiveConnection[] = [];
beforeEach(async () => {
  server = await startFakeServer();
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await server[Symbol.asyncDispose]();
});

function open(filter = "") {
  const connection = new LiveConnection({ url: server.url, filter, retryMs });
  connections.push(connection);
  const messages: LiveMessage[] = [];
  connection.subscribe((_state, message) => message !== undefined && messages.push(message));
  connection.start();
  const until = (holds: (state: LiveState) => boolean) => vi.waitFor(() => expect(holds(connection.state)).toBe(true), { timeout: 20_000 });
  return { connection, messages, until };
}

const sameAsEngine = (state: LiveState): boolean =>
  state.summary !== undefined && isDeepStrictEqual(normal(state.summary), normal(server.engine.summary as never));
/** As it looks behind JSON, flows in one order. */
const normal = (summary: NonNullable<LiveState["summary"]>): unknown =>
  JSON.parse(JSON.stringify({ ...summary, flows: summary.flows.toSorted((a, b) => a.flow_id - b.flow_id) }));

test("the folded state is the engine's, second after second", async () => {
  const { until, messages } = open();
  await until(sameAsEngine);
  for (let second = 0; second < 30; second++) {
    server.engine.tick();
    // oxlint-disable-next-line no-await-in-loop
    await until(sameAsEngine);
  }
  expect(messages.filter(({ type }) => type === "snapshot")).toHaveLength(1);
});

test("after a break it goes on where it was, without a snapshot and without a gap", async () => {
  const sockets: WebSocket[] = [];
  const connection = new LiveConnection({
    url: server.url,
    retryMs,
    openSocket: (address) => {
      const socket = new WebSocket(address);
      sockets.push(socket);
      return socket;
    },
  });
  connections.push(connection);
  const messages: LiveMessage[] = [];
  const statuses: string[] = [];
  connection.subscribe((state, message) => {
    statuses.push(state.status);
    if (message !== undefined) messages.push(message);
  });
  connection.start();
  await vi.waitFor(() => expect(sameAsEngine(connection.state)).toBe(true), { timeout: 20_000 });
  sockets[0]?.close();
  await vi.waitFor(() => expect(statuses).toContain("reconnecting"), { timeout: 20_000 });
  for (let second = 0; second < 3; second++) server.engine.tick();
  await vi.waitFor(() => expect(sameAsEngine(connection.state)).toBe(true), { timeout: 20_000 });
  expect(messages.filter(({ type }) => type === "snapshot")).toHaveLength(1);
  const numbers = messages.filter(({ type }) => type === "delta").map((message) => ("summary" in message ? message.summary?.sequence : 0));
  expect(numbers).toEqual([61, 62, 63]);
});

test("another run of the server is met with a snapshot", async () => {
  const { connection, until, messages } = open();
  await until(sameAsEngine);
  const { host } = new URL(server.url);
  const before = connection.state.stream;
  await server[Symbol.asyncDispose]();
  await until((state) => state.status === "reconnecting" && state.cause !== undefined);
  server = await startFakeServer({ config: { ...defaultConfig, "api.listen": host } });
  server.engine.tick();
  await until((state) => state.status === "live" && sameAsEngine(state));
  expect(connection.state.stream).not.toBe(before);
  expect(messages.filter(({ type }) => type === "snapshot").length).toBe(2);
});

test("a filter holds from the start; another one is confirmed; a bad one is refused and the old one stays", async () => {
  for (let second = 0; second < 20; second++) server.engine.tick();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { connection, until, messages } = open("exists sni");
  await until((state) => state.events.length > 0);
  expect(connection.state.events.every((event) => event.event_type === "tls")).toBe(true);
  connection.wish({ filter: "exists rrname" });
  await until(
    (state) => state.filter === "exists rrname" && state.events.length > 0 && state.events.every((event) => event.event_type === "dns"),
  );
  connection.wish({ filter: "nonsense = 1" });
  await vi.waitFor(() => expect(messages.at(-1)).toMatchObject({ type: "error", error: { code: "ODW_QUERY_BAD" } }), { timeout: 20_000 });
  expect(connection.state.filter).toBe("exists rrname");
});

test("a pause holds the stream back; its end brings the state up to date", async () => {
  const { connection, until } = open();
  await until(sameAsEngine);
  connection.wish({ pause: true });
  await until((state) => state.paused);
  for (let second = 0; second < 5; second++) server.engine.tick();
  expect(sameAsEngine(connection.state)).toBe(false);
  connection.wish({ pause: false });
  await until((state) => !state.paused && sameAsEngine(state));
});

test("close ends it for good", async () => {
  const { connection, until } = open();
  await until(sameAsEngine);
  connection.close();
  await vi.waitFor(async () => expect((await server.get("/api/v1/health")).body).toMatchObject({ live_clients: 0 }), { timeout: 20_000 });
  expect(connection.state.status).toBe("closed");
});

test("a reader that stops reading costs the server a bounded buffer, and gets a fresh snapshot when it reads again", async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const key = "MDEyMzQ1Njc4OWFiY2RlZg==";
  socket.write(
    `GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  const metric = async (name: string) => Number(new RegExp(`${name} (\\d+)`).exec((await server.get("/metrics")).body as string)?.[1]);
  for (let second = 0; second < 4000 && (second % 100 !== 0 || (await metric("oddwire_live_skipped_messages_total")) < 100); second++) {
    server.engine.tick();
    // Let the socket write.
    // oxlint-disable-next-line no-await-in-loop
    if (second % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await metric("oddwire_live_skipped_messages_total")).toBeGreaterThanOrEqual(100);
  const snapshots = await metric("oddwire_live_snapshots_total");
  socket.resume();
  await vi.waitFor(
    async () => {
      server.engine.tick();
      expect(await metric("oddwire_live_snapshots_total")).toBe(snapshots + 1);
    },
    { timeout: 20_000, interval: 100 },
  );
  socket.destroy();
});
