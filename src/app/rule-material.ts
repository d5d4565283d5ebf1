import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import type { Config } from "#schema/config.ts";
import { ListDirectory, type ListKind } from "./list-directory.ts";

/** Largest list of rules, keywords or indicators that is read, bytes. */
const textBytesMax = 512 * 1024 * 1024;
/** Words of rules that name a file of values. */
const listPattern = /\b(?:(?:dataset|datarep)\s*:[^;]*?\b(?:load|state)\s+|file(?:md5|sha1|sha256)\s*:[!\s]*"?)([^,;"]+)/g;

/** Reads what rules are made of; `undefined` when there is nothing. Throws ODW_FILE_MISSING. */
export function readRuleMaterial(config: Config): RuleMaterial | undefined {
  const material = ruleMaterial(config, new ListDirectory(config, config["lists.directory"], false));
  return material.files.length + material.keywords.length + material.indicators.length === 0 ? undefined : material;
}

/** The same, whether there is anything or not: a live run may get rules later. */
export function ruleMaterial(
  config: Config,
  directory: ListDirectory,
): Required<Pick<RuleMaterial, "keywords" | "indicators">> & RuleMaterial {
  const files = config["rules.files"].map((name) => ({ name, text: textOf(name) }));
  const listsNamed = (kind: ListKind): { name: string; text: string }[] =>
    directory.lists(kind).flatMap(({ name, path, isOn }) => (isOn ? [{ name, text: textOf(path) }] : []));
  const keywords = listsNamed("keywords");
  const indicators = listsNamed("indicators");
  return {
    files,
    variables: variablesOf(config),
    ...optionalText("classification", config["rules.classification"]),
    ...optionalText("references", config["rules.references"]),
    ...optionalText("thresholds", config["rules.thresholds"]),
    ...reputationOf(config),
    lists: listsOf(files),
    keywords,
    indicators,
  };
}

function textOf(name: string): string {
  try {
    if (statSync(name).size > textBytesMax) throw new Error(`it has more than ${textBytesMax} bytes`);
    return readFileSync(name, "utf8");
  } catch (error) {
    throw new OddwireError("ODW_FILE_MISSING", { file: name, cause: (error as Error).message });
  }
}

const optionalText = <K extends string>(member: K, name: string): { [M in K]?: string } =>
  name === "" ? {} : ({ [member]: textOf(name) } as { [M in K]?: string });

/** Categories and files go together: without the one, the other says nothing. */
function reputationOf(config: Config): Pick<RuleMaterial, "reputation"> {
  const name = config["rules.reputation-categories"];
  if (name === "") return {};
  return {
    reputation: { categories: textOf(name), files: config["rules.reputation-files"].map((file) => ({ name: file, text: textOf(file) })) },
  };
}

/** `rules.variables`: NAME=VALUE; what ends in PORTS, or is given as ports, is a group of ports. */
function variablesOf(config: Config): RuleMaterial["variables"] {
  const addresses: Record<string, string> = {};
  const ports: Record<string, string> = {};
  for (const row of config["rules.variables"]) {
    const at = row.indexOf("=");
    const name = row.slice(0, at).trim();
    const group = /PORTS?$/.test(name) ? ports : addresses;
    if (at > 0) group[name] = row.slice(at + 1).trim();
  }
  return { addresses, ports };
}

/** Files of values that rules name, looked for beside the rules. A missing one is told when the rule is loaded. */
function listsOf(files: RuleMaterial["files"]): Record<string, string> {
  const lists: Record<string, string> = {};
  for (const { name, text } of files)
    for (const [, list] of text.matchAll(listPattern)) {
      const wanted = (list as string).trim();
      const found = [resolve(dirname(name), wanted), join(dirname(name), basename(wanted))].find((path) => existsSync(path));
      if (found !== undefined) lists[wanted] = textOf(found);
    }
  return lists;
}
