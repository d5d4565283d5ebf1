import { floatOf, intOf, intsOf, needed, type Operator, type Steps } from "./operator.ts";
import { OnnxRefusal } from "./refusal.ts";
import { axisOf, matrixOf, sizeOf, type Tensor, tensorOf } from "./tensor.ts";

/** Y = alpha A' B' + beta C, where C is stretched over the rows or columns. */
const gemm: Operator = (node) => {
  const [alpha, beta] = [floatOf(node, "alpha", 1), floatOf(node, "beta", 1)];
  const [turnsA, turnsB] = [intOf(node, "transA", 0) !== 0, intOf(node, "transB", 0) !== 0];
  return (inputs, steps) => {
    const out = product(needed(inputs, 0), needed(inputs, 1), turnsA, turnsB, alpha, steps);
    const addend = inputs[2];
    if (addend === undefined) return [out];
    const [rows, columns] = matrixOf(out);
    const [high, wide] = addend.shape.length === 0 ? [1, 1] : matrixOf(addend);
    if ((high !== 1 && high !== rows) || (wide !== 1 && wide !== columns))
      throw new OnnxRefusal("what is added to a product has another shape");
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const at = (high === 1 ? 0 : row * wide) + (wide === 1 ? 0 : column);
        out.data[row * columns + column] = (out.data[row * columns + column] as number) + beta * (addend.data[at] as number);
      }
    return [out];
  };
};

const matMul: Operator = () => (inputs, steps) => {
  const [a, b] = [needed(inputs, 0), needed(inputs, 1)];
  // A vector on the right is a column.
  const right = b.shape.length === 1 ? { ...b, shape: [b.data.length, 1] } : b;
  const out = product(a, right, false, false, 1, steps);
  const shape = [...(a.shape.length === 1 ? [] : [out.shape[0] as number]), ...(b.shape.length === 1 ? [] : [out.shape[1] as number])];
  return [{ ...out, shape }];
};

/** Sums are kept in doubles and rounded once. */
function product(a: Tensor, b: Tensor, turnsA: boolean, turnsB: boolean, alpha: number, steps: Steps): Tensor {
  const [aRows, aColumns] = matrixOf(a);
  const [bRows, bColumns] = matrixOf(b);
  const [rows, inner] = turnsA ? [aColumns, aRows] : [aRows, aColumns];
  const [other, columns] = turnsB ? [bColumns, bRows] : [bRows, bColumns];
  if (inner !== other) throw new OnnxRefusal(`a product of ${rows}×${inner} and ${other}×${columns}`);
  const out = tensorOf(a.type, [rows, columns]);
  steps.take(rows * columns * Math.max(1, inner));
  const [aStep, aLine] = turnsA ? [aColumns, 1] : [1, aColumns];
  const [bStep, bLine] = turnsB ? [1, bColumns] : [bColumns, 1];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += (a.data[row * aLine + k * aStep] as number) * (b.data[k * bStep + column * bLine] as number);
      out.data[row * columns + column] = alpha * sum;
    }
  return out;
}

/** Until version 12 all axes from the named one on are one. */
const softmax: Operator = (node, opset) => {
  const isOne = opset >= 13;
  const given = intOf(node, "axis", isOne ? -1 : 1);
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const axis = axisOf(given, input.shape.length);
    const length = isOne ? (input.shape[axis] ?? 1) : sizeOf(input.shape.slice(axis));
    const stride = isOne ? sizeOf(input.shape.slice(axis + 1)) : 1;
    const out = tensorOf(input.type, input.shape);
    steps.take(out.data.length * 2);
    for (let first = 0; first < out.data.length; first++)
      if (Math.floor(first / stride) % length === 0) softmaxOf(input.data, out.data, first, length, stride);
    return [out];
  };
};

function softmaxOf(from: Tensor["data"], to: Tensor["data"], first: number, length: number, stride: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < length; k++) largest = Math.max(largest, from[first + k * stride] as number);
  let sum = 0;
  for (let k = 0; k < length; k++) sum += Math.exp((from[first + k * stride] as number) - largest);
  for (let k = 0; k < length; k++) to[first + k * stride] = Math.exp((from[first + k * stride] as number) - largest) / sum;
}

/** Axes are an attribute, or an input in newer versions; none are all. */
const reduce =
  (isMean: boolean): Operator =>
  (node) => {
    const keeps = intOf(node, "keepdims", 1) !== 0;
    return (inputs, steps) => {
      const input = needed(inputs, 0);
      const { shape } = input;
      const named = intsOf(node, "axes") ?? [...(inputs[1]?.data ?? [])];
      const axes = new Set(named.length === 0 ? shape.keys() : named.map((axis) => axisOf(axis, shape.length)));
      const kept = shape.map((length, axis) => (axes.has(axis) ? 1 : length));
      const sums = new Float64Array(sizeOf(kept));
      steps.take(input.data.length);
      for (let i = 0; i < input.data.length; i++) {
        let [rest, at, step] = [i, 0, 1];
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          const length = shape[axis] as number;
          if (!axes.has(axis)) {
            at += (rest % length) * step;
            step *= length;
          }
          rest = Math.floor(rest / length);
        }
        sums[at] = (sums[at] as number) + (input.data[i] as number);
      }
      const out = tensorOf(input.type, keeps ? kept : shape.filter((_, axis) => !axes.has(axis)));
      const parts = isMean ? input.data.length / Math.max(1, sums.length) : 1;
      for (let i = 0; i < sums.length; i++) out.data[i] = (sums[i] as number) / parts;
      return [out];
    };
  };

/** Where the largest number along an axis stands; the first of equal ones. */
const argMax: Operator = (node) => {
  const keeps = intOf(node, "keepdims", 1) !== 0;
  const given = intOf(node, "axis", 0);
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const { shape, data } = input;
    const axis = axisOf(given, shape.length);
    const [length, stride] = [shape[axis] ?? 1, sizeOf(shape.slice(axis + 1))];
    const out = tensorOf("int", keeps ? shape.map((one, at) => (at === axis ? 1 : one)) : shape.toSpliced(axis, 1));
    steps.take(data.length);
    for (let i = 0; i < out.data.length; i++) {
      const first = Math.floor(i / stride) * stride * length + (i % stride);
      let best = 0;
      for (let k = 1; k < length; k++) if ((data[first + k * stride] as number) > (data[first + best * stride] as number)) best = k;
      out.data[i] = best;
    }
    return [out];
  };
};

/** Operators over rows and columns. */
export const matrix: Readonly<Record<string, Operator>> = {
  Gemm: gemm,
  MatMul: matMul,
  Softmax: softmax,
  ReduceMean: reduce(true),
  ReduceSum: reduce(false),
  ArgMax: argMax,
};
