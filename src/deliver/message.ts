import type { Severity } from "#schema/finding.ts";
import type { Notice } from "./notice.ts";
import type { Target, WebhookFormat } from "./target.ts";

/** Notices that one message tells in full; of the rest it tells how many. */
export const noticesToldMax = 20;

const colours: Readonly<Record<Severity, number>> = {
  info: 0x6b7280,
  low: 0x2563eb,
  medium: 0xd97706,
  high: 0xdc2626,
  critical: 0x7f1d1d,
};

type Template = (notices: readonly Notice[], more: number) => string;

/** Body of the message that tells these notices; `more` were noticed beside them. */
export const templates: Readonly<Record<WebhookFormat, Template>> = {
  json: (notices, more) => JSON.stringify({ version: 1, notices: notices.map(jsonNotice), more }),
  slack: (notices, more) => JSON.stringify(slackMessage(notices, more)),
  discord: (notices, more) => JSON.stringify(discordMessage(notices, more)),
  teams: (notices, more) => JSON.stringify(teamsMessage(notices, more)),
  text: (notices, more) => `${textOf(notices, more)}\n`,
};

/** Media type of each format. */
export const mediaTypeOf = (format: Target["format"]): string =>
  format === "text" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";

const jsonNotice = ({ severity, title, reasons, time, repeated, event }: Notice): object => ({
  severity,
  title,
  reasons,
  time,
  ...(repeated > 0 && { repeated }),
  event,
});

const moreText = (more: number): string => `… and ${more} more`;
const repeatedText = ({ repeated }: Notice): string => (repeated > 0 ? ` (${repeated} times more)` : "");
const headOf = (notice: Notice): string => `${notice.severity.toUpperCase()}: ${notice.title}${repeatedText(notice)}`;
const factsLine = ({ facts }: Notice): string => facts.map(([name, value]) => `${name} ${value}`).join(", ");

/** For people, a paragraph each. */
function textOf(notices: readonly Notice[], more: number): string {
  const told = notices.map((notice) =>
    [headOf(notice), ...notice.reasons.map((reason) => `- ${reason}`), factsLine(notice), notice.time].join("\n"),
  );
  return [...told, ...(more > 0 ? [moreText(more)] : [])].join("\n\n");
}

/** Slack reads `&`, `<` and `>` as markup: `<!channel>` in a host's name would call everybody. */
const forSlack = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Of an incoming webhook of Slack (and Mattermost): `text`, escaped. */
const slackMessage = (notices: readonly Notice[], more: number): object => ({ text: forSlack(textOf(notices, more)), mrkdwn: false });

/** Markdown that a sender could smuggle in. */
const forMarkdown = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+!|<>~-]/g, String.raw`\$&`);

/** Of a webhook of Discord: at most ten embeds, 6,000 characters in all. */
const discordEmbedsMax = 10;
const discordTextMax = 500;

function discordMessage(notices: readonly Notice[], more: number): object {
  const embeds = notices.slice(0, discordEmbedsMax).map((notice) => ({
    title: forMarkdown(headOf(notice)).slice(0, 200),
    description: [...notice.reasons, factsLine(notice)]
      .map(forMarkdown)
      .join("\n")
      .slice(0, discordTextMax - 200),
    color: colours[notice.severity],
    timestamp: isoOf(notice.time),
  }));
  const rest = more + Math.max(0, notices.length - discordEmbedsMax);
  return { content: rest > 0 ? moreText(rest) : "", embeds, allowed_mentions: { parse: [] } };
}

const block = (text: string, rest: object = {}): object => ({ type: "TextBlock", text: forMarkdown(text), wrap: true, ...rest });

/** Of a workflow of Teams: an adaptive card. */
function teamsMessage(notices: readonly Notice[], more: number): object {
  const body = notices.flatMap((notice) => [
    block(headOf(notice), { weight: "Bolder", color: notice.severity === "info" || notice.severity === "low" ? "Default" : "Attention" }),
    ...notice.reasons.map((reason) => block(reason, { spacing: "None" })),
    { type: "FactSet", facts: notice.facts.map(([title, value]) => ({ title, value: forMarkdown(value) })) },
  ]);
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [...body, ...(more > 0 ? [block(moreText(more))] : [])],
  };
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }] };
}

/** EVE's time as ISO 8601; the text itself when it is none. */
function isoOf(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString();
}
