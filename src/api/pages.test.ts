import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { loadPages } from "./pages.ts";

const root = mkdtempSync(join(tmpdir(), "oddwire-web-"));
const script = "console.log('hello');".repeat(50);
let server: FakeServer;

beforeAll(async () => {
  mkdirSync(join(root, "assets"));
  writeFileSync(join(root, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(root, "favicon.svg"), "<svg/>");
  writeFileSync(join(root, "assets/app-abc123.js"), script);
  writeFileSync(join(root, "assets/app-abc123.js.br"), brotliCompressSync(script));
  writeFileSync(join(root, "assets/app-abc123.js.gz"), gzipSync(script));
  server = await startFakeServer({ webRoot: root });
  // Files may be gone, or the right to read them: all is in memory.
  rmSync(root, { recursive: true });
});
afterAll(() => server[Symbol.asyncDispose]());

test.each([
  ["the page", "/", "text/html", "no-cache"],
  ["an address that only the page understands", "/flows/17?tab=events", "text/html", "no-cache"],
  ["a picture", "/favicon.svg", "image/svg+xml", "no-cache"],
  ["a script with a hash in its name", "/assets/app-abc123.js", "text/javascript", "public, max-age=31536000, immutable"],
])("%s is served", async (_case, path, type, caching) => {
  const { status, headers } = await server.get(path);
  expect([status, headers.get("cache-control")]).toEqual([200, caching]);
  expect(headers.get("content-type")).toContain(type);
});

test.each([
  ["brotli is preferred", "gzip, deflate, br", "br"],
  ["gzip where brotli is not taken", "gzip", "gzip"],
  ["brotli that is refused is not sent", "br;q=0, gzip", "gzip"],
  ["plain where nothing is taken", "identity", null],
])("%s", async (_case, accepted, encoding) => {
  const { body, headers } = await server.get("/assets/app-abc123.js", { "accept-encoding": accepted });
  expect([headers.get("content-encoding"), headers.get("vary"), body]).toEqual([encoding, "accept-encoding", script]);
});

test("what the browser has is not sent again", async () => {
  const first = await server.get("/");
  const again = await server.get("/", { "if-none-match": `"other", ${first.headers.get("etag")}` });
  expect([again.status, again.body]).toEqual([304, ""]);
});

test.each([
  ["a file that is not there", "/assets/other.js"],
  ["the compressed form by its own name", "/assets/app-abc123.js.br"],
  ["an unknown path of the API", "/api/v1/flows/1/2"],
])("%s is 404, not the page", async (_case, path) => expect((await server.get(path)).status).toBe(404));

test("without a built page a person is told so", async () => {
  await using bare = await startFakeServer({ webRoot: "/does/not/exist" });
  const { status, body } = await bare.get("/");
  expect([status, body]).toEqual([200, expect.stringContaining("not built")]);
  expect((await bare.get("/api/v1/health")).status).toBe(200);
});

test("files beyond the limit are left out and counted", async () => {
  const big = mkdtempSync(join(tmpdir(), "oddwire-web-"));
  for (const name of ["a", "b", "c"]) writeFileSync(join(big, name), new Uint8Array(7 * 1024 * 1024));
  const pages = await loadPages(big);
  rmSync(big, { recursive: true });
  expect([pages.files, pages.leftOut]).toEqual([2, 1]);
});
