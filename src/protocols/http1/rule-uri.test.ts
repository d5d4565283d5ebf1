import { expect, test } from "vitest";
import { latin1 } from "#base/bytes.ts";
import { latin1Bytes } from "#contract/rule-values.ts";
import { normalTarget } from "./rule-uri.ts";

/** What Suricata 7.0.10 shows for `http.uri`. */
test.each([
  ["dots and slashes in a row", "/a%20b/../c//d?x=%41+b&y=%zz", "/c/d?x=A+b&y=%zz"],
  ["slashes as escapes", "/%2fa%2Fb/%25x", "/a/b/%x"],
  ["backslashes", "/a\\b\\c", "/a/b/c"],
  ["backslashes as escapes", "/14/%5c%5c..%5cx", "/x"],
  ["dots of the same directory", "/./a/./b/..", "/a"],
  ["a slash behind dots", "/1/x/./", "/1/x"],
  ["a slash behind two dots", "/2/x/../", "/2"],
  ["a slash that no dots are before", "/a//?b//c", "/a/?b//c"],
  ["parameters", "/a;p=1/b", "/a;p=1/b"],
  ["a name that only begins with dots", "/7/..b/c/.d/...", "/7/..b/c/.d/..."],
  ["a fragment", "/17?%41#%42", "/17?A#B"],
  ["a whole address", "http://user:pw@Host.COM:81/p%41th?q=%20", "/pAth?q= "],
  ["a whole address without a path", "http://h?x=1", "?x=1"],
  ["a whole address in capitals", "HTTP://h/a/?x", "/a/?x"],
  ["nothing but a host", "http://h", ""],
  ["zeros", "/a%00b?c%00d", "/a\0b?c\0d"],
  ["escapes of Unicode", "/%u0041%u0100%u4f60", "/AA?"],
  ["escapes of Unicode in the query stay", "/x?%u0041", "/x?%u0041"],
  ["UTF-8", "/p0%c3%a9.", "/p0\xe9."],
  ["UTF-8 that is not escaped", "/p6\xc3\xa9.", "/p6\xe9."],
  ["UTF-8 that takes more bytes than it needs", "/caf%c3%a9/%c0%af%e0%80%af", "/caf\xe9///"],
  ["a wide letter", "/p3%ef%bd%81.", "/p3a."],
  ["a letter with an accent", "/p4%c4%80.", "/p4A."],
  ["a letter that nothing is close to", "/p5%e4%bd%a0.", "/p5?."],
  ["no UTF-8", "/p2%ff%fe.", "/p2??."],
  ["half of a character", "/p9%c3.", "/p9?."],
  ["UTF-8 in the query stays", "/p7?%c3%a9.", "/p7?\xc3\xa9."],
  ["above the root", "/%2e%2e/%2e%2e/x", "/x"],
  ["nothing left", "/a/b/../..", ""],
  ["dots in front", "../3", "3"],
  ["a dot in front", "./4/x", "4/x"],
  ["a path without a slash", "noslash/x", "noslash/x"],
  ["the server itself", "*", "*"],
  ["an escape that is cut off", "/a%2", "/a%2"],
  ["a percent sign at the end", "/x?%", "/x?%"],
  ["two percent signs", "/13?a=%%41", "/13?a=%A"],
  ["escapes of escapes", "/x?%2541", "/x?%41"],
  ["blanks and line ends", "/12%09%0d%0a", "/12\t\r\n"],
  ["nothing", "", ""],
])("%s: %s", (_case, target, normal) => {
  const bytes = latin1Bytes(`GET ${target} HTTP`);
  const seen = normalTarget(bytes, 4, 4 + target.length);
  expect(latin1(seen, 0, seen.length)).toBe(normal);
});
