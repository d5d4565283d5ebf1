import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AllowAnswer } from "#schema/allow.ts";
import type { EventPage } from "#schema/api.ts";
import type { HostRisksAnswer } from "#schema/finding-mark.ts";
import { eventsOf, oddwire, type Running, start, temporary, until } from "./oddwire.ts";
import { scanFile } from "./traffic.ts";

const scanner = "10.0.0.5";
const machines = Array.from({ length: 3 }, (_, i) => [10, 0, 0, 20 + i]);
const folder = temporary();
const capture = folder.at("scan.pcap");
/** Everything that was sent to the webhook. */
const sent: string[] = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    sent.push(body);
    response.end();
  });
});

beforeAll(async () => {
  // The scanner begins when there was time to say that it may.
  writeFileSync(capture, scanFile([10, 0, 0, 5], machines, 80, 600));
  writeFileSync(folder.at("some.rules"), 'alert tcp any any -> any 22 (msg:"a door of SSH"; flags:S; priority:1; sid:7;)\n');
  await new Promise<void>((resolve) => void receiver.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
  folder[Symbol.dispose]();
});

/** An engine that waits: the capture's first ten minutes, in which nothing comes, are played at their pace. */
async function replay(out: string, speed: string): Promise<{ readonly running: Running; readonly url: string }> {
  const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const settings = [`rules.files=${folder.at("some.rules")}`, `deliver.webhooks=all ${webhook} severity=info`, "api.listen=127.0.0.1:0"];
  const running = start(["replay", capture, "-o", out, "--speed", speed, ...settings.flatMap((setting) => ["--set", setting])]);
  const [, url = ""] = await running.says(/(http:\/\/[\w.:]+)/);
  return { running, url };
}

const ask = async <T>(url: string, path: string): Promise<T> => (await (await fetch(`${url}/api/v1/${path}`)).json()) as T;
const change = async (url: string, method: string, body: object): Promise<number> =>
  (await fetch(`${url}/api/v1/findings/allow`, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }))
    .status;
const told = (out: string): number =>
  eventsOf(out).filter(({ event_type, src_ip }) => event_type === "finding" && src_ip === scanner).length;

describe("who is allowed while the engine runs", () => {
  test("is told in no path, is counted, and is still allowed after a restart; removed, it is told", async () => {
    const out = folder.at("out");
    const { running, url } = await replay(out, "60x");
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/live`);
    const heard: string[] = [];
    socket.addEventListener("message", ({ data }) => heard.push(String(data)));
    expect(await change(url, "POST", { entry: scanner, note: "our own scanner" })).toBe(200);
    const hits = async (): Promise<number> => (await ask<AllowAnswer>(url, "findings/allow")).hits;
    expect(await until(async () => (await hits()) > 0, 60_000)).toBe(true);
    expect(await until(async () => (await ask<{ count?: number }>(url, "flows/count")).count === machines.length * 80 + 2, 60_000)).toBe(
      true,
    );
    const [entry] = (await ask<AllowAnswer>(url, "findings/allow")).entries;
    expect(entry).toMatchObject({ entry: scanner, note: "our own scanner", origin: "list" });
    expect(entry?.pairs.map(({ detector }) => detector)).toContain("scan");
    const list = await oddwire(["findings", "allow", "--url", url]);
    expect(list.out).toMatch(/10\.0\.0\.5 +[1-9]\d* .*our own scanner/);
    const page = await ask<EventPage>(url, "findings");
    expect(page.events.filter(({ src_ip, dest_ip }) => src_ip === scanner || dest_ip === scanner)).toEqual([]);
    expect((await ask<HostRisksAnswer>(url, "hosts/risk")).hosts.map(({ host }) => host)).not.toContain(scanner);
    socket.close();
    running.process.kill("SIGINT");
    await running.ended;
    expect(told(out)).toBe(0);
    expect(heard.filter((text) => text.includes('"event_type":"finding"') && text.includes(scanner))).toEqual([]);
    // Rules are another matter: what they tell is suppressed where they are written.
    expect(sent.filter((text) => text.includes('"event_type":"alert"')).length).toBeGreaterThan(0);
    expect(sent.filter((text) => text.includes('"event_type":"finding"') && text.includes(scanner))).toEqual([]);

    const again = await replay(out, "60x");
    const kept = await ask<AllowAnswer>(again.url, "findings/allow");
    expect(await change(again.url, "DELETE", { entry: scanner })).toBe(200);
    expect(kept.entries).toMatchObject([{ entry: scanner, note: "our own scanner", hits: entry?.hits }]);
    const isTold = async (): Promise<boolean> =>
      (await ask<EventPage>(again.url, "findings")).events.some(({ src_ip }) => src_ip === scanner);
    expect(await until(isTold, 60_000)).toBe(true);
    again.running.process.kill("SIGINT");
    await again.running.ended;
    expect(told(out)).toBeGreaterThan(0);
  }, 240_000);

  test("what was found of it before has no weight any more", async () => {
    const out = folder.at("risk");
    const { running, url } = await replay(out, "max");
    const risky = async (): Promise<boolean> => (await ask<HostRisksAnswer>(url, "hosts/risk")).hosts.some(({ host }) => host === scanner);
    expect(await until(risky, 60_000)).toBe(true);
    expect((await oddwire(["findings", "allow", "add", scanner, "--url", url])).code).toBe(0);
    expect(await risky()).toBe(false);
    expect(await oddwire(["findings", "allow", "remove", scanner, "--url", url])).toMatchObject({ code: 0, err: "" });
    expect(await risky()).toBe(true);
    const refused = await oddwire(["findings", "allow", "add", "scan=10.0.0.300", "--url", url]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("write 10.0.0.5")]);
    running.process.kill("SIGINT");
    await running.ended;
  });
});
