import { expect, test } from "vitest";
import { utf8Bytes } from "#contract/rule-values.ts";
import { requestFacts, responseFacts } from "./exchange.ts";
import { Head } from "./head.ts";
import { requestOddities, responseOddities } from "./oddities.ts";
import { requestLine, statusLine } from "./start-line.ts";

function headOf(text: string): Head {
  const bytes = utf8Bytes(`${text}\r\n\r\n`);
  const head = new Head();
  head.read(bytes, 0, bytes.length);
  return head;
}

test.each([
  ["nothing", "GET / HTTP/1.1\r\nHost: a.example", []],
  ["nothing in an underscore, a dot at the end and an address", "GET / HTTP/1.1\r\nHost: _a.example.", []],
  ["a blank in front", " GET / HTTP/1.1\r\nHost: a", ["REQUEST_LINE_LEADING_WHITESPACE"]],
  ["a tab behind the method", "GET\t/ HTTP/1.1\r\nHost: a", ["METHOD_DELIM_NON_COMPLIANT"]],
  ["a tab behind the target", "GET /\tHTTP/1.1\r\nHost: a", ["URI_DELIM_NON_COMPLIANT"]],
  ["an empty label in Host", "GET / HTTP/1.1\r\nHost: a..b", ["REQUEST_HEADER_HOST_INVALID"]],
  [
    "a host in the target that is none",
    "GET http://a%b/ HTTP/1.1\r\nHost: a%b",
    ["REQUEST_URI_HOST_INVALID", "REQUEST_HEADER_HOST_INVALID"],
  ],
  ["two different hosts", "GET http://a/ HTTP/1.1\r\nHost: b", ["HOST_HEADER_AMBIGUOUS"]],
  ["another port than the server's", "GET / HTTP/1.1\r\nHost: a:8080", ["REQUEST_SERVER_PORT_TCP_PORT_MISMATCH"]],
])("of a request, %s is odd", (_case, text, odd) => {
  const head = headOf(text);
  expect(requestOddities(head, requestFacts(requestLine(head.bytes, head.lineFrom, head.lineTo), head), 80)).toEqual(odd);
});

test.each([
  ["nothing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", []],
  ["a version that there is not", "HTTP/1.7 200 OK", ["RESPONSE_INVALID_PROTOCOL"]],
  ["a status that is no number", "HTTP/1.1 abc", ["RESPONSE_INVALID_STATUS"]],
  ["chunks before HTTP/1.1", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked", ["RESPONSE_CHUNKED_OLD_PROTO"]],
])("of a response, %s is odd", (_case, text, odd) => {
  const head = headOf(text);
  const { protocol, status } = statusLine(head.bytes, head.lineFrom, head.lineTo);
  expect(responseOddities(head, responseFacts(protocol, status, head))).toEqual(odd);
});
