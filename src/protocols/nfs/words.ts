import { readRuleNumber } from "#schema/rule-number.ts";
import { integerWord, ownWord, type RuleWord } from "#schema/rule-word.ts";
import { procedureNumber } from "./procedures.ts";

const on = ["nfs"];

/** Names, numbers and ranges behind commas. Values are version and name with a blank between. */
function readProcedure(argument: string): ((value: unknown) => boolean) | string {
  const parts = argument.split(",").map((part) => part.trim());
  const tests = parts.map((part) => readRuleNumber(part));
  return (value) => {
    const [version = "", procedure = ""] = typeof value === "string" ? value.split(" ") : [];
    const number = procedureNumber(Number(version), procedure);
    return parts.some((part, i) => tests[i]?.(number) ?? part.toUpperCase() === procedure);
  };
}

export const nfsWords: readonly RuleWord[] = [
  ownWord("nfs_procedure", on, "toServer", "Procedure: name, number or range.", readProcedure, { aliases: ["nfs.procedure"] }),
  integerWord("nfs.version", on, "toServer", "Version of the protocol.", { aliases: ["nfs_version"] }),
];
