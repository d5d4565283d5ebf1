import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { ProtocolDefinition } from "#contract/parser.ts";
import { latin1Bytes } from "#contract/rule-values.ts";
import { drive, type Step } from "#test/protocol/drive.ts";
import { RecordingTap } from "#test/protocol/word-values.ts";
import plugin from "./index.ts";

const http = plugin.protocols?.[0] as ProtocolDefinition;
const step = (side: 0 | 1, text: string): Step => [side, latin1Bytes(text)];

function seen(steps: readonly Step[], size?: () => number): RecordingTap {
  const rules = new RecordingTap();
  drive(http, steps, { rules, ...(size === undefined ? {} : { size }) });
  return rules;
}

/** What Suricata 7.0.10 shows for the same messages; but that it leaves the case of the host as it is. */
describe("heads as rules see them", () => {
  const request =
    "GET /a%20b/../c//d?x=%41+b HTTP/1.1\r\nHost: WWW.Example.com:8080\r\nUser-Agent:  curl/1 \r\nCookie: a=1\r\nX-A: one\r\nX-a: two\r\nCookie: b=2\r\nFolded: x\r\n  y\r\n\r\n";
  const response = "HTTP/1.1 200 All OK\r\nServer: nginx\r\nSet-Cookie: s=1; path=/\r\nSet-Cookie: t=2\r\nA:b\r\nContent-Length: 0\r\n\r\n";
  const { values } = seen([step(0, request), step(1, response)]);

  test.each([
    ["http.method", ["GET"]],
    ["http.uri", ["/c/d?x=A+b"]],
    ["http.uri.raw", ["/a%20b/../c//d?x=%41+b"]],
    ["http.request_line", ["GET /a%20b/../c//d?x=%41+b HTTP/1.1"]],
    ["http.host", ["www.example.com"]],
    ["http.host.raw", ["WWW.Example.com:8080"]],
    ["http.user_agent", ["curl/1"]],
    ["http.cookie", ["a=1, b=2", "s=1; path=/, t=2"]],
    [
      "http.header",
      [
        "Host: WWW.Example.com:8080\r\nUser-Agent: curl/1\r\nX-A: one, two\r\nFolded: x  y\r\n",
        "Server: nginx\r\nA: b\r\nContent-Length: 0\r\n",
      ],
    ],
    [
      "http.header_names",
      ["\r\nHost\r\nUser-Agent\r\nCookie\r\nX-A\r\nFolded\r\n\r\n", "\r\nServer\r\nSet-Cookie\r\nA\r\nContent-Length\r\n\r\n"],
    ],
    ["http.header.raw", [request.slice(request.indexOf("\n") + 1), response.slice(response.indexOf("\n") + 1)]],
    ["http.response_header", ["Server: nginx", "Set-Cookie: s=1; path=/, t=2", "A: b", "Content-Length: 0"]],
    ["http.stat_code", ["200"]],
    ["http.stat_msg", ["All OK"]],
    ["http.response_line", ["HTTP/1.1 200 All OK"]],
    ["http.server", ["nginx"]],
    ["http.content_len", ["0"]],
  ])("%s", (word, expected) => expect(values.get(word)?.map(([, , value]) => value)).toEqual(expected));
});

describe("when rules look", () => {
  test("at a head at once, and at its body's end", () => {
    const { judged, members } = seen([
      step(0, "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe"),
      step(0, "llo"),
      step(1, "HTTP/1.1 204 No\r\n\r\n"),
    ]);
    expect(judged).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
    expect(members[0]).toEqual({ http: expect.objectContaining({ hostname: "h", url: "/x", http_method: "POST" }) });
  });

  test.each([
    ["a short body, at its end", 1000, [1000]],
    ["a long one, at its beginning too", 50_000, [32_768, 50_000]],
    ["one that is too long, as far as it is kept", 150_000, [32_768, 102_400]],
    ["one of the length that is kept", 102_400, [32_768, 102_400]],
  ])("%s, in whatever pieces it comes", (_case, length, lengths) => {
    const body = Array.from({ length }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
    const steps = [step(0, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n"), step(1, `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`)];
    const random = new Random(3);
    for (const size of [undefined, () => random.between(1, 40_000)]) {
      const shown = seen(steps, size).values.get("http.response_body");
      expect(shown?.map(([, , value]) => value)).toEqual(lengths.map((bytes) => body.slice(0, bytes)));
    }
  });
});
