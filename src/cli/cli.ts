import { Command, CommanderError } from "commander";
import { OddwireError } from "#app/errors.ts";
import { registerBacktest } from "./backtest.ts";
import { registerBaselines } from "./baselines.ts";
import { registerCatalog } from "./catalog.ts";
import { registerConfig } from "./config.ts";
import { registerDoctor } from "./doctor.ts";
import { registerFindings } from "./findings.ts";
import { registerIndicators } from "./indicators.ts";
import { registerKeywords } from "./keywords.ts";
import { registerLive } from "./live.ts";
import { registerPlugin } from "./plugin.ts";
import { registerQuery } from "./query.ts";
import { registerRead } from "./read.ts";
import { registerRules } from "./rules.ts";
import { registerRulesReload } from "./rules-reload.ts";
import { registerRulesUpdate } from "./rules-update.ts";
import { registerSuricata } from "./suricata.ts";
import { registerTui } from "./tui.ts";
import { registerWebhook } from "./webhook.ts";

/** Builds the command line; each command loads its own code when it runs, so that the others do not slow the start. */
function program(): Command {
  const root = new Command("oddwire")
    .description("Shows what is odd on your wire: captures traffic, keeps every conversation, says with reasons what does not belong.")
    .version("0.1.0")
    .option("--config <file>", "YAML configuration")
    .option("--verbose", "print the whole error")
    .showSuggestionAfterError()
    .showHelpAfterError("(`oddwire --help` has all commands, `oddwire COMMAND --help` one in full)")
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "oddwire: ")) })
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  registerRead(root);
  registerLive(root);
  registerTui(root);
  registerQuery(root);
  registerFindings(root);
  registerBacktest(root);
  registerBaselines(root);
  registerKeywords(root);
  registerIndicators(root);
  registerCatalog(root);
  registerConfig(root);
  registerDoctor(root);
  registerSuricata(root);
  registerPlugin(root);
  registerWebhook(root);
  registerRules(root);
  registerRulesUpdate(root);
  registerRulesReload(root);
  return root;
}

/** Runs the command line; sets the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runCli(args: readonly string[]): Promise<void> {
  const root = program();
  // Whoever read the output has seen enough (`| head`): no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await root.parseAsync([...args], { from: "user" });
  } catch (error) {
    process.exitCode = report(error, args.includes("--verbose"));
  }
}

/** An error of the catalogue; one that comes from a worker thread keeps its code, but not its class. */
const isTold = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof OddwireError || (error instanceof Error && "code" in error && String(error.code).startsWith("ODW_"));

function report(error: unknown, verbose: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isTold(error)) {
    process.stderr.write(`oddwire: ${error.message}\n`);
    if (verbose && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
    return error.code === "ODW_USAGE" ? 2 : 1;
  }
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`oddwire: a bug stopped it: ${text} (run with --verbose and report it)\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
}
