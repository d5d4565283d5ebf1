import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { ruleLines } from "./rule-lines.ts";
import { parsed } from "./testing.ts";

/** One rule for each corner of the language. */
const seeds = `
alert tcp $EXTERNAL_NET any -> $HOME_NET [80,8000:8010,!8005] (msg:"a \\"b\\" \\; c"; flow:established,to_server; content:"Ab|0d 0a|"; nocase; depth:9; content:!"x"; distance:-2; within:4; reference:cve,2020-1; classtype:trojan-activity; metadata:a 1, b 2; sid:7; rev:3; gid:2;)
alert http any any -> any any (http.uri; content:"/gate.php?id="; startswith; fast_pattern:2,5; pcre:"/^\\/gate\\.php\\?id=[a-f0-9]{32}$/i"; http.method; content:"GET"; bsize:3; sid:1;)
alert tcp any any -> any any (content:"a"; http_uri; content:"b"; http_method; uricontent:"/x"; urilen:5<>10,norm; pcre:"/a/UR"; sid:12;)
alert udp ![10.0.0.0/8,2001:db8::/32] 1024: <> [!192.168.0.1,1.2.3.4-1.2.3.9] :53 (byte_test:2,>,1000,0,relative,little,bitmask 0xff; byte_jump:4,2,from_beginning,multiplier 2,post_offset -4; byte_extract:1,0,size,relative; isdataat:!size,relative; content:"x"; depth:size; sid:2;)
alert ip any any -> any any (byte_math:bytes 2, offset 0, oper <<, rvalue 3, result total, endian little; byte_test:1,!&,total,0,string,hex; base64_decode:bytes 5,offset 1,relative; base64_data; content:"a"; sid:3;)
alert dns any any -> any any (dns.query; dotprefix; content:".evil.com"; endswith; dns.opcode:!1-5; threshold:type limit,track by_src,count 1,seconds 60; sid:4;)
alert ip any any -> any any (flags:S+,CE; ttl:5-10; dsize:>5; ip_proto:!6; fragbits:*MD; tos:x10; ipopts:lsrr; window:!0; tcp.mss:<536; stream_size:server,>,5; flow.age:>3; tag:session,10,packets; sid:5;)
alert tcp any any -> any any (flowbits:isset,a|b; flowbits:set,c; flowint:n,+,1; flowint:n,>,5; xbits:set,x,track ip_pair,expire 10; hostbits:isset,y,dst; detection_filter:track by_dst,count 3,seconds 10; noalert; sid:6;)
alert tls any any -> any any (tls.cert_subject; to_lowercase; xor:"0aff"; pcrexform:"cn=(.*)"; strip_whitespace; dataset:isset,names,type string,load names.lst; tls_cert_notafter:<2025-01-01T10:00; tls_cert_expired; sid:8;)
alert dns any any -> any any (dns.rcode:NXDOMAIN,all; sid:14;)
alert http any any => any any (http.uri; content:"a"; http.connection:to_client; content:"b"; filesize:to_client,>1KB; filename:"x"; fileext:"exe"; filestore:both,tx; filemd5:sums.md5; sid:9;)
alert pkthdr any any -> any any (decode-event:ipv4.pkt_too_small; requires:version >= 7.0.3 < 8 | >= 8.0.1, feature ja3, keyword dns.query; target:src_ip; priority:2; sid:10;)
alert tcp any any -> any any (app-layer-protocol:!http,toserver; app-layer-event:http.missing_host_header; stream-event:3whs_synack_in_wrong_direction; iprep:src,CnC,>,30; entropy:bytes 20,value > 5.5; config:logging disable,type tx,scope tx; bypass; sid:11;)
suppress gen_id 1, sig_id 1, track by_src, ip [10.0.0.0/8,!10.0.0.1]
rate_filter gen_id 1, sig_id 2, track by_rule, count 5, seconds 10, new_action drop, timeout 30`
  .trim()
  .split("\n");

const characters = ' ;:,"()[]!|\\/$.-<>=&+*0159afSx\u00e9\u{1f40d}\0\t{}?^';

/** A rule with a few letters, words or pieces of other rules changed. */
function changed(text: string, other: string, random: Random): string {
  let result = text;
  for (let times = random.between(1, 6); times > 0; times--) {
    const at = random.between(0, result.length + 1);
    const length = random.chance(0.7) ? random.between(0, 3) : random.between(0, 40);
    const from = random.between(0, other.length + 1);
    const insert = random.chance(0.6)
      ? characters.charAt(random.between(0, characters.length))
      : other.slice(from, from + random.between(0, 30));
    result = result.slice(0, at) + insert + result.slice(at + length);
  }
  return result;
}

/** Parses a text and says what a caller may rely on whatever it is. */
function check(text: string): void {
  const { signatures, rejections } = parsed(text, { thresholds: text });
  const rules = [...ruleLines(text)].length;
  expect(signatures.length + rejections.filter(({ place }) => place.file === "test.rules").length).toBeLessThanOrEqual(rules);
  for (const { cause, mend, place, text: written } of rejections) {
    if (cause === "" || mend === "") throw new Error(`a refusal says nothing: ${written}`);
    if (place.column < 1 || place.column > written.length + 1) throw new Error(`column ${place.column} is outside of: ${written}`);
  }
}

function fuzz(rules: readonly string[], rounds: number, seed: number): void {
  const random = new Random(seed);
  for (let round = 0; round < rounds; round++) {
    const rule = rules[random.between(0, rules.length)] ?? "";
    const text = changed(rule, rules[random.between(0, rules.length)] ?? "", random);
    try {
      check(text);
    } catch (error) {
      throw new Error(`round ${round}: ${text}`, { cause: error });
    }
  }
}

test("the rules that are changed are right", () => {
  const { rejections } = parsed(seeds.slice(0, -2).join("\n"));
  expect(rejections.map(({ cause }) => cause)).toEqual([]);
});

test("changed rules never throw, and every refusal says where, why and what to do", () => fuzz(seeds, 4_000, 7));

const folder = join(process.env["ODDWIRE_CORPORA"] ?? "", "dev", "rules");
const available = process.env["ODDWIRE_CORPORA"] !== undefined && existsSync(folder);

test.skipIf(!available)("changed rules of public test suites never throw (needs ODDWIRE_CORPORA)", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".rules"));
  const rules = files.flatMap((name) => [...ruleLines(readFileSync(join(folder, name), "utf8"))].map(({ text }) => text));
  fuzz(rules, 4_000, 11);
});
