import { intOf, intsOf, needed, type Operation, type Operator } from "./operator.ts";
import { OnnxRefusal } from "./refusal.ts";
import { axisOf, reshaped, sizeOf, type Tensor, tensorOf } from "./tensor.ts";

const same: Operator = () => (inputs) => [needed(inputs, 0)];

const constant: Operator = (node) => {
  const value = node.attributes.get("value")?.tensor;
  const number = node.attributes.get("value_float")?.float ?? node.attributes.get("value_int")?.int;
  const list = node.attributes.get("value_floats")?.floats ?? intsOf(node, "value_ints");
  const type = node.attributes.has("value_int") || node.attributes.has("value_ints") ? "int" : "float";
  const tensor = value ?? tensorOf(type, list === undefined ? [] : [list.length]);
  if (value === undefined) tensor.data.set(list ?? [number ?? 0]);
  return () => [tensor];
};

/** Axes are an attribute in older versions, and an input in newer ones. */
const axesOf = (attribute: readonly number[] | undefined, input: Tensor | undefined): readonly number[] =>
  attribute ?? (input === undefined ? [] : [...input.data]);

const reshape: Operator = (node): Operation => {
  const attribute = intsOf(node, "shape");
  const keepsZero = intOf(node, "allowzero", 0) === 0;
  return (inputs) => {
    const input = needed(inputs, 0);
    const wanted = axesOf(attribute, inputs[1]).map((length, axis) => (length === 0 && keepsZero ? (input.shape[axis] ?? 0) : length));
    const known = wanted.filter((length) => length !== -1).reduce((product, length) => product * length, 1);
    return [
      reshaped(
        input,
        wanted.map((length) => (length === -1 ? input.data.length / known : length)),
      ),
    ];
  };
};

const flatten: Operator = (node) => (inputs) => {
  const input = needed(inputs, 0);
  const given = intOf(node, "axis", 1);
  const axis = given < 0 ? given + input.shape.length : given;
  return [reshaped(input, [sizeOf(input.shape.slice(0, axis)), sizeOf(input.shape.slice(axis))])];
};

const unsqueeze: Operator = (node) => (inputs) => {
  const input = needed(inputs, 0);
  const axes = axesOf(intsOf(node, "axes"), inputs[1]);
  const dimensions = input.shape.length + axes.length;
  const places = new Set(axes.map((axis) => axisOf(axis, dimensions)));
  const rest = [...input.shape];
  return [
    reshaped(
      input,
      Array.from({ length: dimensions }, (_, axis) => (places.has(axis) ? 1 : (rest.shift() ?? 1))),
    ),
  ];
};

const squeeze: Operator = (node) => (inputs) => {
  const input = needed(inputs, 0);
  const axes = axesOf(intsOf(node, "axes"), inputs[1]).map((axis) => axisOf(axis, input.shape.length));
  return [
    reshaped(
      input,
      input.shape.filter((length, axis) => (axes.length === 0 ? length !== 1 : !axes.includes(axis))),
    ),
  ];
};

const concat: Operator = (node) => (inputs, steps) => {
  const first = needed(inputs, 0);
  const parts = inputs.filter((part) => part !== undefined);
  const axis = axisOf(intOf(node, "axis", 0), first.shape.length);
  const fits = ({ shape }: Tensor): boolean =>
    shape.length === first.shape.length && shape.every((length, at) => at === axis || length === first.shape[at]);
  if (!parts.every(fits)) throw new OnnxRefusal("what is put together has different shapes");
  const shape = first.shape.map((length, at) => (at === axis ? parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0) : length));
  const out = tensorOf(first.type, shape);
  steps.take(out.data.length);
  const outer = sizeOf(shape.slice(0, axis));
  let at = 0;
  for (let row = 0; row < outer; row++)
    for (const { data } of parts) {
      const length = data.length / Math.max(1, outer);
      out.data.set(data.subarray(row * length, (row + 1) * length), at);
      at += length;
    }
  return [out];
};

const transpose: Operator = (node) => (inputs, steps) => {
  const input = needed(inputs, 0);
  const { shape } = input;
  const order = intsOf(node, "perm") ?? shape.map((_, axis) => shape.length - 1 - axis);
  if (order.toSorted((a, b) => a - b).some((axis, at) => axis !== at) || order.length !== shape.length)
    throw new OnnxRefusal(`${order.join(", ")} is no order of ${shape.length} axes`);
  const out = tensorOf(
    input.type,
    order.map((axis) => shape[axis] as number),
  );
  steps.take(out.data.length);
  for (let i = 0; i < out.data.length; i++) {
    let [rest, at] = [i, 0];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      const length = out.shape[axis] as number;
      at += (rest % length) * sizeOf(shape.slice((order[axis] as number) + 1));
      rest = Math.floor(rest / length);
    }
    out.data[i] = input.data[at] as number;
  }
  return [out];
};

/** Slices along an axis by their numbers, negative ones from the end. */
const gather: Operator = (node) => (inputs, steps) => {
  const [input, indices] = [needed(inputs, 0), needed(inputs, 1)];
  const axis = axisOf(intOf(node, "axis", 0), input.shape.length);
  const length = input.shape[axis] ?? 1;
  const inner = sizeOf(input.shape.slice(axis + 1));
  const outer = sizeOf(input.shape.slice(0, axis));
  const out = tensorOf(input.type, [...input.shape.slice(0, axis), ...indices.shape, ...input.shape.slice(axis + 1)]);
  steps.take(out.data.length);
  let at = 0;
  for (let row = 0; row < outer; row++)
    for (const index of indices.data) {
      const from = (row * length + axisOf(index, length)) * inner;
      out.data.set(input.data.subarray(from, from + inner), at);
      at += inner;
    }
  return [out];
};

/** Columns of the last axis by their numbers (ai.onnx.ml). */
const arrayFeatureExtractor: Operator = () => (inputs, steps) => {
  const [input, indices] = [needed(inputs, 0), needed(inputs, 1)];
  const width = input.shape.at(-1) ?? 1;
  const rows = input.data.length / Math.max(1, width);
  const outer = input.shape.length > 1 ? input.shape.slice(0, -1) : [1];
  const out = tensorOf(input.type, [...outer, indices.data.length]);
  steps.take(out.data.length);
  for (let i = 0; i < out.data.length; i++) {
    const row = Math.floor(i / indices.data.length);
    const column = axisOf(indices.data[i % indices.data.length] as number, width);
    if (row < rows) out.data[i] = input.data[row * width + column] as number;
  }
  return [out];
};

/** Operators that move numbers, and compute none. */
export const shaping: Readonly<Record<string, Operator>> = {
  Identity: same,
  Dropout: same,
  Constant: constant,
  Reshape: reshape,
  Flatten: flatten,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Concat: concat,
  Transpose: transpose,
  Gather: gather,
};

/** Those of classical models. A map of classes becomes the row of its values, in the order of the classes. */
export const classicalShaping: Readonly<Record<string, Operator>> = { ZipMap: same, ArrayFeatureExtractor: arrayFeatureExtractor };
