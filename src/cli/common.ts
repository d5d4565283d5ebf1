import { resolve } from "node:path";
import type { Command } from "commander";
import type { ConfigSources } from "#app/config.ts";
import type { Config } from "#schema/config.ts";

/** Flags that every command with an engine has. */
export interface CommonFlags {
  readonly set: string[];
  readonly workers?: string;
}

const collect = (value: string, all: string[]): string[] => [...all, value];

/** Adds them. */
export const withSettings = (command: Command): Command =>
  command
    .option("--set <key=value>", "set a configuration key (Suricata's names are mapped)", collect, [])
    .option("--workers <n>", "worker threads");

/** One line for people. */
export const say = (text: string): void => {
  process.stderr.write(`oddwire: ${text}\n`);
};

/** The configuration of a command: file, environment, then these settings. Remarks go to the console. */
export async function configOf(command: Command, settings: readonly string[]): Promise<Config> {
  const { loadConfig } = await import("#app/config.ts");
  const { config: file } = command.optsWithGlobals<{ config?: string }>();
  const { config, warnings } = await loadConfig({ file, environment: process.env, settings });
  for (const warning of warnings) say(warning);
  return config;
}

/** Where the configuration of a command came from, for an engine that loads it anew; the environment is its own. */
export function configSourcesOf(command: Command, settings: readonly string[]): ConfigSources {
  const { config: file } = command.optsWithGlobals<{ config?: string }>();
  return { settings, ...(file === undefined ? {} : { file: resolve(file) }) };
}

/** Adds what a command names to what the configuration names to be judged by. */
export const withRuleFiles = (config: Config, flags: { readonly rules?: string[]; readonly keywords?: string[] }): Config => ({
  ...config,
  "rules.files": [...config["rules.files"], ...(flags.rules ?? [])],
  "keywords.files": [...config["keywords.files"], ...(flags.keywords ?? [])],
});
