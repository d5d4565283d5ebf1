import { expect, test } from "vitest";
import type { IndicatorType } from "./indicator.ts";
import { toAscii } from "./punycode.ts";
import { isRefusal, readValue, urlKey } from "./value.ts";

test.each<[string, string, string, string, number]>([
  ["an address", "192.0.2.1", "address", "192.0.2.1", 0],
  ["an address with a port", "192.0.2.1:8443", "address", "192.0.2.1", 8443],
  ["a network loses the bits behind its prefix", "192.0.2.77/24", "address", "192.0.2.0/24", 0],
  ["a network of one address is an address", "192.0.2.1/32", "address", "192.0.2.1", 0],
  ["IPv6 in any spelling", "2001:DB8:0:0::1", "address", "2001:db8::1", 0],
  ["a network of IPv6", "2001:db8:ffff::/33", "address", "2001:db8:8000::/33", 0],
  ["IPv6 with a port", "[2001:db8::1]:53", "address", "2001:db8::1", 53],
  ["a name in lower case, without the dot at its end", "Evil.Example.", "domain", "evil.example", 0],
  ["a star stands for what a name means anyway", "*.evil.example", "domain", "evil.example", 0],
  ["a name that nobody shall click on", "evil[.]example", "domain", "evil.example", 0],
  ["a name beyond ASCII", "bücher.example", "domain", "xn--bcher-kva.example", 0],
  ["a URL without scheme, user and fragment", "http://me@Evil.Example/A?b=C#d", "url", "evil.example/A?b=C", 0],
  ["a URL that nobody shall click on", "hxxps://evil[.]example/a", "url", "evil.example/a", 0],
  ["a URL without a scheme", "evil.example/a/b", "url", "evil.example/a/b", 0],
  ["SHA-256", "A".repeat(64), "sha256", "a".repeat(64), 0],
  ["SHA-1", "b".repeat(40), "sha1", "b".repeat(40), 0],
  ["32 digits may be several things", "c".repeat(32), "digest", "c".repeat(32), 0],
  ["twenty pairs are a certificate", Array(20).fill("AB").join(":"), "certificate", "ab".repeat(20), 0],
  ["JA4", "t13d1516h2_8daaf6152771_02713d6af862", "ja4", "t13d1516h2_8daaf6152771_02713d6af862", 0],
])("guessed: %s", (_case, text, type, value, port) => {
  expect(readValue(text)).toEqual({ type, value, port });
});

test.each<[string, string, IndicatorType | undefined]>([
  ["a word", "evil", undefined],
  ["half an address", "192.0.2", undefined],
  ["a number too large for an address", "192.0.2.256", undefined],
  ["a prefix that no address has", "192.0.2.0/33", undefined],
  ["everything", "0.0.0.0/0", undefined],
  ["a port too large", "192.0.2.1:65536", undefined],
  ["digits of another length", "abcdef", "md5"],
  ["an address where a name is announced", "192.0.2.1", "domain"],
  ["a name where an address is announced", "evil.example", "address"],
  ["a label that begins with a hyphen", "-evil.example", "domain"],
  ["nothing", "", undefined],
])("refused with cause and mend: %s", (_case, text, type) => {
  const read = readValue(text, type);
  expect(isRefusal(read)).toBe(true);
  if (isRefusal(read)) expect(read.cause.length * read.mend.length).toBeGreaterThan(0);
});

test.each([
  ["the scheme's own port is left out", "http://a.example:80/x", "a.example/x"],
  ["of https too", "https://a.example:443/x", "a.example/x"],
  ["without a scheme too", "a.example:443/x", "a.example/x"],
  ["another port stays", "https://a.example:80/x", "a.example:80/x"],
  ["a host alone is its root", "http://a.example", "a.example/"],
  ["a query without a path", "http://a.example?x", "a.example/?x"],
  ["IPv6", "http://[2001:DB8::1]:8080/x", "[2001:db8::1]:8080/x"],
])("urlKey: %s", (_case, url, key) => expect(urlKey(url)).toBe(key));

// RFC 3492 section 7.1, (A), (C), (L) in lower case.
test.each([
  ["Arabic", "ليهمابتكلموشعربي؟", "xn--egbpdaj6bu4bxfgehfvwxn"],
  ["Traditional Chinese", "他們爲什麽不說中文", "xn--ihqwctvzc91f659drss3x8bo0yb"],
  ["Japanese with ASCII", "3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"],
])("punycode: %s", (_case, name, ascii) => expect(toAscii(name)).toBe(ascii));
