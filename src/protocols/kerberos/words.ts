import { bufferWord, integerWord, ownWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";
import { encryptionName, encryptionNumbers, errorNumbers, messageNumbers, weakEncryption } from "./names.ts";

const on = ["krb5"];

/** Names or numbers behind commas; `weak` for all that have been given up. */
function readEncryption(argument: string): ((value: unknown) => boolean) | string {
  const wanted = new Set<string>();
  for (const part of argument.split(",").map((one) => one.trim())) {
    if (part !== "weak" && encryptionNumbers[part] === undefined && !/^-?\d+$/.test(part)) return `${part} is no encryption`;
    wanted.add(/^-?\d+$/.test(part) ? encryptionName(Number(part)) : part);
  }
  return (value) =>
    typeof value === "string" && (wanted.has(value) || (wanted.has("weak") && weakEncryption(encryptionNumbers[value] ?? 0)));
}

export const krb5Words: readonly RuleWord[] = [
  integerWord("krb5_msg_type", on, "both", "Type of the message: 10 AS-REQ, 11 AS-REP, 12 TGS-REQ, 13 TGS-REP, 30 error.", {
    aliases: ["krb5.msg_type"],
    from: pathsIn("krb5", "msg_type"),
    numbers: messageNumbers,
  }),
  integerWord("krb5_err_code", on, "both", "Error (RFC 4120 §7.5.9).", {
    aliases: ["krb5.err_code"],
    from: pathsIn("krb5", "error_code"),
    numbers: errorNumbers,
  }),
  bufferWord("krb5.cname", on, "both", "A part of the client's name.", { aliases: ["krb5_cname"], several: true }),
  bufferWord("krb5.sname", on, "both", "A part of the service's name.", { aliases: ["krb5_sname"], several: true }),
  ownWord("krb5.ticket_encryption", on, "both", "Encryption of the ticket: names, numbers, `weak`.", readEncryption, {
    from: pathsIn("krb5", "ticket_encryption"),
  }),
];
