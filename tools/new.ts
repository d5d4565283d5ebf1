/**
 * `npm run new protocol NAME`: a folder on the shelf that builds and passes, for a protocol of lines of text (`PING
 * text`, answered by `PONG text`). What is particular to the new protocol is then written over it.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const [what, name = ""] = process.argv.slice(2);
const pascal = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
const camel = `${pascal[0]?.toLowerCase() ?? ""}${pascal.slice(1)}`;
const kind = name.replaceAll("-", "_");

const facts = `import { defineKind, type Kind, object, optional, text } from "#schema/field.ts";

/** The \`${kind}\` event: a question and its answer. */
export const ${camel}Kind: Kind = defineKind({
  name: "${kind}",
  summary: "A question and its answer.",
  fields: {
    ${kind}: object("What both sides said.", {
      question: text("Text of the question."),
      answer: optional(text("Text of the answer; absent when none came.")),
    }),
  },
  columns: [
    { name: "question", path: "${kind}.question", type: "text", doc: "Text of the question." },
    { name: "answer", path: "${kind}.answer", type: "text", doc: "Text of the answer." },
  ],
});
`;

const parser = `import { type ByteView, latin1 } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, Probe, Side } from "#contract/parser.ts";

/** Longest line that is read; a longer one is not this protocol. */
const lineBytesMax = 512;
/** Questions that wait for their answers; beyond it the oldest is told without one. */
const pendingMax = 32;
const NEWLINE = 0x0a;
/** \`PING \` and \`PONG \`. */
const BEGINNINGS = [0x50494e47, 0x504f4e47];
const BEGINNING_BYTES = 5;

/** One of the two words and a space. A beginning of them may become it. */
export function probe(side: Side, { bytes, view, at, end }: ByteView): Probe {
  const beginning = BEGINNINGS[side] as number;
  for (let i = 0; i < 4 && at + i < end; i++) if (bytes[at + i] !== ((beginning >>> (24 - i * 8)) & 0xff)) return Probe.no;
  if (end - at < BEGINNING_BYTES) return Probe.more;
  return view.getUint8(at + 4) === 0x20 ? Probe.yes : Probe.no;
}

/** Reads one connection: a line is a question or an answer, and answers come in the order of the questions. */
export class ${pascal}Parser implements Parser {
  readonly #context: ParserContext;
  readonly #questions: string[] = [];
  #told = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const { bytes, end } = view;
    let at = view.at;
    for (;;) {
      const stop = bytes.indexOf(NEWLINE, at);
      if (stop < 0 || stop >= end) return end - at > lineBytesMax ? FAILED : at - view.at;
      if (stop - at > lineBytesMax || stop - at < BEGINNING_BYTES) return FAILED;
      this.#line(side, latin1(bytes, at + BEGINNING_BYTES, stop));
      at = stop + 1;
    }
  }

  /** The next line begins somewhere behind the gap, and its beginning is not marked. */
  gap(): boolean {
    return false;
  }

  end(): void {
    while (this.#questions.length > 0) this.#tell(undefined);
  }

  #line(side: Side, text: string): void {
    if (side === Side.toClient) {
      if (this.#questions.length > 0) this.#tell(text);
      else this.#context.anomaly(side, "answer_without_question");
      return;
    }
    if (this.#questions.length >= pendingMax) this.#tell(undefined);
    this.#questions.push(text);
  }

  #tell(answer: string | undefined): void {
    const question = this.#questions.shift() as string;
    this.#context.emit("${kind}", Side.toServer, this.#told++, { question, answer });
  }
}
`;

const index = `import { definePlugin } from "#contract/plugin.ts";
import { ${camel}Kind } from "./facts.ts";
import { ${pascal}Parser, probe } from "./parser.ts";

export default definePlugin({
  name: "${name}",
  summary: "${pascal}: questions and answers.",
  kinds: [${camel}Kind],
  protocols: [{ name: "${name}", transports: ["tcp"], ports: [], probe, create: (context) => new ${pascal}Parser(context) }],
});
`;

const indexTest = `import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

protocolSuite(plugin, import.meta.dirname);
`;

const golden = {
  about: "Two questions at once, one of them answered.",
  protocol: name,
  steps: [
    [0, "text:PING one\nPING two\n"],
    [1, "text:PONG one\n"],
  ],
  events: [
    [kind, 0, 0, { question: "one", answer: "one" }],
    [kind, 0, 1, { question: "two" }],
  ],
  anomalies: [],
};

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}

if (what !== "protocol" || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))
  fail("usage: npm run new protocol NAME (lower case, words joined by -)");
const folder = join(root, "src/protocols", name);
if (existsSync(folder)) fail(`src/protocols/${name} exists: choose another name, or remove it`);
mkdirSync(join(folder, "golden"), { recursive: true });
const files: [string, string][] = [
  ["facts.ts", facts],
  ["parser.ts", parser],
  ["index.ts", index],
  ["index.test.ts", indexTest],
  ["golden/two-questions.json", `${JSON.stringify(golden, undefined, 2)}\n`],
];
for (const [file, text] of files) writeFileSync(join(folder, file), text);
execFileSync(join(root, "node_modules/.bin/biome"), ["check", "--write", folder], { stdio: "pipe" });
execFileSync(process.execPath, [join(root, "tools/generate.ts")], { stdio: "inherit" });
console.log(`src/protocols/${name} is there and passes: vitest run src/protocols/${name}`);
console.log("How to go on: docs/how-to/add-a-protocol.md");
