import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventPage } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { eventsOf, oddwire, start, temporary, until } from "./oddwire.ts";
import { scanFile } from "./traffic.ts";

const folder = temporary();
const capture = folder.at("scan.pcap");
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  const machines = Array.from({ length: 3 }, (_, i) => [10, 0, 0, 20 + i]);
  writeFileSync(capture, scanFile([10, 0, 0, 5], machines, 80, 4));
});

const findingsOf = (events: readonly OddwireEvent[]): readonly OddwireEvent[] =>
  events.filter(({ event_type }) => event_type === "finding");

describe("a scanner on the allow-list is told in no path", () => {
  test.each<[string, readonly string[], boolean]>([
    ["without a list it is told", [], true],
    ["by its address", ["detect.allow=10.0.0.5"], false],
    ["by its network", ["detect.allow=10.0.0.0/30,10.0.0.4/30"], false],
    ["another's entry does not protect it", ["detect.allow=10.0.0.6,dns-tunnel=10.0.0.5"], true],
  ])("file and store: %s", async (name, settings, told) => {
    const out = folder.at(name.replaceAll(/\W/g, "-"));
    const set = settings.flatMap((setting) => ["--set", setting]);
    const { code, err, out: said } = await oddwire(["read", capture, "-o", out, ...set]);
    expect([code, err]).toEqual([0, ""]);
    const stats = eventsOf(out).findLast(({ event_type }) => event_type === "stats")?.["stats"];
    const { findings_allowed: kept } = (stats as { readonly detect: { readonly findings_allowed?: number } }).detect;
    expect((kept ?? 0) > 0).toBe(!told);
    const names = findingsOf(eventsOf(out)).map((event) => event.src_ip);
    expect(names.includes("10.0.0.5")).toBe(told);
    const stored = await oddwire(["query", "findings", "src_ip = 10.0.0.5 or dest_ip = 10.0.0.5", "--json", "-o", out]);
    expect(stored.out.includes("10.0.0.5")).toBe(told);
    if (!told) expect(said).not.toMatch(/finding.*10\.0\.0\.5/);
  });

  test.each<[string, readonly string[], boolean]>([
    ["without a list it is told", [], true],
    ["by its address", ["detect.allow=10.0.0.5"], false],
  ])("API and live stream: %s", async (name, settings, told) => {
    const out = folder.at(`live-${name.replaceAll(/\W/g, "-")}`);
    const set = ["api.listen=127.0.0.1:0", ...settings].flatMap((setting) => ["--set", setting]);
    const running = start(["replay", capture, "-o", out, "--speed", "1x", ...set]);
    const [, url] = await running.says(/(http:\/\/[\w.:]+)/);
    const heard: string[] = [];
    const socket = new WebSocket(`${url?.replace("http", "ws")}/api/v1/live`);
    socket.addEventListener("message", ({ data }) => heard.push(String(data)));
    const flows = async (): Promise<number> => ((await (await fetch(`${url}/api/v1/flows/count`)).json()) as { count?: number }).count ?? 0;
    try {
      expect(await until(async () => (await flows()) >= 240)).toBe(true);
      const page = (await (await fetch(`${url}/api/v1/findings`)).json()) as EventPage;
      expect(page.events.some((event) => event.src_ip === "10.0.0.5" || event.dest_ip === "10.0.0.5")).toBe(told);
      const isHeard = (): boolean => heard.some((text) => text.includes('"event_type":"finding"') && text.includes("10.0.0.5"));
      // The stream gathers events for a moment: who is not to be told is given longer than that.
      expect(await until(isHeard, told ? 10_000 : 2000)).toBe(told);
    } finally {
      socket.close();
      running.process.kill("SIGINT");
      await running.ended;
    }
  });
});

test.each([
  ["10.0.0.0/33", "is no address, network or name; write 10.0.0.5"],
  ["port-scam=10.0.0.5", 'no detector is called "port-scam"'],
  ["*.example.com", "write example.com"],
])("an entry that would protect nobody is refused with its mend: %s", async (entry, said) => {
  const { code, err } = await oddwire(["read", capture, "-o", folder.at("refused"), "--no-store", "--set", `detect.allow=${entry}`]);
  expect(code).not.toBe(0);
  expect(err).toContain(`detect.allow`);
  expect(err).toContain(said);
});
