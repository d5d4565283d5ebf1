import type { Command } from "commander";
import type { Config } from "#schema/config.ts";
import type { UnknownOpcodesAnswer } from "#schema/game.ts";
import { configOf, say } from "./common.ts";
import { askRunning } from "./running.ts";

interface Flags {
  readonly json?: boolean;
  readonly model?: string;
  readonly endian?: string;
  readonly folder?: string;
  readonly set: string[];
}

const collect = (value: string, all: string[]): string[] => [...all, value];

/** `oddwire catalog show`, `check`, `decode` and `unknown`. */
export function registerCatalog(root: Command): void {
  const catalog =
    root.commands.find((command) => command.name() === "catalog") ??
    root.command("catalog").description("packets of games, described by C headers");
  const reading = (name: string, summary: string): Command =>
    catalog
      .command(name)
      .description(summary)
      .option("--model <model>", "how wide C's types are: lp64, ilp32 or llp64")
      .option("--endian <order>", "byte order of structs that do not say theirs: little or big")
      .option("--folder <folder>", "folder of the headers")
      .option("--set <key=value>", "set a configuration key", collect, [])
      .option("--json", "as JSON");
  reading("show", "list the structs, or one with its members, their places, units and meaning")
    .argument("[struct]", "name of a struct or of an opcode")
    .action(async (struct: string | undefined, flags: Flags, command: Command) => {
      const { showCatalog } = await import("#app/catalog.ts");
      const structs = await showCatalog(await settings(command, flags), struct);
      const { structsText, structText } = await import("./catalog-text.ts");
      const text = struct === undefined ? structsText(structs) : structs.map(structText).join("");
      process.stdout.write(flags.json === true ? `${JSON.stringify(struct === undefined ? structs : structs[0], undefined, 2)}\n` : text);
    });
  reading("check", "say what is wrong with headers, where, and what mends it")
    .argument("[files...]", "headers; those of the catalog's folder when none is named")
    .action(async (files: string[], flags: Flags, command: Command) => {
      const { checkCatalog } = await import("#app/catalog.ts");
      const report = await checkCatalog(await settings(command, flags), files);
      if (report.problems.some(({ severity }) => severity === "error")) process.exitCode = 1;
      const { reportText } = await import("./catalog-text.ts");
      process.stdout.write(flags.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report));
    });
  reading("decode", "read bytes by a struct")
    .argument("<struct>", "name of a struct or of an opcode")
    .argument("<hex...>", "the packet's body as hex digits; `-` reads them from the standard input")
    .action(async (struct: string, hex: string[], flags: Flags, command: Command) => {
      const { decodeByCatalog } = await import("#app/catalog.ts");
      const digits = hex.length === 1 && hex[0] === "-" ? await standardInput() : hex.join("");
      const decoded = await decodeByCatalog(await settings(command, flags), struct, digits);
      if (decoded.problems.length > 0) process.exitCode = 1;
      const { decodedText } = await import("./catalog-text.ts");
      process.stdout.write(flags.json === true ? `${JSON.stringify(decoded, undefined, 2)}\n` : decodedText(decoded));
    });
  reading("unknown", "opcodes that nobody names or describes: lengths, entropy, and what their fields may be")
    .argument("[opcode]", "only this one: `0x42`, or its name")
    .option("--read <file...>", "of captures; of the running engine when absent")
    .option("--plugin <file...>", "read the captures with these plugins")
    .option("--header", "print a C header of the guesses, for the catalog's folder")
    .option("--url <address>", "where the engine is; api.listen of the configuration when absent")
    .action(async (opcode: string | undefined, flags: UnknownFlags, command: Command) => showUnknown(opcode, flags, command));
}

interface UnknownFlags extends Flags {
  readonly read?: string[];
  readonly plugin?: string[];
  readonly url?: string;
  readonly header?: boolean;
}

async function showUnknown(opcode: string | undefined, flags: UnknownFlags, command: Command): Promise<void> {
  const config = await settings(command, flags);
  const all = await unknownOf(config, flags);
  const wanted = opcode?.toLowerCase();
  const opcodes = all.opcodes.filter(
    (row) => wanted === undefined || row.opcode.toLowerCase() === wanted || row.opcode_number === Number(wanted),
  );
  if (opcodes.length === 0) say(wanted === undefined ? "no unknown opcodes" : `no unknown opcode ${wanted}`);
  if (flags.header === true) {
    const { guessedHeader } = await import("#app/unknown-opcodes.ts");
    process.stdout.write(guessedHeader(opcodes));
    return;
  }
  const answer = wanted === undefined ? all : { opcodes, refused: 0 };
  const { unknownText } = await import("./unknown-text.ts");
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  process.stdout.write(flags.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : unknownText(answer, width));
}

async function unknownOf(config: Config, { read, plugin = [], url }: UnknownFlags): Promise<UnknownOpcodesAnswer> {
  if (read === undefined) return askRunning(config, url, (client) => client.unknownOpcodes());
  const { unknownOpcodesIn } = await import("#app/unknown-opcodes.ts");
  return unknownOpcodesIn({ ...config, "plugins.files": [...config["plugins.files"], ...plugin] }, read, say);
}

/** The configuration with this command's flags. */
const settings = (command: Command, { model, endian, folder, set }: Flags) =>
  configOf(command, [
    ...set,
    ...(model === undefined ? [] : [`catalog.model=${model}`]),
    ...(endian === undefined ? [] : [`catalog.endian=${endian}`]),
    ...(folder === undefined ? [] : [`catalog.folder=${folder}`]),
  ]);

async function standardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
