import type { Command } from "commander";
import { configOf } from "./common.ts";
import { askRunning } from "./running.ts";

/** `oddwire rules reload`. The command `rules` may be there already. */
export function registerRulesReload(root: Command): void {
  const rules =
    root.commands.find((command) => command.name() === "rules") ?? root.command("rules").description("rules in Suricata's language");
  rules
    .command("reload")
    .description("let the running engine read rules, keywords and indicators anew; no packet is lost")
    .option("--url <address>", "where it is; api.listen of the configuration when absent")
    .option("--json", "as JSON")
    .action(async (flags: { url?: string; json?: boolean }, command: Command) => {
      const state = await askRunning(await configOf(command, []), flags.url, (client) => client.reloadRules());
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify(state, undefined, 2)}\n`);
        return;
      }
      for (const { kind, loaded, rejected } of state.kinds)
        process.stdout.write(`${kind.padEnd(10)} ${loaded} in use${rejected > 0 ? `, ${rejected} refused` : ""}\n`);
      process.stdout.write(`changed    ${state.changed.join(", ") || "nothing"}\n`);
      for (const { list, line, column, cause } of state.troubles.slice(0, 20))
        process.stderr.write(`${list}:${line}:${column}: ${cause}\n`);
    });
}
