import type { Command } from "commander";
import type { BaselineRow, BaselinesAnswer, BaselineValues } from "#schema/baseline.ts";
import { configOf } from "./common.ts";
import { askRunning } from "./running.ts";
import { tableText } from "./table.ts";

interface Flags {
  readonly url?: string;
  readonly json?: boolean;
}

/** `oddwire baselines [list | show NAME | reset [NAME]]`: what the running engine takes for usual. */
export function registerBaselines(root: Command): void {
  const baselines = root.command("baselines").description("what the running engine has learnt to be usual, and how to let it forget");
  baselines
    .command("list", { isDefault: true })
    .description("the busiest hosts, services, networks, ports and protocols: usual values of this hour beside the last interval")
    .option("--scope <scope>", "service, host, network, port, protocol or interface")
    .option("--limit <count>", "most of them", "40")
    .option("--url <address>", "where it is; api.listen of the configuration when absent")
    .option("--json", "as JSON")
    .action(async (flags: Flags & { scope?: string; limit: string }, command: Command) => {
      const answer = await askRunning(await configOf(command, []), flags.url, (client) =>
        client.detection.baselines({ scope: flags.scope, limit: Number(flags.limit) }),
      );
      write(answer, flags);
    });
  baselines
    .command("show <name>")
    .description("one host with its services, or one network, port (tcp/443) or protocol, hour by hour")
    .option("--url <address>", "where it is; api.listen of the configuration when absent")
    .option("--json", "as JSON")
    .action(async (name: string, flags: Flags, command: Command) => {
      const answer = await askRunning(await configOf(command, []), flags.url, (client) => client.detection.baselines({ name, limit: 200 }));
      write(answer, flags);
      if (flags.json !== true) for (const row of answer.baselines) process.stdout.write(hoursText(row));
      if (answer.count === 0) process.exitCode = 1;
    });
  baselines
    .command("reset [name]")
    .description("forget what was learnt of one, or of all: it is learnt anew")
    .option("--url <address>", "where it is; api.listen of the configuration when absent")
    .option("--json", "as JSON")
    .action(async (name: string | undefined, flags: Flags, command: Command) => {
      const answer = await askRunning(await configOf(command, []), flags.url, (client) => client.detection.resetBaselines(name));
      process.stdout.write(flags.json === true ? `${JSON.stringify(answer)}\n` : `forgotten: ${answer.forgotten}\n`);
      if (answer.forgotten === 0) process.exitCode = 1;
    });
}

const measures = ["bytes", "packets", "connections", "peers", "failures"] as const satisfies readonly (keyof BaselineValues)[];

function write(answer: BaselinesAnswer, flags: Flags): void {
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
    return;
  }
  if (answer.interval_min === 0) {
    process.stderr.write("oddwire: nobody learns there: no engine runs, or baseline.enabled is off\n");
    return;
  }
  const columns = [
    { title: "scope", right: false },
    { title: "name", right: false },
    ...["active", ...measures].map((title) => ({ title, right: true })),
  ];
  const cells = answer.baselines.map((row) => [
    row.scope,
    row.name,
    `${row.active}/${row.intervals}`,
    ...measures.map((measure) => `${row.last[measure]} (${row.usual === undefined ? "?" : row.usual[measure]})`),
  ]);
  process.stdout.write(tableText(columns, cells, process.stdout.isTTY ? process.stdout.columns : undefined));
  const told = answer.count > answer.baselines.length ? `${answer.baselines.length} of ${answer.count}; ` : "";
  process.stderr.write(
    `oddwire: ${told}last interval of ${answer.interval_min} min (what is usual at this hour)${answer.ready ? "" : "; still learning"}\n`,
  );
}

const blocks = " ▁▂▃▄▅▆▇█";

/** Share of active intervals by hour, as a line of blocks. */
function hoursText({ name, hours = [], packet_bytes, payload_bits }: BaselineRow): string {
  const line = (from: number): string =>
    hours
      .slice(from, from + 24)
      .map((share) => blocks[Math.round(share * 8)] ?? " ")
      .join("");
  const beginning = `packets of ${packet_bytes} bytes; first bytes of a flow with ${payload_bits} bits of entropy each, of 8`;
  return `\n${name}, active by hour (UTC, 0 to 23)\n  weekday |${line(0)}|\n  weekend |${line(24)}|\n  ${beginning}\n`;
}
