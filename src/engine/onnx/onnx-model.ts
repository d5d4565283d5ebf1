import { classical } from "./classical.ts";
import { elementwise } from "./elementwise.ts";
import { matrix } from "./matrix.ts";
import { type OnnxFile, type OnnxNode, type OnnxValue, readOnnxFile } from "./onnx-file.ts";
import { type Operation, type Operator, Steps } from "./operator.ts";
import { OnnxRefusal } from "./refusal.ts";
import { classicalShaping, shaping } from "./shaping.ts";
import { type Tensor, tensorOf } from "./tensor.ts";
import { treeOperators } from "./trees.ts";

/** Numbers that one evaluation may compute: some ten milliseconds. */
export const evaluationStepsMax = 5_000_000;

/** By domain. */
const operators: Readonly<Record<string, Readonly<Record<string, Operator>>>> = {
  "": { ...elementwise, ...matrix, ...shaping },
  "ai.onnx.ml": { ...classical, ...treeOperators, ...classicalShaping },
};

/** Names of all operators that models may use. */
export const knownOperators: readonly string[] = Object.values(operators)
  .flatMap((set) => Object.keys(set))
  .toSorted();

/** Why a model is not used, and what to do about it. */
export interface ModelRefusal {
  readonly cause: string;
  readonly mend: string;
}

interface Step {
  readonly name: string;
  readonly operation: Operation;
  /** Places of the inputs among all values; -1 for one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Opens a model that takes one row of `columns` numbers, and tries it with noughts: what cannot be evaluated is refused here.
 * Never throws.
 */
export function openOnnx(bytes: Uint8Array, columns: number): OnnxModel | ModelRefusal {
  try {
    const model = new OnnxModel(readOnnxFile(bytes), columns);
    model.run(new Float64Array(columns));
    return model;
  } catch (error) {
    if (error instanceof OnnxRefusal) return { cause: error.message, mend: error.mend };
    throw error;
  }
}

export const isRefusal = (answer: OnnxModel | ModelRefusal): answer is ModelRefusal => "cause" in answer;

/**
 * A model as a list of steps over numbered values. Nodes stand in the order in which they are computed, as the format demands, so
 * there is no way round in a circle.
 */
export class OnnxModel {
  readonly producer: string;
  /** Names of the outputs that are numbers. */
  readonly outputs: readonly string[];
  readonly #steps: readonly Step[];
  readonly #values: (Tensor | undefined)[];
  readonly #input: Tensor;
  readonly #places: ReadonlyMap<string, number>;
  readonly #work = new Steps(evaluationStepsMax);

  /** Throws OnnxRefusal. */
  constructor(file: OnnxFile, columns: number) {
    this.producer = file.producer;
    const places = new Map<string, number>();
    const placeOf = (name: string): number => {
      const known = places.get(name) ?? places.size;
      places.set(name, known);
      return known;
    };
    const input = inputOf(file.inputs, columns);
    this.#input = tensorOf(input.type ?? "float", input.shape?.length === 1 ? [columns] : [1, columns]);
    placeOf(input.name);
    const initial = [...file.initializers].map(([name, tensor]) => ({ place: placeOf(name), tensor }));
    this.#steps = file.nodes.map((node) => {
      const inputs = node.inputs.map((name) => {
        if (name === "") return -1;
        if (!places.has(name)) throw new OnnxRefusal(`${node.operator} needs ${name}, which nothing before it computes`);
        return placeOf(name);
      });
      return { name: node.operator, operation: operationOf(node, file.opset), inputs, outputs: node.outputs.map(placeOf) };
    });
    this.outputs = file.outputs.map(({ name }) => name).filter((name) => places.has(name));
    if (this.outputs.length === 0) throw new OnnxRefusal("it computes no output");
    this.#places = places;
    this.#values = Array<undefined>(places.size).fill(undefined);
    this.#values[placeOf(input.name)] = this.#input;
    for (const { place, tensor } of initial) this.#values[place] = tensor;
  }

  /** Evaluates one row; `output` reads what came of it. Throws OnnxRefusal for shapes that do not fit. */
  run(row: Float64Array): void {
    this.#input.data.set(row);
    this.#work.begin();
    const values = this.#values;
    for (const { name, operation, inputs, outputs } of this.#steps) {
      this.#work.take(1);
      const found = this.#attempt(name, () =>
        operation(
          inputs.map((place) => (place < 0 ? undefined : values[place])),
          this.#work,
        ),
      );
      for (let i = 0; i < outputs.length && i < found.length; i++) values[outputs[i] as number] = found[i];
    }
  }

  /** Numbers that the last evaluation computed. */
  get steps(): number {
    return this.#work.count;
  }

  /** An output of the last evaluation. */
  output(name: string): Tensor | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#values[place];
  }

  #attempt<T>(name: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw error instanceof OnnxRefusal ? new OnnxRefusal(`${name}: ${error.message}`, error.mend) : error;
    }
  }
}

/** The one input, which takes a row of so many numbers. */
function inputOf(inputs: readonly OnnxValue[], columns: number): OnnxValue {
  const [input, ...more] = inputs;
  if (input === undefined || more.length > 0)
    throw new OnnxRefusal(`it has ${inputs.length} inputs`, `export it with one input of ${columns} columns`);
  const width = input.shape?.at(-1) ?? -1;
  const rows = input.shape?.length === 2 ? input.shape[0] : 1;
  if (
    (input.shape !== undefined && (input.shape.length === 0 || input.shape.length > 2)) ||
    (width !== -1 && width !== columns) ||
    (rows ?? 1) > 1
  )
    throw new OnnxRefusal(
      `its input ${input.name} has the shape ${input.shape?.map((length) => (length === -1 ? "any" : length)).join("×")}`,
      `a row of ${columns} columns is given`,
    );
  return input;
}

function operationOf(node: OnnxNode, opset: number): Operation {
  const operator = operators[node.domain]?.[node.operator];
  if (operator === undefined)
    throw new OnnxRefusal(
      `the operator ${node.domain === "" ? "" : `${node.domain}.`}${node.operator.slice(0, 60)} is not known`,
      `export a model of these: ${knownOperators.join(", ")}`,
    );
  return operator(node, opset);
}
