import type { DatasetDemand, Draft, Handlers } from "./draft.ts";
import { refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, partsOf, wholeOf } from "./values.ts";

const CHECKS: readonly string[] = ["isset", "isnotset", "set", "unset"];
const TYPES: readonly string[] = ["string", "md5", "sha256", "ip", "ipv4"];
const FIELDS: readonly string[] = [
  "type",
  "load",
  "save",
  "state",
  "memcap",
  "hashsize",
  "match",
  "format",
  "value_key",
  "context_key",
  "array_key",
  "remove_key",
];
const reputationMax = 65_535;

/** Words that look a buffer up in a list of values. */
export const datasetHandlers: Handlers = {
  dataset: (draft, option) => {
    const [check = "", name = "", ...fields] = partsOf(argumentOf(option, "isset,names,type string,load names.lst"));
    if (!CHECKS.includes(check)) refuse(option.valueAt, `dataset has no command ${check}`, `its commands are ${CHECKS.join(", ")}`);
    const buffer = bufferOf(draft, option);
    demand(draft, option, name, "dataset", fields);
    buffer.tests.push({ type: "dataset", name, check: check as "isset" });
    if (check !== "set" && check !== "unset") return;
    warnOfParts(draft, option, name);
    draft.effects.push({ type: "dataset", name, command: check, buffer: buffer.name, transforms: buffer.transforms });
  },
  datarep: (draft, option) => {
    const [name = "", operator = "", value = "", ...fields] = partsOf(argumentOf(option, "names,>,200,load names.rep,type string"));
    if (!["<", ">", "=", "=="].includes(operator)) refuse(option.valueAt, `datarep has no comparison ${operator}`, "write < > or =");
    const buffer = bufferOf(draft, option);
    demand(draft, option, name, "datarep", fields);
    buffer.tests.push({
      type: "datarep",
      name,
      operator: operator === "==" ? "=" : (operator as "<"),
      value: wholeOf(option, value, 0, reputationMax),
    });
  },
};

/** What rules add is seen by rules about flows of the same partition, whatever the number of workers. */
function warnOfParts(draft: Draft, option: Option, name: string): void {
  draft.around.warn(
    draft,
    option.at,
    `rules change the list ${name}: each of the 16 partitions of flows by address pair has its own, so that a value may be new up to 16 times`,
    "load the list from a file and only ask it, or expect that",
  );
}

function bufferOf(draft: Draft, option: Option): Draft["buffer"] {
  return draft.named ?? refuse(option.at, `${option.name} has no buffer to look up`, "name a buffer before it, like dns.query;");
}

function demand(draft: Draft, option: Option, name: string, word: "dataset" | "datarep", fields: readonly string[]): void {
  if (!/^[\w.-]{1,63}$/.test(name)) refuse(option.valueAt, `${name} is no name of a list`, "write letters, digits, _ and -, 63 at most");
  const found = new Map<string, string>();
  for (const field of fields) {
    const [key = "", value = "", ...more] = field.split(/\s+/);
    if (!FIELDS.includes(key) || value === "" || more.length > 0)
      refuse(option.valueAt, `${word} does not understand ${field}`, `its words are ${FIELDS.slice(0, 7).join(", ")}`);
    found.set(key, value);
  }
  const known = draft.around.datasets.get(name);
  const type = found.get("type") ?? known?.type;
  if (type === undefined || !TYPES.includes(type)) {
    const cause = type === undefined ? `${word} ${name} has no type` : `${type} is no type of a list`;
    refuse(option.valueAt, cause, `write type ${TYPES.join(", ")}`);
  }
  if (known !== undefined && known.type !== type)
    refuse(option.valueAt, `the list ${name} is of type ${known.type} in another rule`, "use one type, or another name");
  const state = found.get("state");
  const wanted: DatasetDemand = {
    ...known,
    name,
    type: type as DatasetDemand["type"],
    hasReputation: word === "datarep" || known?.hasReputation === true,
    load: found.get("load") ?? state ?? known?.load,
    save: found.get("save") ?? state ?? known?.save,
    file: known?.file ?? draft.file,
    ...formatOf(found),
  };
  draft.around.datasets.set(name, wanted);
}

function formatOf(found: ReadonlyMap<string, string>): Partial<DatasetDemand> {
  const format = found.get("format");
  return {
    ...(format === undefined ? {} : { format }),
    ...(found.has("value_key") ? { valueKey: found.get("value_key") } : {}),
    ...(found.get("match") === "subdomain" ? { subdomains: true } : {}),
  };
}
