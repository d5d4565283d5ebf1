import { createRequire } from "node:module";
import type { Node, Parser } from "web-tree-sitter";
import type { Chunk } from "./declaration-chunks.ts";
import { catalogLimits } from "./limits.ts";
import { Refusal } from "./problem.ts";
import type { Token } from "./tokens.ts";

/** A node of a declaration's syntax tree, with places in the declaration's tokens. */
export interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  /** Name of the role that it has in the node around it: `type`, `declarator`, `body`. */
  readonly role: string | undefined;
  /** Index of its first token and of the one behind its last. */
  readonly from: number;
  readonly to: number;
  readonly missing: boolean;
  readonly children: readonly SyntaxNode[];
}

/** Reads declarations of C with tree-sitter's grammar. */
export class SyntaxParser {
  readonly #parser: Parser;

  private constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** Loads the parser and the grammar: 0.8 MB of WebAssembly, about 25 ms. Only for catalogs that have headers. */
  static async load(): Promise<SyntaxParser> {
    const { Language, Parser } = await import("web-tree-sitter");
    await Parser.init();
    const grammar = createRequire(import.meta.url).resolve("tree-sitter-c/tree-sitter-c.wasm");
    const parser = new Parser();
    parser.setLanguage(await Language.load(grammar));
    return new SyntaxParser(parser);
  }

  /** The tree of one declaration. Throws `Refusal` when it is too much work. */
  parse(chunk: Chunk): SyntaxNode {
    const starts: number[] = [];
    let length = 0;
    for (const { text } of chunk.tokens) {
      starts.push(length);
      length += text.length + 1;
    }
    let steps = 0;
    const progressCallback = (): boolean => ++steps > catalogLimits.parseStepsMax;
    const tree = this.#parser.parse(chunk.tokens.map(({ text }) => text).join(" "), undefined, { progressCallback });
    if (tree === null) {
      this.#parser.reset();
      throw new Refusal("this declaration is too hard to read", "simplify it", chunk.tokens[0]);
    }
    try {
      return plain(tree.rootNode, undefined, starts, 0, chunk.tokens);
    } finally {
      tree.delete();
    }
  }

  [Symbol.dispose](): void {
    this.#parser.delete();
  }
}

/** A copy of the tree that lives in JavaScript. */
function plain(node: Node, role: string | undefined, starts: readonly number[], depth: number, tokens: readonly Token[]): SyntaxNode {
  if (depth > catalogLimits.nestingMax * 4) throw new Refusal("this declaration is nested too deeply", "simplify it", tokens[0]);
  const first = tokenAt(starts, node.startIndex);
  // What is missing stands between two tokens.
  const from = node.isMissing && (starts[first] as number) < node.startIndex ? first + 1 : first;
  const to = node.endIndex === node.startIndex ? from : tokenAt(starts, node.endIndex - 1) + 1;
  const children: SyntaxNode[] = [];
  node.children.forEach((child, index) => {
    children.push(plain(child, node.fieldNameForChild(index) ?? undefined, starts, depth + 1, tokens));
  });
  const text = children.length === 0 ? node.text : "";
  return { type: node.type, text, role, from, to, missing: node.isMissing, children };
}

/** Index of the token that holds an offset of the text. */
function tokenAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const childOf = (node: SyntaxNode, role: string): SyntaxNode | undefined => node.children.find((child) => child.role === role);

/** The first node that is wrong; `undefined` in a tree without errors. Bit-fields may lack a name. */
export function wrongNode(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === "ERROR" || node.missing) return node;
  for (const [index, child] of node.children.entries()) {
    if (child.missing && child.type === "field_identifier" && node.children[index + 1]?.type === "bitfield_clause") continue;
    const wrong = wrongNode(child);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
