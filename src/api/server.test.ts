import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { defaultConfig } from "#schema/config.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";

let server: FakeServer;
const folder = mkdtempSync(join(tmpdir(), "oddwire-api-"));
beforeAll(async () => {
  server = await startFakeServer({
    config: { ...defaultConfig, "api.listen": "127.0.0.1:0", "api.hosts": ["box.lan"], "api.clients-max": 2 },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly text: string;
}

/** A request with headers that `fetch` does not let one set. */
function ask(
  path: string,
  options: { headers?: { [name: string]: string }; method?: string; socketPath?: string; body?: string } = {},
): Promise<Answer> {
  const { port } = new URL(options.socketPath === undefined ? server.url : "http://x");
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const place = options.socketPath === undefined ? { host: "127.0.0.1", port } : {};
    const asked = request({ ...place, path, ...rest }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: "" });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

test.each([
  ["its address", "127.0.0.1:8080", 200],
  ["another address that leads here", "192.168.1.5", 200],
  ["IPv6", "[::1]:8080", 200],
  ["localhost", "localhost:8080", 200],
  ["a configured name", "BOX.lan:8080", 200],
  ["a name that was bent to this address", "evil.example", 403],
  ["a name that begins like an address", "127.0.0.1.evil.example", 403],
])("asked for as %s", async (_case, host, status) => {
  const answer = await ask("/api/v1/health", { headers: { host } });
  expect(answer.status).toBe(status);
  if (status === 403) expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "ODW_HOST_REFUSED" } });
});

const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "MDEyMzQ1Njc4OWFiY2RlZg==",
};

test.each([
  ["a program without an Origin", {}, 101],
  ["a page of this server", { host: "localhost:1", origin: "http://localhost:1" }, 101],
  ["a page of another host", { host: "localhost:1", origin: "https://evil.example" }, 403],
  ["a page of another port", { host: "localhost:1", origin: "http://localhost:2" }, 403],
  ["a page without a place", { host: "localhost:1", origin: "null" }, 403],
  ["a bent name with its own Origin", { host: "evil.example", origin: "http://evil.example" }, 403],
])("a WebSocket of %s", async (_case, headers, status) => {
  expect((await ask("/api/v1/live", { headers: { ...upgrade, ...headers } })).status).toBe(status);
});

test.each([
  ["a bad filter", "/api/v1/live?filter=nonsense%20=%201", 400],
  ["a bad number", "/api/v1/live?resume=x", 400],
])("a WebSocket with %s is refused before it opens", async (_case, path, status) => {
  const answer = await ask(path, { headers: upgrade });
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([status, { error: { code: expect.stringContaining("ODW_") as string } }]);
});

test("answers tell browsers what they may do with them, and no page of others may read them", async () => {
  const { headers } = await ask("/api/v1/health", { headers: { origin: "https://evil.example" } });
  expect(headers["content-security-policy"]).toContain("default-src 'self'");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["content-security-policy"]).not.toContain("script-src 'unsafe");
  expect([headers["x-content-type-options"], headers["cross-origin-resource-policy"], headers["cache-control"]]).toEqual([
    "nosniff",
    "same-origin",
    "no-store",
  ]);
  expect(headers["access-control-allow-origin"]).toBeUndefined();
  expect(headers["x-powered-by"]).toBeUndefined();
});

test.each([
  ["an unknown path", "/api/v2/dns", {}, 404, "ODW_PATH_UNKNOWN"],
  ["an unknown kind", "/api/v1/unknown", {}, 404, "ODW_PATH_UNKNOWN"],
  ["another method", "/api/v1/health", { method: "DELETE" }, 404, "ODW_PATH_UNKNOWN"],
  ["a path that is not well formed", "/api/v1/%zz", {}, 400, "ODW_REQUEST_BAD"],
  ["a path that climbs", "/../../etc/passwd", {}, 404, "ODW_PATH_UNKNOWN"],
  ["an encoded path that climbs", "/%2e%2e/%2e%2e/etc/passwd.txt", {}, 404, "ODW_PATH_UNKNOWN"],
  [
    "a body that is too long",
    "/api/v1/health",
    { method: "POST", headers: { "content-type": "application/json" }, body: `"${"x".repeat(70_000)}"` },
    413,
    "ODW_REQUEST_BAD",
  ],
])("%s is answered in the one shape of errors", async (_case, path, options, status, code) => {
  const answer = await ask(path, options);
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([status, { error: { code } }]);
});

test("headers that are too long are answered in the same shape", async () => {
  const answer = await ask("/", { headers: { "x-long": "x".repeat(40_000) } });
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([431, { error: { code: "ODW_REQUEST_BAD" } }]);
});

test("what is no HTTP is answered and cut off", async () => {
  const text = await new Promise<string>((resolve) => {
    let got = "";
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.write("HELO there\r\n\r\n"));
    socket.on("data", (chunk) => (got += chunk.toString()));
    socket.on("close", () => resolve(got));
    socket.on("error", () => undefined);
  });
  expect(text).toContain("400 Bad Request");
  expect(text).toContain("ODW_REQUEST_BAD");
});

test("too many live streams are refused; HEAD does not open one", async () => {
  const streams = [new AbortController(), new AbortController()];
  await Promise.all(streams.map(({ signal }) => fetch(`${server.url}/api/v1/live/events`, { signal })));
  const refused = await ask("/api/v1/live/events");
  expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
  expect((await ask("/api/v1/live", { headers: upgrade })).status).toBe(503);
  for (const stream of streams) stream.abort();
  expect((await ask("/api/v1/live/events", { method: "HEAD" })).status).toBe(404);
  expect((await ask("/api/v1/health", { method: "HEAD" })).status).toBe(200);
});

/** The first event of the stream: its type, its number, its message. */
async function firstEvent(headers: { [name: string]: string }, query = ""): Promise<readonly string[]> {
  const aborter = new AbortController();
  const response = await fetch(`${server.url}/api/v1/live/events${query}`, { headers, signal: aborter.signal });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  let text = "";
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("\n\n")) break;
  }
  aborter.abort();
  return /^event: (\w+)\nid: (\d+)\ndata: (.*)\n\n/.exec(text)?.slice(1) ?? [];
}

test("server-sent events begin with a snapshot; who comes back with the last number gets what came behind it", async () => {
  server.engine.tick();
  const [type, number, data] = await firstEvent({});
  expect([type, JSON.parse(data ?? "")]).toMatchObject([
    "snapshot",
    { sequence: Number(number), summary: { sequence: server.engine.summary?.sequence } },
  ]);
  server.engine.tick();
  expect((await firstEvent({ "last-event-id": String(number) })).slice(0, 2)).toEqual(["delta", String(Number(number) + 1)]);
  expect((await firstEvent({}, `?resume=${number}&stream=another`))[0]).toBe("snapshot");
});

test("a bug is told to its owner, not to strangers", async () => {
  const bugs: unknown[] = [];
  await using broken = await startFakeServer({ onBug: (error) => bugs.push(error) });
  broken.store.query = () => Promise.reject(new Error("secret /path"));
  const { status, body } = await broken.get("/api/v1/dns");
  expect([status, body]).toMatchObject([500, { error: { code: "ODW_INTERNAL" } }]);
  expect(JSON.stringify(body)).not.toContain("secret");
  expect(String(bugs[0])).toContain("secret");
});

test("more questions than the store may be asked are refused at once", async () => {
  await using busy = await startFakeServer({ config: { ...defaultConfig, "api.listen": "127.0.0.1:0", "api.queries-max": 1 } });
  const { promise, resolve: release } = Promise.withResolvers<void>();
  busy.store.hold = promise;
  const asked = Array.from({ length: 8 }, () => busy.get("/api/v1/dns/count"));
  const statusesNow: number[] = [];
  for (const answer of asked) void answer.then(({ status }) => statusesNow.push(status));
  await vi.waitFor(() => expect(statusesNow).toEqual([503, 503, 503]), { timeout: 20_000 });
  release();
  const answered = (await Promise.all(asked)).filter(({ status }) => status === 200);
  expect(answered).toHaveLength(5);
});

test("a taken port is a typed error that names it", async () => {
  const listen = new URL(server.url).host;
  const taken = startFakeServer({ config: { ...defaultConfig, "api.listen": listen } });
  await expect(taken).rejects.toMatchObject({ code: "ODW_PORT_TAKEN", message: expect.stringContaining(listen) as string });
});

test("a Unix socket serves its owner and group, whatever the Host header; an abandoned one is taken over, a live one not", async () => {
  const path = join(folder, "api.sock");
  const config = { ...defaultConfig, "api.listen": `unix:${path}` };
  abandon(path);
  await using first = await startFakeServer({ config });
  expect(first.url).toBe(`unix:${path}`);
  expect(statSync(path).mode & 0o777).toBe(0o660);
  expect((await ask("/api/v1/health", { socketPath: path, headers: { host: "anything" } })).status).toBe(200);
  await expect(startFakeServer({ config })).rejects.toMatchObject({ code: "ODW_PORT_TAKEN" });
  expect((await ask("/api/v1/health", { socketPath: path })).status).toBe(200);
});

/** A socket file that nobody listens on, as a killed program leaves it. */
function abandon(path: string): void {
  const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  expect(statSync(path).isSocket()).toBe(true);
}

test("an end of the server ends its live streams", async () => {
  const ending = await startFakeServer();
  const response = await fetch(`${ending.url}/api/v1/live/events`);
  const reading = response.text().catch(() => "cut");
  await ending[Symbol.asyncDispose]();
  expect(await reading).toBeTypeOf("string");
  await expect(fetch(`${ending.url}/api/v1/health`)).rejects.toThrow("fetch failed");
});
