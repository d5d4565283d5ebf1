import { integerWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";

const on = ["dhcp"];

export const dhcpWords: readonly RuleWord[] = [
  integerWord("dhcp.leasetime", on, "both", "How long the address is good for, s.", { from: pathsIn("dhcp", "lease_time") }),
  integerWord("dhcp.renewal_time", on, "both", "When to renew, s.", { from: pathsIn("dhcp", "renewal_time") }),
  integerWord("dhcp.rebinding_time", on, "both", "When to ask any server, s.", { from: pathsIn("dhcp", "rebinding_time") }),
];
