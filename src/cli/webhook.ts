import type { Command } from "commander";
import type { DeliveryRow } from "#schema/delivery.ts";
import { configOf } from "./common.ts";
import { askRunning } from "./running.ts";
import { harmless, tableText } from "./table.ts";

const collect = (value: string, all: string[]): string[] => [...all, value];

/** `oddwire webhook test | status`: where findings and alerts are sent. */
export function registerWebhook(root: Command): void {
  const webhook = root.command("webhook").description("receivers of findings and alerts: webhooks and syslog");
  webhook
    .command("test [name]")
    .description("send a test to the receivers of the configuration, or to one")
    .option("--set <key=value>", "set a configuration key", collect, [])
    .option("--json", "as JSON")
    .action(async (name: string | undefined, flags: { set: string[]; json?: boolean }, command: Command) => {
      const { tryDeliveries } = await import("#app/deliveries.ts");
      const trials = await tryDeliveries(await configOf(command, flags.set), name);
      const lines = trials.map((one) => `${one.kind} ${one.name} (${one.host}): ${one.ok ? "taken" : one.cause}, ${one.ms} ms\n`);
      process.stdout.write(flags.json === true ? `${JSON.stringify(trials, undefined, 2)}\n` : lines.map(harmlessLine).join(""));
      if (trials.some(({ ok }) => !ok)) process.exitCode = 1;
    });
  webhook
    .command("status")
    .description("how the running engine gets rid of its messages")
    .option("--url <address>", "where it is; api.listen of the configuration when absent")
    .option("--json", "as JSON")
    .action(async (flags: { url?: string; json?: boolean }, command: Command) => {
      const { deliveries } = await askRunning(await configOf(command, []), flags.url, (client) => client.deliveries());
      process.stdout.write(flags.json === true ? `${JSON.stringify(deliveries, undefined, 2)}\n` : statusText(deliveries));
      if (deliveries.length === 0) process.stderr.write("oddwire: nothing is sent: see deliver.webhooks\n");
    });
}

const harmlessLine = (line: string): string => `${harmless(line.trimEnd())}\n`;

const numbers = ["queued", "sent", "failed", "refused", "dropped", "grouped"] as const;

function statusText(rows: readonly DeliveryRow[]): string {
  if (rows.length === 0) return "";
  const columns = [
    ...["receiver", "format", "host"].map((title) => ({ title, right: false })),
    ...numbers.map((title) => ({ title, right: true })),
    { title: "trouble", right: false },
  ];
  const cells = rows.map((row) => [row.name, row.format, row.host, ...numbers.map((name) => String(row[name])), row.trouble ?? ""]);
  return tableText(columns, cells, process.stdout.isTTY ? process.stdout.columns : undefined);
}
