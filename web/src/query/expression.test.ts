import { expect, test } from "vitest";
import type { Column } from "#schema/field.ts";
import { both, equals, expressionOf, isExpression } from "./expression.ts";

const column = (name: string, type: Column["type"] = "text"): Column => ({ name, path: name, type, doc: "" });
const columns = [column("src_ip"), column("src_port", "integer"), column("dest_ip"), column("dest_port", "integer"), column("app_proto")];

test.each([
  ["a comparison", "src_ip = 10.0.0.1", true],
  ["a comparison without gaps", "dest_port<1024", true],
  ["a network", "src_ip in 10.0.0.0/8", true],
  ["a negation", "not exists app_proto", true],
  ["a bracket", '(rrname ~ "x")', true],
  ["an unfinished one", "src_ip =", true],
  ["a word", "example.com", false],
  ["two words", "tls 443", false],
  ["an address", "10.0.0.1", false],
  ["an IPv6 address", "2001:db8::1", false],
  ["a word that begins like an operator", "notable india", false],
])("is it an expression: %s", (_case, text, expected) => expect(isExpression(text)).toBe(expected));

test.each([
  ["nothing asks for all", "  ", ""],
  ["an expression stays", " dest_port = 53 ", "dest_port = 53"],
  ["an address is compared as such", "10.0.0.1", "src_ip = 10.0.0.1 or dest_ip = 10.0.0.1"],
  ["an IPv6 address too", "2001:db8::1", "src_ip = 2001:db8::1 or dest_ip = 2001:db8::1"],
  ["a network", "10.0.0.0/8", "src_ip in 10.0.0.0/8 or dest_ip in 10.0.0.0/8"],
  ["a word is looked for in texts", "tls", 'src_ip ~ "tls" or dest_ip ~ "tls" or app_proto ~ "tls"'],
  ["a number may be a port", "443", 'src_ip ~ "443" or dest_ip ~ "443" or app_proto ~ "443" or src_port = 443 or dest_port = 443'],
  ["quotes are escaped", 'a"b', 'src_ip ~ "a\\"b" or dest_ip ~ "a\\"b" or app_proto ~ "a\\"b"'],
])("expression: %s", (_case, find, expected) => expect(expressionOf(find, columns)).toBe(expected));

test("every word must be found", () => {
  expect(expressionOf("10.0.0.1 10.0.0.2", columns)).toBe(
    "(src_ip = 10.0.0.1 or dest_ip = 10.0.0.1) and (src_ip = 10.0.0.2 or dest_ip = 10.0.0.2)",
  );
});

test.each([
  ["texts are quoted", equals("rrname", 'a"b'), 'rrname = "a\\"b"'],
  ["numbers are not", equals("dest_port", 53), "dest_port = 53"],
  ["no value", equals("app_proto", undefined), "not exists app_proto"],
  ["both of two", both("a = 1", "b = 2"), "a = 1 and b = 2"],
  ["alternatives get brackets", both("a = 1 or b = 2", "c = 3"), "(a = 1 or b = 2) and c = 3"],
  ["one is empty", both("", "c = 3"), "c = 3"],
])("build: %s", (_case, built, expected) => expect(built).toBe(expected));
