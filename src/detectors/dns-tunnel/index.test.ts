import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { Finding } from "#contract/detector.ts";
import { findingsOf, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import dnsTunnel from "./index.ts";

const [definition] = dnsTunnel.detectors ?? [];
const findings = (history: readonly Heard[]): Finding[] => (definition === undefined ? [] : findingsOf(definition, history));

interface Asked {
  readonly name: string;
  readonly at: number;
  readonly type?: string;
  readonly client?: string;
  /** Address or text that is answered; none for a name that does not exist. */
  readonly answer?: string;
}

/** A question and its answer. */
function ask({ name, at, type = "A", client = "10.0.0.5", answer }: Asked): Heard[] {
  const flow = { client, server: "10.0.0.1", serverPort: 53, protocol: 17 };
  const question = { version: 2, opcode: 0, id: 1, rrname: name, rrtype: type };
  const answers = answer === undefined ? {} : { answers: [{ rrname: name, rrtype: type, ttl: 60, rdata: answer }] };
  return [
    { message: messageFact("dns", { ...question, type: "query" }, { ...flow, at }) },
    {
      message: messageFact(
        "dns",
        { ...question, type: "answer", rcode: answer === undefined ? "NXDOMAIN" : "NOERROR", ...answers },
        { ...flow, at: at + 0.02, side: 1 },
      ),
    },
  ];
}
const asked = (count: number, make: (i: number) => Asked | readonly Asked[]): Heard[] =>
  many(count, (i) => [make(i)].flat().flatMap(ask)).flat();

const random = new Random(7);
const hex = (count: number): string => many(count, () => "0123456789abcdef"[random.between(0, 16)]).join("");
const letters = (count: number): string => many(count, () => "abcdefghijklmnopqrstuvwxyz234567"[random.between(0, 32)]).join("");
const words = ["mail", "shop", "static", "images", "portal", "search", "media", "account", "cloud", "updates"];
const word = (i: number): string => words[i % words.length] as string;

describe("dns-tunnel", () => {
  test.each<[string, readonly Heard[], string | undefined]>([
    [
      "long names at many bytes a second are a tunnel",
      asked(60, (i) => ({ name: `${letters(50)}.t.example.com`, at: i / 4, type: "NULL", answer: letters(80) })),
      "tunnel",
    ],
    [
      "half a byte a second is exfiltration",
      asked(30, (i) => ({ name: `${hex(30)}.example.com`, at: i * 30, answer: "192.0.2.1" })),
      "exfiltration",
    ],
    ["half a byte a second that nobody answers", asked(30, (i) => ({ name: `${letters(24)}.example.com`, at: i * 30 })), "exfiltration"],
    [
      "domains in turn",
      asked(40, (i) => ({ name: `${hex(26)}.${word(i)}${word(i >> 2)}${i % 20}.com`, at: i * 25, answer: "192.0.2.1" })),
      "exfiltration",
    ],
    [
      "names that end in no top-level domain",
      asked(60, (i) => ({ name: `dnscat.${hex(40)}.${hex(40)}`, at: i / 2, type: "TXT", answer: hex(40) })),
      "tunnel",
    ],
    [
      "hosts of a delivery network, asked for both addresses",
      asked(60, (i) =>
        ["A", "AAAA"].map((type) => ({ name: `rr${i % 9}---sn-${letters(8)}.example.com`, at: i * 10, type, answer: `198.51.100.${i}` })),
      ),
      undefined,
    ],
    [
      "hosts that are asked for again and again",
      asked(400, (i) => ({ name: `host-${(i % 40) * 7919}abcdxyz.example.com`, at: i * 2, answer: `198.51.100.${i % 40}` })),
      undefined,
    ],
    [
      "customers of a service, each a domain of its own",
      asked(200, (i) => ({ name: `d${letters(13)}.cloudfront.net`, at: i * 4, answer: `198.51.100.${i}` })),
      undefined,
    ],
    ["reverse look-ups", asked(300, (i) => ({ name: `${i & 255}.${i >> 3}.0.192.in-addr.arpa`, at: i, type: "PTR" })), undefined],
    ["lists of senders of mail", asked(400, (i) => ({ name: `${i & 255}.${(i * 7) & 255}.0.192.zen.spamhaus.org`, at: i })), undefined],
    [
      "the same by a list that nobody knows",
      asked(400, (i) => ({ name: `${i & 255}.${(i * 7) & 255}.0.192.list.example.org`, at: i })),
      undefined,
    ],
    [
      "look-ups of files by a scanner of viruses",
      asked(100, (i) => ({ name: `${hex(40)}.a.sophosxl.net`, at: i, type: "TXT", answer: "x" })),
      undefined,
    ],
    [
      "look-ups of files at a list that nobody knows",
      asked(60, (i) => ({ name: `${hex(40)}.q.example.org`, at: i * 20, answer: `127.0.0.${2 + (i % 3)}` })),
      undefined,
    ],
    [
      "words, however many",
      asked(400, (i) => ({ name: `${word(i)}-${word(i >> 3)}-${word(i >> 5)}${i}.example.com`, at: i, answer: "192.0.2.1" })),
      undefined,
    ],
    [
      "services by name",
      asked(100, (i) => ({
        name: `_ldap._tcp.${hex(8)}._sites.dc._msdcs.corp.example.com`,
        at: i * 9,
        type: "SRV",
        answer: "dc.corp.example.com",
      })),
      undefined,
    ],
    [
      "keys of senders",
      asked(60, (i) => ({ name: `${letters(32)}._domainkey.${word(i)}${i}.com`, at: i * 9, type: "TXT", answer: "v=DKIM1" })),
      undefined,
    ],
    ["a few hashed names", asked(9, (i) => ({ name: `${hex(32)}.example.com`, at: i * 9, answer: "192.0.2.1" })), undefined],
    ["a name an hour", asked(60, (i) => ({ name: `${hex(32)}.example.com`, at: i * 3600, answer: "192.0.2.1" })), undefined],
    [
      "multicast names",
      many(60, (i) => ({
        message: messageFact(
          "dns",
          { type: "query", opcode: 0, rrname: `${hex(40)}.x.example.com`, rrtype: "TXT", variant: "mdns" },
          { at: i },
        ),
      })),
      undefined,
    ],
  ])("%s", (_case, history, category) => {
    const found = findings(history);
    expect(found.map((finding) => finding.category).filter((one, i, all) => all.indexOf(one) === i)).toEqual(
      category === undefined ? [] : [category],
    );
    expect(found.length).toBeLessThan(20);
  });

  test("says who, whose names, how many and how much", () => {
    const [finding] = findings(asked(30, (i) => ({ name: `${hex(30)}.example.com`, at: i * 30, answer: "192.0.2.1" })));
    expect(finding?.title).toMatch(
      /^10\.0\.0\.5 asked for \d+ names below example\.com in \d+ min; about \d+ bytes of data seem hidden in them$/,
    );
    expect(finding).toMatchObject({ source: "10.0.0.5", target: "10.0.0.1", severity: "high" });
  });
});
