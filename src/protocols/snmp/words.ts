import { bufferWord, integerWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";

const on = ["snmp"];

/** RFC 3416 §3: the tag of the message without its class. */
const types: Readonly<Record<string, number>> = {
  get_request: 0,
  get_next_request: 1,
  response: 2,
  set_request: 3,
  trap_v1: 4,
  get_bulk_request: 5,
  inform_request: 6,
  trap_v2: 7,
  report: 8,
};

export const snmpWords: readonly RuleWord[] = [
  integerWord("snmp.version", on, "both", "1, 2 (for 2c) or 3.", { from: pathsIn("snmp", "version") }),
  bufferWord("snmp.community", on, "both", "Community, in versions 1 and 2c.", { from: pathsIn("snmp", "community") }),
  bufferWord("snmp.usm", on, "both", "User, in version 3.", { from: pathsIn("snmp", "usm") }),
  integerWord("snmp.pdu_type", on, "both", "Kind of message.", { from: pathsIn("snmp", "pdu_type"), numbers: types }),
];
