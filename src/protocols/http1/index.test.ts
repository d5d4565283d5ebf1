import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { FAILED, FINISHED, Probe, type ProtocolDefinition, type Side } from "#contract/parser.ts";
import { sseKind } from "#protocols/server-sent-events/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import { bytesOf, drive, type Step } from "./driver.common.ts";
import plugin from "./index.ts";
import { pendingMax } from "./parser.ts";
import { headBytesMax } from "./side-reader.ts";

const http = plugin.protocols?.[0] as ProtocolDefinition;
const stepOf = (text: string): Step => [
  text.startsWith(">") ? 0 : 1,
  /^.#\d+$/.test(text) ? Number(text.slice(2)) : bytesOf(text.slice(1)),
];

const steps = (...texts: readonly string[]): Step[] => texts.map(stepOf);
const told = (...texts: readonly string[]) => drive(http, steps(...texts)).events.map(([, fields]) => fields);

protocolSuite(plugin, import.meta.dirname, 300, [sseKind]);

const GET = ">GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const OK = "<HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("events", () => {
  test.each<readonly [string, readonly string[], readonly object[]]>([
    ["a port in Host stands apart", [">GET / HTTP/1.1\r\nHost: a.b:8080\r\n\r\n"], [{ hostname: "a.b", http_port: 8080 }]],
    ["an IPv6 host keeps its brackets", [">GET / HTTP/1.1\r\nHost: [::1]:81\r\n\r\n"], [{ hostname: "[::1]", http_port: 81 }]],
    ["an absolute target goes before Host", [">GET http://x.y/z HTTP/1.1\r\nHost: a\r\n\r\n"], [{ hostname: "x.y", url: "http://x.y/z" }]],
    ["line feeds alone end lines", [">GET / HTTP/1.0\nHost: a\n\n", "<HTTP/1.0 204 x\n\n"], [{ hostname: "a", status: 204 }]],
    ["empty lines before a request are skipped", [`>\r\n\r\n${GET.slice(1)}`, OK], [{ url: "/a", status: 200 }]],
    ["a folded value is one line", [">GET / HTTP/1.1\r\nUser-Agent: a\r\n\tb\r\n\r\n"], [{ http_user_agent: "a b" }]],
    [
      "the answer to HEAD has no body",
      [">HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", `<HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n`, GET, OK],
      [{ length: 0 }, { length: 2 }],
    ],
    ["304 has no body", [GET, "<HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n", GET, OK], [{ status: 304, length: 0 }, { status: 200 }]],
    ["a body without length ends with the connection", [GET, "<HTTP/1.1 200 OK\r\n\r\nabc", "<def"], [{ status: 200, length: 6 }]],
    ["a request without answer is told at the end", [GET], [{ url: "/a", length: 0 }]],
    ["an answer without request is told", ["<HTTP/1.1 404 no\r\nContent-Length: 1\r\n\r\nx"], [{ status: 404, length: 1 }]],
    ["a redirect is told", [GET, "<HTTP/1.1 302 x\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"], [{ redirect: "/b" }]],
    [
      "the media type comes without parameters",
      [GET, "<HTTP/1.1 200 x\r\nContent-Type: text/html; charset=x\r\nContent-Length: 0\r\n\r\n"],
      [{ http_content_type: "text/html" }],
    ],
    ["HTTP/0.9 has a line and a document", [">GET /old\r\n", "<<html>"], [{ url: "/old", length: 6 }]],
    ["an unfinished head is told", [">GET /x HTTP/1.1\r\nHost: h\r\nUser-Ag"], [{ hostname: "h", url: "/x" }]],
    ["a cut first line is told by its words", [">GET /x HT", ">#400"], [{ url: "/x" }]],
    [
      "a gap inside a body is skipped",
      [GET, "<HTTP/1.1 200 x\r\nContent-Length: 10\r\n\r\nab", "<#6", "<cd", GET, OK],
      [{ length: 10, missing_bytes: 6 }, { length: 2 }],
    ],
    [
      "behind a gap the next message is found",
      [GET, "<HTTP/1.1 200 x\r\nContent-Le", "<#90", "<rest of a body", GET, OK],
      [{ status: 200 }, { status: 200, length: 2 }],
    ],
    [
      "both Content-Length and chunks: chunks count",
      [GET, "<HTTP/1.1 200 x\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", GET, OK],
      [{ content_length: 1 }, { length: 2 }],
    ],
    ...(
      [
        ["junk around a chunk's size", "Transfer-Encoding: chunked\r\n\r\n\x0c2x\r\nab\r\n\r\n0\r\n\r\n", 2],
        ["another coding behind chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n1\r\na\r\n0\r\n\r\n", 1],
        ["zeros in a name", "Transfer-\0Encoding\0: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 1],
        ["a colon on the next line", "Transfer-Encoding\r\n : chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 1],
        ["a line that ends with a carriage return", "A: b\rTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 1],
      ] as const
    ).map(
      ([name, rest, length]) => [name, [GET, `<HTTP/1.1 200 x\r\n${rest}`, GET, OK], [{ content_length: length }, { length: 2 }]] as const,
    ),
    [
      "no size of a chunk: the rest is the body",
      [GET, "<HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nabc\r\n\r\n"],
      [{ length: 7 }],
    ],
    ["the secret of Authorization is not told", [">GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n"], [{ authorization: "Basic" }]],
    [
      "names of headers keep order and spelling",
      [">GET / HTTP/1.1\r\nhost: h\r\nX-a: 1\r\nACCEPT: b\r\n\r\n"],
      [{ request_header_names: "host,X-a,ACCEPT", accept: "b" }],
    ],
    ["bytes that are no UTF-8 are written with escapes", [">GET /\xff HTTP/1.1\r\nHost: h\r\n\r\n"], [{ url: "/\\xff" }]],
  ])("%s", (_case, texts, wanted) => {
    expect(told(...texts)).toMatchObject(wanted);
  });

  test("101 hands over, and what follows the head is not consumed", () => {
    const upgrade = "<HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n\x81\x05hello";
    const outcome = drive(http, steps(GET, upgrade));
    expect(outcome.handOvers).toEqual(['websocket {"url":"/a"}']);
    expect(outcome.events[0]?.[1]).toMatchObject({ status: 101, upgrade: "websocket" });
  });

  test("a tunnel is handed over", () => {
    const outcome = drive(http, steps(">CONNECT a:443 HTTP/1.1\r\n\r\n", "<HTTP/1.1 200 x\r\n\r\n", ">\x16\x03\x01"));
    expect(outcome).toMatchObject({ handOvers: ["?"], events: [[0, { hostname: "a", http_port: 443, status: 200 }]] });
  });

  test("requests beyond the limit are told without answer", () => {
    const outcome = drive(http, steps(`>${GET.slice(1).repeat(pendingMax + 5)}`, OK));
    expect(outcome.events).toHaveLength(pendingMax + 5);
    expect(outcome.events.filter(([, fields]) => fields["status"] !== undefined)).toHaveLength(1);
  });

  test("a head beyond the limit is told, and the next message is read", () => {
    const long = `${GET.slice(0, -2)}${"X-Pad: y\r\n".repeat(headBytesMax / 8)}\r\n`;
    const outcome = drive(http, steps(long, OK, GET, OK), () => 1000);
    expect(outcome.events.map(([, fields]) => fields["status"])).toEqual([200, 200]);
    expect(outcome.anomalies).toContain("REQUEST_HEAD_TOO_LONG");
  });
});

describe("probe", () => {
  test.each<readonly [string, Side, string, boolean, Probe]>([
    ["a request", 0, "GET / HTTP/1.1\r\n", false, Probe.yes],
    ["a request that only begins", 0, "GE", false, Probe.more],
    ["a WebDAV method", 0, "PROPFIND /x HTTP/1.1\r\n", false, Probe.yes],
    ["an unknown method with a version", 0, "FROBNICATE /x HTTP/1.1\r\n", false, Probe.yes],
    ["a status line", 1, "HTTP/1.0 200 OK\r\n", false, Probe.yes],
    ["a very long target", 0, `GET /${"a".repeat(1100)}`, false, Probe.yes],
    ["HTTP/0.9 on its port", 0, "GET /\r\n", true, Probe.yes],
    ["HTTP/0.9 elsewhere", 0, "GET /\r\n", false, Probe.no],
    ["RTSP", 0, "OPTIONS rtsp://a/b RTSP/1.0\r\n", true, Probe.no],
    ["RTSP about everything", 0, "OPTIONS * RTSP/1.0\r\n", true, Probe.no],
    ["SIP", 0, "OPTIONS sip:a@b SIP/2.0\r\n", true, Probe.no],
    ["the answer of SIP", 1, "SIP/2.0 200 OK\r\n", true, Probe.no],
    ["ICY", 1, "ICY 200 OK\r\n", true, Probe.no],
    ["the preface of HTTP/2", 0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true, Probe.no],
    ["SMTP", 0, "EHLO mail.example.com\r\n", true, Probe.no],
    ["SSH", 1, "SSH-2.0-OpenSSH_9.9\r\n", true, Probe.no],
    ["TLS", 0, "\x16\x03\x01\x02\x00\x01", true, Probe.no],
  ])("%s", (_case, side, text, usualPort, answer) => {
    expect(http.probe(side, ByteView.over(bytesOf(text)), usualPort)).toBe(answer);
  });

  test("random bytes are never HTTP", () => {
    const random = new Random(5);
    let wrong = 0;
    for (let i = 0; i < 20_000; i++) if (http.probe(0, ByteView.over(random.bytes(random.between(8, 200))), true) === Probe.yes) wrong++;
    expect(wrong).toBe(0);
  });
});

describe("hostile bytes", () => {
  test("any bytes on any side, with gaps", () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 80 }).map(bytesOf), fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom<Side>(0, 1), piece), { maxLength: 12 }), (connection) => {
        const { ended } = drive(http, connection);
        return ended === undefined || ended === FINISHED || ended === FAILED;
      }),
      { seed: 42, numRuns: 1500 },
    );
  });
});
