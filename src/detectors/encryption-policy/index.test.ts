import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import type { Transaction } from "#contract/parser.ts";
import { findingsOf, flowFact, type Heard, messageFact } from "#test/fake/fake-facts.ts";
import policy from "./index.ts";

const find = (name: string, history: readonly Heard[]): Finding[] => {
  const definition = policy.detectors?.find((detector) => detector.name === name);
  return definition === undefined ? [] : findingsOf(definition, history);
};
const fine: Transaction = {
  version: "TLS 1.2",
  cipher: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  sni: "www.example.com",
  subject: "CN=www.example.com",
  subjectaltname: ["www.example.com", "*.example.org"],
  validity: "valid",
  key_type: "RSA",
  key_bits: 2048,
};
const handshake = (more: Transaction): Heard => ({
  message: messageFact("tls", { ...fine, ...more }, { serverPort: 443, server: "203.0.113.9" }),
});

describe("tls-policy", () => {
  test.each<[string, Transaction, string | undefined]>([
    ["nothing is wrong", {}, undefined],
    ["an expired certificate", { validity: "expired", notafter: "2025-12-31T00:00:00" }, "has a certificate that expired on 2025-12-31"],
    [
      "one of the future",
      { validity: "not_yet_valid", notbefore: "2027-01-01T00:00:00" },
      "has a certificate that is not valid before 2027-01-01",
    ],
    ["one that it signed itself", { self_signed: true }, "has a certificate that it signed itself"],
    ["an old version", { version: "TLSv1" }, "speaks TLSv1, which is not to be used any more"],
    ["a draft of the newest version", { version: "TLS 1.3 draft-23" }, undefined],
    ["a weak cipher", { cipher: "TLS_RSA_WITH_RC4_128_SHA" }, "encrypts with TLS_RSA_WITH_RC4_128_SHA, which can be broken"],
    ["a short key", { key_bits: 1024 }, "has a key of only 1024 bits, which is too short"],
    ["a short key of an elliptic curve is long enough", { key_type: "EC", key_bits: 256 }, undefined],
    [
      "another name",
      { sni: "www.other.example" },
      "was asked for www.other.example and has a certificate for www.example.com and 1 other names",
    ],
    ["a name that a star covers", { sni: "a.example.org" }, undefined],
    [
      "a star covers one label",
      { sni: "a.b.example.org" },
      "was asked for a.b.example.org and has a certificate for www.example.com and 1 other names",
    ],
    ["a certificate that was not seen", { subject: undefined, subjectaltname: undefined }, undefined],
  ])("%s", (_case, more, expected) => {
    expect(find("tls-policy", [handshake(more)]).map(({ title }) => title)).toEqual(
      expected === undefined ? [] : [`203.0.113.9:443 ${expected}`],
    );
  });

  test("a relay of Tor", () => {
    const [finding] = find("tls-policy", [
      handshake({ sni: "www.abc.com", subject: "CN=www.6fzi3elqsl.net", issuerdn: "CN=www.gfr2xnzzz.com" }),
    ]);
    expect(finding).toMatchObject({ source: "10.0.0.1", techniques: ["T1090.003"] });
  });

  test("what is wrong with a server is told once, however many ask it", () => {
    expect(find("tls-policy", [handshake({ self_signed: true }), handshake({ self_signed: true })])).toHaveLength(1);
  });
});

test.each<[string, string, string, number]>([
  ["another domain", "cdn.example.com", "hidden.example.net", 1],
  ["another host of the domain", "cdn.example.com", "www.example.com", 0],
  ["the same host", "www.example.com", "www.example.com", 0],
])("domain-fronting: %s", (_case, sni, hostname, expected) => {
  expect(find("domain-fronting", [handshake({ sni }), { message: messageFact("http", { hostname }) }])).toHaveLength(expected);
});

test.each<[string, Parameters<typeof flowFact>[0], number]>([
  ["from inside to outside", { service: "wireguard", server: "203.0.113.5", answered: true }, 1],
  ["within the network", { service: "wireguard", server: "10.9.9.9", answered: true }, 0],
  ["nobody answers", { service: "wireguard", server: "203.0.113.5" }, 0],
  ["something else", { service: "tls", server: "203.0.113.5", answered: true }, 0],
])("vpn: %s", (_case, flow, expected) => {
  expect(find("vpn", [{ end: flowFact(flow) }])).toHaveLength(expected);
});

test.each<[string, string, Transaction, number]>([
  ["FTP", "ftp", { command: "PASS", completion_code: ["230"], user: "anna" }, 1],
  ["anonymous FTP", "ftp", { command: "PASS", completion_code: ["230"], user: "anonymous" }, 0],
  ["a refused password", "ftp", { command: "PASS", completion_code: ["530"], user: "anna" }, 0],
  ["mail with a password", "smtp", { auth: "PLAIN", auth_success: true, user: "anna" }, 1],
  ["mail with a digest", "smtp", { auth: "CRAM-MD5", auth_success: true, user: "anna" }, 0],
])("clear-text-login: %s", (_case, kind, fields, expected) => {
  expect(find("clear-text-login", [{ message: messageFact(kind, fields) }])).toHaveLength(expected);
});
