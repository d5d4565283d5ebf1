import { definePlugin } from "#contract/plugin.ts";
import { applicationSignatures } from "./applications.ts";
import { networkSignatures } from "./networks.ts";
import { definitionsOf } from "./signature.ts";
import { textSignatures } from "./texts.ts";

export default definePlugin({
  name: "named",
  summary: "Protocols that are told by their first bytes and not read.",
  protocols: [...textSignatures, ...networkSignatures, ...applicationSignatures].flatMap(definitionsOf),
});
