import { describe, expect, test } from "vitest";
import { RegisteredDomains, splitName } from "./registered-domain.ts";

describe("splitName", () => {
  test.each([
    ["a plain name", "www.example.com", "example.com", "com", "www", "example.com"],
    ["a suffix of two labels", "a.b.example.co.uk", "example.co.uk", "co.uk", "a.b", "example.co.uk"],
    ["a suffix that counts for many", "x.loja.com.br", "loja.com.br", "com.br", "x", "loja.com.br"],
    ["capitals and a final dot", "WWW.Example.COM.", "example.com", "com", "www", "example.com"],
    ["a customer of a service", "user.github.io", "github.io", "io", "user", "user.github.io"],
    ["a suffix by wildcard", "a.b.ck", "a.b.ck", "b.ck", "", "a.b.ck"],
    ["an exception to a wildcard", "www.ck", "www.ck", "ck", "", "www.ck"],
    ["a suffix that no list has", "srv.tunnel.lan", "tunnel.lan", "lan", "srv", "tunnel.lan"],
    ["labels that no host has", "_http._tcp.example.com", "example.com", "com", "_http._tcp", "example.com"],
  ])("%s", (_case, name, domain, suffix, subdomain, owned) => {
    expect(splitName(name)).toEqual({
      domain,
      suffix,
      subdomain,
      owned,
      label: domain.slice(0, -suffix.length - 1),
      isListed: suffix !== "lan",
    });
  });

  test.each([
    ["nothing", ""],
    ["a dot", "."],
    ["a single label", "localhost"],
    ["a suffix", "co.uk"],
    ["an address", "192.0.2.7"],
    ["an IPv6 address", "2001:db8::1"],
    ["what is too long", `${"a".repeat(250)}.example.com`],
  ])("%s was not registered", (_case, name) => expect(splitName(name)).toBeUndefined());
});

test("what is remembered stays within its limit and changes no answer", () => {
  const domains = new RegisteredDomains(8);
  for (let i = 0; i < 100; i++) {
    const name = `h${i % 13}.n${i % 5}.co.uk`;
    expect(domains.split(name)).toEqual(splitName(name));
    expect(domains.split("localhost")).toBeUndefined();
    expect(domains.size).toBeLessThanOrEqual(9);
  }
  expect(domains.size).toBeGreaterThan(4);
});

test("no text makes it throw", () => {
  for (const text of ["..", "...a", "a..b", " ", "\0.\0", "%", "a@b:c/d?e#f", "[::1]", "ü.de", "\u{1f600}.com", "-.-", "xn--.xn--"])
    expect(() => splitName(text)).not.toThrow();
});
