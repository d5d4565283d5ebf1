import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LanternHost } from "#capture/scenario/lantern/host.ts";
import { sampleSession } from "#capture/scenario/lantern/sample.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "plugins", "example");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

test("the sample session of the example game is what its protocol says", async () => {
  const lines = sampleSession();
  const sent = lines.map(({ side, wire }) => `${side} ${Buffer.from(wire).toString("hex")}\n`).join("");
  expect(read("sample.hex")).toBe(sent);
  const host = new LanternHost();
  const results: string[] = [];
  for (const { side, wire } of lines) {
    const request = {
      session: 1,
      side,
      bytes: wire,
      client: "10.0.0.1",
      clientPort: 50_000,
      server: "10.0.0.2",
      serverPort: 7777,
      time: 0,
    };
    const [result] = await host.decrypt([request]);
    results.push(result?.status === "ok" ? Buffer.from(result.bytes).toString("hex") : (result?.status ?? ""));
  }
  expect(JSON.parse(read("sample.json"))).toEqual(results);
});
