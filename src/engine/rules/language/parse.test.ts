import { expect, test } from "vitest";
import type { Signature } from "#engine/rules/signature.ts";
import { accepted, parsed, refusal, rule } from "./testing.ts";

const HTTP = "alert http any any -> any any";
const text = (bytes: Uint8Array | undefined): string => String.fromCharCode(...(bytes ?? []));

test("a rule says what it is, where it stands and what it looks for", () => {
  const written =
    'alert tcp $EXTERNAL_NET any -> $HOME_NET [80,8000:8010] (msg:"a \\"b\\"\\; c"; flow:established,to_server; content:"Ab|0d 0a|"; nocase; depth:9; content:!"x"; distance:-2; within:4; reference:cve,2020-1; classtype:trojan-activity; metadata:a 1, b 2, a 3; sid:7; rev:3; gid:2;)';
  const signature = accepted(`# comment\n\n${written}\n`);
  expect(signature).toMatchObject({
    place: { file: "test.rules", line: 3, column: 1 },
    text: written,
    action: "alert",
    scope: "stream",
    gid: 2,
    sid: 7,
    rev: 3,
    message: 'a "b"; c',
    classtype: "trojan-activity",
    category: "A Network Trojan was detected",
    priority: 1,
    references: [{ system: "cve", id: "2020-1" }],
    metadata: { a: ["1", "3"], b: ["2"] },
    flowTests: [
      { type: "state", state: "established" },
      { type: "side", side: "to_server" },
    ],
    payload: "both",
    side: "toServer",
  });
  const [first, second] = signature.buffers[0]?.tests ?? [];
  expect(first).toMatchObject({ type: "content", literal: Uint8Array.from([97, 98, 13, 10]), nocase: true, depth: 9, relative: false });
  expect(second).toMatchObject({ negated: true, relative: true, distance: -2, within: 4 });
  expect(signature.header.targetPorts.has(8005)).toBe(true);
  expect(signature.header.targetPorts.has(8011)).toBe(false);
});

test.each([
  [
    "a sticky buffer takes the contents behind it",
    'http.uri; content:"a"; http.method; content:"GET";',
    [
      ["http.uri", "a"],
      ["http.method", "GET"],
    ],
  ],
  [
    "a buffer that is named again goes on",
    'http.uri; content:"a"; http.method; content:"G"; http.uri; content:"b";',
    [
      ["http.uri", "a", "b"],
      ["http.method", "G"],
    ],
  ],
  [
    "a modifier moves the content before it",
    'content:"a"; http_uri; content:"b"; content:"c"; http_uri;',
    [
      ["http.uri", "a", "c"],
      ["payload", "b"],
    ],
  ],
  [
    "pkt_data returns to the payload",
    'http.uri; content:"a"; pkt_data; content:"b";',
    [
      ["http.uri", "a"],
      ["payload", "b"],
    ],
  ],
  ["a relative test stays with the match before it", 'content:"a"; http_uri; isdataat:4,relative;', [["http.uri", "a", "isdataat"]]],
  ["uricontent is a content of http.uri", 'uricontent:"a"; nocase;', [["http.uri", "a"]]],
  [
    "a transform begins a buffer of its own",
    'http.uri; content:"a"; http.uri; to_lowercase; content:"b";',
    [
      ["http.uri", "a"],
      ["http.uri", "b"],
    ],
  ],
  [
    "a transform behind a content looks at what comes out",
    'http.uri; content:"a"; from_base64:offset 1; content:"b";',
    [
      ["http.uri", "a"],
      ["http.uri", "b"],
    ],
  ],
])("%s", (_case, options, expected) => {
  const found = accepted(rule(options, HTTP)).buffers.map(({ buffer, tests }) =>
    [buffer].concat(tests.map((one) => (one.type === "content" ? text(one.literal) : one.type))),
  );
  expect(new Set(found.map((one) => one.join(" ")))).toEqual(new Set(expected.map((one) => one.join(" "))));
});

test("values of a word that has several are judged one by one", () => {
  const { buffers } = accepted(rule('dns_query; content:"a"; dns.query; content:"b";', "alert dns any any -> any any"));
  expect(buffers.map(({ buffer }) => buffer)).toEqual(["dns.query", "dns.query"]);
});

test.each<[string, string, Signature["scope"]]>([
  ["addresses alone are told once", "alert ip any any -> 10.0.0.1 any (sid:1;)", "once"],
  ["a negated address is judged on each packet", "alert ip any any -> !10.0.0.1 any (sid:1;)", "packet"],
  ["flags are judged on each packet", rule("flags:S;"), "packet"],
  ["contents of TCP are looked for in the stream", rule('content:"a";'), "stream"],
  ["contents with dsize are looked for in packets", rule('dsize:5; content:"a";'), "packet"],
  ["contents of UDP are looked for in packets", rule('content:"a";', "alert udp any any -> any any"), "packet"],
  ["an application alone is judged on each packet", rule("", HTTP), "packet"],
  ["app-layer-protocol is told once", rule("app-layer-protocol:http;"), "once"],
  ["words of an application are judged on transactions", rule("dns.opcode:1;"), "transaction"],
  ["a decoder event is judged when it happens", rule("decode-event:ipv4.pkt_too_small;", "alert pkthdr any any -> any any"), "event"],
])("scope: %s", (_case, rules, scope) => expect(accepted(rules).scope).toBe(scope));

test.each([
  ["of the longest content", 'content:"ab"; content:"abcd"; content:"xyz";', "payload", "abcd"],
  ["of fast_pattern", 'content:"ab"; fast_pattern; content:"abcd";', "payload", "ab"],
  ["of a part", 'content:"abcdef"; fast_pattern:2,3;', "payload", "cde"],
  ["never of a negated content", 'content:!"abcdef"; content:"a";', "payload", "a"],
  ["of a word rather than of the payload", 'content:"abcdefgh"; http.uri; content:"/x";', "http.uri", "/x"],
  ["of the method only when nothing else is there", 'http.method; content:"DELETE"; http.uri; content:"/";', "http.uri", "/"],
])("the prefilter is %s", (_case, options, buffer, literal) => {
  const { prefilter } = accepted(rule(options));
  expect([prefilter?.buffer, text(prefilter?.literal)]).toEqual([buffer, literal]);
});

test.each([
  [
    "an unknown word is named, with the nearest",
    'http.urii; content:"a";',
    "unsupported",
    "http.urii is no word",
    "did you mean http.uri?",
  ],
  ["a word that is declared unsupported says why", 'quic.cyu.hash; content:"a";', "unsupported", "nobody uses it", ""],
  ["a depth below the length", 'content:"abc"; depth:2;', "error", "depth 2 is smaller", "depth:3"],
  ["depth and distance", 'content:"a"; depth:2; distance:1;', "error", "cannot stand with depth", ""],
  ["a modifier without content", "nocase;", "error", "has no content before it", ""],
  ["words of two protocols", 'http.uri; content:"a"; tls.sni; content:"b";', "error", "tls.sni is a word of tls", ""],
  ["words of both sides", 'http.uri; content:"a"; http.stat_code; content:"200";', "error", "never on the side", "=>"],
  ["a word of the other side than flow says", 'flow:to_client; http.uri; content:"a";', "error", "never on the side", ""],
  ["packet tests with words", 'dsize:5; http.uri; content:"a";', "error", "mixes tests of a packet", ""],
  ["a buffer without tests", "http.uri;", "error", "nothing is looked for", ""],
  ["a variable that nobody set", 'content:"a"; byte_test:1,>,x,0;', "error", "no byte_extract", ""],
  ["a broken pattern", 'pcre:"/(a/";', "error", "pattern", ""],
  ["a script", "lua:x.lua;", "unsupported", "Lua", ""],
  [
    "a tag that would have to wait",
    "tag:session; threshold:type limit, track by_src, count 1, seconds 9;",
    "unsupported",
    "together with a threshold",
    "two rules",
  ],
  ["an event of a parser that never comes", "app-layer-event:tls.too_many_records_in_packet;", "unsupported", "never raised", ""],
  ["an event of a stream that never comes", "stream-event:3whs_syn_flood;", "unsupported", "never raised", ""],
  ["a reputation that nobody has", "iprep:src,Other,>,3;", "error", "Other is no category", "rules.reputation-categories"],
  ["a rule for a later engine", "requires:version >= 99; nonsense:1;", "skipped", "99", ""],
])("refused: %s", (_case, options, kind, cause, mend) => {
  const rejection = refusal(rule(options));
  expect(rejection?.kind).toBe(kind);
  expect(rejection?.cause).toContain(cause);
  expect(rejection?.mend).toContain(mend);
  expect(rejection?.sid).toBe(1);
});

test.each([
  ["no options", "alert tcp any any -> any any", 29],
  ["an unknown action", "allert tcp any any -> any any (sid:1;)", 1],
  ["an unknown protocol", "alert tpc any any -> any any (sid:1;)", 7],
  ["an unknown variable", "alert tcp $HOME_NTE any -> any any (sid:1;)", 11],
  ["a bad address", "alert tcp any any -> 10.0.0.256 any (sid:1;)", 22],
  ["a bad port", "alert tcp any any -> any 70000 (sid:1;)", 26],
  ["the wrong direction", "alert tcp any any <- any any (sid:1;)", 19],
  ["no semicolon", "alert tcp any any -> any any (sid:1)", 31],
  ["no sid", 'alert tcp any any -> any any (msg:"a";)', 40],
])("refused with its column: %s", (_case, rules, column) => expect(refusal(rules)?.place.column).toBe(column));

const line = (rev: number): string => `alert tcp any any -> any any (sid:5; rev:${rev};)`;

test("of two rules with one sid the higher rev counts, wherever it stands", () => {
  expect(parsed(`${line(1)}\n${line(2)}`).signatures.map(({ rev }) => rev)).toEqual([2]);
  const { signatures, rejections } = parsed(`${line(2)}\n${line(2)}\n${line(1)}`);
  expect(signatures.map(({ rev }) => rev)).toEqual([2]);
  expect(rejections.map(({ place }) => place.line)).toEqual([2, 3]);
});

test("continued lines, CRLF, a byte order mark and disabled rules", () => {
  const { signatures, rejections } = parsed(
    '\u{feff}alert tcp any any -> any any \\\r\n  (msg:"a"; \\\r\n sid:1;)\r\n# alert tcp any any -> any any (sid:2;)\r\n  alert udp any any -> any any (sid:3;)',
  );
  expect(rejections).toEqual([]);
  expect(signatures.map(({ sid, place }) => [sid, place.line])).toEqual([
    [1, 1],
    [3, 5],
  ]);
});

test("threshold.config changes the rules that it names", () => {
  const rules = "alert tcp any any -> any any (sid:1;)\nalert udp any any -> any any (sid:2;)";
  const thresholds =
    "suppress gen_id 1, sig_id 1, track by_src, ip [10.0.0.0/8,!10.0.0.1]\nevent_filter gen_id 1, sig_id 2, type limit, track by_dst, count 1, seconds 60\nrate_filter gen_id 1, sig_id 2, track by_rule, count 5, seconds 10, new_action drop, timeout 30\nbroken line";
  const { signatures, rejections } = parsed(rules, { thresholds });
  const [first, second] = signatures;
  expect(first?.suppressions[0]?.track).toBe("by_src");
  expect(first?.suppressions[0]?.addresses?.has(Int32Array.from([0x0a000001]), 0, false)).toBe(false);
  expect(second?.thresholds).toEqual([
    { type: "limit", track: "by_dst", count: 1, seconds: 60 },
    { type: "rate_filter", track: "by_rule", count: 5, seconds: 10, newAction: "drop", timeoutSeconds: 30 },
  ]);
  expect(rejections.map(({ place }) => [place.file, place.line])).toEqual([["threshold.config", 4]]);
});
