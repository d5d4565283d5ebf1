import { readFileSync } from "node:fs";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import { matcher } from "#query/matcher.ts";
import { parseQuery } from "#query/parse.ts";
import type { Kind } from "#schema/field.ts";
import { type Severity, severities } from "#schema/finding.ts";

export const webhookFormats = ["json", "slack", "discord", "teams", "text"] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** Facilities of syslog by name (RFC 5424, 6.2.1). */
export const facilities = {
  kern: 0,
  user: 1,
  daemon: 3,
  auth: 4,
  syslog: 5,
  security: 13,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;

/** Where notices go, and which. */
export interface Target {
  readonly name: string;
  readonly kind: "webhook" | "syslog";
  /** Its path may be a secret: only `host` is told. */
  readonly url: URL;
  readonly format: WebhookFormat | "rfc5424";
  /** Key of the signature. */
  readonly secret?: string;
  readonly facility: number;
  readonly severityMin: Severity;
  /** Time in which the same cause is told once. */
  readonly cooldownMs: number;
  readonly wants: (event: OddwireEvent) => boolean;
}

/** Kinds that are sent. */
const sentKinds = ["finding", "alert"];
const cooldownDefaultS = 300;
const cooldownMaxS = 86_400;
const nameBytesMax = 32;

const schemes = { webhook: ["http:", "https:"], syslog: ["udp:", "tcp:"] } as const;

/**
 * A target from its line: `NAME ADDRESS [format=…] [severity=…] [secret=…] [cooldown=SECONDS] [facility=…] [where QUERY]`. Addresses and
 * secrets may stand elsewhere: `env:VARIABLE`, `file:PATH`. Throws ODW_DELIVER_BAD, in which no address stands.
 */
export function parseTarget(kind: Target["kind"], text: string, kinds: readonly Kind[]): Target {
  const match = /^\s*(\S+)\s+(\S+)((?:\s+(?!where\b)\S+)*)(?:\s+where\s+(.*))?\s*$/s.exec(text);
  const name = match?.[1] ?? "";
  const where = `deliver.${kind === "webhook" ? "webhooks" : "syslog"}${/^[\w-]+$/.test(name) ? ` ${name}` : ""}`;
  const refuse = (cause: string): never => {
    throw new OddwireError("ODW_DELIVER_BAD", { where, cause });
  };
  if (match === null) return refuse("it is not NAME ADDRESS [options] [where QUERY]");
  if (!/^[\w-]+$/.test(name) || name.length > nameBytesMax) return refuse(`a name has up to ${nameBytesMax} letters, digits, _ and -`);
  const options = optionsOf((match[3] ?? "").trim(), refuse);
  const url = addressOf(elsewhere(match[2] as string, refuse), kind, refuse);
  const choose = <T extends string>(key: string, choices: readonly T[], usual: T): T => {
    const given = options.get(key);
    if (given === undefined) return usual;
    return choices.find((choice) => choice === given) ?? refuse(`${key} is none of ${choices.join(", ")}`);
  };
  const allowed = kind === "webhook" ? ["format", "severity", "secret", "cooldown"] : ["severity", "cooldown", "facility"];
  const odd = [...options.keys()].find((key) => !allowed.includes(key));
  if (odd !== undefined) return refuse(`there is no option ${odd.slice(0, nameBytesMax)}: ${allowed.join(", ")}`);
  const cooldown = Number(options.get("cooldown") ?? cooldownDefaultS);
  if (!(cooldown >= 0 && cooldown <= cooldownMaxS)) return refuse(`cooldown is no number of seconds up to ${cooldownMaxS}`);
  const secret = options.get("secret");
  if (secret !== undefined && !/^(env|file):/.test(secret))
    return refuse("a secret is env:VARIABLE or file:PATH, so that no file shows it");
  return {
    name,
    kind,
    url,
    format: kind === "webhook" ? choose("format", webhookFormats, "json") : "rfc5424",
    ...(secret !== undefined && { secret: elsewhere(secret, refuse) }),
    facility: facilities[choose("facility", Object.keys(facilities) as (keyof typeof facilities)[], "local0")],
    severityMin: choose("severity", severities, "low"),
    cooldownMs: cooldown * 1000,
    wants: filterOf(match[4] ?? "", kinds, refuse),
  };
}

function optionsOf(text: string, refuse: (cause: string) => never): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const part of text === "" ? [] : text.split(/\s+/)) {
    const at = part.indexOf("=");
    // What stands there may be an address in the wrong place: it is not repeated.
    if (at < 1) return refuse("behind the address come options, each as NAME=VALUE");
    options.set(part.slice(0, at), part.slice(at + 1));
  }
  return options;
}

/** The text itself, or what stands in a variable or file. */
function elsewhere(text: string, refuse: (cause: string) => never): string {
  const variable = /^env:(\w+)$/.exec(text)?.[1];
  if (variable !== undefined) return process.env[variable] ?? refuse(`the variable ${variable} is not set`);
  if (!text.startsWith("file:")) return text;
  const path = text.slice("file:".length);
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    return refuse(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? "no reason given"}`);
  }
}

function addressOf(text: string, kind: Target["kind"], refuse: (cause: string) => never): URL {
  const allowed: readonly string[] = schemes[kind];
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !allowed.includes(url.protocol) || url.hostname === "")
    return refuse(`its address begins with none of ${allowed.map((scheme) => `${scheme}//`).join(", ")}`);
  if (kind === "syslog" && url.port === "") url.port = url.protocol === "udp:" ? "514" : "601";
  return url;
}

/** Kinds that lack a column of the filter do not match; a filter that means nothing for any kind is refused. */
function filterOf(text: string, kinds: readonly Kind[], refuse: (cause: string) => never): Target["wants"] {
  const sent = kinds.filter(({ name }) => sentKinds.includes(name));
  if (text.trim() === "") return (event) => sentKinds.includes(event.event_type);
  const tests = new Map<string, (event: OddwireEvent) => boolean>();
  let cause = "there is nothing to ask";
  let furthest = -1;
  for (const kind of sent) {
    const result = parseQuery(kind, text, {});
    if (result.ok) tests.set(kind.name, matcher(kind, result.plan));
    // What was understood furthest says best what is wrong.
    else if (result.column > furthest) {
      furthest = result.column;
      cause = `${result.cause} at column ${result.column} of the query`;
    }
  }
  if (tests.size === 0) return refuse(cause);
  return (event) => tests.get(event.event_type)?.(event) === true;
}
