import type { Command } from "commander";
import { OddwireError } from "#app/errors.ts";
import { configOf } from "./common.ts";

interface Flags {
  readonly output?: string;
  readonly json?: boolean;
  readonly context?: string;
  readonly all?: boolean;
}

const language = `
A list has one keyword a line:
  word "passthru" context=http-uri direction=to_server severity=high note="PHP runs a command"
  phrase "rm -rf /"                      words with any space between them
  command "wget" arguments=/https?:/     where a shell takes the next word as a command
  regex /union\\s+select/i context=http-request port=80,8000-8100
  hex "7f 45 4c 46"
  off 1234567                            turns a keyword of an earlier list off
Options: context=, case=yes, direction=to_server|to_client, port=, severity=critical|high|medium|low|info, note="…"
A running engine that watches the list takes a change within a second or two.
`;

const inFolder = (command: Command): Command =>
  command.option("-o, --output <dir>", "output folder whose lists are meant (default: oddwire-live, else oddwire-out)");

/** `oddwire keywords list|check|add|remove|off|on|test|contexts|hits`. */
export function registerKeywords(root: Command): void {
  const keywords = root
    .command("keywords")
    .description("the words that captures and traffic are searched for")
    .addHelpText("after", language);
  inFolder(keywords.command("list"))
    .description("the keywords that live capture uses: number, list, line")
    .option("--all", "those that are off, too")
    .option("--json", "as JSON")
    .action(list);
  keywords
    .command("check")
    .description("whether lists are right, and what is wrong where")
    .argument("<file...>", "lists of keywords; `default` for the one that comes along")
    .option("--json", "as JSON")
    .action(check);
  inFolder(keywords.command("add"))
    .description("add a line to the own list")
    .argument("<line...>", 'word "wget" severity=high')
    .action(add);
  inFolder(keywords.command("remove")).description("take a keyword out of the own list").argument("<number>", "its number").action(remove);
  inFolder(keywords.command("off"))
    .description("stop looking for a keyword of any list")
    .argument("<number>", "its number")
    .action(turn(false));
  inFolder(keywords.command("on")).description("look for it again").argument("<number>", "its number").action(turn(true));
  inFolder(keywords.command("test"))
    .description("which keywords a text holds")
    .argument("<text...>", "the text; - for standard input")
    .option("--context <name>", "as if it stood there: http-uri, shell …")
    .option("--json", "as JSON")
    .action(test);
  keywords.command("contexts").description("places that keywords can be looked for in").action(contexts);
  inFolder(keywords.command("hits"))
    .description("what the keywords find in captures")
    .argument("<file...>", "pcap or pcapng files")
    .option("--json", "as JSON, one alert a line")
    .action(hits);
}

async function filesOf(flags: Flags, command: Command) {
  const { listDirectoryOf } = await import("#app/list-directory.ts");
  const { KeywordFiles } = await import("#app/keywords.ts");
  return new KeywordFiles(listDirectoryOf(await configOf(command, []), flags.output));
}

const print = (text: string): void => void process.stdout.write(text);
const json = (value: unknown): void => print(`${JSON.stringify(value, undefined, 2)}\n`);
const numberOf = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new OddwireError("ODW_USAGE", { cause: `${text} is no number of a keyword` });
  return number;
};

async function list(flags: Flags, command: Command): Promise<void> {
  const files = await filesOf(flags, command);
  const state = files.state();
  const shown = state.keywords.filter(({ on }) => on || flags.all === true);
  if (flags.json === true) return json({ ...state, keywords: shown });
  const { tableText } = await import("./table.ts");
  const columns = ["number", "list", "keyword"].map((title, i) => ({ title, right: i === 0 }));
  const rows = shown.map(({ sid, list: name, on, text }) => [String(sid), name, `${on ? "" : "(off) "}${text}`]);
  print(tableText(columns, rows, process.stdout.isTTY ? process.stdout.columns : undefined));
  for (const { list: name, line, column, cause, mend } of state.troubles)
    process.stderr.write(`${name}:${line}:${column}: ${cause} (${mend})\n`);
}

async function check(paths: string[], flags: Flags): Promise<void> {
  const { checkKeywords } = await import("#app/keywords.ts");
  const { readLists } = await import("#app/list-directory.ts");
  const { keywords, troubles } = checkKeywords(readLists(paths));
  const told = troubles.map(({ place, column, cause, mend }) => ({ list: place.file, line: place.line, column, cause, mend }));
  process.exitCode = told.length === 0 ? 0 : 1;
  if (flags.json === true) return json({ keywords: keywords.length, troubles: told });
  for (const { list: name, line, column, cause, mend } of told) print(`${name}:${line}:${column}: ${cause}\n  ${mend}\n`);
  print(`${keywords.length} keywords, ${told.length === 0 ? "nothing is wrong" : `${told.length} lines are wrong`}\n`);
}

async function add(words: string[], flags: Flags, command: Command): Promise<void> {
  const row = (await filesOf(flags, command)).add(words.join(" "));
  print(`added ${row.sid}: ${row.text}\n`);
}

async function remove(text: string, flags: Flags, command: Command): Promise<void> {
  (await filesOf(flags, command)).remove(numberOf(text));
  print(`removed ${text}\n`);
}

const turn =
  (isOn: boolean) =>
  async (text: string, flags: Flags, command: Command): Promise<void> => {
    (await filesOf(flags, command)).switch(numberOf(text), isOn);
    print(`${text} is ${isOn ? "on" : "off"}\n`);
  };

async function test(words: string[], flags: Flags, command: Command): Promise<void> {
  const text = words.length === 1 && words[0] === "-" ? (await import("node:fs")).readFileSync(0, "utf8") : words.join(" ");
  const found = (await filesOf(flags, command)).test(text, flags.context);
  const told = found.map(({ keyword, offset, bytes }) => ({ sid: keyword.sid, keyword: keyword.text, offset, matched: bytes }));
  process.exitCode = told.length === 0 ? 1 : 0;
  if (flags.json === true) return json(told);
  const { harmless } = await import("./table.ts");
  if (told.length === 0) print("no keyword\n");
  for (const { sid, keyword, offset, matched } of told) print(`${sid} at ${offset}: ${harmless(matched)}\n  ${keyword}\n`);
}

async function contexts(): Promise<void> {
  const { keywordContexts, contextGroups } = await import("#app/keywords.ts");
  const { tableText } = await import("./table.ts");
  const rows = [
    ...Object.entries(keywordContexts).map(([name, { doc }]) => [name, doc]),
    ...Object.entries(contextGroups).map(([name, members]) => [name, members.join(", ")]),
  ];
  print(
    tableText(
      [
        { title: "context", right: false },
        { title: "where", right: false },
      ],
      rows,
    ),
  );
}

async function hits(paths: string[], flags: Flags, command: Command): Promise<void> {
  const { keywordHits } = await import("#app/keyword-hits.ts");
  const config = await configOf(command, []);
  const { listDirectoryOf } = await import("#app/list-directory.ts");
  const { tableText } = await import("./table.ts");
  const rows: string[][] = [];
  for (const path of paths)
    for (const hit of await keywordHits(path, config, listDirectoryOf(config, flags.output).path)) {
      if (flags.json === true) print(`${JSON.stringify({ file: path, ...hit })}\n`);
      else rows.push([path, String(hit.sid), hit.keyword, `${hit.source} → ${hit.target}`, hit.buffer, hit.matched]);
    }
  if (flags.json === true) return;
  if (rows.length === 0) print("no keyword was found\n");
  else
    print(
      tableText(
        ["file", "number", "keyword", "flow", "where", "matched"].map((title) => ({ title, right: false })),
        rows,
        process.stdout.isTTY ? process.stdout.columns : undefined,
      ),
    );
}
