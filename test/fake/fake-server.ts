import { type ApiOptions, type ApiServer, createApiServer } from "#api/server.ts";
import { defaultConfig } from "#schema/config.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakeFindingMarks } from "./fake-finding-marks.ts";
import { FakeGames } from "./fake-games.ts";
import { fakeKinds } from "./fake-kinds.ts";
import { FakeMarks } from "./fake-marks.ts";
import { FakeStore } from "./fake-store.ts";

export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly engine: FakeEngine;
  readonly store: FakeStore;
  readonly server: ApiServer;
  /** The body as JSON with its status. */
  get(
    path: string,
    headers?: { readonly [name: string]: string },
  ): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Headers }>;
}

/** Capture clock of the imaginary network's first second: 2026-01-01. */
export const FAKE_START = 1_767_225_600_000_000;

/** A server on a free port over 60 s of imaginary traffic. Time stands until the test calls `engine.tick()`. */
export async function startFakeServer(more: Partial<ApiOptions> = {}): Promise<FakeServer> {
  const engine = new FakeEngine(1, FAKE_START);
  const store = new FakeStore(fakeKinds);
  engine.onEvents((events) => store.add(events));
  for (let second = 0; second < 60; second++) engine.tick();
  const { config, ...rest } = more;
  const server = createApiServer({
    adviceOf: (detector) => (detector === "port-scan" ? { meaning: "Somebody looks around.", next: "Ask who it is." } : undefined),
    store,
    live: engine,
    marks: new FakeMarks(),
    findings: new FakeFindingMarks(),
    games: new FakeGames(),
    kinds: fakeKinds,
    version: "1.2.3",
    startedAt: Date.now(),
    ...rest,
    config: { ...defaultConfig, "api.listen": "127.0.0.1:0", ...config },
  });
  const { url } = await server.start();
  return {
    url,
    engine,
    store,
    server,
    async get(path, headers = {}) {
      const response = await fetch(url + path, { headers });
      const text = await response.text();
      const isJson = (response.headers.get("content-type") ?? "").includes("json");
      return { status: response.status, body: isJson && text !== "" ? (JSON.parse(text) as unknown) : text, headers: response.headers };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
