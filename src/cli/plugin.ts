import { basename } from "node:path";
import type { Command } from "commander";
import type { ShelfEntry } from "#app/game-plugins.ts";
import type { PluginReloadRow } from "#schema/game.ts";
import { configOf } from "./common.ts";
import { askRunning } from "./running.ts";
import { harmless } from "./table.ts";

/** `oddwire plugin new | check | list | reload | bench`: plugins of games. */
export function registerPlugin(root: Command): void {
  const plugin = root.command("plugin").description("plugins that read games: native, TypeScript, WebAssembly");
  plugin
    .command("new <name>")
    .description("write a plugin to begin with: it builds, and passes `check`")
    .requiredOption("--kind <kind>", "c, typescript or wasm")
    .option("--dir <folder>", "where; a folder NAME here when absent")
    .action(async (name: string, { kind, dir }: { kind: string; dir?: string }) => {
      const { writePlugin } = await import("#app/plugin-template.ts");
      const { files, next } = writePlugin(name, kind, dir ?? name);
      for (const file of files) process.stdout.write(`${file}\n`);
      process.stderr.write(`next: ${next}\n`);
    });
  plugin
    .command("check <file>")
    .description("open a plugin in its sandbox, run its self-test, give it nonsense, print what it can do")
    .option("--json", "as JSON")
    .action(async (file: string, flags: { json?: boolean }, command: Command) => {
      const { checkPlugin } = await import("#app/game-plugins.ts");
      const report = await checkPlugin(await configOf(command, []), file);
      process.stdout.write(flags.json === true ? `${json(report)}\n` : reportText(report));
      if (report.health.state === "quarantined" || report.health.restarts > 0) process.exitCode = 1;
    });
  plugin
    .command("list")
    .description("plugins that are found, and why some are not used")
    .option("--json", "as JSON")
    .action(async (flags: { json?: boolean }, command: Command) => {
      const config = await configOf(command, []);
      const { listPlugins } = await import("#app/game-plugins.ts");
      const entries = await listPlugins(config);
      process.stdout.write(flags.json === true ? `${json(entries)}\n` : entries.map(entryText).join(""));
      if (entries.length === 0) process.stderr.write(`oddwire: no plugins in ${config["plugins.folder"]} (plugins.folder)\n`);
    });
  plugin
    .command("reload [name]")
    .description("let the running engine load plugins anew: those that changed, or the named one always; no packet or session is lost")
    .option("--url <address>", "where it is; api.listen of the configuration when absent")
    .option("--json", "as JSON")
    .action(async (name: string | undefined, flags: { url?: string; json?: boolean }, command: Command) => {
      const { plugins } = await askRunning(await configOf(command, []), flags.url, (client) => client.reloadPlugins(name));
      process.stdout.write(flags.json === true ? `${json(plugins)}\n` : plugins.map(reloadText).join(""));
      if (plugins.length === 0) process.stderr.write("oddwire: the engine has no plugins\n");
      if (plugins.some(({ outcome, failed }) => outcome === "refused" || failed === true)) process.exitCode = 1;
    });
  plugin
    .command("bench <file>")
    .description("packets a second through a plugin")
    .option("--seconds <n>", "how long", "3")
    .option("--sample <file>", "a session's pieces, lines of `side hex`; random bytes when absent")
    .option("--json", "as JSON")
    .action(async (file: string, flags: { seconds: string; sample?: string; json?: boolean }, command: Command) => {
      const { benchPlugin } = await import("#app/game-plugins.ts");
      const speed = await benchPlugin(await configOf(command, []), file, Number(flags.seconds), flags.sample);
      if (flags.json === true) {
        process.stdout.write(`${json(speed)}\n`);
        return;
      }
      const each = (speed.packets / speed.seconds).toFixed(0);
      const megabytes = (speed.bytes / speed.seconds / 1e6).toFixed(1);
      process.stdout.write(`${harmless(speed.info.name)}: ${each} packets/s, ${megabytes} MB/s, ${countsText(speed.results)}\n`);
    });
}

const reloadText = ({ file, game, outcome, why }: PluginReloadRow): string =>
  `${outcome.padEnd(9)} ${game === undefined ? "" : `${harmless(game)} `}(${basename(file)}): ${harmless(why)}\n`;

type Report = Awaited<ReturnType<typeof import("#app/game-plugins.ts").checkPlugin>>;

function reportText({ info, fences, health, nonsense }: Report): string {
  const { header, opcodes } = info;
  const rows: (readonly [string, string])[] = [
    ["plugin", `${info.name} ${info.version} (${info.kind}, ABI ${info.abi})`],
    ["game", `${info.gameId}, ${info.transports.join(" and ")}, ports ${info.ports.join(", ")}`],
    ["header", header === undefined ? "none: each piece is a packet" : headerText(header)],
    ["opcodes", opcodes === undefined ? "no names" : `${opcodes[0].size} to the server, ${opcodes[1].size} to the client`],
    ["players", info.tracksPlayers ? "told by the plugin" : "not told"],
    ["fences", fences.join(", ")],
    ["nonsense", `${countsText(nonsense)}${health.restarts > 0 ? `; it had to be started again ${health.restarts} times` : ""}`],
    ...(health.lastTrouble === undefined ? [] : ([["trouble", health.lastTrouble]] as const)),
  ];
  return rows.map(([name, value]) => `${name.padEnd(10)}${harmless(value)}\n`).join("");
}

function headerText(header: NonNullable<Report["info"]["header"]>): string {
  const { bytes, bigEndian, opcode, length, fields } = header;
  const parts = [
    `${bytes} bytes, ${bigEndian ? "big" : "little"} endian`,
    `opcode at ${opcode.offset} (${opcode.bytes})`,
    ...(length === undefined ? [] : [`length at ${length.offset} (${length.bytes}), counts the ${length.counts}`]),
    ...fields.map((field) => `${field.name} at ${field.offset} (${field.bytes})`),
  ];
  return parts.join("; ");
}

function entryText(entry: ShelfEntry): string {
  if ("cause" in entry) return `${entry.file}: not used: ${harmless(entry.cause)}\n`;
  const { gameId, name, version, kind, ports } = entry.info;
  return `${entry.file}: ${harmless(`${gameId} (${name} ${version}, ${kind}), ports ${ports.join(", ")}`)}\n`;
}

const countsText = (counts: { readonly [name: string]: number }): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");

/** Maps as objects: opcodes by number. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (one instanceof Map ? Object.fromEntries(one) : one), 2);
