import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Transform } from "#engine/rules/signature.ts";
import { bytesOf, compiled } from "./testing.ts";
import { transformed } from "./transforms.ts";

const tools = { digest: (algorithm: string, bytes: Uint8Array) => new Uint8Array(createHash(algorithm).update(bytes).digest()) };
const run = (transforms: readonly Transform[], text: string): string =>
  String.fromCharCode(...transformed(transforms, bytesOf(text), tools));
const xform = (pattern: string): Transform => ({ type: "pcrexform", compiled: compiled(pattern) });

// Down to url_decode and the digests, each row was also put to Suricata 7.0.10.
test.each<[string, Transform, string, string]>([
  ["dotprefix", { type: "dotprefix" }, "abc", ".abc"],
  ["strip_whitespace", { type: "strip_whitespace" }, " a b\t\r\n\v\fc d", "abcd"],
  ["compress_whitespace keeps the first", { type: "compress_whitespace" }, "  a  b\t\r\n\v\fc d   ", " a b\tc d "],
  ["to_lowercase: ASCII alone", { type: "to_lowercase" }, "ABZ\xc4", "abz\xc4"],
  ["to_uppercase", { type: "to_uppercase" }, "aBz", "ABZ"],
  ["header_lowercase: values stay", { type: "header_lowercase" }, "HoST: Ba:R\r\nXX:YY\nAB", "host: Ba:R\r\nxx:YY\nab"],
  ["strip_pseudo_headers", { type: "strip_pseudo_headers" }, ":a: x\r\nhost: a\r\n:b: x\r\nb: c", "host: a\r\nb: c"],
  ["url_decode", { type: "url_decode" }, "a+b%zz%4+%63%", "a b%zz%4 c%"],
  ["xor", { type: "xor", key: Uint8Array.of(1, 2) }, "abc", "``b"],
  ["pcrexform", xform("b(.)d"), "abcde", "c"],
  ["pcrexform without a match", xform("(x)"), "abcde", "abcde"],
  ["domain", { type: "domain" }, "www.example.com", "example.com"],
  ["domain below two labels", { type: "domain" }, "www.example.co.uk", "example.co.uk"],
  ["domain of a suffix", { type: "domain" }, "co.uk", ""],
  ["domain of an address", { type: "domain" }, "10.0.0.1", ""],
  ["tld", { type: "tld" }, "www.example.co.uk", "co.uk"],
  ["tld of one label", { type: "tld" }, "com", "com"],
  ["tld of nothing", { type: "tld" }, "", ""],
  ["from_base64", { type: "from_base64", bytes: 0, offset: 0, mode: "rfc4648" }, "aGVs bG8=", "hel"],
  ["from_base64 of mail", { type: "from_base64", bytes: 0, offset: 0, mode: "rfc2045" }, "aGVs bG8=", "hello"],
  ["from_base64, strict", { type: "from_base64", bytes: 0, offset: 0, mode: "strict" }, "aGVs bG8=", ""],
  ["from_base64, a part", { type: "from_base64", bytes: 4, offset: 1, mode: "strict" }, "xaGVsbG8=", "hel"],
  ["subslice", { type: "subslice", offset: 1, bytes: 2, truncate: false }, "abcde", "bc"],
  ["subslice from the end", { type: "subslice", offset: -2, bytes: undefined, truncate: false }, "abcde", "de"],
  ["subslice without the end", { type: "subslice", offset: 1, bytes: -1, truncate: false }, "abcde", "bcd"],
  ["subslice beyond the end", { type: "subslice", offset: 3, bytes: 5, truncate: false }, "abcde", ""],
  ["subslice cut at the end", { type: "subslice", offset: 3, bytes: 5, truncate: true }, "abcde", "de"],
])("%s", (_case, transform, text, expected) => expect(run([transform], text)).toBe(expected));

test.each([
  ["to_md5", "md5"],
  ["to_sha1", "sha1"],
  ["to_sha256", "sha256"],
] as const)("%s, behind another transform", (type, algorithm) => {
  expect(run([{ type: "strip_whitespace" }, { type }], "a bc")).toBe(String.fromCharCode(...createHash(algorithm).update("abc").digest()));
});
