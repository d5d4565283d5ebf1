/**
 * The API over an imaginary network, for building the web page and for its tests:
 * `node test/dev-server.ts --port 8090 [--seed 1] [--web web/dist] [--speed 1]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createApiServer } from "#api/server.ts";
import { FolderOfCaptures } from "#app/given-captures.ts";
import { defaultConfig } from "#schema/config.ts";
import { FakeAllow } from "./fake/fake-allow.ts";
import { fakeBeside } from "./fake/fake-beside.ts";
import { FakeDetectors } from "./fake/fake-detectors.ts";
import { FakeEngine } from "./fake/fake-engine.ts";
import { FakeFindingMarks } from "./fake/fake-finding-marks.ts";
import { FakeGames } from "./fake/fake-games.ts";
import { fakeKinds } from "./fake/fake-kinds.ts";
import { FakeMarks } from "./fake/fake-marks.ts";
import { FakeStore } from "./fake/fake-store.ts";
import { FakeTrials } from "./fake/fake-trials.ts";

const HISTORY_SECONDS = 300;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8090" },
    seed: { type: "string", default: "1" },
    web: { type: "string", default: new URL("../web/dist", import.meta.url).pathname },
    /** Serves what the engine has told so far, and no engine. */
    stored: { type: "boolean", default: false },
    /** Seconds of imaginary time in a second. */
    speed: { type: "string", default: "1" },
  },
});

const startedAt = Date.now();
const engine = new FakeEngine(Number(values.seed), (Math.floor(startedAt / 1000) - HISTORY_SECONDS) * 1e6);
const store = new FakeStore(fakeKinds);
engine.onEvents((events) => store.add(events));
for (let second = 0; second < HISTORY_SECONDS; second++) engine.tick();
const timer = setInterval(() => engine.tick(), 1000 / Number(values.speed));

const folder = mkdtempSync(join(tmpdir(), "oddwire-dev-"));
const captures = new FolderOfCaptures(folder, defaultConfig);

const server = createApiServer({
  store,
  ...(values.stored ? {} : { live: engine }),
  beside: () => fakeBeside(),
  marks: new FakeMarks(),
  findings: new FakeFindingMarks(),
  allow: new FakeAllow(),
  detectors: new FakeDetectors(),
  trials: new FakeTrials(),
  games: new FakeGames(),
  captures,
  kinds: fakeKinds,
  config: { ...defaultConfig, "api.listen": `127.0.0.1:${values.port}` },
  webRoot: values.web,
  version: "0.1.0-dev",
  startedAt,
  onBug: (error) => console.error(error),
});
const { url } = await server.start();
console.log(`listening on ${url}`);

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    clearInterval(timer);
    void server[Symbol.asyncDispose]()
      .then(() => captures[Symbol.asyncDispose]())
      .then(() => rmSync(folder, { recursive: true, force: true }));
  });
