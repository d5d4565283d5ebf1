import { fromHex, latin1, toHex } from "#base/bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import { latin1Bytes, utf8Bytes } from "#contract/rule-values.ts";
import type { RuleWord, RuleWordPath } from "#schema/rule-word.ts";
import type { Told } from "./drive.ts";

/** Side, transaction, and the value: a number, a text whose characters are bytes, or `hex:` where it is no ASCII. */
export type WordValue = readonly [Side, number, unknown];

/** Wants every word and remembers what it is given. */
export class RecordingTap implements RuleTap {
  /** By word. */
  readonly values = new Map<string, WordValue[]>();
  /** Side and transaction of each call of `judge`. */
  readonly judged: (readonly [Side, number])[] = [];
  readonly members: object[] = [];

  wants(): boolean {
    return true;
  }

  value(word: string, side: Side, txId: number, bytes: Uint8Array, from: number, to: number): void {
    if (from < 0 || to < from || to > bytes.length) throw new Error(`${word}: bytes ${from} to ${to} of ${bytes.length}`);
    this.#add(word, [side, txId, shown(bytes.subarray(from, to))]);
  }

  number(word: string, side: Side, txId: number, value: number): void {
    this.#add(word, [side, txId, value]);
  }

  frame(word: string, side: Side, bytes: Uint8Array, from: number, to: number, length: number): void {
    if (length < to - from) throw new Error(`${word}: ${to - from} bytes of ${length}`);
    this.value(word, side, -1, bytes, from, to);
  }

  judge(side: Side, txId: number, members?: () => object): void {
    this.judged.push([side, txId]);
    if (members !== undefined) this.members.push(members());
  }

  #add(word: string, value: WordValue): void {
    const known = this.values.get(word);
    if (known === undefined) this.values.set(word, [value]);
    else known.push(value);
  }
}

/** Bytes as a golden file has them. */
export function shown(bytes: Uint8Array): string {
  const text = latin1(bytes, 0, bytes.length);
  return /^[\t\r\n -~]*$/.test(text) && !text.startsWith("hex:") ? text : `hex:${toHex(bytes)}`;
}

const sides = { toServer: 0, toClient: 1 } as const;

/** Values of a word in the events of a flow, as `RuleWord.from` says. */
export function valuesInEvents(word: RuleWord, events: readonly Told[]): WordValue[] {
  const found: WordValue[] = [];
  for (const [kind, eventSide, txId, fields, beside] of events)
    for (const side of [0, 1] as const) {
      if (word.side !== "both" && sides[word.side] !== side) continue;
      for (const path of word.from ?? []) {
        if (path.kind !== kind || (path.side === undefined ? eventSide : sides[path.side]) !== side) continue;
        const values = resolve(path, fields, { [kind]: fields, ...beside }).filter((value) => value !== undefined);
        found.push(...told(word, values).map((value): WordValue => [side, txId, value]));
        if (values.length > 0 && word.several !== true) break;
      }
    }
  return found;
}

function resolve({ path }: RuleWordPath, fields: unknown, event: unknown): unknown[] {
  let values: unknown[] = [path.startsWith("/") ? event : fields];
  for (const step of path
    .replace(/^\//, "")
    .split(".")
    .filter((one) => one !== "")) {
    const name = step.replace(/\[\]$/, "");
    values = values.map((value) => (value as { readonly [name: string]: unknown } | undefined)?.[name]);
    if (step.endsWith("[]")) values = values.flat();
  }
  return values;
}

function told(word: RuleWord, values: readonly unknown[]): unknown[] {
  if (word.type === "bytes") return values.map((value) => shown(bytesOf(word, value)));
  if (word.type === "integer") return values.map((value) => numberOf(word, value)).filter((value) => value !== undefined);
  if (word.type === "flags")
    return values.map((value) => [value].flat().reduce<number>((bits, one) => bits | (numberOf(word, one) ?? 0), 0));
  // An object would only be repeated here.
  return values.map((value) => (typeof value === "object" ? "(object)" : value));
}

function bytesOf(word: RuleWord, value: unknown): Uint8Array {
  const text = String(value);
  if (word.encoding === "hex") return fromHex(text.replaceAll(":", ""));
  return word.encoding === "latin1" ? latin1Bytes(text) : utf8Bytes(text);
}

/** Number of a value in an event: itself, 1 for true, digits, or a name that the word knows. */
export function numberOf(word: RuleWord, value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const name = Object.keys(word.numbers ?? {}).find((one) => one.toLowerCase() === value.toLowerCase());
  return name === undefined ? undefined : word.numbers?.[name];
}
