import type { Command } from "commander";

interface Flags {
  readonly json?: boolean;
  readonly set?: string[];
}

const collect = (value: string, all: string[]): string[] => [...all, value];

/** `oddwire config show|schema|check` and `oddwire schema`. */
export function registerConfig(root: Command): void {
  const config = root.command("config").description("what can be set, what is set, and whether a file is right");
  config
    .command("show")
    .description("the effective values, and where each comes from")
    .option("--set <key=value>", "as other commands take it", collect, [])
    .option("--changed", "only what differs from the default")
    .option("--json", "as JSON")
    .action(async (flags: Flags & { changed?: boolean }, command: Command) => show(flags, command));
  config
    .command("schema")
    .description("all keys with meaning, type, default and unit")
    .argument("[text]", "only keys that contain it")
    .option("--json", "as JSON Schema, for editors")
    .action(async (text: string | undefined, flags: Flags) => keys(text ?? "", flags));
  config
    .command("check")
    .description("check a configuration file without using it")
    .argument("<file>", "YAML configuration")
    .action(async (file: string) => check(file));
  root
    .command("schema")
    .description("the JSON Schema of the events in eve.json")
    .argument("[kind]", "only events of this kind: flow, dns …")
    .action(async (kind: string | undefined) => {
      const { eventSchemaText } = await import("#app/schemas.ts");
      process.stdout.write(eventSchemaText(kind));
    });
}

async function show(flags: Flags & { changed?: boolean }, command: Command): Promise<void> {
  const { loadConfig } = await import("#app/config.ts");
  const { say } = await import("./common.ts");
  const { config: file } = command.optsWithGlobals<{ config?: string }>();
  const { config, warnings, origins } = await loadConfig({ file, environment: process.env, settings: flags.set ?? [] });
  for (const warning of warnings) say(warning);
  const entries = Object.entries(config).filter(([name]) => flags.changed !== true || origins[name] !== undefined);
  if (flags.json === true) {
    const all = Object.fromEntries(entries.map(([name, value]) => [name, { value, from: origins[name] ?? "default" }]));
    process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
    return;
  }
  const { tableText } = await import("./table.ts");
  const rows = entries.map(([name, value]) => [name, valueText(value), origins[name] ?? "default"]);
  process.stdout.write(tableText(titles("key", "value", "from"), rows));
}

async function keys(wanted: string, flags: Flags): Promise<void> {
  if (flags.json === true) {
    const { configSchemaText } = await import("#app/schemas.ts");
    process.stdout.write(configSchemaText());
    return;
  }
  const { configKeys } = await import("#schema/config.ts");
  const { tableText } = await import("./table.ts");
  const all: readonly [string, import("#schema/config.ts").ConfigKey][] = Object.entries(configKeys);
  const rows = all
    .filter(([name]) => name.includes(wanted))
    .map(([name, key]) => [name, key.choices?.join(" | ") ?? key.type, valueText(key.default), key.unit ?? "", key.doc]);
  process.stdout.write(tableText(titles("key", "type", "default", "unit", "meaning"), rows));
}

async function check(file: string): Promise<void> {
  const { loadConfig } = await import("#app/config.ts");
  const { origins } = await loadConfig({ file });
  const count = Object.keys(origins).length;
  process.stdout.write(`${file} is right: it sets ${count} ${count === 1 ? "key" : "keys"}\n`);
}

const titles = (...names: readonly string[]): { title: string; right: boolean }[] => names.map((title) => ({ title, right: false }));

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  return String(value);
}
