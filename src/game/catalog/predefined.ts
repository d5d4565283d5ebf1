import { type DataModel, modelFacts } from "./data-model.ts";
import type { Macro } from "./macros.ts";
import type { PreprocessorOptions } from "./preprocessor.ts";
import { SourceFile } from "./source-file.ts";
import { tokenise } from "./tokens.ts";

const platforms: Readonly<Record<DataModel, Readonly<Record<string, string>>>> = {
  lp64: { __GNUC__: "12", __linux__: "1", __unix__: "1", __x86_64__: "1", __LP64__: "1", _LP64: "1" },
  ilp32: { __GNUC__: "12", __linux__: "1", __unix__: "1", __i386__: "1", __ILP32__: "1", _ILP32: "1" },
  llp64: { _MSC_VER: "1940", _WIN32: "1", _WIN64: "1", WIN32: "1", _M_X64: "100" },
};

/** Limits of `<stdint.h>` and `<limits.h>`, of which headers make sizes of arrays. */
const limits: Readonly<Record<string, string>> = {
  CHAR_BIT: "8",
  INT8_MAX: "127",
  INT16_MAX: "32767",
  INT32_MAX: "2147483647",
  INT64_MAX: "9223372036854775807LL",
  UINT8_MAX: "255",
  UINT16_MAX: "65535",
  UINT32_MAX: "4294967295U",
  UINT64_MAX: "18446744073709551615ULL",
  INT_MAX: "2147483647",
  UINT_MAX: "4294967295U",
  SHRT_MAX: "32767",
  USHRT_MAX: "65535",
  UCHAR_MAX: "255",
  SCHAR_MAX: "127",
};

/** What is defined before a header begins: the platform's names, byte order, sizes, and what the caller adds. */
export function predefinedMacros({ model, bigEndian, defines }: PreprocessorOptions): Map<string, Macro> {
  const { long, pointer } = modelFacts[model];
  const all: Readonly<Record<string, string>> = {
    __ODDWIRE__: "1",
    __STDC__: "1",
    __STDC_VERSION__: "201710L",
    __ORDER_LITTLE_ENDIAN__: "1234",
    __ORDER_BIG_ENDIAN__: "4321",
    __BYTE_ORDER__: bigEndian ? "4321" : "1234",
    __LITTLE_ENDIAN: "1234",
    __BIG_ENDIAN: "4321",
    __BYTE_ORDER: bigEndian ? "4321" : "1234",
    __CHAR_BIT__: "8",
    __SIZEOF_INT__: "4",
    __SIZEOF_LONG__: String(long),
    __SIZEOF_POINTER__: String(pointer),
    ...limits,
    ...platforms[model],
    ...defines,
  };
  const macros = new Map<string, Macro>();
  for (const [name, value] of Object.entries(all)) {
    const [token, ...body] = tokenise(new SourceFile("predefined", "", `${name} ${value}`), 1_000);
    if (token !== undefined) macros.set(name, { name: token, variadic: false, body });
  }
  return macros;
}
