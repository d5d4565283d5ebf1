import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { OddwireError } from "#contract/errors.ts";
import { fakeKinds } from "#test/fake/fake-kinds.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { listParameters, planOf } from "./event-plan.ts";
import { kindResources } from "./kind-resources.ts";
import { parseListen } from "./listen-address.ts";
import { filterMaker } from "./live-filter.ts";
import { LiveHub } from "./live-hub.ts";
import { readParameters } from "./parameters.ts";
import { hostName } from "./security.ts";

const resources = kindResources(fakeKinds);
const bugs: unknown[] = [];
let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer({ onBug: (error) => bugs.push(error) });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Texts that come near to what is expected, and texts that do not. */
const value = fc.oneof(
  fc.string({ maxLength: 30, unit: "binary" }),
  fc.constantFrom(
    "",
    "-1",
    "0",
    "1e9",
    "99999999999999999999",
    "__proto__",
    "10.0.0.0/8",
    "::/0",
    "1.2.3.4/33",
    "-time",
    "time",
    "2026-01-01",
    "\0",
    "[]",
  ),
);
const name = fc.constantFrom(...listParameters(resources[0] as never).map((parameter) => parameter.name), "__proto__", "constructor", "x");

/** One parameter alone goes deep, since nothing else is wrong; several go wide. */
const query = fc.oneof(
  fc.tuple(name, value).map(([key, text]) => ({ [key]: text })),
  fc.dictionary(name, fc.oneof(value, fc.array(value, { maxLength: 3 })), { maxKeys: 5 }),
);

test("no parameters make anything but a plan or an error that names them", () => {
  fc.assert(
    fc.property(query, fc.nat(), (given, pick) => {
      const resource = resources[pick % resources.length] as (typeof resources)[number];
      try {
        const plan = planOf(resource, readParameters(listParameters(resource), given, "/p"), "/p", 0);
        expect(plan.limit).toBeLessThanOrEqual(1000);
      } catch (error) {
        expect(error).toBeInstanceOf(OddwireError);
      }
    }),
    { seed: 7, numRuns: 4000 },
  );
});

test("no address is answered with 500, and every refusal has the one shape", async () => {
  const path = fc.oneof(
    fc.webPath(),
    fc.constantFrom("/api/v1/dns", "/api/v1/flows/1", "/api/v1/flows/top", "/api/v1/live/flows", "/api/v1/stats"),
  );
  await fc.assert(
    fc.asyncProperty(path, fc.webQueryParameters(), fc.dictionary(name, value, { maxKeys: 3 }), async (where, junk, given) => {
      const response = await server.get(`${where.startsWith("/") ? where : `/${where}`}?${junk}&${new URLSearchParams(given).toString()}`);
      expect(response.status).not.toBe(500);
      if (response.status >= 400) expect(response.body).toMatchObject({ error: { code: expect.stringMatching(/^ODW_/) as string } });
    }),
    { seed: 7, numRuns: 150 },
  );
  expect(bugs).toEqual([]);
});

test("nothing that a live client says throws", () => {
  const hub = new LiveHub(
    undefined,
    { readersMax: 1, eventsPerSecond: 10 },
    filterMaker(resources, () => 0),
  );
  vi.useFakeTimers({ toFake: ["Date"] });
  const answers: unknown[] = [];
  const transport = { send: (text: string) => void answers.push(JSON.parse(text)), bufferedBytes: () => 0, close: () => undefined };
  const reader = hub.join(transport, "", undefined);
  const wish = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.json(),
    fc.record({ filter: fc.oneof(value, fc.anything()), pause: fc.anything() }).map((said) => JSON.stringify(said)),
  );
  fc.assert(
    fc.property(wish, (text) => {
      answers.length = 0;
      vi.advanceTimersByTime(1000);
      reader.hear(text);
      expect(answers.length).toBeGreaterThan(0);
      expect(JSON.stringify(answers)).not.toMatch(/ODW_(INTERNAL|BUSY)/);
    }),
    { seed: 7, numRuns: 1000 },
  );
  vi.useRealTimers();
});

test("no text breaks the readers of addresses and host names", () => {
  fc.assert(
    fc.property(value, (text) => {
      expect(hostName(text)).toBeTypeOf("string");
      try {
        parseListen(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "ODW_USAGE" });
      }
    }),
    { seed: 7, numRuns: 1000 },
  );
});
