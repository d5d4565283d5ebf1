import type { Literal } from "#base/literal.ts";
import type { PcreNode, SetNode } from "./pcre-tree.ts";

/** Copies of a counted repetition that are looked at. */
const copiesMax = 64;

/** Runs of bytes that every match contains, the longest first. */
export function literalsOf(root: PcreNode): readonly Literal[] {
  const collector = new LiteralCollector();
  collector.visit(root);
  return collector.runs();
}

/**
 * Walks what a match must contain, from left to right, and keeps the runs of bytes that follow each other. Where a letter
 * may have either case, the whole run is searched without case: that finds more, never less.
 */
class LiteralCollector {
  #run: number[] = [];
  #nocase = false;
  readonly #runs: Literal[] = [];

  runs(): readonly Literal[] {
    this.#end();
    return this.#runs.toSorted((one, other) => other.bytes.length - one.bytes.length);
  }

  visit(node: PcreNode): void {
    switch (node.kind) {
      case "set":
        this.#take(node);
        return;
      case "sequence":
        for (const part of node.parts) this.visit(part);
        return;
      case "group":
      case "atomic":
        this.visit(node.body);
        return;
      case "place":
      case "look":
        // They take no byte: what stands before and after them is adjacent.
        return;
      case "repeat": {
        for (let i = 0; i < Math.min(node.min, copiesMax); i++) this.visit(node.body);
        if (node.max > node.min || node.min > copiesMax) this.#end();
        return;
      }
      default:
        this.#end();
    }
  }

  #take({ byte, bits }: SetNode): void {
    if (byte < 0) {
      this.#end();
      return;
    }
    this.#nocase ||= bits !== 0;
    this.#run.push(byte);
  }

  #end(): void {
    if (this.#run.length > 0) this.#runs.push({ bytes: Uint8Array.from(this.#run), nocase: this.#nocase });
    this.#run = [];
    this.#nocase = false;
  }
}
