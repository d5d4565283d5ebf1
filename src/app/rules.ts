import { allPlugins, enabledPlugins } from "#app/plugins.ts";
import { OddwireError } from "#contract/errors.ts";
import { parseRules } from "#engine/rules/language/parse.ts";
import type { ByteTest, Rejection, Signature } from "#engine/rules/signature.ts";
import type { Config } from "#schema/config.ts";
import { placesOf, readPlaceFiles } from "./place-files.ts";
import { readRuleMaterial } from "./rule-material.ts";

/** A rule as people see it: what it is, and what it costs. */
export interface RuleView {
  readonly file: string;
  readonly line: number;
  readonly gid: number;
  readonly sid: number;
  readonly rev: number;
  readonly action: string;
  /** As in the rule's header. */
  readonly protocol: string;
  readonly message: string;
  readonly classtype: string | undefined;
  readonly priority: number;
  /** `once`, `packet`, `stream`, `transaction` or `event`. */
  readonly scope: Signature["scope"];
  readonly payload: Signature["payload"];
  readonly applications: readonly string[];
  readonly side: Signature["side"];
  readonly buffers: readonly BufferView[];
  /** Words that are compared as numbers or texts, without a buffer. */
  readonly words: readonly string[];
  readonly prefilter: PrefilterView | undefined;
}

export interface BufferView {
  readonly name: string;
  readonly transforms: readonly string[];
  /** How many tests of each kind. */
  readonly tests: Readonly<Record<string, number>>;
}

export interface PrefilterView {
  readonly buffer: string;
  /** As it would stand in a rule. */
  readonly literal: string;
  readonly bytes: number;
  readonly nocase: boolean;
}

/** A remark about a place in a rule file. */
export interface RuleRemark {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly sid: number | undefined;
  readonly kind: Rejection["kind"] | "warning";
  readonly cause: string;
  readonly mend: string;
}

export interface CheckedRules {
  readonly rules: readonly RuleView[];
  readonly refused: readonly RuleRemark[];
  readonly warnings: readonly RuleRemark[];
}

/** Reads and checks the rules of these files, or of the configuration when none is named. Throws ODW_FILE_MISSING. */
export function checkRules(files: readonly string[], config: Config): CheckedRules {
  const named = files.length > 0 ? { ...config, "rules.files": files } : config;
  const material = readRuleMaterial({ ...named, "keywords.files": [], "indicators.files": [] });
  if (material === undefined) throw new OddwireError("ODW_USAGE", { cause: "say which rules: files, or rules.files in the configuration" });
  const words = enabledPlugins(config).flatMap((plugin) => plugin.words ?? []);
  const applications = allPlugins.flatMap((plugin) => plugin.protocols?.map(({ name }) => name) ?? []);
  const { signatures, rejections, warnings, datasets } = parseRules(
    {
      ...material,
      knowsCountries: placesOf(readPlaceFiles(config))?.hasCountries === true,
      applications,
      extracts: config["files.extract"] !== "",
    },
    words,
  );
  const missing = datasets
    .filter(({ load, save }) => load !== undefined && load !== save && material.lists[load] === undefined)
    .map(({ load, file }) =>
      remark(
        { place: { file, line: 0, column: 0 }, sid: undefined, cause: `the list ${load} is not there`, mend: "put it beside the rules" },
        "warning",
      ),
    );
  return {
    rules: signatures.map(viewOf),
    refused: rejections.map((rejection) => remark(rejection, rejection.kind)),
    warnings: [...warnings.map((warning) => remark(warning, "warning")), ...missing],
  };
}

function remark({ place, sid, cause, mend }: Omit<Rejection, "kind" | "text">, kind: RuleRemark["kind"]): RuleRemark {
  return { ...place, sid, kind, cause, mend };
}

/** A rule as people see it. */
export function viewOf(signature: Signature): RuleView {
  const { place, gid, sid, rev, action, message, classtype, priority, scope, payload, side, prefilter } = signature;
  return {
    file: place.file,
    line: place.line,
    gid,
    sid,
    rev,
    action,
    protocol: /^\S+\s+(\S+)/.exec(signature.text)?.[1] ?? "",
    message,
    classtype,
    priority,
    scope,
    payload,
    applications: signature.header.applications,
    side,
    buffers: signature.buffers.map(({ buffer, transforms, tests }) => ({
      name: buffer,
      transforms: transforms.map(({ type }) => type),
      tests: countsOf(tests),
    })),
    words: signature.wordTests.map(({ word }) => word),
    prefilter:
      prefilter === undefined
        ? undefined
        : { buffer: prefilter.buffer, literal: ruleText(prefilter.literal), bytes: prefilter.literal.length, nocase: prefilter.nocase },
  };
}

function countsOf(tests: readonly ByteTest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of tests) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** Bytes as a content writes them: printable characters, and the others in hexadecimal between pipes. */
export function ruleText(bytes: Uint8Array): string {
  let text = "";
  let hexadecimal = false;
  for (const byte of bytes) {
    const plain = byte >= 32 && byte < 127 && !'";:\\|'.includes(String.fromCharCode(byte));
    if (plain === hexadecimal) text += "|";
    else if (!plain) text += " ";
    text += plain ? String.fromCharCode(byte) : byte.toString(16).padStart(2, "0");
    hexadecimal = !plain;
  }
  return hexadecimal ? `${text}|` : text;
}
