/**
 * The web page's files. They are read into memory at the start: the process may lose the right to open files later, and
 * what is not in the table cannot be asked for (no paths are resolved). `x.js.br` and `x.js.gz` are other forms of `x.js`.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";

/** All files together. */
const BYTES_MAX = 16 * 1024 * 1024;
const FILES_MAX = 2000;

const MEDIA_TYPES: { readonly [extension: string]: string } = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const ENCODINGS = { ".br": "br", ".gz": "gzip" } as const;
type Encoding = (typeof ENCODINGS)[keyof typeof ENCODINGS];

interface PageFile {
  readonly mediaType: string;
  readonly plain: Body;
  readonly encoded: { readonly [encoding in Encoding]?: Body };
}

interface Body {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

export interface Pages {
  /** Answers with a file, or with the page itself for addresses that only the page understands; false when it has neither. */
  serve(request: FastifyRequest, reply: FastifyReply): boolean;
  readonly files: number;
  /** Files that were left out because they were too many or too big. */
  readonly leftOut: number;
}

const NO_PAGE = `Oddwire is running, but its web page is not built here.

The API works:      /api/v1/health   /api/v1/kinds   /openapi.json   /metrics
To have the page:   npm start        (builds it)
`;

/** Reads the folder; without it, or when it has no index.html, only the API is served. */
export async function loadPages(root: string | undefined): Promise<Pages> {
  const { files, leftOut } = root === undefined ? { files: new Map<string, PageFile>(), leftOut: 0 } : await readFiles(root);
  return { files: files.size, leftOut, serve: (request, reply) => serve(files, request, reply) };
}

function serve(files: ReadonlyMap<string, PageFile>, request: FastifyRequest, reply: FastifyReply): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const path = pathOf(request.url);
  if (path === undefined || path === "/api" || path.startsWith("/api/")) return false;
  const file = files.get(path === "/" ? "/index.html" : path);
  if (file !== undefined) return sendFile(file, path, request, reply);
  if (extname(path) !== "") return false;
  const index = files.get("/index.html");
  if (index !== undefined) return sendFile(index, "/index.html", request, reply);
  if (path !== "/") return false;
  reply.header("cache-control", "no-store").type("text/plain; charset=utf-8").send(NO_PAGE);
  return true;
}

function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/s, ""));
  } catch {
    return undefined;
  }
}

function sendFile(file: PageFile, path: string, request: FastifyRequest, reply: FastifyReply): true {
  const encoding = chooseEncoding(file, request.headers["accept-encoding"] ?? "");
  const body = (encoding === undefined ? undefined : file.encoded[encoding]) ?? file.plain;
  // Names under assets/ carry a hash of what is in them.
  reply.header("cache-control", path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  reply.header("etag", body.etag).header("vary", "accept-encoding").type(file.mediaType);
  if (encoding !== undefined) reply.header("content-encoding", encoding);
  const known = (request.headers["if-none-match"] ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === body.etag);
  if (known) reply.code(304).send();
  else reply.send(body.bytes);
  return true;
}

function chooseEncoding(file: PageFile, accepted: string): Encoding | undefined {
  const wanted = new Set(
    accepted
      .split(",")
      .map((part) => part.trim().toLowerCase())
      .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
      .map((part) => part.replace(/;.*$/, "")),
  );
  for (const encoding of ["br", "gzip"] as const) if (wanted.has(encoding) && file.encoded[encoding] !== undefined) return encoding;
  return undefined;
}

async function readFiles(root: string): Promise<{ files: Map<string, PageFile>; leftOut: number }> {
  const bodies = new Map<string, Body>();
  let left = BYTES_MAX;
  let leftOut = 0;
  for (const path of await listFiles(root)) {
    const size = (await stat(path)).size;
    if (size > left || bodies.size >= FILES_MAX) leftOut++;
    else {
      left -= size;
      bodies.set(`/${relative(root, path).split(sep).join("/")}`, bodyOf(await readFile(path)));
    }
  }
  const files = new Map<string, PageFile>();
  for (const [path, plain] of bodies) {
    if (isEncoded(path, bodies)) continue;
    files.set(path, { mediaType: MEDIA_TYPES[extname(path)] ?? "application/octet-stream", plain, encoded: encodedForms(path, bodies) });
  }
  return { files, leftOut };
}

async function listFiles(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch {
    return [];
  }
}

const bodyOf = (bytes: Uint8Array): Body => ({ bytes, etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"` });

const isEncoded = (path: string, bodies: ReadonlyMap<string, Body>): boolean =>
  Object.keys(ENCODINGS).some((ending) => path.endsWith(ending) && bodies.has(path.slice(0, -ending.length)));

function encodedForms(path: string, bodies: ReadonlyMap<string, Body>): PageFile["encoded"] {
  const forms: { [encoding in Encoding]?: Body } = {};
  for (const [ending, encoding] of Object.entries(ENCODINGS)) {
    const body = bodies.get(path + ending);
    if (body !== undefined) forms[encoding] = body;
  }
  return forms;
}
