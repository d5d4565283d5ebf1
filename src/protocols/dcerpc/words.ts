import { readRuleNumber } from "#schema/rule-number.ts";
import { bufferWord, ownWord, type RuleWord, type RuleWordPath } from "#schema/rule-word.ts";

const on = ["dcerpc", "smb"];

const uuidPattern = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

interface Call {
  readonly request?: string;
  readonly opnum?: number;
  readonly req?: { readonly opnum?: number };
  readonly interfaces?: readonly { readonly uuid: string; readonly version: string; readonly ack_result?: number }[];
}

/** Both sides of a call are looked at: of a rule without direction, either. */
const calls: readonly RuleWordPath[] = (["toServer", "toClient"] as const).flatMap((side) => [
  { kind: "dcerpc", path: "", side },
  { kind: "smb", path: "dcerpc", side },
]);

/** `UUID[,VERSION-TEST][,any_frag]`: the interface that a request calls. */
function readInterface(argument: string): ((value: unknown) => boolean) | string {
  const [uuid = "", ...more] = argument
    .toLowerCase()
    .split(",")
    .map((part) => part.trim());
  if (!uuidPattern.test(uuid)) return `${uuid} is no identifier of an interface`;
  const versions = more.filter((part) => part !== "any_frag").map((part) => readRuleNumber(part));
  if (versions.includes(undefined)) return `behind the identifier stands a version (\`>1\`), any_frag, or both`;
  return (value) => {
    const { request, interfaces = [] } = value as Call;
    return (
      request === "REQUEST" &&
      interfaces.some((one) => one.uuid === uuid && versions.every((test) => test?.(Number(one.version.split(".")[0])) ?? false))
    );
  };
}

/** Numbers and ranges behind commas. */
function readOperations(argument: string): ((value: unknown) => boolean) | string {
  const tests = argument.split(",").map((part) => readRuleNumber(part));
  if (tests.includes(undefined)) return "it takes numbers and ranges behind commas";
  return (value) => {
    const { request, opnum, req } = value as Call;
    const number = opnum ?? req?.opnum;
    return request === "REQUEST" && number !== undefined && tests.some((test) => test?.(number) ?? false);
  };
}

export const dcerpcWords: readonly RuleWord[] = [
  ownWord("dcerpc.iface", on, "both", "Interface that is called: identifier, version (`>1`), `any_frag`.", readInterface, {
    aliases: ["dce_iface"],
    from: calls,
  }),
  ownWord("dcerpc.opnum", on, "both", "Number of the operation: `15`, `1,3,5-9`.", readOperations, { aliases: ["dce_opnum"], from: calls }),
  bufferWord("dcerpc.stub_data", on, "both", "Parameters of a request or an answer, put together from fragments.", {
    aliases: ["dce_stub_data"],
  }),
];
