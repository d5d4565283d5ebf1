import { floatsOf, intOf, intsOf, needed, type Operator, textAt, textsOf } from "./operator.ts";
import { postTransformOf, secondScore, transformScores } from "./post-transform.ts";
import { OnnxRefusal } from "./refusal.ts";
import { matrixOf, type Tensor, tensorOf } from "./tensor.ts";

/** Each column shifted and stretched; one number stands for all columns. */
const scaler: Operator = (node) => {
  const [offsets, scales] = [floatsOf(node, "offset"), floatsOf(node, "scale")];
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const [rows, columns] = matrixOf(input);
    if ([offsets, scales].some(({ length }) => length > 1 && length !== columns))
      throw new OnnxRefusal(`a scaler for other than ${columns} columns`);
    const out = tensorOf("float", input.shape);
    steps.take(out.data.length);
    for (let i = 0; i < rows * columns; i++) {
      const column = i % columns;
      out.data[i] = ((input.data[i] as number) - valueAt(offsets, column, 0)) * valueAt(scales, column, 1);
    }
    return [out];
  };
};

const valueAt = (list: readonly number[], column: number, otherwise: number): number =>
  list.length === 0 ? otherwise : ((list.length === 1 ? list[0] : list[column]) as number);

/** Rows of length 1. */
const normalizer: Operator = (node) => {
  const norm = textAt(node, "norm", "MAX");
  const measure = norms[norm];
  if (measure === undefined) throw new OnnxRefusal(`the norm ${norm} is not known`, `one of ${Object.keys(norms).join(", ")}`);
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const [rows, columns] = matrixOf(input);
    const out = tensorOf("float", input.shape);
    steps.take(out.data.length);
    for (let row = 0; row < rows; row++) {
      const values = Float64Array.from(input.data.subarray(row * columns, (row + 1) * columns));
      const length = measure(values);
      for (let column = 0; column < columns; column++)
        out.data[row * columns + column] = (values[column] as number) / (length === 0 ? 1 : length);
    }
    return [out];
  };
};

const norms: Readonly<Record<string, (values: Float64Array) => number>> = {
  MAX: (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  L1: (values) => values.reduce((sum, value) => sum + Math.abs(value), 0),
  L2: (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)),
};

/** A weight for each class and column, and what is added to each class. */
interface Weights {
  readonly classes: number;
  readonly coefficients: readonly number[];
  readonly intercepts: readonly number[];
}

function weighted(input: Tensor, row: number, { classes, coefficients, intercepts }: Weights): Float64Array {
  const [, columns] = matrixOf(input);
  if (coefficients.length !== classes * columns)
    throw new OnnxRefusal(`${coefficients.length} coefficients for ${classes} scores of ${columns} columns`);
  const scores = new Float64Array(classes);
  for (let one = 0; one < classes; one++) {
    let sum = intercepts[one] ?? 0;
    for (let column = 0; column < columns; column++)
      sum += (input.data[row * columns + column] as number) * (coefficients[one * columns + column] as number);
    scores[one] = sum;
  }
  return scores;
}

const linearRegressor: Operator = (node) => {
  const weights = {
    classes: intOf(node, "targets", 1),
    coefficients: floatsOf(node, "coefficients"),
    intercepts: floatsOf(node, "intercepts"),
  };
  const transform = postTransformOf(textAt(node, "post_transform", "NONE"));
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const [rows, columns] = matrixOf(input);
    const out = tensorOf("float", [rows, weights.classes]);
    steps.take(rows * weights.classes * columns);
    for (let row = 0; row < rows; row++) {
      const scores = weighted(input, row, weights);
      transformScores(scores, transform);
      out.data.set(scores, row * weights.classes);
    }
    return [out];
  };
};

const linearClassifier: Operator = (node) => {
  const labels = labelsOf(node);
  const [coefficients, intercepts] = [floatsOf(node, "coefficients"), floatsOf(node, "intercepts")];
  const isSingle = intercepts.length === 1 && labels.length === 2;
  const weights = { classes: isSingle ? 1 : labels.length, coefficients, intercepts };
  const transform = postTransformOf(textAt(node, "post_transform", "NONE"));
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const [rows, columns] = matrixOf(input);
    const out = classified(rows, labels.length);
    steps.take(rows * labels.length * columns);
    for (let row = 0; row < rows; row++) {
      const scores = weighted(input, row, weights);
      if (isSingle) {
        const score = scores[0] as number;
        tell(out, row, labels, Number(score > 0), secondScore(score, transform, false));
        continue;
      }
      const best = largestAt(scores);
      transformScores(scores, transform);
      tell(out, row, labels, best, scores);
    }
    return [out.label, out.scores];
  };
};

interface Classified {
  readonly label: Tensor;
  readonly scores: Tensor;
}

/** Labels and scores of so many rows. */
export const classified = (rows: number, classes: number): Classified => ({
  label: tensorOf("int", [rows]),
  scores: tensorOf("float", [rows, classes]),
});

export function tell({ label, scores }: Classified, row: number, labels: readonly number[], best: number, values: ArrayLike<number>): void {
  label.data[row] = labels[best] ?? best;
  scores.data.set(values, row * labels.length);
}

export const largestAt = (scores: Float64Array): number =>
  scores.reduce((best, score, at) => (score > (scores[best] as number) ? at : best), 0);

/** Numbers of the classes; those that have names are counted. */
export function labelsOf(node: Parameters<Operator>[0]): readonly number[] {
  const numbers = intsOf(node, "classlabels_int64s") ?? intsOf(node, "classlabels_ints") ?? [];
  const names = [...textsOf(node, "classlabels_strings")];
  const labels = numbers.length > 0 ? numbers : names.map((_, at) => at);
  if (labels.length === 0) throw new OnnxRefusal("a classifier without classes");
  return labels;
}

/** Operators of classical models (ai.onnx.ml) but the trees. */
export const classical: Readonly<Record<string, Operator>> = {
  Scaler: scaler,
  Normalizer: normalizer,
  LinearRegressor: linearRegressor,
  LinearClassifier: linearClassifier,
};
