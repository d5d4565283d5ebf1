import { expect, test } from "vitest";
import { templates } from "./message.ts";
import { noticeOf } from "./notice.ts";
import { syslogLine } from "./syslog.ts";
import { alert, finding } from "./testing.ts";

const hostile = "<!channel> @everyone [pay](https://evil.example) `x` \u{202e}gnp\u0007";
const notices = [noticeOf(finding(1)), noticeOf(finding(2, { title: hostile, player: "lantern:42" }))].filter((one) => one !== undefined);
const parsed = (text: string): unknown => JSON.parse(text);

test("JSON holds the events whole, and what people read", () => {
  expect(parsed(templates.json(notices, 3))).toMatchObject({
    version: 1,
    more: 3,
    notices: [{ severity: "high", title: "10.0.0.1 calls home", reasons: ["calls: 118 (limit 30), of 118"], event: { flow_id: 1 } }, {}],
  });
});

test("nothing that a sender chose is markup, a mention or a link", () => {
  const slack = (parsed(templates.slack(notices, 0)) as { readonly text: string }).text;
  expect(slack).toContain("&lt;!channel&gt;");
  expect(["<", "\u0007", "\u{202e}"].filter((odd) => slack.includes(odd))).toEqual([]);
  const discord = parsed(templates.discord(notices, 0)) as {
    readonly allowed_mentions: object;
    readonly embeds: { readonly title: string }[];
  };
  expect(discord.allowed_mentions).toEqual({ parse: [] });
  expect(discord.embeds[1]?.title).toContain(String.raw`\[pay\]\(https://evil.example\)`);
  expect(templates.teams(notices, 0)).not.toContain("[pay](");
});

test("Discord takes ten embeds at most: the others are counted", () => {
  const many = Array.from({ length: 14 }, (_, i) => noticeOf(finding(i))).filter((one) => one !== undefined);
  const body = parsed(templates.discord(many, 2)) as { readonly content: string; readonly embeds: readonly unknown[] };
  expect([body.embeds.length, body.content]).toEqual([10, "… and 6 more"]);
});

test("texts for people have a paragraph for each notice, with reasons and who", () => {
  expect(templates.text(notices.slice(0, 1), 1)).toBe(
    "HIGH: 10.0.0.1 calls home\n- calls: 118 (limit 30), of 118\ndetector beacon, category beacon, score 0.9, from 10.0.0.1, to 192.0.2.1 port 443, protocol TCP, flow 1\n2026-01-01T00:00:00.000000+0000\n\n… and 1 more\n",
  );
});

test.each([
  [1, "high"],
  [2, "medium"],
  [3, "low"],
  [4, "info"],
  [9, "medium"],
])("an alert of severity %i is %s", (severity, name) => {
  expect(noticeOf(alert(severity))?.severity).toBe(name);
});

test("syslog lines are RFC 5424: priority, time, structured data with escapes, text behind the mark of UTF-8", () => {
  const notice = noticeOf(finding(1, { title: "ü", player: 'a"]\\b' }));
  const line = notice === undefined ? "" : syslogLine(notice, 16, "probe 1");
  expect(line).toMatch(/^<131>1 2026-01-01T00:00:00\.000Z probe1 oddwire \d+ finding \[oddwire@32473 detector="beacon" /);
  expect(line).toContain(String.raw`player="a\"\]\\b"`);
  expect(line.endsWith('severity="high"] \u{feff}ü')).toBe(true);
  const long = noticeOf(finding(1, { title: "ü".repeat(4000) }));
  expect(Buffer.byteLength(long === undefined ? "" : syslogLine(long, 16))).toBeLessThanOrEqual(2048);
});
