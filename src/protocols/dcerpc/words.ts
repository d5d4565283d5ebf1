import { readRuleNumber } from "#schema/rule-number.ts";
import { bufferWord, integerWord, ownWord, type RuleWord } from "#schema/rule-word.ts";

const on = ["dcerpc", "smb"];

/** Both sides of a call are looked at: of a rule without direction, either. */
export const dcerpcWords: readonly RuleWord[] = [
  ownWord("dcerpc.iface", on, "both", "Interface that a request calls: identifier, version (`>1`), `any_frag`.", readInterface, {
    aliases: ["dce_iface"],
  }),
  integerWord("dcerpc.opnum", on, "both", "Number of the operation that a request calls: `15`, `1,3,5-9`.", { aliases: ["dce_opnum"] }),
  bufferWord("dcerpc.stub_data", on, "both", "Parameters of a request or an answer, put together from fragments.", {
    aliases: ["dce_stub_data"],
  }),
  integerWord("dcerpc.little_endian", on, "both", "1 when the numbers of the parameters are little-endian: what `dce` reads by."),
];

/** Values are identifier and version (`4.0`) with a blank between; rules compare the version's first number. */
function readInterface(argument: string): ((value: unknown) => boolean) | string {
  const [uuid = "", ...more] = argument.split(",").map((part) => part.trim().toLowerCase());
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(uuid)) return `${uuid} is no identifier of an interface`;
  const wanted = more.filter((part) => part !== "any_frag");
  const version = wanted[0] === undefined ? () => true : readRuleNumber(wanted[0]);
  if (version === undefined || wanted.length > 1) return `${more.join(", ")} is no version`;
  return (value) => {
    if (typeof value !== "string") return false;
    const [found, number = "0"] = value.split(" ");
    return found === uuid && version(Number.parseInt(number, 10));
  };
}
