import type { Command } from "commander";
import { OddwireError } from "#app/errors.ts";
import { configOf } from "./common.ts";

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
      const listen = (await configOf(command, []))["api.listen"];
      const { ApiError, ApiClient } = await import("#client/client.ts");
      const url = flags.url ?? `http://${listen}`;
      const state = await new ApiClient({ url, timeoutMs: 60_000 }).reloadRules().catch((error: unknown) => {
        if (error instanceof ApiError) throw new OddwireError("ODW_REMOTE_REFUSED", { url, cause: error.message, mend: error.mend });
        throw error;
      });
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
