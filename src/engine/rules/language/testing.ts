import type { Rejection, Signature } from "#engine/rules/signature.ts";
import { type ParsedRules, parseRules, type RuleMaterial } from "./parse.ts";
import type { WordFacts } from "./word-facts.ts";

const http = ["http", "http2"];
const word = (
  name: string,
  type: WordFacts["type"],
  protocols: readonly string[],
  side: WordFacts["side"],
  more: Partial<WordFacts> = {},
): WordFacts => ({
  name,
  type,
  protocols,
  side,
  ...more,
});

/** A handful of words as protocols declare them, for tests. */
export const testWords: readonly WordFacts[] = [
  word("http.uri", "bytes", http, "toServer", { modifiers: ["http_uri"] }),
  word("http.uri.raw", "bytes", http, "toServer", { modifiers: ["http_raw_uri"] }),
  word("http.method", "bytes", http, "toServer", { modifiers: ["http_method"] }),
  word("http.user_agent", "bytes", http, "toServer", { modifiers: ["http_user_agent"] }),
  word("http.cookie", "bytes", http, "both", { modifiers: ["http_cookie"] }),
  word("http.stat_code", "bytes", http, "toClient", { modifiers: ["http_stat_code"] }),
  word("http.connection", "bytes", http, "both"),
  word("dns.query", "bytes", ["dns"], "toServer", { aliases: ["dns_query"], several: true }),
  word("dns.opcode", "integer", ["dns"], "both"),
  word("dns.rcode", "integer", ["dns"], "toClient", { several: true, numbers: { NOERROR: 0, NXDOMAIN: 3 } }),
  word("tls.sni", "bytes", ["tls"], "toServer", { aliases: ["tls_sni"] }),
  word("tls.cert_subject", "bytes", ["tls"], "toClient"),
  word("tls.version", "text", ["tls"], "both"),
  word("tls_cert_notafter", "integer", ["tls"], "toClient"),
  word("tls_cert_expired", "flag", ["tls"], "toClient"),
  word("mqtt.flags", "flags", ["mqtt"], "both", { numbers: { dup: 8, retain: 1 } }),
  word("dcerpc.opnum", "own", ["dcerpc", "smb"], "both", {
    read: (argument) => (/^\d+$/.test(argument) ? (value) => value === Number(argument) : `${argument} is no operation`),
  }),
  word("quic.cyu.hash", "bytes", ["quic"], "toServer", { unsupported: "nobody uses it" }),
];

/** Parses one text of rules with the words above. */
export function parsed(text: string, more: Partial<RuleMaterial> = {}): ParsedRules {
  return parseRules(
    { files: [{ name: "test.rules", text }], reputation: { categories: "1,CnC,hosts" }, knowsCountries: true, ...more },
    testWords,
  );
}

/** The one signature of a rule that must be accepted. */
export function accepted(text: string): Signature {
  const { signatures, rejections } = parsed(text);
  const [signature] = signatures;
  if (signature === undefined) throw new Error(`refused: ${rejections[0]?.cause ?? "nothing is there"}`);
  return signature;
}

/** A rule with these options behind `header`, and a sid. */
export const rule = (options: string, header = "alert tcp any any -> any any"): string => `${header} (msg:"m"; ${options} sid:1;)`;

/** Why a rule is refused; undefined when it is not. */
export function refusal(text: string): Rejection | undefined {
  return parsed(text).rejections[0];
}
