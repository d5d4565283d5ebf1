/** Writes small ONNX models for tests: protocol buffers by hand, fields as in onnx.proto. */
export type WrittenAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly ints: readonly number[] }
  | { readonly int: number };

export interface WrittenNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, WrittenAttribute>>;
  readonly domain?: string;
}

export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** float by default. */
  readonly type?: "float" | "int64" | "double";
  /** As typed numbers in place of raw bytes. */
  readonly typed?: boolean;
}

export interface WrittenModel {
  readonly nodes: readonly WrittenNode[];
  readonly tensors?: Readonly<Record<string, WrittenTensor>>;
  readonly inputs?: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

const elementTypes = { float: 1, int64: 7, double: 11 } as const;
const encoder = new TextEncoder();

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

const numbered = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const sized = (field: number, bytes: ArrayLike<number>): number[] => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
];
const texted = (field: number, text: string): number[] => sized(field, encoder.encode(text));
const float = (value: number): Uint8Array => new Uint8Array(new Float32Array([value]).buffer);

/** A model with one input `x` of `columns` columns and one output `y`, unless it says otherwise. */
export function writeOnnx(model: WrittenModel, columns = 2): Uint8Array {
  const { nodes, tensors = {}, inputs = [{ name: "x", shape: ["N", columns] }], outputs = ["y"], opset = 17 } = model;
  const graph = [
    ...nodes.flatMap((node) => sized(1, nodeBytes(node))),
    ...texted(2, "test"),
    ...Object.entries(tensors).flatMap(([name, tensor]) => sized(5, tensorBytes(name, tensor))),
    ...inputs.flatMap(({ name, shape }) => sized(11, valueBytes(name, shape))),
    ...outputs.flatMap((name) => sized(12, valueBytes(name, ["N", "M"]))),
  ];
  const opsets = [sized(8, [...texted(1, ""), ...numbered(2, opset)]), sized(8, [...texted(1, "ai.onnx.ml"), ...numbered(2, 3)])];
  return Uint8Array.from([...numbered(1, 8), ...texted(2, "by hand"), ...sized(7, graph), ...opsets.flat()]);
}

function nodeBytes({ operator, inputs, outputs, attributes = {}, domain = "" }: WrittenNode): number[] {
  return [
    ...inputs.flatMap((name) => texted(1, name)),
    ...outputs.flatMap((name) => texted(2, name)),
    ...texted(4, operator),
    ...Object.entries(attributes).flatMap(([name, value]) => sized(5, [...texted(1, name), ...attributeBytes(value)])),
    ...texted(7, domain),
  ];
}

function attributeBytes(value: WrittenAttribute): number[] {
  if (typeof value === "number") return [...varint(2 * 8 + 5), ...float(value)];
  if (typeof value === "string") return texted(4, value);
  if ("int" in value) return numbered(3, value.int);
  if ("ints" in value) return value.ints.flatMap((one) => numbered(8, one));
  // Unpacked, as the second version of the language writes them.
  return value.flatMap((one) => (typeof one === "string" ? texted(9, one) : [...varint(7 * 8 + 5), ...float(one)]));
}

function tensorBytes(name: string, { shape, values, type = "float", typed = false }: WrittenTensor): number[] {
  const arrays = { float: Float32Array, double: Float64Array, int64: BigInt64Array } as const;
  const raw = type === "int64" ? new arrays.int64(values.map((value) => BigInt(value))) : new arrays[type](values);
  const bytes = new Uint8Array(raw.buffer);
  const field = { float: 4, double: 10, int64: 7 }[type];
  const content = typed ? sized(field, type === "int64" ? values.flatMap(varint) : bytes) : sized(9, bytes);
  return [...sized(1, shape.flatMap(varint)), ...numbered(2, elementTypes[type]), ...texted(8, name), ...content];
}

function valueBytes(name: string, shape: readonly (number | string)[]): number[] {
  const dimensions = shape.flatMap((length) => sized(1, typeof length === "number" ? numbered(1, length) : texted(2, length)));
  const tensor = [...numbered(1, 1), ...sized(2, dimensions)];
  return [...texted(1, name), ...sized(2, sized(1, tensor))];
}
