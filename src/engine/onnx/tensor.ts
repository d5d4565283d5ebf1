import { OnnxRefusal } from "./refusal.ts";

/** What stands in a tensor: float is rounded to 32 bits, int are whole numbers that a double holds. */
export type TensorType = "float" | "double" | "int";

/** Numbers in rows (the last dimension lies together). */
export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

export const elementsMax = 4_000_000;
export const dimensionsMax = 8;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** An empty tensor. Throws OnnxRefusal when it would be too large. */
export function tensorOf(type: TensorType, shape: readonly number[]): Tensor {
  checkShape(shape);
  const size = sizeOf(shape);
  return { type, shape, data: type === "float" ? new Float32Array(size) : new Float64Array(size) };
}

/** Nobody walks over lengths that are multiplied by 0: they count as 1. */
function checkShape(shape: readonly number[]): void {
  if (shape.length > dimensionsMax) throw new OnnxRefusal(`a tensor has ${shape.length} dimensions, and ${dimensionsMax} are the most`);
  const isWhole = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!isWhole || sizeOf(shape.map((length) => Math.max(1, length))) > elementsMax)
    throw new OnnxRefusal(`a tensor of ${shape.join("×")} numbers, and ${elementsMax} are the most`, "use a smaller model");
}

/** The same numbers in another shape. */
export function reshaped(tensor: Tensor, shape: readonly number[]): Tensor {
  checkShape(shape);
  if (sizeOf(shape) !== tensor.data.length)
    throw new OnnxRefusal(`${tensor.shape.join("×")} numbers cannot be put into the shape ${shape.join("×")}`);
  return { ...tensor, shape };
}

/** Rows and columns of what is a matrix, or a single row. */
export function matrixOf({ shape }: Tensor): readonly [rows: number, columns: number] {
  if (shape.length > 2 || shape.length === 0) throw new OnnxRefusal(`a tensor of ${shape.length} dimensions where a matrix is needed`);
  return shape.length === 1 ? [1, shape[0] as number] : [shape[0] as number, shape[1] as number];
}

/** An axis, counted from the end when it is negative. */
export function axisOf(axis: number, dimensions: number): number {
  const from = axis < 0 ? axis + dimensions : axis;
  if (!(from >= 0 && from < Math.max(1, dimensions))) throw new OnnxRefusal(`there is no axis ${axis} of ${dimensions}`);
  return from;
}
