import { expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { becauseOf, reasonOf } from "./reason.ts";

const event = (type: string, body: unknown): OddwireEvent => ({ timestamp: "", event_type: type, [type]: body });

test.each([
  [
    "an alert tells whose rule it is",
    {
      ...event("alert", { signature: "odd payload", signature_id: 17, severity: 2, category: "Misc", action: "blocked" }),
      engine: "suricata",
    },
    { title: "odd payload", severity: "medium", why: "suricata · rule 17 · Misc · blocked" },
  ],
  ["an alert without a rule", event("alert", {}), { title: "alert", severity: "low", why: "" }],
  [
    "a finding gives every reason",
    event("finding", {
      title: "Port scan",
      severity: "high",
      why: [
        { feature: "ports", value: 512, threshold: 100, sample: 3000 },
        { feature: "refused", value: 0.987654 },
        { feature: "share without an answer", value: 0.987654, threshold: 0.6 },
      ],
    }),
    {
      title: "Port scan",
      severity: "high",
      why: "ports: 512 (threshold 100, 3,000 seen) · refused: 0.9877 · share without an answer: 98 % (threshold 60 %)",
    },
  ],
  [
    "a finding without title falls back to its detector",
    event("finding", { detector: "beacon" }),
    { title: "beacon", severity: "info", why: "" },
  ],
  [
    "an unknown severity counts as info",
    event("finding", { title: "x", severity: "apocalyptic", why: "no list" }),
    { title: "x", severity: "info", why: "" },
  ],
  [
    "an anomaly says why",
    event("anomaly", { type: "decode", event: "decoder.ipv4.trunc_pkt", why: "says 1500 bytes, has 60" }),
    { title: "decoder.ipv4.trunc_pkt", severity: "low", why: "says 1500 bytes, has 60" },
  ],
  [
    "an anomaly without reason names its layer",
    event("anomaly", { type: "applayer", event: "bad_label", app_proto: "dns" }),
    { title: "bad_label", severity: "low", why: "broken message, dns" },
  ],
  ["an anomaly without body", event("anomaly", undefined), { title: "anomaly", severity: "low", why: "" }],
  ["any other kind", event("dns", {}), { title: "dns", severity: "info", why: "" }],
])("%s", (_case, given, expected) => expect(reasonOf(given)).toEqual(expected));

test("reasons of strange shapes do not throw", () => {
  expect([becauseOf(undefined), becauseOf("because"), becauseOf({ feature: "x" }), becauseOf(null)]).toEqual(["", "because", "x", ""]);
});
