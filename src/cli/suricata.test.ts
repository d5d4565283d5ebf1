import { describe, expect, test } from "vitest";
import { besideSettings } from "./suricata-flags.ts";
import { alertLine, countersText } from "./suricata-text.ts";

describe("--suricata", () => {
  test.each([
    ["alone starts one", { suricata: true } as const, ["suricata.mode=start"]],
    ["start", { suricata: "start" }, ["suricata.mode=start"]],
    ["follow with a path", { suricata: "follow=/a/eve.json" }, ["suricata.mode=follow", "suricata.eve=/a/eve.json"]],
    ["follow without one", { suricata: "follow" }, ["suricata.mode=follow"]],
    ["socket with a path", { suricata: "socket:/a/b=c" }, ["suricata.mode=socket", "suricata.socket=/a/b=c"]],
    ["nothing", {}, []],
    ["with Zeek's logs", { zeek: "/logs" }, ["zeek.logs=/logs"]],
  ])("%s", (_case, flags, settings) => expect(besideSettings(flags)).toEqual(settings));

  test.each(["socket", "restart", "follow-me=/x"])("%s is refused", (suricata) => {
    expect(() => besideSettings({ suricata })).toThrow(/write start, follow=EVE_JSON or socket=PATH/);
  });
});

test("an alert is one line, whatever a stranger put into it", () => {
  const event = {
    timestamp: "2026-01-31T23:59:59.000001+0000",
    event_type: "alert",
    flow_id: 7,
    src_ip: "10.0.0.1",
    src_port: 1,
    dest_ip: "10.0.0.2",
    proto: "TCP",
    alert: { signature: "bad\u001b[31m\nthing", signature_id: 9, severity: 1 },
  };
  expect(alertLine(event)).toBe("2026-01-31T23:59:59.000001+0000  1  9  bad·[31m·thing  TCP 10.0.0.1 1 → 10.0.0.2  flow 7\n");
});

test("counters leave out zeros unless they are asked for, and mark losses", () => {
  const groups = [
    { name: "capture", counters: [{ name: "capture.kernel_drops", value: 3, loss: true }] },
    { name: "tcp", counters: [{ name: "tcp.sessions", value: 0, loss: false }] },
  ];
  const shown = { source: "eve.json", time: "now", groups };
  expect(countersText(shown, false)).toMatch(/^now {2}eve\.json\ncapture\n {2}capture\.kernel_drops +3 {2}lost\n$/);
  expect(countersText(shown, true)).toContain("tcp.sessions");
});
