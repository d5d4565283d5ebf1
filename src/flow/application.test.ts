import { expect, test } from "vitest";
import { defineKind } from "#schema/field.ts";
import { ApplicationFinder, evidenceNames } from "./application.ts";

const finder = new ApplicationFinder([defineKind({ name: "tls", summary: "", host: "sni", fields: {}, columns: [] })]);
const told = (fields: { readonly [name: string]: string }): string => {
  const word = finder.find("tls", fields);
  return word === 0 ? "" : `${finder.row(word).name} ${evidenceNames[word >>> 16]} ${finder.row(word).suffix}`;
};

test.each([
  ["a domain", { sni: "netflix.com" }, "Netflix host netflix.com"],
  ["a host below a domain, in any case", { sni: "API.Netflix.COM." }, "Netflix host netflix.com"],
  ["the longest suffix wins", { sni: "mail.google.com" }, "GMail host mail.google.com"],
  ["labels are whole", { sni: "notnetflix.com" }, ""],
  ["what is not in the table", { sni: "www.example.org" }, ""],
  ["a certificate's name when no host was asked for", { subject: "C=US, O=Dropbox, CN=*.dropbox.com" }, "Dropbox certificate dropbox.com"],
  ["a host goes before the certificate", { sni: "www.example.org", subject: "CN=*.dropbox.com" }, ""],
  ["an absurd name", { sni: "a.".repeat(5000) }, ""],
  ["nothing at all", {}, ""],
])("%s", (_case, fields, expected) => {
  expect(told(fields as { readonly [name: string]: string })).toBe(expected);
});
