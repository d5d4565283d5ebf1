import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { oddwire, temporary } from "./oddwire.ts";
import { trafficFile } from "./traffic.ts";

const folder = temporary();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  writeFileSync(folder.at("traffic.pcap"), trafficFile(20, 200));
  writeFileSync(
    folder.at("some.rules"),
    [
      'alert http any any -> any any (msg:"page"; http.response_body; content:"xxxxxxxx"; sid:1;)',
      'alert udp any any -> any 53 (msg:"asked"; content:"example"; sid:2;)',
      'alert tcp any any -> any 80 (msg:"request"; content:"GET /page"; sid:3;)',
      'alert tcp any any -> any any (msg:"opened"; flags:S; sid:4;)',
    ].join("\n"),
  );
});

/** Alerts of a run, the first of each rule. */
async function alerts(name: string, settings: readonly string[]): Promise<Map<number, OddwireEvent>> {
  const values = settings.flatMap((setting) => ["--set", setting]);
  const given = ["read", folder.at("traffic.pcap"), "-o", folder.at(name), "--no-store", "--rules", folder.at("some.rules"), ...values];
  const { code, err } = await oddwire(given);
  expect([code, err]).toEqual([0, ""]);
  const found = new Map<number, OddwireEvent>();
  for (const line of readFileSync(`${folder.at(name)}/eve.json`, "utf8")
    .trim()
    .split("\n")) {
    const event = JSON.parse(line) as OddwireEvent;
    const { signature_id } = (event["alert"] ?? {}) as { signature_id?: number };
    if (signature_id !== undefined && !found.has(signature_id)) found.set(signature_id, event);
  }
  return found;
}

const decoded = (event: OddwireEvent | undefined, member = "payload"): string =>
  Buffer.from(String(event?.[member]), "base64").toString("latin1");
const suricata = (name: string): string => `outputs.1.eve-log.types.0.alert.${name}`;

describe("what alerts show of the traffic", () => {
  test("nothing, unless somebody asks", async () => {
    for (const event of (await alerts("none", [])).values())
      expect(Object.keys(event).filter((name) => /^payload|^packet|^stream$/.test(name))).toEqual([]);
  });

  test("payload of the stream or the packet, by Suricata's names of the settings", async () => {
    const names = ["payload", "payload-printable", "payload-length", "packet"];
    const found = await alerts(
      "all",
      names.map((name) => `${suricata(name)}=yes`),
    );
    const [page, asked, request, opened] = [1, 2, 3, 4].map((sid) => found.get(sid));
    expect(page?.["stream"]).toBe(1);
    expect(decoded(page)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nx+$/s);
    expect(asked?.["stream"]).toBe(0);
    expect(decoded(asked)).toContain("\u0006host-0\u0007example");
    expect(asked?.["payload_printable"]).toContain(".host-0.example.");
    expect(asked?.["payload_length"]).toBe(decoded(asked).length);
    expect(request?.["stream"]).toBe(1);
    expect(request?.["payload_printable"]).toBe("GET /page/0 HTTP/1.1\r\nHost: host-0.example\r\nUser-Agent: test\r\n\r\n");
    expect(opened).not.toHaveProperty("payload");
    expect(opened?.["stream"]).toBe(0);
    expect(decoded(opened, "packet").length).toBeGreaterThanOrEqual(54);
    for (const event of [page, asked, request, opened]) expect(event?.["packet_info"]).toEqual({ linktype: 1 });
  });

  test("no more than `alert.payload-bytes-max` of it", async () => {
    const found = await alerts("cut", ["alert.payload=true", `${suricata("payload-buffer-size")}=16`]);
    expect(decoded(found.get(1))).toBe("x".repeat(16));
    expect(decoded(found.get(2))).toHaveLength(16);
  });

  test("bodies of HTTP", async () => {
    const found = await alerts("bodies", [`${suricata("http-body")}=yes`, "alert.http-body-printable=yes"]);
    const http = found.get(1)?.["http"] as OddwireEvent;
    expect(decoded(http, "http_response_body")).toBe("x".repeat(200));
    expect(http["http_response_body_printable"]).toBe("x".repeat(200));
    expect(http).not.toHaveProperty("http_request_body");
  });

  test("the same on one worker and on two", async () => {
    const settings = ["alert.payload=yes", "alert.packet=yes", "alert.http-body=yes"];
    await alerts("one", ["engine.workers=1", ...settings]);
    await alerts("two", ["engine.workers=2", ...settings]);
    expect(readFileSync(`${folder.at("two")}/eve.json`, "utf8")).toBe(readFileSync(`${folder.at("one")}/eve.json`, "utf8"));
  });
});
