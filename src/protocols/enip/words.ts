import { readRuleNumber } from "#schema/rule-number.ts";
import { bufferWord, integerWord, ownWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";
import { commandNumbers } from "./parser.ts";

const on = ["enip"];
const number = (name: string, doc: string, path: string, more: Partial<RuleWord> = {}): RuleWord =>
  integerWord(name, on, "both", doc, { from: pathsIn("enip", path), ...more });
const several: Partial<RuleWord> = { several: true };

/** `cip_service:SERVICE[,CLASS[,ATTRIBUTE]]`, each a number. */
function readService(argument: string): ((value: unknown) => boolean) | string {
  const tests = argument.split(",").map((part) => readRuleNumber(part));
  if (tests.length > 3 || tests.includes(undefined)) return "it takes a service, and behind commas a class and an attribute, as numbers";
  return (value) => {
    const { service, class: kind, attribute } = value as { readonly service: number; readonly class?: number; readonly attribute?: number };
    return [service, kind, attribute].every((told, i) => tests[i] === undefined || (told !== undefined && tests[i](told)));
  };
}

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
  ownWord("cip_service", on, "both", "Service, its class and attribute.", readService, {
    aliases: ["enip.cip_service"],
    ...several,
    from: pathsIn("enip", "cip[]"),
  }),
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
