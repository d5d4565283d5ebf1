import { bufferWord, integerWord, type RuleWord } from "#schema/rule-word.ts";

const on = ["dcerpc", "smb"];

/** Both sides of a call are looked at: of a rule without direction, either. */
export const dcerpcWords: readonly RuleWord[] = [
  {
    name: "dcerpc.iface",
    aliases: ["dce_iface"],
    doc: "Interface that a request calls: identifier, version (`>1`), `any_frag`. Its value is identifier and version with a blank between.",
    type: "text",
    protocols: on,
    side: "both",
  },
  integerWord("dcerpc.opnum", on, "both", "Number of the operation that a request calls: `15`, `1,3,5-9`.", { aliases: ["dce_opnum"] }),
  bufferWord("dcerpc.stub_data", on, "both", "Parameters of a request or an answer, put together from fragments.", {
    aliases: ["dce_stub_data"],
  }),
  integerWord("dcerpc.little_endian", on, "both", "1 when the numbers of the parameters are little-endian: what `dce` reads by."),
];
