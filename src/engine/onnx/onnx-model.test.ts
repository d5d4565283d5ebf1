import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { isRefusal, knownOperators, type OnnxModel, openOnnx } from "./onnx-model.ts";
import { type WrittenModel, type WrittenNode, type WrittenTensor, writeOnnx } from "./onnx-writer.common.ts";

const ml = "ai.onnx.ml";

function opened(model: WrittenModel, columns = 2): OnnxModel {
  const answer = openOnnx(writeOnnx(model, columns), columns);
  if (isRefusal(answer)) throw new Error(answer.cause);
  return answer;
}

/** Numbers of the output `y` for a row. */
function evaluated(model: WrittenModel, row: readonly number[], output = "y"): number[] {
  const one = opened(model, row.length);
  one.run(Float64Array.from(row));
  return [...(one.output(output)?.data ?? [])];
}

const node = (operator: string, inputs: string, attributes: WrittenNode["attributes"] = {}, domain = "", outputs = "y"): WrittenNode => ({
  operator,
  inputs: inputs.split(" "),
  outputs: outputs.split(" "),
  attributes,
  domain,
});
const row = (values: readonly number[]): WrittenTensor => ({ shape: [1, values.length], values });
const whole = (...values: number[]): WrittenTensor => ({ shape: [values.length], values, type: "int64" });
const close = (found: readonly number[], wanted: readonly number[], digits = 6): void => {
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(wanted[i] as number, digits);
};

describe("one operator", () => {
  test.each<readonly [string, WrittenNode, readonly number[], readonly number[], Record<string, WrittenTensor>]>([
    ["Add stretches a single number", node("Add", "x b"), [1, 2], [11, 12], { b: { shape: [1], values: [10] } }],
    ["Sub", node("Sub", "x b"), [1, 2], [-2, -2], { b: row([3, 4]) }],
    ["Mul of a row and a column", node("Mul", "x b"), [1, 2], [3, 6, 4, 8], { b: { shape: [2, 1], values: [3, 4] } }],
    ["Div", node("Div", "x b"), [1, 2], [0.5, 0.5], { b: row([2, 4]) }],
    ["Pow", node("Pow", "x b"), [3, 2], [9, 4], { b: { shape: [], values: [2] } }],
    ["Relu", node("Relu", "x"), [-1, 2], [0, 2], {}],
    ["LeakyRelu", node("LeakyRelu", "x", { alpha: 0.25 }), [-2, 2], [-0.5, 2], {}],
    ["Elu", node("Elu", "x"), [-1, 2], [Math.expm1(-1), 2], {}],
    ["Sigmoid", node("Sigmoid", "x"), [0, Math.log(3)], [0.5, 0.75], {}],
    ["Tanh", node("Tanh", "x"), [0, 0.5], [0, (Math.E - 1) / (Math.E + 1)], {}],
    ["Softplus", node("Softplus", "x"), [0, 100], [Math.LN2, 100], {}],
    ["Clip by inputs", node("Clip", "x a b"), [-5, 5], [-1, 2], { a: { shape: [], values: [-1] }, b: { shape: [], values: [2] } }],
    ["Softmax", node("Softmax", "x"), [0, Math.log(3)], [0.25, 0.75], {}],
    [
      "Gemm turns its weights",
      node("Gemm", "x b c", { transB: { int: 1 }, alpha: 2 }),
      [1, 2],
      [2 * 11 + 1, 2 * 17 + 2],
      { b: { shape: [2, 2], values: [3, 4, 5, 6] }, c: { shape: [2], values: [1, 2] } },
    ],
    ["MatMul", node("MatMul", "x b"), [1, 2], [13, 16], { b: { shape: [2, 2], values: [3, 4, 5, 6] } }],
    ["MatMul by a vector", node("MatMul", "x b"), [1, 2], [11], { b: { shape: [2], values: [3, 4] } }],
    ["Concat", node("Concat", "x b x", { axis: { int: 1 } }), [1, 2], [1, 2, 9, 1, 2], { b: row([9]) }],
    ["Reshape to a column", node("Reshape", "x s"), [1, 2], [1, 2], { s: whole(-1, 1) }],
    ["Transpose", node("Transpose", "x"), [1, 2], [1, 2], {}],
    ["Flatten", node("Flatten", "x"), [1, 2], [1, 2], {}],
    ["Gather of a column", node("Gather", "x i", { axis: { int: 1 } }), [1, 2], [2], { i: whole(-1) }],
    ["Cast to whole numbers", node("Cast", "x", { to: { int: 7 } }), [1.9, -1.9], [1, -1], {}],
    ["ReduceMean", node("ReduceMean", "x", { axes: { ints: [1] } }), [1, 2], [1.5], {}],
    ["ReduceSum by an input", node("ReduceSum", "x a"), [1, 2], [3], { a: whole(-1) }],
    ["ArgMax", node("ArgMax", "x", { axis: { int: 1 } }), [1, 2], [1], {}],
    ["Where", node("Where", "c x b"), [1, 2], [1, 8], { b: row([7, 8]), c: { shape: [1, 2], values: [1, 0], type: "int64" } }],
    [
      "BatchNormalization",
      node("BatchNormalization", "x s b m v", { epsilon: 0 }),
      [3, 6],
      [2 * 1 + 1, 2 * 2 + 1],
      {
        s: { shape: [2], values: [2, 2] },
        b: { shape: [2], values: [1, 1] },
        m: { shape: [2], values: [1, 2] },
        v: { shape: [2], values: [4, 4] },
      },
    ],
    ["Scaler", node("Scaler", "x", { offset: [1, 2], scale: [2, 0.5] }, ml), [3, 6], [4, 2], {}],
    ["Normalizer by length", node("Normalizer", "x", { norm: "L2" }, ml), [3, -4], [0.6, -0.8], {}],
    ["Normalizer by sum", node("Normalizer", "x", { norm: "L1" }, ml), [3, -1], [0.75, -0.25], {}],
    ["ArrayFeatureExtractor", node("ArrayFeatureExtractor", "x i", {}, ml), [3, 6], [6, 3], { i: whole(1, 0) }],
    ["LinearRegressor", node("LinearRegressor", "x", { coefficients: [2, 3], intercepts: [1] }, ml), [3, 6], [25], {}],
  ])("%s", (_case, operation, given, wanted, tensors) => close(evaluated({ nodes: [operation], tensors }, given), wanted));

  test("tensors as typed numbers are those as bytes", () => {
    for (const type of ["float", "double", "int64"] as const)
      for (const typed of [true, false])
        close(evaluated({ nodes: [node("Add", "x b")], tensors: { b: { shape: [1, 2], values: [5, -7], type, typed } } }, [1, 2]), [6, -5]);
  });
});

test("a network gives what the sums written out give", () => {
  const random = new Random(3);
  const numbers = (count: number): number[] => Array.from({ length: count }, () => Math.fround(random.unit() * 2 - 1));
  for (let round = 0; round < 20; round++) {
    const [a, b, c, d] = [numbers(12), numbers(4), numbers(4), numbers(1)];
    const x = numbers(3);
    const hidden = b.map((bias, h) => Math.max(0, bias + x.reduce((sum, value, i) => sum + value * (a[i * 4 + h] as number), 0)));
    const sum = hidden.reduce((total, value, h) => total + value * (c[h] as number), d[0] as number);
    const model = {
      nodes: [
        node("MatMul", "x a", {}, "", "h1"),
        node("Add", "h1 b", {}, "", "h2"),
        node("Relu", "h2", {}, "", "h3"),
        node("Gemm", "h3 c d", { transB: { int: 1 } }, "", "h4"),
        node("Sigmoid", "h4"),
      ],
      tensors: {
        a: { shape: [3, 4], values: a },
        b: { shape: [4], values: b },
        c: { shape: [1, 4], values: c },
        d: { shape: [1], values: d },
      },
    };
    close(evaluated(model, x), [1 / (1 + Math.exp(-sum))]);
  }
});

test("a logistic regression of two rows of coefficients", () => {
  const model = {
    nodes: [
      node(
        "LinearClassifier",
        "x",
        { coefficients: [-1, 2, 1, -2], intercepts: [-0.5, 0.5], classlabels_ints: { ints: [0, 1] }, post_transform: "LOGISTIC" },
        ml,
        "l p",
      ),
      node("Normalizer", "p", { norm: "L1" }, ml, "n"),
      node("ZipMap", "n", { classlabels_int64s: { ints: [0, 1] } }, ml, "y"),
    ],
    outputs: ["l", "y"],
  };
  const score = 0.3 - 2 * 0.8 + 0.5;
  const chance = 1 / (1 + Math.exp(-score));
  close(evaluated(model, [0.3, 0.8]), [1 - chance, chance]);
  expect(evaluated(model, [0.3, 0.8], "l")).toEqual([0]);
});

/** A tree as nested choices: the reference is its plain walk. */
type Tree =
  | { readonly leaf: readonly number[] }
  | { readonly column: number; readonly limit: number; readonly yes: Tree; readonly no: Tree };

function grown(random: Random, depth: number, targets: number): Tree {
  if (depth === 0 || random.chance(0.15)) return { leaf: Array.from({ length: targets }, () => Math.fround(random.unit())) };
  const limit = Math.fround(random.unit());
  return { column: random.between(0, 3), limit, yes: grown(random, depth - 1, targets), no: grown(random, depth - 1, targets) };
}

function walked(tree: Tree, x: readonly number[]): readonly number[] {
  if ("leaf" in tree) return tree.leaf;
  return walked((x[tree.column] as number) <= tree.limit ? tree.yes : tree.no, x);
}

const ints = (list: readonly number[]): { readonly ints: readonly number[] } => ({ ints: list });

/** Columns of the attributes, with the prefix of the weights. */
function columnsOf(trees: readonly Tree[], prefix: "class" | "target", shown?: readonly number[]) {
  const rows: { tree: number; id: number; column: number; limit: number; mode: string; yes: number; no: number }[] = [];
  const weights: { tree: number; id: number; target: number; weight: number }[] = [];
  trees.forEach((root, tree) => {
    let next = 0;
    const add = (one: Tree): number => {
      const id = next++;
      const entry = { tree, id, column: 0, limit: 0, mode: "LEAF", yes: 0, no: 0 };
      rows.push(entry);
      if ("leaf" in one) {
        for (const [target, weight] of one.leaf.entries())
          if (shown === undefined || shown.includes(target)) weights.push({ tree, id, target, weight });
      } else Object.assign(entry, { column: one.column, limit: one.limit, mode: "BRANCH_LEQ", yes: add(one.yes), no: add(one.no) });
      return id;
    };
    add(root);
  });
  return {
    nodes_treeids: ints(rows.map(({ tree }) => tree)),
    nodes_nodeids: ints(rows.map(({ id }) => id)),
    nodes_featureids: ints(rows.map(({ column }) => column)),
    nodes_values: rows.map(({ limit }) => limit),
    nodes_modes: rows.map(({ mode }) => mode),
    nodes_truenodeids: ints(rows.map(({ yes }) => yes)),
    nodes_falsenodeids: ints(rows.map(({ no }) => no)),
    [`${prefix}_treeids`]: ints(weights.map(({ tree }) => tree)),
    [`${prefix}_nodeids`]: ints(weights.map(({ id }) => id)),
    [`${prefix}_ids`]: ints(weights.map(({ target }) => target)),
    [`${prefix}_weights`]: weights.map(({ weight }) => weight),
  };
}

describe("forests", () => {
  const random = new Random(7);
  const trees = Array.from({ length: 15 }, () => grown(random, 6, 2));
  const points = Array.from({ length: 100 }, () => Array.from({ length: 3 }, () => Math.fround(random.unit())));
  const sumOf = (x: readonly number[], target: number): number => trees.reduce((sum, tree) => sum + (walked(tree, x)[target] as number), 0);

  test("a regressor adds up what the leaves say", () => {
    const attributes = { ...columnsOf(trees, "target"), n_targets: { int: 2 }, base_values: [1, 2] };
    const model = opened({ nodes: [node("TreeEnsembleRegressor", "x", attributes, ml)] }, 3);
    for (const x of points) {
      model.run(Float64Array.from(x));
      close([...(model.output("y")?.data ?? [])], [sumOf(x, 0) + 1, sumOf(x, 1) + 2], 4);
    }
  });

  test("a classifier gives the softmax of the sums, and the class of the largest", () => {
    const attributes = { ...columnsOf(trees, "class"), classlabels_int64s: { ints: [4, 5] }, post_transform: "SOFTMAX" };
    const model = opened({ nodes: [node("TreeEnsembleClassifier", "x", attributes, ml, "l y")], outputs: ["l", "y"] }, 3);
    for (const x of points) {
      model.run(Float64Array.from(x));
      const [a, b] = [Math.exp(sumOf(x, 0)), Math.exp(sumOf(x, 1))];
      close([...(model.output("y")?.data ?? [])], [a / (a + b), b / (a + b)], 4);
      expect([...(model.output("l")?.data ?? [])]).toEqual([a >= b ? 4 : 5]);
    }
  });

  test("of two classes one alone may have weights: a chance, or with a logistic function a distance", () => {
    const small = [trees[0] as Tree];
    const base = { ...columnsOf(small, "class", [1]), classlabels_strings: ["good", "odd"] };
    for (const x of points.slice(0, 20)) {
      const value = walked(small[0] as Tree, x)[1] as number;
      close(evaluated({ nodes: [node("TreeEnsembleClassifier", "x", base, ml, "l y")] }, x), [1 - value, value]);
      const logistic = { ...base, post_transform: "LOGISTIC" };
      const chance = 1 / (1 + Math.exp(-value));
      close(evaluated({ nodes: [node("TreeEnsembleClassifier", "x", logistic, ml, "l y")] }, x), [1 - chance, chance]);
    }
  });
});

const leaf = (yes: number): WrittenNode["attributes"] => ({
  nodes_treeids: { ints: [0, 0] },
  nodes_nodeids: { ints: [0, 1] },
  nodes_modes: ["BRANCH_LEQ", "BRANCH_LEQ"],
  nodes_truenodeids: { ints: [yes, 0] },
  nodes_falsenodeids: { ints: [1, 0] },
});

describe("what is refused", () => {
  test.each<readonly [string, Uint8Array, RegExp]>([
    ["no model", new Uint8Array(0), /no ONNX model/],
    ["a text", new TextEncoder().encode("hello, this is no model"), /damaged|no ONNX model/],
    ["an operator that is not known", writeOnnx({ nodes: [node("Conv", "x")] }), /the operator Conv is not known/],
    ["one of another domain", writeOnnx({ nodes: [node("Add", "x x", {}, "com.example")] }), /com\.example\.Add is not known/],
    [
      "a node that needs what comes later",
      writeOnnx({ nodes: [node("Add", "x z"), node("Relu", "x", {}, "", "z")] }),
      /Add needs z, which nothing before it computes/,
    ],
    ["a circle", writeOnnx({ nodes: [node("Relu", "y")] }), /Relu needs y/],
    ["shapes that do not fit", writeOnnx({ nodes: [node("Add", "x b")], tensors: { b: row([1, 2, 3]) } }), /Add: the shapes/],
    [
      "a product that does not fit",
      writeOnnx({ nodes: [node("MatMul", "x b")], tensors: { b: row([1, 2]) } }),
      /MatMul: a product of 1×2 and 1×2/,
    ],
    ["another number of columns", writeOnnx({ nodes: [node("Relu", "x")] }, 5), /its input x has the shape any×5/],
    [
      "two inputs",
      writeOnnx({ nodes: [node("Add", "x z")], inputs: ["x", "z"].map((name) => ({ name, shape: [1, 2] })) }),
      /it has 2 inputs/,
    ],
    ["an output that nothing computes", writeOnnx({ nodes: [node("Relu", "x", {}, "", "z")] }), /no output/],
    [
      "a tensor with too few numbers",
      writeOnnx({ nodes: [node("Relu", "x")], tensors: { b: { shape: [3], values: [1] } } }),
      /has 1 numbers instead of 3/,
    ],
    ["a tensor beyond all limits", writeOnnx({ nodes: [node("Reshape", "x s")], tensors: { s: whole(1e9, -1) } }), /Reshape/],
    [
      "growth without end",
      writeOnnx({
        nodes: Array.from({ length: 40 }, (_, i) => node("Concat", `v${i} v${i}`, { axis: { int: 0 } }, "", i === 39 ? "y" : `v${i + 1}`)),
        inputs: [{ name: "v0", shape: [1, 2] }],
      }),
      /numbers, and 4000000 are the most|more than 5000000 steps/,
    ],
    ["a tree that goes in a circle", writeOnnx({ nodes: [node("TreeEnsembleRegressor", "x", leaf(0), ml)] }), /lead to one node|circle/],
    ["a branch that leads nowhere", writeOnnx({ nodes: [node("TreeEnsembleRegressor", "x", leaf(9), ml)] }), /leads nowhere/],
  ])("%s", (_case, bytes, cause) => {
    const answer = openOnnx(bytes, 2);
    expect(answer).toMatchObject({ cause: expect.stringMatching(cause), mend: expect.stringMatching(/./) });
  });

  test("the mend for an unknown operator names all that are known", () => {
    const answer = openOnnx(writeOnnx({ nodes: [node("Conv", "x")] }), 2);
    expect(isRefusal(answer) && knownOperators.every((name) => answer.mend.includes(name))).toBe(true);
  });
});

test("no bytes hang, throw anything but a refusal, or take more steps than may be", () => {
  const random = new Random(1);
  const forest = columnsOf([grown(random, 4, 2)], "class");
  const whole1 = writeOnnx(
    {
      nodes: [
        node("Scaler", "x", { offset: [0], scale: [1] }, ml, "s"),
        node("Gemm", "s a b", {}, "", "g"),
        node("Softmax", "g", {}, "", "m"),
        node("Concat", "m x", { axis: { int: 1 } }, "", "k"),
        node("Reshape", "k r", {}, "", "f"),
        node("ReduceMean", "f", { axes: { ints: [1] } }, "", "q"),
        node("TreeEnsembleClassifier", "x", { ...forest, classlabels_int64s: { ints: [0, 1] } }, ml, "l y"),
      ],
      tensors: { a: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] }, b: { shape: [2], values: [1, 2] }, r: whole(1, -1) },
      outputs: ["q", "y"],
    },
    3,
  );
  expect(isRefusal(openOnnx(whole1, 3))).toBe(false);
  const edit = fc.tuple(fc.nat(whole1.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), fc.boolean(), fc.nat(whole1.length), (edits, isCut, cut) => {
      const bytes = isCut ? whole1.slice(0, cut) : whole1.slice();
      for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
      const answer = openOnnx(bytes, 3);
      return isRefusal(answer) ? answer.cause !== "" && answer.mend !== "" : answer.steps <= 5_000_000;
    }),
    { numRuns: 3000, seed: 23 },
  );
});
