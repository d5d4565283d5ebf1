import { bufferWord, integerWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";
import { commandNumbers } from "./parser.ts";

const on = ["enip"];
const number = (name: string, doc: string, path: string, more: Partial<RuleWord> = {}): RuleWord =>
  integerWord(name, on, "both", doc, { from: pathsIn("enip", path), ...more });
const several: Partial<RuleWord> = { several: true };

/** `ListIdentity`, or as in Suricata's manual: `list_identity`. */
const commands: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(commandNumbers).flatMap(([name, value]) => [
    [name, value],
    [name.replace(/([a-z])([A-Z])|(RR)(D)/g, "$1$3_$2$4").toLowerCase(), value],
  ]),
);

export const enipWords: readonly RuleWord[] = [
  number("enip.command", "What the message does.", "command", { aliases: ["enip_command"], numbers: commands }),
  number("enip.status", "0 for success.", "status"),
  {
    name: "cip_service",
    aliases: ["enip.cip_service"],
    doc: "Service; behind commas its class and attribute, when they are to be looked at.",
    type: "text",
    protocols: on,
    side: "both",
    several: true,
  },
  number("enip.cip_class", "Kind of object that a service is about.", "cip[].class", several),
  number("enip.cip_instance", "Which object of its kind a service is about.", "cip[].instance", several),
  number("enip.cip_attribute", "Attribute that a service is about.", "cip[].attribute", several),
  number("enip.cip_status", "Result of a service.", "cip[].status", several),
  number("enip.vendor_id", "Maker of a device.", "identity.vendor_id"),
  number("enip.device_type", "Kind of device.", "identity.device_type"),
  number("enip.product_code", "Product of a device.", "identity.product_code"),
  bufferWord("enip.product_name", on, "both", "Name of a product.", { from: pathsIn("enip", "identity.product_name") }),
  bufferWord("enip.revision", on, "both", "Revision of a product.", { from: pathsIn("enip", "identity.revision") }),
  number("enip.identity_status", "State of a device.", "identity.status"),
  integerWord("enip.serial", on, "both", "Serial number of a device."),
];
