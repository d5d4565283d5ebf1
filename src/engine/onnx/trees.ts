import { classified, labelsOf, largestAt, tell } from "./classical.ts";
import type { OnnxNode } from "./onnx-file.ts";
import { floatsOf, intOf, intsOf, needed, type Operator, textAt, textsOf } from "./operator.ts";
import { postTransformOf, secondScore, transformScores } from "./post-transform.ts";
import { OnnxRefusal } from "./refusal.ts";
import { matrixOf, type Tensor, tensorOf } from "./tensor.ts";

const treeNodesMax = 1_000_000;
const treeDepthMax = 200;
const modes = ["LEAF", "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"] as const;

/** Trees in columns: `no` and `yes` are numbers of nodes, -1 in leaves; leaves have weights from `weightFrom` to that of the next. */
interface Trees {
  readonly roots: readonly number[];
  readonly mode: Uint8Array;
  readonly feature: Int32Array;
  readonly value: Float64Array;
  readonly yes: Int32Array;
  readonly no: Int32Array;
  /** What is missing (not a number) goes the way of `yes`. */
  readonly missingIsYes: Uint8Array;
  readonly weights: readonly (readonly { readonly target: number; readonly weight: number }[])[];
}

/** Reads the columns of `nodes_…` and of `class_…` or `target_…`, whose places are pairs of a tree and a node. */
function treesOf(node: OnnxNode, prefix: "class" | "target", targets: number): Trees {
  const trees = intsOf(node, "nodes_treeids") ?? [];
  const ids = intsOf(node, "nodes_nodeids") ?? [];
  const count = trees.length;
  if (count === 0 || count > treeNodesMax) throw new OnnxRefusal(`trees of ${count} nodes, and 1 to ${treeNodesMax} are known`);
  const place = new Map<string, number>();
  for (let at = 0; at < count; at++) place.set(`${trees[at]} ${ids[at]}`, at);
  const [yesIds, noIds] = [intsOf(node, "nodes_truenodeids") ?? [], intsOf(node, "nodes_falsenodeids") ?? []];
  const names = textsOf(node, "nodes_modes");
  const mode = Uint8Array.from({ length: count }, (_, at) => modeOf(names[at] ?? ""));
  const below = (list: readonly number[], at: number): number => {
    if (mode[at] === 0) return -1;
    const found = place.get(`${trees[at]} ${list[at]}`);
    if (found === undefined) throw new OnnxRefusal("a branch of a tree leads nowhere");
    return found;
  };
  const yes = Int32Array.from({ length: count }, (_, at) => below(yesIds, at));
  const no = Int32Array.from({ length: count }, (_, at) => below(noIds, at));
  const isBelow = new Uint8Array(count);
  for (let at = 0; at < count; at++)
    for (const child of [yes[at] as number, no[at] as number]) {
      if (child < 0) continue;
      if (isBelow[child] === 1) throw new OnnxRefusal("two branches of a tree lead to one node");
      isBelow[child] = 1;
    }
  const features = intsOf(node, "nodes_featureids") ?? [];
  const values = floatsOf(node, "nodes_values");
  const missing = intsOf(node, "nodes_missing_value_tracks_true") ?? [];
  const read: Trees = {
    roots: Array.from({ length: count }, (_, at) => at).filter((at) => isBelow[at] === 0),
    mode,
    feature: Int32Array.from({ length: count }, (_, at) => features[at] ?? -1),
    value: Float64Array.from({ length: count }, (_, at) => values[at] ?? 0),
    yes,
    no,
    missingIsYes: Uint8Array.from({ length: count }, (_, at) => missing[at] ?? 0),
    weights: weightsOf(node, prefix, targets, place, count),
  };
  if (depthOf(read) > treeDepthMax || new Set(trees).size !== read.roots.length)
    throw new OnnxRefusal("a tree goes in a circle, or is too deep");
  return read;
}

function weightsOf(node: OnnxNode, prefix: string, targets: number, place: ReadonlyMap<string, number>, count: number): Trees["weights"] {
  const weights: { target: number; weight: number }[][] = Array.from({ length: count }, () => []);
  const [trees, nodes] = [intsOf(node, `${prefix}_treeids`) ?? [], intsOf(node, `${prefix}_nodeids`) ?? []];
  const [ids, values] = [intsOf(node, `${prefix}_ids`) ?? [], floatsOf(node, `${prefix}_weights`)];
  for (let i = 0; i < values.length; i++) {
    const at = place.get(`${trees[i]} ${nodes[i]}`);
    const target = ids[i] ?? -1;
    if (at === undefined || !(target >= 0 && target < targets)) throw new OnnxRefusal("a weight of a tree belongs to no leaf or no class");
    weights[at]?.push({ target, weight: values[i] as number });
  }
  return weights;
}

function modeOf(name: string): number {
  const mode = (modes as readonly string[]).indexOf(name);
  if (mode < 0) throw new OnnxRefusal(`the branch ${name} of a tree is not known`, `one of ${modes.join(", ")}`);
  return mode;
}

/** Depth of the deepest tree, or more than may be. Each node hangs below one other, so a circle is reached from no root. */
function depthOf({ roots, yes, no }: Trees): number {
  let level = [...roots];
  let depth = 0;
  for (; level.length > 0 && depth <= treeDepthMax; depth++)
    level = level.flatMap((at) => [yes[at] as number, no[at] as number].filter((child) => child >= 0));
  return depth;
}

/** What the leaves say of a row, added up. */
function addUp(trees: Trees, input: Tensor, row: number, columns: number, scores: Float64Array, how: "SUM" | "AVERAGE"): number {
  let visited = 0;
  for (const root of trees.roots) {
    let at = root;
    while (trees.mode[at] !== 0) {
      visited++;
      const x = input.data[row * columns + (trees.feature[at] as number)];
      if (x === undefined || (trees.feature[at] as number) >= columns)
        throw new OnnxRefusal(`a tree asks for column ${trees.feature[at]} of ${columns}`);
      at = (isYes(trees, at, x) ? trees.yes[at] : trees.no[at]) as number;
    }
    for (const { target, weight } of trees.weights[at] ?? []) scores[target] = (scores[target] as number) + weight;
  }
  if (how === "AVERAGE") for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / trees.roots.length;
  return visited;
}

function isYes({ mode, value, missingIsYes }: Trees, at: number, x: number): boolean {
  if (Number.isNaN(x)) return missingIsYes[at] === 1;
  const than = value[at] as number;
  switch (mode[at]) {
    case 1:
      return x <= than;
    case 2:
      return x < than;
    case 3:
      return x >= than;
    case 4:
      return x > than;
    case 5:
      return x === than;
    default:
      return x !== than;
  }
}

const treeEnsembleRegressor: Operator = (node) => {
  const targets = intOf(node, "n_targets", 1);
  const trees = treesOf(node, "target", targets);
  const base = floatsOf(node, "base_values");
  const transform = postTransformOf(textAt(node, "post_transform", "NONE"));
  const how = textAt(node, "aggregate_function", "SUM");
  if (how !== "SUM" && how !== "AVERAGE") throw new OnnxRefusal(`trees are put together by ${how}`, "only SUM and AVERAGE are known");
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const [rows, columns] = matrixOf(input);
    const out = tensorOf("float", [rows, targets]);
    for (let row = 0; row < rows; row++) {
      const scores = new Float64Array(targets);
      steps.take(addUp(trees, input, row, columns, scores, how) + trees.roots.length);
      for (let i = 0; i < targets; i++) scores[i] = (scores[i] as number) + (base[i] ?? 0);
      transformScores(scores, transform);
      out.data.set(scores, row * targets);
    }
    return [out];
  };
};

const treeEnsembleClassifier: Operator = (node) => {
  const labels = labelsOf(node);
  const trees = treesOf(node, "class", labels.length);
  const base = floatsOf(node, "base_values");
  const transform = postTransformOf(textAt(node, "post_transform", "NONE"));
  const weights = trees.weights.flat();
  // Of two classes often one alone has weights: probabilities when none is below nought, distances from nought otherwise.
  const single = labels.length === 2 && new Set(weights.map(({ target }) => target)).size === 1 ? weights[0]?.target : undefined;
  const isChance = weights.every(({ weight }) => weight >= 0);
  return (inputs, steps) => {
    const input = needed(inputs, 0);
    const [rows, columns] = matrixOf(input);
    const out = classified(rows, labels.length);
    for (let row = 0; row < rows; row++) {
      const scores = new Float64Array(labels.length);
      steps.take(addUp(trees, input, row, columns, scores, "SUM") + trees.roots.length);
      if (single !== undefined) {
        const score = (scores[single] as number) + (base.at(-1) ?? 0);
        tell(out, row, labels, Number(score > (isChance ? 0.5 : 0)), secondScore(score, transform, isChance));
        continue;
      }
      for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) + (base[i] ?? 0);
      const best = largestAt(scores);
      transformScores(scores, transform);
      tell(out, row, labels, best, scores);
    }
    return [out.label, out.scores];
  };
};

/** Trees and forests (ai.onnx.ml). */
export const treeOperators: Readonly<Record<string, Operator>> = {
  TreeEnsembleRegressor: treeEnsembleRegressor,
  TreeEnsembleClassifier: treeEnsembleClassifier,
};
