import { readRuleNumber } from "#schema/rule-number.ts";
import { integerWord, ownWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";
import { procedureNumber } from "./procedures.ts";

const on = ["nfs"];

/** Names, numbers and ranges behind commas. */
function readProcedure(argument: string): ((value: unknown) => boolean) | string {
  const parts = argument.split(",").map((part) => part.trim());
  const tests = parts.map((part) => readRuleNumber(part));
  return (value) => {
    const { version, procedure } = value as { readonly version: number; readonly procedure: string };
    const number = procedureNumber(version, procedure);
    return parts.some((part, i) => tests[i]?.(number) ?? part.toUpperCase() === procedure);
  };
}

/** Calls of GETATTR and NULL have no events: rules do not see them. */
export const nfsWords: readonly RuleWord[] = [
  ownWord("nfs_procedure", on, "both", "Procedure: name, number or range.", readProcedure, {
    aliases: ["nfs.procedure"],
    from: pathsIn("nfs", ""),
  }),
  integerWord("nfs.version", on, "both", "Version of the protocol.", { aliases: ["nfs_version"], from: pathsIn("nfs", "version") }),
];
