import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseTarget } from "./target.ts";
import { alert, finding, kinds } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "odw-target-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
  delete process.env["ODW_TEST_HOOK"];
});
writeFileSync(join(folder, "key"), "swordfish\n");
process.env["ODW_TEST_HOOK"] = "https://chat.example/T0/hidden";

test("a webhook has a name, an address, options and a filter", () => {
  const target = parseTarget(
    "webhook",
    `night-watch env:ODW_TEST_HOOK format=slack severity=medium secret=file:${folder}/key cooldown=60 where detector = beacon and score > 0.5`,
    kinds,
  );
  expect(target).toMatchObject({ name: "night-watch", format: "slack", severityMin: "medium", secret: "swordfish", cooldownMs: 60_000 });
  expect(target.url.href).toBe("https://chat.example/T0/hidden");
  expect([finding(1), finding(1, { detector: "port-scan" }), finding(1, { score: 0.4 }), alert(1)].map((one) => target.wants(one))).toEqual(
    [true, false, false, false],
  );
});

test("without options all findings and alerts from low on go out as JSON, and syslog has its ports", () => {
  const target = parseTarget("webhook", "a http://127.0.0.1:9/x", kinds);
  expect(target).toMatchObject({ format: "json", severityMin: "low", cooldownMs: 300_000 });
  expect(target.secret).toBeUndefined();
  expect([target.wants(finding(1)), target.wants(alert(3)), target.wants({ ...alert(1), event_type: "flow" })]).toEqual([
    true,
    true,
    false,
  ]);
  expect(parseTarget("syslog", "siem udp://127.0.0.1 facility=local4", kinds)).toMatchObject({ facility: 20, format: "rfc5424" });
  expect(parseTarget("syslog", "siem tcp://[::1]", kinds).url.host).toBe("[::1]:601");
});

test.each([
  ["nothing", "webhook", "", "it is not NAME ADDRESS"],
  ["no name", "webhook", "https://chat.example/T0/hidden", "it is not NAME ADDRESS"],
  ["an address in place of the name", "webhook", "https://chat.example/T0/hidden x", "a name has up to 32 letters"],
  ["another scheme", "webhook", "a ftp://chat.example/T0/hidden", "its address begins with none of http:"],
  ["a webhook's scheme for syslog", "syslog", "a https://chat.example/T0/hidden", "its address begins with none of udp:"],
  ["a secret in clear", "webhook", "a http://x/ secret=hidden", "a secret is env:VARIABLE or file:PATH"],
  ["a variable that is not set", "webhook", "a env:ODW_NO_SUCH_THING", "the variable ODW_NO_SUCH_THING is not set"],
  ["a file that is not there", "webhook", "a file:/nowhere/x", "/nowhere/x cannot be read: ENOENT"],
  ["an option that there is not", "webhook", "a http://x/ formt=slack", "there is no option formt"],
  ["a second address", "webhook", "a http://x/ https://chat.example/T0/hidden", "behind the address come options"],
  ["another format", "webhook", "a http://x/ format=hidden", "format is none of json, slack"],
  ["a long cool-down", "webhook", "a http://x/ cooldown=1e9", "cooldown is no number of seconds"],
  ["a filter that means nothing", "webhook", "a http://x/ where colour = red", 'there is no column "colour"|colour'],
] as const)("%s is refused, and the address is not told", (_case, kind, line, cause) => {
  let message = "";
  try {
    parseTarget(kind, line, kinds);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message).toMatch(new RegExp(cause));
  expect(message).not.toContain("hidden");
});
