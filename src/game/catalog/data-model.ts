/** How wide C's types are: Linux and macOS of 64 bits, of 32 bits (i386 System V), Windows of 64 bits. */
export const dataModels = ["lp64", "ilp32", "llp64"] as const;
export type DataModel = (typeof dataModels)[number];

/** How the bytes of a number stand for it. `x87` is the 80 bit format of x86's `long double`. */
export type ScalarFormat = "signed" | "unsigned" | "float" | "x87" | "boolean" | "character" | "wide" | "pointer";

/** A type without parts. Sizes and alignments in bytes. */
export interface ScalarType {
  readonly kind: "scalar";
  readonly name: string;
  readonly format: ScalarFormat;
  readonly size: number;
  readonly align: number;
}

/** Sizes that differ between the models. */
interface ModelFacts {
  readonly long: 4 | 8;
  readonly pointer: 4 | 8;
  readonly wchar: 2 | 4;
  /** `long long` and `double` in a struct. */
  readonly align8: 4 | 8;
  readonly longDouble: { readonly size: number; readonly align: number; readonly format: "float" | "x87" };
  /** Bit-fields lie as Microsoft's compiler puts them. */
  readonly microsoftBitFields: boolean;
  /** `__attribute__((aligned))` without a number. */
  readonly alignMost: number;
}

export const modelFacts: Readonly<Record<DataModel, ModelFacts>> = {
  lp64: {
    long: 8,
    pointer: 8,
    wchar: 4,
    align8: 8,
    longDouble: { size: 16, align: 16, format: "x87" },
    microsoftBitFields: false,
    alignMost: 16,
  },
  ilp32: {
    long: 4,
    pointer: 4,
    wchar: 4,
    align8: 4,
    longDouble: { size: 12, align: 4, format: "x87" },
    microsoftBitFields: false,
    alignMost: 16,
  },
  llp64: {
    long: 4,
    pointer: 8,
    wchar: 2,
    align8: 8,
    longDouble: { size: 8, align: 8, format: "float" },
    microsoftBitFields: true,
    alignMost: 16,
  },
};

/** Other names of integers: of `<stdint.h>`, of Windows, and those that headers of games use without defining them. */
const integerNames: readonly (readonly [size: 1 | 2 | 4 | 8, signed: string, unsigned: string])[] = [
  [
    1,
    "int8_t int_least8_t int_fast8_t int8 sint8 s8 __s8 i8 INT8 sbyte SBYTE",
    "uint8_t uint_least8_t uint_fast8_t u_int8_t uint8 u8 __u8 u_char uchar UINT8 BYTE byte UCHAR",
  ],
  [
    2,
    "int16_t int_least16_t int16 sint16 s16 __s16 i16 INT16 SHORT",
    "uint16_t uint_least16_t u_int16_t uint16 u16 __u16 u_short ushort UINT16 WORD word USHORT",
  ],
  [
    4,
    "int32_t int_least32_t int32 sint32 s32 __s32 i32 INT32 INT LONG LONG32",
    "uint32_t uint_least32_t u_int32_t uint32 u32 __u32 u_int uint UINT32 UINT DWORD dword ULONG ULONG32 DWORD32 in_addr_t",
  ],
  [
    8,
    "int64_t int_least64_t int_fast64_t intmax_t int64 sint64 s64 __s64 i64 INT64 LONGLONG LONG64",
    "uint64_t uint_least64_t uint_fast64_t uintmax_t u_int64_t uint64 u64 __u64 UINT64 QWORD qword ULONGLONG ULONG64 DWORD64 DWORDLONG",
  ],
];

/** Names as wide as a pointer. */
const pointerSized = {
  signed: "ssize_t ptrdiff_t intptr_t SSIZE_T INT_PTR LONG_PTR",
  unsigned: "size_t uintptr_t SIZE_T UINT_PTR ULONG_PTR DWORD_PTR",
};

/** C's own types and the usual names, by name, for a model. `long long` and the like are named by their sorted words. */
export function standardTypes(model: DataModel): ReadonlyMap<string, ScalarType> {
  const facts = modelFacts[model];
  const types = new Map<string, ScalarType>();
  const add = (names: string, format: ScalarFormat, size: number, align = size === 8 ? facts.align8 : size): void => {
    for (const name of names.split(" ")) types.set(name, { kind: "scalar", name, format, size, align });
  };
  const { long } = facts;
  add("char CHAR", "character", 1);
  const words = (name: string, format: ScalarFormat, size: number): void => {
    types.set(name, { kind: "scalar", name, format, size, align: size === 8 ? facts.align8 : size });
  };
  const widths = { short: 2, int: 4, long, "long long": 8, __int128: 16 };
  for (const [name, size] of Object.entries(widths)) {
    words(name, "signed", size);
    words(`unsigned ${name}`, "unsigned", size);
  }
  words("signed char", "signed", 1);
  words("unsigned char", "unsigned", 1);
  for (const [size, signed, unsigned] of integerNames) {
    add(signed, "signed", size);
    add(unsigned, "unsigned", size);
  }
  add("int_fast16_t int_fast32_t", "signed", model === "lp64" ? 8 : 4);
  add("uint_fast16_t uint_fast32_t", "unsigned", model === "lp64" ? 8 : 4);
  add(pointerSized.signed, "signed", facts.pointer);
  add(pointerSized.unsigned, "unsigned", facts.pointer);
  add("u_long ulong", "unsigned", long);
  add("float FLOAT f32 float32 float32_t _Float32", "float", 4);
  add("double DOUBLE f64 float64 float64_t _Float64", "float", 8);
  types.set("long double", { kind: "scalar", name: "long double", ...facts.longDouble });
  add("_Bool bool boolean BOOLEAN", "boolean", 1);
  add("BOOL", "signed", 4);
  add("wchar_t WCHAR", "wide", facts.wchar);
  add("char8_t", "character", 1);
  add("char16_t", "wide", 2);
  add("char32_t", "wide", 4);
  add("void", "unsigned", 1);
  return types;
}

/** The type of `unsigned long int` and its like, however the words stand; `undefined` for words that make no type. */
export function wordsType(words: readonly string[], types: ReadonlyMap<string, ScalarType>): ScalarType | undefined {
  const left = words.filter((word) => word !== "signed" && word !== "int");
  const unsigned = left.includes("unsigned");
  const rest = left.filter((word) => word !== "unsigned");
  if (rest.length === 0) return types.get(unsigned ? "unsigned int" : "int");
  if (rest.length === 1 && rest[0] === "char")
    return types.get(unsigned ? "unsigned char" : words.includes("signed") ? "signed char" : "char");
  const longs = rest.filter((word) => word === "long").length;
  const others = rest.filter((word) => word !== "long");
  if (longs === 1 && others.length === 1 && others[0] === "double") return types.get("long double");
  if (longs > 2 || (longs > 0 && others.length > 0) || others.length > 1) return undefined;
  const name = longs === 2 ? "long long" : longs === 1 ? "long" : (others[0] as string);
  return types.get(unsigned ? `unsigned ${name}` : name);
}
