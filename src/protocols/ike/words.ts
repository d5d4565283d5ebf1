import { readRuleNumber } from "#schema/rule-number.ts";
import { bufferWord, integerWord, ownWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";

const on = ["ike"];

/** A name, and what is asked of its number: `alg_enc=7`, `sa_key_length>=128`. */
function readAttribute(argument: string): ((value: unknown) => boolean) | string {
  const [, name, number = ""] = /^\s*(\w+)\s*=?\s*(.+?)\s*$/.exec(argument) ?? [];
  const test = readRuleNumber(number);
  if (name === undefined || test === undefined) return "it takes a name and a number: alg_enc=7";
  return (value) => {
    const [, told, raw] = /^(\w+)=(\d+)$/.exec(typeof value === "string" ? value : "") ?? [];
    return told === name && test(Number(raw));
  };
}

/** As in Suricata, those of public values and nonces are about version 1. */
export const ikeWords: readonly RuleWord[] = [
  bufferWord("ike.init_spi", on, "toServer", "Number that the initiator gave, hexadecimal.", { from: pathsIn("ike", "init_spi") }),
  bufferWord("ike.resp_spi", on, "toClient", "Number that the responder gave, hexadecimal.", { from: pathsIn("ike", "resp_spi") }),
  integerWord("ike.exchtype", on, "both", "2 main mode, 4 aggressive, 32 quick; 34 IKE_SA_INIT, 35 IKE_AUTH …", {
    from: pathsIn("ike", "exchange_type"),
  }),
  bufferWord("ike.vendor", on, "toServer", "Number of software, hexadecimal.", {
    several: true,
    from: pathsIn("ike", "ikev1.vendor_ids[]"),
  }),
  bufferWord("ike.key_exchange_payload", on, "both", "Public value of the message."),
  integerWord("ike.key_exchange_payload_length", on, "both", "Its length, bytes."),
  bufferWord("ike.nonce_payload", on, "both", "Nonce of the message."),
  integerWord("ike.nonce_payload_length", on, "both", "Its length, bytes."),
  ownWord(
    "ike.chosen_sa_attribute",
    on,
    "toClient",
    "What the responder chose: `alg_enc=7`, `alg_hash=2`, `alg_auth=1`, `alg_dh=2`, `sa_life_duration=86400` …",
    readAttribute,
    { several: true },
  ),
];
