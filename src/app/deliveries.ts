import { join } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import { Courier, transportOf } from "#deliver/courier.ts";
import { templates } from "#deliver/message.ts";
import { type Notice, noticeOf } from "#deliver/notice.ts";
import { NoticeSink } from "#deliver/notice-sink.ts";
import { syslogLine } from "#deliver/syslog.ts";
import { parseTarget, type Target } from "#deliver/target.ts";
import type { Config } from "#schema/config.ts";
import { allKinds } from "./plugins.ts";

const hourMs = 3_600_000;

/** Targets of the configuration. Throws ODW_DELIVER_BAD for one that is wrong, and for two of one name. */
export function targetsOf(config: Config): readonly Target[] {
  const targets = [
    ...config["deliver.webhooks"].map((line) => parseTarget("webhook", line, allKinds)),
    ...config["deliver.syslog"].map((line) => parseTarget("syslog", line, allKinds)),
  ];
  const twice = targets.find(({ name }, i) => targets.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new OddwireError("ODW_DELIVER_BAD", { where: twice.name, cause: "two receivers have this name" });
  return targets;
}

/** What sends findings and alerts; `undefined` when the configuration names no receiver: then nothing leaves the machine. */
export function deliveriesOf(config: Config, out: string, log: (text: string) => void): NoticeSink | undefined {
  const targets = targetsOf(config);
  if (targets.length === 0) return undefined;
  const options = {
    messagesMax: config["deliver.messages-max"],
    bytesMax: config["deliver.bytes-max"],
    ageMsMax: config["deliver.age-max-h"] * hourMs,
    log,
  };
  return new NoticeSink(targets.map((target) => new Courier(target, { ...options, directory: join(out, "deliver", target.name) })));
}

export interface DeliveryTrial {
  readonly name: string;
  readonly kind: Target["kind"];
  readonly host: string;
  readonly ok: boolean;
  /** How long it took, ms. */
  readonly ms: number;
  readonly cause?: string;
}

/** Sends a test to the receivers, or to the one of that name, once and past the queue. */
export async function tryDeliveries(config: Config, name: string | undefined): Promise<readonly DeliveryTrial[]> {
  const targets = targetsOf(config);
  const wanted = name === undefined ? targets : targets.filter((target) => target.name === name);
  if (wanted.length === 0) {
    const choices = targets.map((target) => target.name).join(", ");
    const cause = targets.length === 0 ? "no receiver is configured" : `there is no receiver of this name: ${choices}`;
    throw new OddwireError("ODW_DELIVER_BAD", { where: name ?? "deliver.webhooks", cause });
  }
  return Promise.all(wanted.map(tryTarget));
}

async function tryTarget(target: Target): Promise<DeliveryTrial> {
  const { name, kind, format, facility, url } = target;
  const transport = transportOf(target);
  const began = performance.now();
  const notice = testNotice();
  const body = format === "rfc5424" ? syslogLine(notice, facility) : templates[format]([notice], 0);
  const at = Date.now();
  const outcome = await transport.send({ id: `test-${at.toString(36)}`, at, body }, new AbortController().signal);
  transport.end();
  const ms = Math.round(performance.now() - began);
  return { name, kind, host: url.host, ok: outcome.result === "sent", ms, ...(outcome.result !== "sent" && { cause: outcome.cause }) };
}

function testNotice(): Notice {
  const event = {
    timestamp: new Date().toISOString().replace("Z", "000+0000"),
    event_type: "finding",
    finding: {
      detector: "test",
      category: "observation",
      title: "A test by Oddwire: nothing was found",
      severity: "info",
      score: 0,
      why: [{ feature: "somebody ran", value: "oddwire webhook test" }],
    },
  };
  return noticeOf(event) as Notice;
}
