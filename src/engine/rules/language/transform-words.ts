import type { Transform } from "#engine/rules/signature.ts";
import type { Draft, Handlers } from "./draft.ts";
import { readPattern } from "./pattern.ts";
import { lacking, refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, noValue, partsOf, unquoted, wholeOf } from "./values.ts";

type Plain = Exclude<Transform["type"], "xor" | "pcrexform" | "from_base64" | "subslice">;

const plain: readonly Plain[] = [
  "dotprefix",
  "domain",
  "tld",
  "strip_whitespace",
  "compress_whitespace",
  "to_lowercase",
  "to_uppercase",
  "header_lowercase",
  "strip_pseudo_headers",
  "url_decode",
  "to_md5",
  "to_sha1",
  "to_sha256",
];

const offsetMax = 65_535;

/** Words that change a buffer before it is looked at. */
export const transformHandlers: Handlers = {
  ...Object.fromEntries(
    plain.map((type) => [
      type,
      (draft: Draft, option: Option) => {
        noValue(option);
        draft.transform(option, { type });
      },
    ]),
  ),
  xor: (draft, option) => draft.transform(option, { type: "xor", key: keyOf(option) }),
  pcrexform: (draft, option) => {
    const pattern = unquoted(argumentOf(option, '"(capture)"'));
    const ready = readPattern(pattern, "", option.valueAt + 1);
    if (ready.groups !== 1)
      refuse(option.valueAt, "pcrexform keeps what one group captures", 'write one group: pcrexform:"/get\\?q=(.*)";');
    draft.transform(option, { type: "pcrexform", compiled: ready.pattern });
  },
  from_base64: (draft, option) => draft.transform(option, fromBase64(option)),
  subslice: (draft, option) => draft.transform(option, subslice(option)),
  gunzip: (_draft, option) => lacking(option.at, "rules that decompress a buffer are not supported"),
  zlib_deflate: (_draft, option) => lacking(option.at, "rules that decompress a buffer are not supported"),
};

function keyOf(option: Option): Uint8Array {
  const text = unquoted(argumentOf(option, '"0d0ac8ff"'));
  if (!/^(?:[0-9a-f]{2}){1,255}$/i.test(text))
    return refuse(option.valueAt, `${text} is no key`, 'write two hexadecimal digits a byte: xor:"0d0ac8ff";');
  return Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(2 * index, 2 * index + 2), 16));
}

function fromBase64(option: Option): Transform {
  let bytes = 0;
  let offset = 0;
  let mode: "rfc2045" | "rfc4648" | "strict" = "rfc4648";
  for (const part of option.value === undefined || option.value === "" ? [] : partsOf(option.value)) {
    const [name = "", value = ""] = part.split(/[\s:]+/, 2);
    if (name === "bytes") bytes = wholeOf(option, value, 1, offsetMax);
    else if (name === "offset") offset = wholeOf(option, value, 0, offsetMax);
    else if (name === "mode" && ["rfc2045", "rfc4648", "strict"].includes(value)) mode = value as "strict";
    else refuse(option.valueAt, `from_base64 has no word ${part}`, "its words are bytes N, offset N, mode rfc2045|rfc4648|strict");
  }
  return { type: "from_base64", bytes, offset, mode };
}

function subslice(option: Option): Transform {
  const parts = partsOf(argumentOf(option, "2,10"));
  const truncate = parts.at(-1) === "truncate";
  if (truncate) parts.pop();
  const [offset = "", bytes, ...more] = parts;
  if (more.length > 0) refuse(option.valueAt, "subslice takes an offset, a number of bytes and truncate", "write subslice:2,10;");
  return {
    type: "subslice",
    offset: wholeOf(option, offset, -offsetMax, offsetMax),
    bytes: bytes === undefined ? undefined : wholeOf(option, bytes, -offsetMax, offsetMax),
    truncate,
  };
}
