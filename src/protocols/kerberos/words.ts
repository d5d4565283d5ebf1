import { bufferWord, integerWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";
import { errorNumbers, messageNumbers } from "./names.ts";

const on = ["krb5"];

/** As in Suricata, names and tickets are those of answers. */
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
  bufferWord("krb5.cname", on, "toClient", "A part of the client's name in an answer.", { aliases: ["krb5_cname"], several: true }),
  bufferWord("krb5.sname", on, "toClient", "A part of the service's name in an answer.", { aliases: ["krb5_sname"], several: true }),
  {
    name: "krb5.ticket_encryption",
    aliases: ["krb5_ticket_encryption"],
    doc: "Encryption of the ticket: its name or number, `weak` for all that have been given up.",
    type: "text",
    protocols: on,
    side: "toClient",
    several: true,
  },
];
