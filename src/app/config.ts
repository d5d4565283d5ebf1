import { readFileSync } from "node:fs";
import { nearestWord } from "#base/nearest-word.ts";
import { OddwireError } from "#contract/errors.ts";
import { allowTrouble } from "#pipeline/allow-entry.ts";
import { playerDetectors } from "#schema/allow.ts";
import { type Config, type ConfigKey, type ConfigName, configKeys, defaultConfig } from "#schema/config.ts";
import { shelfPlugins } from "#schema/shelves.generated.ts";

export interface ConfigSources {
  /** YAML file; `undefined` for none. */
  readonly file?: string | undefined;
  /** Environment: `ODDWIRE_FLOW_FLOWS_MAX` sets `flow.flows-max`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `KEY=VALUE` texts of `--set`, Oddwire's names or Suricata's. */
  readonly settings?: readonly string[];
}

export interface LoadedConfig {
  readonly config: Config;
  /** Remarks for people: settings that mean nothing here. */
  readonly warnings: readonly string[];
  /** Where each value that was set comes from: `oddwire.yaml:3`, a variable, `--set`. Absent ones are defaults. */
  readonly origins: Readonly<Record<string, string>>;
}

type Values = { [name: string]: number | boolean | string | readonly string[] };
const keys: Readonly<Record<string, ConfigKey>> = configKeys;

/** Defaults, then file, then environment, then `--set`. Refuses a bad file or variable whole, with place and reason. */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const values: Values = { ...defaultConfig };
  const warnings: string[] = [];
  const origins: Record<string, string> = {};
  if (sources.file !== undefined) await readFile(sources.file, values, origins);
  for (const [name, key] of Object.entries(keys)) {
    const variable = `ODDWIRE_${name.replace(/[.-]/g, "_").toUpperCase()}`;
    const value = sources.environment?.[variable];
    if (value === undefined) continue;
    values[name] = convert(key, value, variable, "");
    origins[name] = variable;
  }
  for (const setting of sources.settings ?? []) {
    const name = applySetting(setting, values, warnings);
    if (name !== undefined) origins[name] = "--set";
  }
  checkAllowed(values["detect.allow"] as readonly string[], origins["detect.allow"]);
  return { config: values as unknown as Config, warnings, origins };
}

/** Whether something that finds has this name. */
export const isDetector = (name: string): boolean =>
  playerDetectors.some((one) => one === name) || shelfPlugins.some(({ detectors }) => detectors.some((one) => one.name === name));

/** An entry that keeps nothing back would be believed in: it is refused. */
function checkAllowed(entries: readonly string[], origin = ""): void {
  for (const entry of entries) {
    const trouble = allowTrouble(entry, isDetector);
    if (trouble === undefined) continue;
    const cause = `${trouble.cause}; ${trouble.mend}`;
    throw new OddwireError("ODW_CONFIG_BAD", { file: `${origin} detect.allow`.trim(), where: "", cause });
  }
}

async function readFile(file: string, values: Values, origins: Record<string, string>): Promise<void> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new OddwireError("ODW_CONFIG_BAD", { file, where: "", cause: (error as Error).message });
  }
  // The YAML reader is only loaded when there is something to read: it would cost every start 20 ms.
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number | undefined): string => (offset === undefined ? "" : `:${lines.linePos(offset).line}`);
  const [first] = document.errors;
  if (first !== undefined) throw new OddwireError("ODW_CONFIG_BAD", { file, where: at(first.pos[0]), cause: first.message.split("\n")[0] });
  const walk = (node: unknown, path: string): void => {
    if (!isMap(node)) return;
    for (const item of node.items) {
      const name = isScalar(item.key) ? String(item.key.value) : "";
      const full = path === "" ? name : `${path}.${name}`;
      const where = at((item.key as { range?: [number] }).range?.[0]);
      const key = keys[full];
      if (key === undefined && isMap(item.value)) walk(item.value, full);
      else if (key === undefined)
        throw new OddwireError("ODW_CONFIG_BAD", { file, where, cause: `no such key ${full}${suggestion(full)}` });
      else {
        values[full] = convert(
          key,
          isSeq(item.value) ? item.value.toJSON() : isScalar(item.value) ? item.value.value : undefined,
          file,
          where,
        );
        origins[full] = `${file}${where}`;
      }
    }
  };
  walk(document.contents, "");
}

/** The value of a key of the configuration as a text has it. Throws ODW_SETTING_BAD when it is none, with the reason. */
export function settingValue(name: string, text: string): number | boolean | string | readonly string[] {
  const key = keys[name];
  if (key === undefined)
    throw new OddwireError("ODW_SETTING_BAD", { setting: name, cause: "no such key", mend: "see `oddwire config list`" });
  try {
    return convert(key, text.trim(), "", "");
  } catch (error) {
    const cause = error instanceof OddwireError ? String(error.values["cause"]) : String(error);
    throw new OddwireError("ODW_SETTING_BAD", { setting: name, cause, mend: `by default it is ${String(key.default)}: ${key.doc}` });
  }
}

/** Splits at commas that stand outside of brackets. */
const splitList = (text: string): string[] => text.split(/,(?![^[\]]*\])/);

function convert(key: ConfigKey, value: unknown, file: string, where: string): number | boolean | string | readonly string[] {
  const bad = (cause: string): never => {
    throw new OddwireError("ODW_CONFIG_BAD", { file, where, cause });
  };
  const text = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
  if (key.type === "boolean") {
    if (/^(true|yes|on|1)$/i.test(text)) return true;
    return /^(false|no|off|0)$/i.test(text) ? false : bad(`${text || "this"} is neither true nor false`);
  }
  if (key.type === "integer" || key.type === "number") {
    const number = parseNumber(text);
    if (number === undefined || (key.type === "integer" && !Number.isInteger(number))) return bad(`${text || "this"} is no ${key.type}`);
    if (number < (key.min ?? Number.NEGATIVE_INFINITY) || number > (key.max ?? Number.POSITIVE_INFINITY))
      return bad(`${number} is not between ${key.min ?? "-∞"} and ${key.max ?? "∞"}`);
    return number;
  }
  if (key.type === "list") return Array.isArray(value) ? value.map(String) : splitList(text);
  if (key.choices !== undefined && !key.choices.includes(text)) return bad(`${text} is none of ${key.choices.join(", ")}`);
  return text;
}

/** A number with an optional size behind it, as Suricata writes them: `64mb`, `1.5k`. */
function parseNumber(text: string): number | undefined {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const scale = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(match[2] as string).toLowerCase()] as number;
  return Number(match[1]) * scale;
}

/** Returns the key that was set, if one was. */
function applySetting(setting: string, values: Values, warnings: string[]): string | undefined {
  const [name = "", ...rest] = setting.split("=");
  const value = rest.join("=");
  if (rest.length === 0) throw new OddwireError("ODW_USAGE", { cause: `--set ${setting} has no value: write --set KEY=VALUE` });
  const own = keys[name.trim()];
  if (own !== undefined) {
    values[name.trim()] = convert(own, value.trim(), `--set ${name}`, "");
    return name.trim();
  }
  const group = /^vars\.(?:address|port)-groups\.(\w+)$/.exec(name.trim())?.[1];
  if (group !== undefined) {
    // Suricata's groups of addresses and ports.
    values["rules.variables"] = [...(values["rules.variables"] as readonly string[]), `${group}=${value.trim()}`];
    return "rules.variables";
  }
  const numbered = name.trim().replace(/\.\d+(?=\.)/g, ".N");
  const mapped = Object.entries(keys).find(([, key]) => key.suricata?.some((one) => one === name.trim() || one === numbered));
  if (mapped === undefined) {
    warnings.push(`--set ${name}: no such key, ignored${suggestion(name)}`);
    return undefined;
  }
  try {
    values[mapped[0] as ConfigName] = convert(mapped[1], value.trim(), `--set ${name}`, "");
    return mapped[0];
  } catch {
    warnings.push(`--set ${setting}: this value means nothing here, ignored`);
    return undefined;
  }
}

/** `; did you mean …` with the nearest key, or nothing. */
function suggestion(name: string): string {
  const last = name.split(".").at(-1) as string;
  const near =
    nearestWord(name, Object.keys(keys)) ??
    Object.keys(keys).find((key) => key.endsWith(last) || key.replace(/[-_]/g, "").includes(last.replace(/[-_]/g, "")));
  return near === undefined || last === "" ? "" : `; did you mean ${near}?`;
}
