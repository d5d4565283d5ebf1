import { decodeUtf8 } from "#base/utf8.ts";
import { fieldsOf, type ProtoField, varintsOf } from "./proto-fields.ts";
import { damaged, OnnxRefusal } from "./refusal.ts";
import { sizeOf, type Tensor, type TensorType, tensorOf } from "./tensor.ts";

/** Field numbers and types are those of onnx.proto (github.com/onnx/onnx, IR version 3 and later). */
export interface OnnxAttribute {
  readonly float: number;
  readonly int: number;
  readonly text: string;
  readonly tensor: Tensor | undefined;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly texts: readonly string[];
}

export interface OnnxNode {
  readonly operator: string;
  /** Empty for the operators of ONNX itself, `ai.onnx.ml` for those of classical models. */
  readonly domain: string;
  /** An empty name stands for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxValue {
  readonly name: string;
  /** Numbers of its tensor; `undefined` when it is none (a list of maps), or nothing is said. */
  readonly type: TensorType | undefined;
  /** Lengths; -1 where any will do. `undefined` when nothing is said. */
  readonly shape: readonly number[] | undefined;
}

export interface OnnxFile {
  /** Version of ONNX's own operators. */
  readonly opset: number;
  readonly producer: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** Without the initializers. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export const nodesMax = 2000;
const initializersMax = 5000;

/** Element types by their number in TensorProto. */
const types: Readonly<Record<number, TensorType>> = {
  1: "float",
  2: "int",
  3: "int",
  4: "int",
  5: "int",
  6: "int",
  7: "int",
  9: "int",
  10: "float",
  11: "double",
  12: "int",
  13: "int",
};

/** Type of TensorProto.DataType `number`; texts and what is rarer are not known. */
export const tensorTypeOf = (number: number): TensorType | undefined => types[number];

/** Reads a model. Throws OnnxRefusal. */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  let graph: Uint8Array | undefined;
  let producer = "";
  let opset = 0;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 2) producer = textOf(field);
    if (field.number === 7) graph = field.bytes;
    if (field.number === 8) {
      const { domain, version } = opsetOf(field.bytes);
      if (domain === "" || domain === "ai.onnx") opset = version;
    }
  }
  if (graph === undefined) throw new OnnxRefusal("it is no ONNX model: there is no graph", "give a file that ends in .onnx");
  return { opset, producer, ...readGraph(graph) };
}

function opsetOf(bytes: Uint8Array): { domain: string; version: number } {
  let [domain, version] = ["", 0];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) domain = textOf(field);
    if (field.number === 2) version = field.value;
  }
  return { domain, version };
}

function readGraph(bytes: Uint8Array): Omit<OnnxFile, "opset" | "producer"> {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, Tensor>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) nodes.push(readNode(field.bytes));
    if (field.number === 5) {
      const { name, tensor } = readTensor(field.bytes);
      initializers.set(name, tensor);
    }
    if (field.number === 11) inputs.push(readValue(field.bytes));
    if (field.number === 12) outputs.push(readValue(field.bytes));
    if (field.number === 15) throw new OnnxRefusal("it has sparse tensors", "export it with dense ones");
    if (nodes.length > nodesMax || initializers.size > initializersMax)
      throw new OnnxRefusal(`it has more than ${nodesMax} nodes or ${initializersMax} tensors`, "use a smaller model");
  }
  return { nodes, initializers, inputs: inputs.filter(({ name }) => !initializers.has(name)), outputs };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const [inputs, outputs]: string[][] = [[], []];
  const attributes = new Map<string, OnnxAttribute>();
  let [operator, domain] = ["", ""];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs?.push(textOf(field));
    if (field.number === 2) outputs?.push(textOf(field));
    if (field.number === 4) operator = textOf(field);
    if (field.number === 7) domain = textOf(field);
    if (field.number === 5) {
      const { name, attribute } = readAttribute(field.bytes);
      attributes.set(name, attribute);
    }
  }
  return { operator, domain: domain === "ai.onnx" ? "" : domain, inputs: inputs ?? [], outputs: outputs ?? [], attributes };
}

function readAttribute(bytes: Uint8Array): { name: string; attribute: OnnxAttribute } {
  let [name, text] = ["", ""];
  let [float, int] = [0, 0];
  let tensor: Tensor | undefined;
  const floats: number[] = [];
  const ints: number[] = [];
  const texts: string[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    if (field.number === 2) float = floatsOf(field.bytes)[0] ?? 0;
    if (field.number === 3) int = field.value;
    if (field.number === 4) text = textOf(field);
    if (field.number === 5) ({ tensor } = readTensor(field.bytes));
    if (field.number === 7) for (const value of floatsOf(field.bytes)) floats.push(value);
    if (field.number === 8) varintsOf(field, ints);
    if (field.number === 9) texts.push(textOf(field));
  }
  return { name, attribute: { float, int, text, tensor, floats, ints, texts } };
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = "";
  let type: TensorType | undefined;
  let shape: number[] | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    if (field.number !== 2) continue;
    for (const kind of fieldsOf(field.bytes)) {
      if (kind.number !== 1) continue;
      for (const part of fieldsOf(kind.bytes)) {
        if (part.number === 1) type = tensorTypeOf(part.value);
        if (part.number === 2) shape = [...fieldsOf(part.bytes)].map((dimension) => lengthOf(dimension.bytes));
      }
    }
  }
  return { name, type, shape };
}

/** A length that is a name, or not said, is any. */
function lengthOf(bytes: Uint8Array): number {
  for (const field of fieldsOf(bytes)) if (field.number === 1) return field.value;
  return -1;
}

function readTensor(bytes: Uint8Array): { name: string; tensor: Tensor } {
  const shape: number[] = [];
  const values: number[] = [];
  let number = 0;
  let name = "";
  let raw: Uint8Array | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) varintsOf(field, shape);
    if (field.number === 2) number = field.value;
    if (field.number === 4) for (const value of floatsOf(field.bytes)) values.push(value);
    if (field.number === 10) for (const value of doublesOf(field.bytes)) values.push(value);
    if (field.number === 5 || field.number === 7 || field.number === 11) varintsOf(field, values);
    if (field.number === 8) name = textOf(field);
    if (field.number === 9) raw = field.bytes;
    if (field.number === 14 && field.value !== 0)
      throw new OnnxRefusal(`the tensor ${name} stands in another file`, "export the model into one file");
  }
  const type = tensorTypeOf(number);
  if (type === undefined || number === 10)
    throw new OnnxRefusal(`the tensor ${name} has elements of type ${number}`, "export it with floats of 32 bits");
  const given = raw === undefined ? values : rawValues(raw, number);
  if (given.length !== sizeOf(shape)) throw damaged(`the tensor ${name} has ${given.length} numbers instead of ${sizeOf(shape)}`);
  const tensor = tensorOf(type, shape);
  tensor.data.set(given);
  return { name, tensor };
}

/** Bytes of each raw element by its type, and how it is read. */
const rawReaders: Readonly<Record<number, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [1, (view, at) => view.getInt8(at)],
  4: [2, (view, at) => view.getUint16(at, true)],
  5: [2, (view, at) => view.getInt16(at, true)],
  6: [4, (view, at) => view.getInt32(at, true)],
  7: [8, (view, at) => Number(view.getBigInt64(at, true))],
  9: [1, (view, at) => view.getUint8(at)],
  11: [8, (view, at) => view.getFloat64(at, true)],
  12: [4, (view, at) => view.getUint32(at, true)],
  13: [8, (view, at) => Number(view.getBigUint64(at, true))],
};

function rawValues(raw: Uint8Array, type: number): Float64Array {
  const [bytes, read] = rawReaders[type] ?? [1, () => 0];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Float64Array.from({ length: Math.floor(raw.length / bytes) }, (_, i) => read(view, i * bytes));
}

const floatsOf = (bytes: Uint8Array): Float64Array => rawValues(bytes, 1);
const doublesOf = (bytes: Uint8Array): Float64Array => rawValues(bytes, 11);
const textOf = ({ bytes }: ProtoField): string => decodeUtf8(bytes, 0, bytes.length) ?? "";
