import type { OnnxAttribute, OnnxNode } from "./onnx-file.ts";
import { OnnxRefusal } from "./refusal.ts";
import type { Tensor } from "./tensor.ts";

/** What a node does with its inputs; one that is left out is `undefined`. Throws OnnxRefusal for shapes that do not fit. */
export type Operation = (inputs: readonly (Tensor | undefined)[], steps: Steps) => readonly Tensor[];

/** Makes an operation of a node, once: what its attributes say is read here. Throws OnnxRefusal. */
export type Operator = (node: OnnxNode, opset: number) => Operation;

/** Counts the numbers that an evaluation computes. */
export class Steps {
  readonly #max: number;
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  begin(): void {
    this.#count = 0;
  }

  get count(): number {
    return this.#count;
  }

  take(count: number): void {
    this.#count += count;
    if (this.#count > this.#max) throw new OnnxRefusal(`one evaluation takes more than ${this.#max} steps`, "use a smaller model");
  }
}

/** An input that has to be there. */
export function needed(inputs: readonly (Tensor | undefined)[], at: number): Tensor {
  const input = inputs[at];
  if (input === undefined) throw new OnnxRefusal(`its input ${at + 1} is missing`);
  return input;
}

const attribute = (node: OnnxNode, name: string): OnnxAttribute | undefined => node.attributes.get(name);
export const intOf = (node: OnnxNode, name: string, otherwise: number): number => attribute(node, name)?.int ?? otherwise;
export const floatOf = (node: OnnxNode, name: string, otherwise: number): number => attribute(node, name)?.float ?? otherwise;
export const textAt = (node: OnnxNode, name: string, otherwise: string): string => attribute(node, name)?.text ?? otherwise;
export const intsOf = (node: OnnxNode, name: string): readonly number[] | undefined => attribute(node, name)?.ints;
export const textsOf = (node: OnnxNode, name: string): readonly string[] => attribute(node, name)?.texts ?? [];
/** Floats, or the newer attribute with the same as a tensor. */
export function floatsOf(node: OnnxNode, name: string): readonly number[] {
  const tensor = attribute(node, `${name}_as_tensor`)?.tensor;
  return tensor === undefined ? (attribute(node, name)?.floats ?? []) : [...tensor.data];
}
