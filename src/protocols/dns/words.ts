import { bufferWord, frameWord, integerWord, type RuleWord, type RuleWordPath } from "#schema/rule-word.ts";
import { rcodeNumbers, typeNumbers } from "./names.ts";

const at = (...paths: readonly string[]): Partial<RuleWord> => ({
  several: true,
  encoding: "latin1",
  from: paths.map((path): RuleWordPath => ({ kind: "dns", path })),
});

/** Names of each section: `dns.answers.rrname`, and the same of mDNS and LLMNR. */
function sectionWords(protocol: "dns" | "mdns" | "llmnr"): readonly RuleWord[] {
  const on = [protocol];
  // mDNS and LLMNR write names in UTF-8.
  const text: Partial<RuleWord> = protocol === "dns" ? {} : { encoding: "text" };
  const old = (name: string): Partial<RuleWord> => (protocol === "dns" ? { aliases: [name] } : {});
  return [
    bufferWord(`${protocol}.queries.rrname`, on, "both", "A name that is asked for.", {
      ...at("queries[].rrname", "rrname"),
      ...text,
      ...old("dns.query.name"),
    }),
    bufferWord(`${protocol}.answers.rrname`, on, "both", "Name of a record of the answer.", {
      ...at("answers[].rrname"),
      ...text,
      ...old("dns.answer.name"),
    }),
    bufferWord(`${protocol}.authorities.rrname`, on, "both", "Name of a record of the authority section.", {
      ...at("authorities[].rrname"),
      ...text,
    }),
    bufferWord(`${protocol}.additionals.rrname`, on, "both", "Name of a record of the additional section.", {
      ...at("additionals[].rrname"),
      ...text,
    }),
    bufferWord(
      `${protocol}.response.rrname`,
      on,
      "both",
      "A name in any section of an answer: that was asked for, of a record, or one that it points to.",
      {
        several: true,
      },
    ),
  ];
}

export const dnsWords: readonly RuleWord[] = [
  bufferWord("dns.query", ["dns"], "toServer", "Name that is asked for.", { aliases: ["dns_query"], ...at("rrname") }),
  frameWord("dns.pdu", ["dns", "mdns", "llmnr"], "both", "A message, over TCP without its length."),
  ...sectionWords("dns"),
  ...sectionWords("mdns"),
  ...sectionWords("llmnr"),
  integerWord("dns.opcode", ["dns"], "both", "0 query, 4 notify, 5 update …", { from: [{ kind: "dns", path: "opcode" }] }),
  integerWord("dns.rcode", ["dns"], "both", "Result of an answer; of its query too.", {
    from: [
      { kind: "dns", path: "rcode" },
      { kind: "dns", path: "rcode", side: "toServer" },
    ],
    numbers: rcodeNumbers,
  }),
  integerWord("dns.rrtype", ["dns"], "both", "Type that is asked for.", { ...at("queries[].rrtype", "rrtype"), numbers: typeNumbers }),
];
