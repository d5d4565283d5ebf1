import { tensorTypeOf } from "./onnx-file.ts";
import { floatOf, intOf, needed, type Operation, type Operator, type Steps } from "./operator.ts";
import { OnnxRefusal } from "./refusal.ts";
import { sizeOf, type Tensor, type TensorType, tensorOf } from "./tensor.ts";

type Meaning = (a: number, b: number, c: number) => number;

/** Shape that tensors have together (ONNX, "Broadcasting"): lengths are equal, or 1 of them is stretched. */
export function commonShape(shapes: readonly (readonly number[])[]): readonly number[] {
  const dimensions = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: dimensions }, (_, i) => {
    const lengths = shapes.map((shape) => shape[i - dimensions + shape.length] ?? 1);
    const length = lengths.find((one) => one !== 1) ?? 1;
    if (lengths.some((one) => one !== 1 && one !== length))
      throw new OnnxRefusal(`the shapes ${shapes.map((shape) => shape.join("×")).join(" and ")} do not fit together`);
    return length;
  });
}

/** Up to three tensors, number by number. */
function spread(inputs: readonly Tensor[], type: TensorType, meaning: Meaning, steps: Steps): Tensor {
  const shape = commonShape(inputs.map((input) => input.shape));
  const out = tensorOf(type, shape);
  steps.take(out.data.length);
  if (inputs.every(({ data }) => data.length === out.data.length)) {
    const [a, b, c] = inputs.map(({ data }) => data);
    for (let i = 0; i < out.data.length; i++) out.data[i] = meaning(a?.[i] ?? 0, b?.[i] ?? 0, c?.[i] ?? 0);
    return out;
  }
  const strides = inputs.map((input) => stridesOf(input.shape, shape));
  const values = [0, 0, 0];
  for (let i = 0; i < out.data.length; i++) {
    inputs.forEach(({ data }, k) => {
      let [rest, at] = [i, 0];
      const stride = strides[k] as readonly number[];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const length = shape[axis] as number;
        at += (rest % length) * (stride[axis] as number);
        rest = Math.floor(rest / length);
      }
      values[k] = data[at] as number;
    });
    out.data[i] = meaning(values[0] as number, values[1] as number, values[2] as number);
  }
  return out;
}

/** How far a step along each axis of the common shape moves in the tensor: not at all where it is stretched. */
function stridesOf(own: readonly number[], shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => {
    const at = axis - shape.length + own.length;
    return at < 0 || own[at] === 1 ? 0 : sizeOf(own.slice(at + 1));
  });
}

const one =
  (meaning: (a: number, node: { readonly alpha: number; readonly beta: number }) => number, alpha = 0, beta = 0): Operator =>
  (node) => {
    const words = { alpha: floatOf(node, "alpha", alpha), beta: floatOf(node, "beta", beta) };
    return (inputs, steps) => {
      const input = needed(inputs, 0);
      return [spread([input], input.type, (a) => meaning(a, words), steps)];
    };
  };

const two =
  (meaning: Meaning, type?: TensorType): Operator =>
  () =>
  (inputs, steps) => {
    const [a, b] = [needed(inputs, 0), needed(inputs, 1)];
    return [spread([a, b], type ?? a.type, meaning, steps)];
  };

/** Any number of inputs, one after the other. */
const many =
  (meaning: Meaning): Operator =>
  () =>
  (inputs, steps) => [
    inputs.slice(1).reduce((sum: Tensor, input) => spread([sum, input ?? sum], sum.type, meaning, steps), needed(inputs, 0)),
  ];

/** Limits are attributes until version 10, then inputs. */
const clip: Operator = (node) => {
  const low = floatOf(node, "min", Number.NEGATIVE_INFINITY);
  const high = floatOf(node, "max", Number.POSITIVE_INFINITY);
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const from = inputs[1]?.data[0] ?? low;
    const to = inputs[2]?.data[0] ?? high;
    return [spread([input], input.type, (a) => Math.min(to, Math.max(from, a)), steps)];
  };
};

const cast: Operator = (node) => {
  const type = tensorTypeOf(intOf(node, "to", 1));
  const isTruth = intOf(node, "to", 1) === 9;
  if (type === undefined)
    throw new OnnxRefusal(`numbers are turned into the type ${intOf(node, "to", 1)}`, "leave the labels out of the model");
  const meaning = (a: number): number => (isTruth ? Number(a !== 0) : type === "int" ? Math.trunc(a) : a);
  return (inputs, steps) => [spread([needed(inputs, 0)], type, meaning, steps)];
};

const where: Operator = () => (inputs, steps) => {
  const [test, a, b] = [needed(inputs, 0), needed(inputs, 1), needed(inputs, 2)];
  return [spread([test, a, b], a.type, (holds, yes, no) => (holds === 0 ? no : yes), steps)];
};

const divide: Operator = () => (inputs, steps) => {
  const [a, b] = [needed(inputs, 0), needed(inputs, 1)];
  return [spread([a, b], a.type, a.type === "int" ? (x, y) => Math.trunc(x / y) : (x, y) => x / y, steps)];
};

/** Scale and shift of columns by what the training saw (BatchNormalization outside of training). */
const batchNormalization: Operator = (node): Operation => {
  const epsilon = floatOf(node, "epsilon", 1e-5);
  return (inputs, steps) => {
    const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((at) => needed(inputs, at)) as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const centred = spread([x, mean, variance], x.type, (a, m, v) => (a - m) / Math.sqrt(v + epsilon), steps);
    return [spread([centred, scale, bias], x.type, (a, s, b) => a * s + b, steps)];
  };
};

export const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));

/** Operators that look at one number at a time. */
export const elementwise: Readonly<Record<string, Operator>> = {
  Add: two((a, b) => a + b),
  Sub: two((a, b) => a - b),
  Mul: two((a, b) => a * b),
  Div: divide,
  Pow: two((a, b) => a ** b),
  Max: many((a, b) => Math.max(a, b)),
  Min: many((a, b) => Math.min(a, b)),
  Sum: many((a, b) => a + b),
  Less: two((a, b) => Number(a < b), "int"),
  LessOrEqual: two((a, b) => Number(a <= b), "int"),
  Greater: two((a, b) => Number(a > b), "int"),
  GreaterOrEqual: two((a, b) => Number(a >= b), "int"),
  Equal: two((a, b) => Number(a === b), "int"),
  And: two((a, b) => Number(a !== 0 && b !== 0), "int"),
  Or: two((a, b) => Number(a !== 0 || b !== 0), "int"),
  Not: one((a) => Number(a === 0)),
  Abs: one((a) => Math.abs(a)),
  Neg: one((a) => -a),
  Exp: one((a) => Math.exp(a)),
  Log: one((a) => Math.log(a)),
  Sqrt: one((a) => Math.sqrt(a)),
  Relu: one((a) => Math.max(0, a)),
  LeakyRelu: one((a, { alpha }) => (a < 0 ? alpha * a : a), 0.01),
  Elu: one((a, { alpha }) => (a < 0 ? alpha * (Math.exp(a) - 1) : a), 1),
  HardSigmoid: one((a, { alpha, beta }) => Math.max(0, Math.min(1, alpha * a + beta)), 0.2, 0.5),
  Softplus: one((a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)))),
  Sigmoid: one(logistic),
  Tanh: one((a) => Math.tanh(a)),
  Clip: clip,
  Cast: cast,
  Where: where,
  BatchNormalization: batchNormalization,
};
