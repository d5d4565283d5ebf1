import type { ByteTest } from "#engine/rules/signature.ts";
import { addContent, literalOf } from "./content.ts";
import { type Draft, type Handler, type Handlers, PAYLOAD } from "./draft.ts";
import { numberTest, uint16 } from "./number-test.ts";
import { lacking, refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, lowered, noValue, partsOf, quotedOf, unquoted, utf8, wholeOf } from "./values.ts";
import type { WordFacts } from "./word-facts.ts";

const base64BytesMax = 65_535;

/** Words that have a form of their own; each is said in contents and tests of words that protocols declare. */
export const oldHandlers: Handlers = {
  pkt_data: (draft, option) => {
    noValue(option);
    draft.select(PAYLOAD, undefined, option.at);
  },
  base64_decode: base64Decode,
  base64_data: (draft, option) => {
    noValue(option);
    if (draft.base64 === undefined) refuse(option.at, "base64_data has no base64_decode before it", "write base64_decode; base64_data;");
    draft.select("base64_data", undefined, option.at, draft.base64);
  },
  absent: (draft, option) => {
    const buffer = draft.named;
    if (buffer === undefined) refuse(option.at, "absent has no buffer before it", "write http.cookie; absent;");
    if (option.value !== undefined && option.value !== "" && option.value !== "or_else")
      refuse(option.valueAt, `absent has no word ${option.value}`, "write absent; or absent:or_else;");
    buffer.absent = option.value === "or_else" ? "or" : "only";
  },
  uricontent: (draft, option) => {
    const { text, negated, at } = quotedOf(option, '"text"');
    if (draft.named !== undefined)
      refuse(option.at, `uricontent stands behind the buffer ${draft.named.name}`, "write http.uri; content, or pkt_data; before it");
    addTo(draft, option, "http.uri", literalOf(option, text, at), negated);
  },
  urilen: (draft, option) => {
    const [value = "", form = "norm", ...more] = partsOf(unquoted(argumentOf(option, "10")));
    if ((form !== "norm" && form !== "raw") || more.length > 0) refuse(option.valueAt, `urilen has no word ${form}`, "write norm or raw");
    testOf(draft, option, form === "raw" ? "http.uri.raw" : "http.uri", {
      type: "bsize",
      test: numberTest(option, value, { high: uint16 }),
    });
  },
  filename: substring("file.name", { nocase: true }),
  fileext: (draft, option) => {
    const { text, negated } = textOf(option);
    const content = addTo(draft, option, "file.name", lowered(utf8(`.${text}`)), negated);
    content.nocase = true;
    content.endswith = true;
  },
  filemagic: substring("file.magic", { nocase: true }),
  filemd5: hashes("md5"),
  filesha1: hashes("sha1"),
  filesha256: hashes("sha256"),
  filestore: fileStore,
  "tls.subject": substring("tls.cert_subject"),
  tls_subject: substring("tls.cert_subject"),
  "tls.issuerdn": substring("tls.cert_issuer"),
  tls_issuerdn: substring("tls.cert_issuer"),
  "tls.fingerprint": substring("tls.cert_fingerprint", { whole: true, nocase: true }),
  tls_fingerprint: substring("tls.cert_fingerprint", { whole: true, nocase: true }),
  "ssh.softwareversion": substring("ssh.software"),
  frame: frame,
};

/** A word that another one is said in. */
function wordOf(draft: Draft, option: Option, name: string): WordFacts {
  const word = draft.around.words.names.get(name);
  if (word === undefined)
    return lacking(option.at, `${option.name} needs the word ${name}, which nothing here declares`, "is the protocol switched off?");
  if (word.unsupported !== undefined) lacking(option.at, `${option.name} needs ${name}, which is not supported: ${word.unsupported}`);
  return word;
}

function testOf(draft: Draft, option: Option, name: string, what: ByteTest): void {
  const word = wordOf(draft, option, name);
  draft.use(word, option.at);
  draft.testOf(word.name, word, option.at, what);
}

function addTo(draft: Draft, option: Option, name: string, literal: Uint8Array, negated: boolean): ReturnType<typeof addContent> {
  const word = wordOf(draft, option, name);
  draft.use(word, option.at);
  const content = addContent(draft, (one) => draft.testOf(word.name, word, option.at, one), literal, negated);
  draft.contentBuffer = draft.buffers.find((buffer) => buffer.tests.includes(content));
  return content;
}

function textOf(option: Option): { readonly text: string; readonly negated: boolean } {
  const value = argumentOf(option, '"text"');
  const negated = value.startsWith("!");
  const text = unquoted(negated ? value.slice(1).trim() : value);
  return text === "" ? refuse(option.valueAt, `${option.name} is empty`, "write what is looked for") : { text, negated };
}

/** A word whose value is a part, or the whole, of a buffer. */
function substring(name: string, how: { readonly nocase?: boolean; readonly whole?: boolean } = {}): Handler {
  return (draft, option) => {
    const { text, negated } = textOf(option);
    const bytes = utf8(text);
    const content = addTo(draft, option, name, how.nocase === true ? lowered(bytes) : bytes, negated);
    content.nocase = how.nocase === true;
    if (how.whole !== true) return;
    content.depth = bytes.length;
    content.endswith = true;
  };
}

/** `filemd5:FILE`: one of the sums in a file. */
function hashes(type: "md5" | "sha1" | "sha256"): Handler {
  return (draft, option) => {
    const { text, negated } = textOf(option);
    const name = `${option.name}:${text}`;
    draft.around.datasets.set(name, { name, type, hasReputation: false, load: text, save: undefined, file: draft.file });
    testOf(draft, option, `file.${type}`, { type: "dataset", name, check: negated ? "isnotset" : "isset" });
  };
}

const STORE_SIDES: Readonly<Record<string, "request" | "response" | "both">> = {
  request: "request",
  to_server: "request",
  response: "response",
  to_client: "response",
  both: "both",
};

function fileStore(draft: Draft, option: Option): void {
  const [direction, scope, ...more] = option.value === undefined || option.value === "" ? [] : partsOf(option.value);
  const side = direction === undefined ? undefined : STORE_SIDES[direction];
  if (direction !== undefined && side === undefined)
    refuse(option.valueAt, `filestore has no direction ${direction}`, "write request, response or both");
  if (more.length > 0 || (scope !== undefined && !["file", "tx", "ssn", "flow"].includes(scope)))
    refuse(option.valueAt, `filestore has no scope ${scope}`, "write file, tx, ssn or flow");
  if (!draft.around.extracts)
    draft.around.warn(draft, option.at, "files are not extracted: the rule alerts, and keeps nothing", "name a folder in files.extract");
  const word = wordOf(draft, option, "file.data");
  draft.use({ ...word, name: "filestore" }, option.at);
  draft.effects.push({ type: "filestore", direction: side, scope: scope as "file" | undefined });
}

function base64Decode(draft: Draft, option: Option): void {
  let bytes: number | undefined;
  let offset = 0;
  let relative = false;
  for (const part of option.value === undefined || option.value === "" ? [] : partsOf(option.value)) {
    const [name = "", value = ""] = part.split(/\s+/, 2);
    if (name === "bytes") bytes = wholeOf(option, value, 1, base64BytesMax);
    else if (name === "offset") offset = wholeOf(option, value, 0, base64BytesMax);
    else if (name === "relative") relative = true;
    else refuse(option.valueAt, `base64_decode has no word ${part}`, "its words are bytes N, offset N and relative");
  }
  const buffer = relative ? draft.related : draft.buffer;
  draft.base64 = { from: buffer.name, bytes, offset, relative, transforms: buffer.transforms };
}

/** A piece of a protocol's stream: known where a protocol declares it as a word `frame:tls.pdu`. */
function frame(draft: Draft, option: Option): void {
  const value = unquoted(argumentOf(option, "tls.pdu")).toLowerCase();
  const own = draft.header.applications?.map((application) => `frame:${application === "http" ? "http1" : application}.${value}`) ?? [];
  const names = [`frame:${value}`, ...own];
  const word = names.map((name) => draft.around.words.names.get(name)).find((one) => one !== undefined);
  if (word === undefined) lacking(option.at, `the frame ${value} is not supported`, "look into the payload or a buffer instead");
  draft.use(word, option.at);
  draft.select(word.name, word, option.at);
}
