import { describe, expect, test } from "vitest";
import type { Transaction } from "#contract/parser.ts";
import { base64Text, readableValue } from "./encoded-text.ts";
import { addressList, structuredValue } from "./header-value.ts";
import { Login } from "./login.ts";
import { MessageReader } from "./message-reader.ts";

test.each([
  ["nothing encoded", "hello", "hello"],
  ["bytes that are UTF-8", "gr\xc3\xbcn", "grün"],
  ["bytes that are Windows-1252", "What\x92s", "What’s"],
  ["Q with a space and a digit", "=?iso-8859-1?Q?a_=E9?=", "a é"],
  ["B", "=?utf-8?b?w6k=?= x", "é x"],
  ["a character split between two words", "=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"],
  ["words of two charsets side by side", "=?utf-8?q?=C3=A9?= =?iso-8859-1?q?=E8?=", "éè"],
  ["words with text between them", "=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"],
  ["a charset that is not known", "=?GB2312?B?u9i4tA==?=", "=?GB2312?B?u9i4tA==?="],
  ["an empty word", "=?utf-8?q??=x", "x"],
])("readableValue: %s", (_case, value, text) => expect(readableValue(value)).toBe(text));

test.each([
  ["a quoted parameter", 'text/plain; name="a;b.txt"', "text/plain", { name: "a;b.txt" }],
  ["an escape", 'attachment; filename="a\\"b"', "attachment", { filename: 'a"b' }],
  ["a charset", "attachment; filename*=utf-8''na%C3%AFve.txt", "attachment", { filename: "naïve.txt" }],
  ["both forms", "attachment; filename=x; filename*=utf-8''y", "attachment", { filename: "y" }],
  ["continuations", 'a/b; name*0="one "; name*1=two', "a/b", { name: "one two" }],
  ["an encoded word", 'a/b; name="=?utf-8?q?=C3=A9?="', "a/b", { name: "é" }],
  ["a comment", "text/html (really)", "text/html", {}],
  ["a quote without an end", 'a/b; name="x', "a/b", { name: "x" }],
])("structuredValue: %s", (_case, text, value, parameters) => {
  const found = structuredValue(text);
  expect([found.value, Object.fromEntries(found.parameters)]).toEqual([value, parameters]);
});

test.each([
  ["two", "a@example.com, b@example.com", ["a@example.com", "b@example.com"]],
  ["a comma in quotes", '"Doe, J" <j@example.com>,', ['"Doe, J" <j@example.com>']],
  ["a comma in a comment", "a@example.com (x, y)", ["a@example.com (x, y)"]],
  ["a quote without an end", '"a, b', ['"a, b']],
])("addressList: %s", (_case, text, list) => expect(addressList(text, 10)).toEqual(list));

test.each([
  ["PLAIN", "\0alice\0secret", "alice"],
  ["LOGIN", "alice", "alice"],
  ["CRAM-MD5", "alice b913a602c7eda7a495b4e6e7334d3890", "alice"],
  ["DIGEST-MD5", 'charset=utf-8,username="alice",realm="x"', "alice"],
  ["XOAUTH2", "user=alice\x01auth=Bearer x\x01\x01", "alice"],
  ["SCRAM-SHA-256", "n,,n=alice,r=x", "alice"],
  ["GSSAPI", "anything", undefined],
])("Login: %s tells the name alone", (mechanism, response, user) => {
  const login = new Login(mechanism);
  login.response(btoa(response));
  login.response(btoa("secret"));
  expect(login.user).toBe(user);
});

test("base64Text leaves out what is no digit", () => expect(base64Text("aG\r\nVs bG8*=")).toBe("hello"));

/** The files and the event of a message, line by line. */
function read(lines: readonly string[]): { files: string[]; email: Transaction; anomalies: string[] } {
  const files: string[] = [];
  const anomalies: string[] = [];
  const reader = new MessageReader({
    file: (name) => {
      const index = files.push(`${name ?? "?"}:`) - 1;
      return {
        data: (bytes, from, to) => {
          files[index] += String.fromCharCode(...bytes.subarray(from, to));
        },
        gap: () => undefined,
        close: () => undefined,
      };
    },
    anomaly: (event) => void anomalies.push(event),
  });
  for (const line of lines) {
    const bytes = Uint8Array.from(`${line}\r\n`, (letter) => letter.charCodeAt(0));
    reader.line(bytes, 0, line.length, bytes.length, false);
  }
  reader.finish(true);
  reader.closeFiles(true);
  return { files, email: reader.email.event(), anomalies };
}

describe("MessageReader", () => {
  test.each<[string, string[], string[]]>([
    [
      "quoted-printable with soft breaks",
      ["Content-Disposition: attachment; filename=a", "Content-Transfer-Encoding: quoted-printable", "", "a=", "b=3D \t", "=zz"],
      ["a:ab=\r\n=zz\r\n"],
    ],
    [
      "base64 whose lines break anywhere",
      ["Content-Type: image/gif", "Content-Transfer-Encoding: BASE64", "", "R0lGO", "Dlh!"],
      ["?:GIF89a"],
    ],
    ["a multipart without its boundary", ["Content-Type: multipart/mixed", "", "--x", "text"], []],
    [
      "parts that follow each other without an end",
      [
        "Content-Type: multipart/mixed; boundary=x",
        "",
        "--x",
        "Content-Type: a/b; name=1",
        "",
        "one",
        "--x",
        "Content-Type: a/b; name=2",
        "",
        "two",
        "",
        "--x--",
        "three",
      ],
      ["1:one", "2:two\r\n"],
    ],
    [
      "a boundary that begins like another",
      ["Content-Type: multipart/mixed; boundary=x", "", "--x", "Content-Type: a/b; name=1", "", "--xy", "--x--"],
      ["1:--xy"],
    ],
  ])("%s", (_case, lines, files) => expect(read(lines).files).toEqual(files));

  test("parts inside one another have an end", () => {
    const lines = Array.from({ length: 40 }, (_, i) => [`Content-Type: multipart/mixed; boundary=b${i}`, "", `--b${i}`]).flat();
    expect(read([...lines, "Content-Type: a/b; name=deep", "", "x"]).email["status"]).toBe("PARSE_DONE");
  });

  test("a name that is too long is cut, and told once", () => {
    const { email, anomalies } = read([`Content-Disposition: attachment; filename=${"n".repeat(300)}`, "", "x"]);
    expect(email["attachment"]).toEqual(["n".repeat(255)]);
    expect(anomalies).toEqual(["MIME_LONG_FILENAME"]);
  });
});
