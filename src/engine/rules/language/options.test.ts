import { expect, test } from "vitest";
import { accepted, parsed, rule } from "./testing.ts";

const IP = "alert ip any any -> any any";

test.each([
  ["dsize:>5;", { type: "number", field: "dsize", test: { operator: ">", value: 5 } }],
  ["ttl:5-10;", { field: "ttl", test: { operator: "range", low: 5, high: 10 } }],
  ["ttl:!5-10;", { field: "ttl", test: { operator: "notRange", low: 5, high: 10 } }],
  ["itype:7<>20;", { field: "itype", test: { operator: "range", low: 7, high: 20 } }],
  ["itype: != 0;", { field: "itype", test: { operator: "!=", value: 0 } }],
  ["id:!0x10;", { field: "id", test: { operator: "!=", value: 16 } }],
  ["tos:!x10;", { field: "tos", test: { operator: "!=", value: 16 } }],
  ["ip_proto:!tcp;", { field: "ip_proto", test: { operator: "!=", value: 6 } }],
  ["tcp.mss:<=536;", { field: "tcp.mss", test: { operator: "<=", value: 536 } }],
  ["window:&0xf0=0x40;", { field: "window", test: { operator: "masked", mask: 240, value: 64 } }],
  ["seq:4294967295;", { field: "seq", test: { operator: "=", value: 4_294_967_295 } }],
  ["vlan.id:300,1;", { field: "vlan.id", test: { operator: "=", value: 300 }, layer: 1 }],
  ["flags:SA;", { type: "flags", value: 18, ignored: 0, mode: "exact" }],
  ["flags:S+,CE;", { type: "flags", value: 2, ignored: 192, mode: "all" }],
  ["flags:*SF;", { value: 3, mode: "any" }],
  ["flags:!R;", { value: 4, mode: "none" }],
  ["flags:0;", { value: 0, mode: "exact" }],
  ["fragbits:!D;", { type: "fragbits", value: 2, mode: "none" }],
  ["ipopts:lsrr;", { type: "ipopts", option: "lsrr" }],
  ["sameip;", { type: "sameip" }],
  ["iprep:src,CnC,>,30;", { type: "iprep", side: "src", category: "CnC", operator: ">", value: 30 }],
  ["geoip:dst,DE,FR;", { type: "geoip", side: "dst", countries: ["DE", "FR"], negated: false }],
  ["geoip:US,!CA;", { type: "geoip", side: "any", countries: ["US", "CA"], negated: true }],
  ["tcpv4-csum:invalid;", { type: "checksum", layer: "tcpv4", valid: false }],
  ["decode-event:ipv4.pkt_too_small;", { type: "event", layer: "decode", event: "ipv4.pkt_too_small", negated: false }],
  ["stream-event:!est_synack_resend;", { type: "event", layer: "stream", event: "est_synack_resend", negated: true }],
])("packet test: %s", (options, expected) => expect(accepted(rule(options, IP)).packetTests).toMatchObject([expected]));

test.each([
  ["flow:from_client;", { type: "side", side: "to_server" }],
  ["flow:not_established;", { type: "state", state: "not_established" }],
  ["flow:only_stream;", { type: "origin", origin: "only_stream" }],
  ["flowbits:isset,a|b;", { type: "flowbits", bits: ["a", "b"], isSet: true }],
  ["flowbits:isnotset,a;", { type: "flowbits", bits: ["a"], isSet: false }],
  ["flowint:n,notset;", { type: "flowint", variable: "n", test: { operator: "notset" } }],
  ["flowint:n,>=,m;", { type: "flowint", test: { operator: ">=", value: { variable: "m" } } }],
  ["xbits:isset,a,track ip_pair;", { type: "xbits", bit: "a", isSet: true, track: "ip_pair" }],
  ["hostbits:isnotset,a,dst;", { type: "xbits", bit: "a", isSet: false, track: "ip_dst" }],
  ["flow.age:>60;", { type: "counter", counter: "age", test: { operator: ">", value: 60 } }],
  ["flow.pkts:either,>5;", { type: "counter", counter: "pkts", side: "either" }],
  ["flow.bytes_toclient:>1MiB;", { type: "counter", counter: "bytes", side: "to_client", test: { operator: ">", value: 1_048_576 } }],
  ["stream_size:client,!=,5;", { type: "stream_size", side: "client", test: { operator: "!=", value: 5 } }],
  ["app-layer-protocol:!http,toserver;", { type: "application", protocol: "http", negated: true, mode: "toserver" }],
  ["app-layer-event:http.gzip_decompression_failed;", { type: "app-layer-event", event: "http.gzip_decompression_failed" }],
])("flow test: %s", (options, expected) => expect(accepted(rule(options)).flowTests).toMatchObject([expected]));

test.each([
  ["flowbits:toggle,a;", { type: "flowbits", command: "toggle", bits: ["a"] }],
  ["flowint:n,+,1;", { type: "flowint", variable: "n", command: "+", value: 1 }],
  ["xbits:set,a,track ip_src,expire 60;", { type: "xbits", command: "set", bit: "a", track: "ip_src", seconds: 60 }],
  ["xbits:unset,a,track ip_src;", { type: "xbits", command: "unset", seconds: 30 }],
  ["tag:session,5,seconds;", { type: "tag", scope: "session", count: 5, metric: "seconds" }],
  ["filestore:request,tx;", { type: "filestore", direction: "request", scope: "tx" }],
  ["bypass;", { type: "bypass" }],
  ["config:logging disable, type tx, scope tx;", { type: "config", subsystem: "logging", values: ["disable", "type tx", "scope tx"] }],
  [
    "dns.query; to_md5; dataset:set,seen,type md5,save seen.lst;",
    { type: "dataset", name: "seen", command: "set", buffer: "dns.query", transforms: [{ type: "to_md5" }] },
  ],
])("effect: %s", (options, expected) => expect(accepted(rule(options)).effects).toMatchObject([expected]));

test.each([
  [
    "byte_test:2,!&,0x40,1,relative,little;",
    {
      type: "byte_test",
      negated: true,
      operator: "&",
      value: 64,
      offset: 1,
      relative: true,
      format: { count: 2, little: true, text: undefined },
    },
  ],
  ["byte_test:4,>=,10,0,string,hex;", { operator: ">=", format: { count: 4, text: "hex" } }],
  [
    "byte_jump:2,-1,multiplier 4,align,from_end,post_offset -3;",
    { type: "byte_jump", offset: -1, multiplier: 4, align: true, from: "end", postOffset: -3 },
  ],
  ["byte_extract:2,0,size,align 2,multiplier 3;", { type: "byte_extract", variable: "size", align: 2, multiplier: 3 }],
  [
    "byte_math:bytes 4, offset 2, oper <<, rvalue 3, result r, endian little, bitmask 0xff;",
    { type: "byte_math", operator: "<<", value: 3, result: "r", bitmask: 255, format: { count: 4, little: true } },
  ],
  ["isdataat:!10,relative;", { type: "isdataat", negated: true, at: 10, relative: true }],
  ["entropy:bytes 20, offset 2, value >= 5.5;", { type: "entropy", bytes: 20, offset: 2, operator: ">=", value: 5.5 }],
  ["rpc:100000,*,3;", { type: "special", name: "rpc", values: [100_000, undefined, 3] }],
  ['pcre:"/a(?P<flow_x>b)(?P<other>c)/";', { captures: [{ scope: "flow", name: "x", group: 1 }] }],
  ['pcre:"/a(b)/i, flow:x";', { type: "pcre", captures: [{ scope: "flow", name: "x", group: 1 }], required: { nocase: true } }],
  ['pcre:!"/abc/";', { type: "pcre", negated: true, required: undefined }],
])("byte test: %s", (options, expected) => {
  expect(accepted(rule(options)).buffers[0]?.tests).toMatchObject([expected]);
});

test("numbers may be variables that were read before", () => {
  const { buffers } = accepted(rule('byte_extract:1,0,n; content:"x"; offset:n; content:"y"; distance:n; within:n; byte_test:1,=,n,n;'));
  expect(buffers[0]?.tests.slice(1)).toMatchObject([
    { offset: { variable: "n" } },
    { distance: { variable: "n" }, within: { variable: "n" } },
    { value: { variable: "n" }, offset: { variable: "n" } },
  ]);
});

test.each([
  ["dns.opcode:>3;", { word: "dns.opcode", test: { operator: ">", value: 3 } }],
  [
    "dns.opcode:1,4-6;",
    {
      test: {
        operator: "ranges",
        ranges: [
          [1, 1],
          [4, 6],
        ],
      },
    },
  ],
  ["dns.rcode:nxdomain;", { test: { operator: "=", value: 3 } }],
  ["dns.rcode:NXDOMAIN,all;", { which: "all" }],
  ["dns.rcode:!0,-1;", { test: { operator: "!=", value: 0 }, which: { index: -1 } }],
  ["tls.version:!1.2;", { word: "tls.version", negated: true, test: { operator: "text", values: ["1.2"] } }],
  ['tls.version:"TLS 1.2";', { test: { values: ["TLS 1.2"] } }],
  ["tls_cert_expired;", { negated: false, test: { operator: "text", values: [] } }],
  ["tls_cert_notafter:2015<>2016-10-22T23:59:59;", { test: { operator: "range", low: 1_420_070_400, high: 1_477_180_799 } }],
  ["mqtt.flags:dup;", { test: { operator: "all", value: 8 } }],
  ["mqtt.flags:!retain;", { test: { operator: "!&", value: 1 } }],
  ["dcerpc.opnum:5;", { test: { operator: "own" } }],
])("word test: %s", (options, expected) => expect(accepted(rule(options)).wordTests).toMatchObject([expected]));

test.each([
  ["http.uri; dotprefix; url_decode;", [{ type: "dotprefix" }, { type: "url_decode" }]],
  ['http.uri; xor:"0aFF";', [{ type: "xor", key: Uint8Array.from([10, 255]) }]],
  ["http.uri; from_base64:bytes 5, offset 2, mode strict;", [{ type: "from_base64", bytes: 5, offset: 2, mode: "strict" }]],
  ["http.uri; subslice:-6,30,truncate;", [{ type: "subslice", offset: -6, bytes: 30, truncate: true }]],
])("transforms: %s", (options, expected) => expect(accepted(rule(`${options} content:"a";`)).buffers[0]?.transforms).toEqual(expected));

test.each([
  ['filename:"a.exe";', { buffer: "file.name", tests: [{ type: "content", nocase: true, negated: false }] }],
  ['fileext:!"exe";', { buffer: "file.name", tests: [{ negated: true, endswith: true, literal: Uint8Array.from([46, 101, 120, 101]) }] }],
  ["filemd5:sums.md5;", { buffer: "file.md5", tests: [{ type: "dataset", name: "filemd5:sums.md5", check: "isset" }] }],
  ["urilen:5<>10,raw;", { buffer: "http.uri.raw", tests: [{ type: "bsize", test: { operator: "range", low: 5, high: 10 } }] }],
  ["http.cookie; absent;", { buffer: "http.cookie", absent: "only" }],
  [
    'base64_decode:bytes 8, offset 2, relative; base64_data; content:"a";',
    { buffer: "base64_data", base64: { from: "payload", bytes: 8, offset: 2, relative: true } },
  ],
])("buffer: %s", (options, expected) => expect(accepted(rule(options)).buffers).toMatchObject([expected]));

test.each([
  ["threshold:type both, track by_dst, count 5, seconds 60;", { type: "both", track: "by_dst", count: 5, seconds: 60 }],
  [
    "threshold:type backoff, track by_flow, count 1, multiplier 10;",
    { type: "backoff", track: "by_flow", count: 1, seconds: 0, multiplier: 10 },
  ],
  ["detection_filter:track by_src, count 3, seconds 9;", { type: "detection_filter", track: "by_src", count: 3, seconds: 9 }],
])("threshold: %s", (options, expected) => expect(accepted(rule(options)).thresholds).toEqual([expected]));

test("a list that rules ask for is demanded once, with all that they say of it", () => {
  const text = [
    "alert dns any any -> any any (dns.query; dataset:isset,bad,type string,load bad.lst,match subdomain; sid:1;)",
    "alert dns any any -> any any (dns.query; dataset:isnotset,bad; sid:2;)",
    "alert dns any any -> any any (dns.query; datarep:rep,>,200,load rep.lst,type string; sid:3;)",
  ].join("\n");
  const { datasets, rejections } = parsed(text);
  expect(rejections).toEqual([]);
  expect(datasets).toMatchObject([
    { name: "bad", type: "string", hasReputation: false, load: "bad.lst", subdomains: true, file: "test.rules" },
    { name: "rep", type: "string", hasReputation: true, load: "rep.lst" },
  ]);
});

test.each([
  ["version >= 7", true],
  ["version >= 7.0.4 < 8", false],
  ["version >= 7.0.3 < 8 | >= 8.0.1", true],
  ["version >= 9", false],
  ["feature ja3", true],
  ["feature unheard-of", false],
  ["keyword dns.query, version >= 7", true],
  ["keyword nonsense", false],
])("requires:%s", (value, met) => expect(parsed(rule(`requires:${value};`)).signatures.length === 1).toBe(met));
