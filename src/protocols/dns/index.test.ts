import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { FAILED, Probe, type ProtocolDefinition, type Side, type Transaction } from "#contract/parser.ts";
import { fieldSchema } from "#schema/json-schema.ts";
import { joinBytes } from "#test/protocol/drive.ts";
import { drive, type Step } from "./driver.common.ts";
import { dnsKind } from "./facts.ts";
import plugin from "./index.ts";
import { questionsMax } from "./message-reader.ts";
import { framed, message, nameBytes } from "./messages.common.ts";
import { nameCharactersMax } from "./name-reader.ts";

const protocols = plugin.protocols as readonly ProtocolDefinition[];
const [udp, tcp, mdns, llmnr, , nbns] = protocols as [
  ProtocolDefinition,
  ProtocolDefinition,
  ProtocolDefinition,
  ProtocolDefinition,
  ProtocolDefinition,
  ProtocolDefinition,
];
const validate = new Ajv2020().compile(fieldSchema(dnsKind.fields["dns"] as never));

interface Golden {
  readonly about: string;
  readonly protocol: string;
  /** Side and datagram. */
  readonly datagrams: readonly (readonly [Side, string])[];
  readonly events: readonly (readonly [number, Transaction])[];
  readonly anomalies: readonly string[];
}
const folder = join(import.meta.dirname, "golden");
const goldens = readdirSync(folder).map((name): readonly [string, Golden] => [
  name,
  JSON.parse(readFileSync(join(folder, name), "utf8")) as Golden,
]);
const stepsOf = (golden: Golden): Step[] => golden.datagrams.map(([side, hex]) => [side, fromHex(hex)]);
const definitionOf = (golden: Golden): ProtocolDefinition => protocols.find(({ name }) => name === golden.protocol) as ProtocolDefinition;

describe("golden flows", () => {
  test.each(goldens)("%s", (_name, golden) => {
    const outcome = drive(definitionOf(golden), stepsOf(golden));
    expect(outcome.events).toEqual(golden.events);
    expect(outcome.anomalies).toEqual(golden.anomalies);
    for (const [, fields] of golden.events) expect(validate(fields), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each(goldens)("%s: recognised", (_name, golden) => {
    const first = fromHex((golden.datagrams[0] as readonly [Side, string])[1]);
    const definition = definitionOf(golden);
    expect(definition.probe(0, ByteView.over(first), true)).toBe(Probe.yes);
  });

  test.each(goldens.filter(([, golden]) => golden.protocol === "dns"))(
    "%s: the same as a stream, whatever the segments",
    (_name, golden) => {
      const stream = stepsOf(golden).map(([side, bytes]): Step => [side, framed(bytes as Uint8Array)]);
      const random = new Random(3);
      for (const largest of [1, 2, 3, 13, 100, 5000]) {
        const outcome = drive(tcp, stream, () => random.between(1, largest + 1));
        expect(outcome.events, `pieces up to ${largest}`).toEqual(golden.events);
      }
    },
  );
});

/** The first answer's record in an answer with this record. */
const answered = (type: number, data: string, definition = udp): unknown => {
  const bytes = message({ flags: 0x8180, questions: [["a.b", type]], answers: [["a.b", type, data]] });
  const fields = drive(definition, [[1, bytes]]).events[0]?.[1] as { answers?: readonly object[] };
  return fields.answers?.[0];
};

const rrname = (name: string, definition = udp): unknown =>
  drive(definition, [[0, message({ questions: [[name, 1]] })]]).events[0]?.[1]["rrname"];
const queryWith = (id: number): Uint8Array => message({ id, questions: [["a", 1]] });
const answerWith = (id: number): Uint8Array => message({ id, flags: 0x8180, questions: [["a", 1]] });
/** Ids of the events of a stream. */
const idsOf = (steps: readonly Step[]): unknown[] => drive(tcp, steps).events.map(([, fields]) => fields["id"]);
const strictProbe = (bytes: Uint8Array): Probe => udp.probe(0, ByteView.over(bytes), false);

describe("records", () => {
  test.each<readonly [string, number, string, object]>([
    ["A", 1, "c0000201", { rrtype: "A", rdata: "192.0.2.1" }],
    ["AAAA in full", 28, "20010db8000000000000000000000001", { rdata: "2001:0db8:0000:0000:0000:0000:0000:0001" }],
    ["a name by pointer", 5, "03777777c00c", { rrtype: "CNAME", rdata: "www.a.b" }],
    ["MX", 15, "000ac00c", { rdata: "a.b", preference: 10 }],
    ["TXT", 16, "03616263", { rdata: "abc" }],
    ["TXT in UTF-8", 16, "02c3a4", { rdata: "ä" }],
    ["TXT that is no UTF-8", 16, "02ff41", { rdata: "\\xffA" }],
    [
      "SOA",
      6,
      "c00cc00c0000000100000002000000030000000400000005",
      { soa: { mname: "a.b", rname: "a.b", serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 } },
    ],
    ["SRV", 33, "00010002005003777777c00c", { srv: { priority: 1, weight: 2, port: 80, name: "www.a.b" } }],
    ["SSHFP", 44, "0401aabbcc", { sshfp: { algo: 4, type: 1, fingerprint: "aa:bb:cc" } }],
    ["NAPTR", 35, "000a0014017507534950 2b443255 0000", { rdata: '10 20 "u" "SIP+D2U" "" .' }],
    ["DS", 43, "30390802aabb", { rdata: "12345 8 2 aabb" }],
    ["DNSKEY", 48, "01010308666f6f626172", { rdata: "257 3 8 Zm9vYmFy" }],
    [
      "RRSIG",
      46,
      "00010d0200000e10 67748580 67748580 3039 c00c 666f6f62",
      { rdata: "A 13 2 3600 20250101000000 20250101000000 12345 a.b Zm9vYg==" },
    ],
    ["NSEC", 47, "c00c 0006 40 00 00 00 00 03", { rdata: "a.b A RRSIG NSEC" }],
    ["NSEC3", 50, "01000001 02abcd 05 0000000000 0001 40", { rdata: "1 0 1 abcd 00000000 A" }],
    ["NSEC3PARAM without salt", 51, "0100000a00", { rdata: "1 0 10 -" }],
    ["TLSA", 52, "030101aabb", { rrtype: "TLSA", rdata: "3 1 1 aabb" }],
    ["CAA", 257, "00056973737565 6c6574", { rrtype: "CAA", rdata: '0 issue "let"' }],
    [
      "HTTPS",
      65,
      "0001 00 0001 0006 02683202 6833 0003 0002 01bb 0004 0004 c0000201",
      { rrtype: "HTTPS", rdata: "1 . alpn=h2,h3 port=443 ipv4hint=192.0.2.1" },
    ],
    ["LOC", 29, "00121613 8b3b 2b00 7f00 0000 0098 9680", { rrtype: "LOC" }],
    ["HINFO", 13, "03506335 024f53".replace("3563", "63"), { rdata: '"Pc5" "OS"' }],
    ["WKS", 11, "c00002010640", { rdata: "192.0.2.1 6 1" }],
    ["APL", 42, "000118 03 c00002", { rdata: "1:192.0.2.0/24" }],
    ["URI", 256, "000a0001 687474703a2f2f61", { rdata: '10 1 "http://a"' }],
    ["NULL", 10, "56ff01", { rrtype: "NULL", rdata: "V\\xff\u0001" }],
    ["an unknown type", 65_534, "0a0b", { rrtype: "TYPE65534", rdata: "0a0b" }],
  ])("%s", (_case, type, data, wanted) => {
    expect(answered(type, data)).toMatchObject(wanted);
  });

  test("each string of TXT is an entry", () => {
    const bytes = message({ flags: 0x8180, questions: [["a", 16]], answers: [["a", 16, "0161 0162"]] });
    expect(drive(udp, [[1, bytes]]).events[0]?.[1]).toMatchObject({
      answers: [{ rdata: "a" }, { rdata: "b" }],
      grouped: { TXT: ["a", "b"] },
    });
  });

  test("data that does not fit its type is told as hexadecimal, and is an anomaly", () => {
    const bytes = message({ flags: 0x8180, questions: [["a", 1]], answers: [["a", 1, "c00002"]] });
    const outcome = drive(udp, [[1, bytes]]);
    expect(outcome.events[0]?.[1]).toMatchObject({ answers: [{ rdata: "c00002" }] });
    expect(outcome.anomalies).toEqual(["malformed_data"]);
  });

  test("EDNS: version, size, DO, cookie, client subnet, extended code and error", () => {
    const options = "000a0008 0102030405060708 00080007 00011800 c00002 000f0004 000f 6f6b";
    const bytes = message({ flags: 0x8180, questions: [["a", 1]], additionals: [["", 41, options, 1232, 0x0100_8000]] });
    expect(drive(udp, [[1, bytes]]).events[0]?.[1]).toMatchObject({
      rcode: "BADVERS",
      edns: {
        version: 0,
        udp_size: 1232,
        do: true,
        cookie: "0102030405060708",
        client_subnet: "192.0.2.0/24",
        extended_error: { code: 15, text: "ok" },
      },
    });
  });

  test("NetBIOS addresses and status", () => {
    expect(answered(32, "8000c0000201 0000c0000202", nbns)).toMatchObject({ rrtype: "NB", rdata: "192.0.2.1 group, 192.0.2.2" });
    const name = "465245442020202020202020202020 00 0400";
    expect(answered(33, `01 ${name} 001122334455`, nbns)).toMatchObject({ rrtype: "NBSTAT", rdata: "FRED<00>, 00:11:22:33:44:55" });
  });
});

describe("names", () => {
  test.each<readonly [string, string, unknown]>([
    ["the root is empty", "", ""],
    ["case stays", "WwW.Example.COM", "WwW.Example.COM"],
    ["bytes become characters", "=02ff0100", "\xff\x01"],
    ["a pointer to itself can't be read", "=c00c", undefined],
    ["a pointer out of the message can't be read", "=cfff", undefined],
    ["a label with reserved bits can't be read", "=4061", undefined],
    ["a forward pointer is followed", "=c012 00010001 016100", "a"],
  ])("%s", (_case, name, wanted) => {
    expect(rrname(name)).toBe(wanted);
  });

  test("mDNS and LLMNR names are UTF-8, DNS names are bytes", () => {
    expect([rrname("=02c3a400", mdns), rrname("=02c3a400", llmnr), rrname("=02c3a400")]).toEqual(["ä", "ä", "Ã¤"]);
  });

  test("a NetBIOS name is decoded with its suffix", () => {
    expect(rrname("EGFCEFEECACACACACACACACACACACACA", nbns)).toBe("FRED<20>");
  });

  test("a loop with labels is cut and told", () => {
    const outcome = drive(udp, [[0, message({ questions: [["=0161c00c", 1]] })]]);
    expect(outcome.anomalies).toContain("infinite_loop");
    expect(outcome.events[0]?.[1]).toMatchObject({ rrname_truncated: true });
  });

  test("a name beyond the limit is cut and told", () => {
    const name = `=${`3f${"61".repeat(63)}`.repeat(20)}00`;
    const outcome = drive(udp, [[0, message({ questions: [[name, 1]] })]]);
    expect(outcome.anomalies).toEqual(["name_too_long"]);
    expect(String(outcome.events[0]?.[1]["rrname"]).length).toBe(nameCharactersMax);
  });
});

describe("messages", () => {
  test("query and answer share a transaction, by id", () => {
    const outcome = drive(udp, [
      [0, queryWith(1)],
      [0, queryWith(2)],
      [1, answerWith(2)],
      [1, answerWith(1)],
      [1, answerWith(1)],
    ]);
    expect(outcome.events.map(([txId]) => txId)).toEqual([0, 1, 1, 0, 2]);
  });

  test("each question is an event; beyond the limit they are counted", () => {
    const questions = Array.from({ length: questionsMax + 3 }, (): [string, number] => ["a", 1]);
    const outcome = drive(udp, [[0, message({ questions })]]);
    expect(outcome.events).toHaveLength(questionsMax);
    expect(outcome.events[0]?.[1]).toMatchObject({ omitted: 3 });
  });

  test("counts that lie: what is there is told", () => {
    const outcome = drive(udp, [
      [1, message({ flags: 0x8180, questions: [["a", 1]], answers: [["a", 1, "c0000201"]], counts: [1, 9, 9, 9] })],
    ]);
    expect(outcome.events[0]?.[1]).toMatchObject({ answers: [{ rdata: "192.0.2.1" }] });
    expect(outcome.anomalies).toEqual(["malformed_data"]);
  });

  test("a datagram that is no message fails", () => {
    expect(drive(udp, [[0, fromHex("0102030405")]]).answers).toEqual([FAILED]);
  });

  test("behind a gap in a stream reading goes on", () => {
    const one = framed(message({ id: 7, questions: [["one.example", 1]] }));
    const three = framed(message({ id: 9, questions: [["three.example", 1]] }));
    expect(
      idsOf([
        [0, one],
        [0, one.subarray(0, 20)],
        [0, one.length - 20],
        [0, three],
      ]),
    ).toEqual([7, 9]);
    expect(
      idsOf([
        [0, one],
        [0, 500],
        [0, joinBytes(one.subarray(9), three)],
      ]),
    ).toEqual([7, 9]);
    expect(
      idsOf([
        [0, one],
        [0, 500],
        [0, three.subarray(0, 2)],
        [0, three.subarray(2)],
      ]),
    ).toEqual([7, 9]);
  });
});

describe("probe", () => {
  const query = message({ questions: [["www.example.com", 1]] });
  test.each<readonly [string, Uint8Array, Probe]>([
    ["a query", query, Probe.yes],
    ["a query with EDNS", message({ questions: [["a", 1]], additionals: [["", 41, "", 1232]] }), Probe.yes],
    ["an answer", message({ flags: 0x8180, questions: [["a", 1]], answers: [["a", 1, "c0000201"]] }), Probe.yes],
    ["one byte too many", joinBytes(query, Uint8Array.of(0)), Probe.no],
    ["one byte too few", query.subarray(0, query.length - 1), Probe.no],
    ["an unknown type", message({ questions: [["a", 4000]] }), Probe.no],
    ["an unknown class", message({ questions: [["a", 1, 77]] }), Probe.no],
    ["a name with control bytes", message({ questions: [["=020102 00", 1]] }), Probe.no],
    ["a NetBIOS name", message({ questions: [["EGFCEFEECACACACACACACACACACACACA", 32]] }), Probe.no],
    ["an empty message", message({}), Probe.no],
  ])("on an unusual port: %s", (_case, bytes, wanted) => {
    expect(strictProbe(bytes)).toBe(wanted);
  });

  test("a NetBIOS name needs no port", () => {
    const bytes = message({ flags: 0x0110, questions: [["EGFCEFEECACACACACACACACACACACACA", 32]] });
    expect(nbns.probe(0, ByteView.over(bytes), false)).toBe(Probe.yes);
  });

  test("a stream is recognised from any beginning, and never refused on the way", () => {
    const stream = framed(query);
    for (let length = 0; length <= stream.length; length++)
      expect(tcp.probe(0, ByteView.over(stream.subarray(0, length)), false)).toBe(length === stream.length ? Probe.yes : Probe.more);
  });

  test("random bytes, and other protocols' datagrams, are not DNS on any port", () => {
    const random = new Random(99);
    const heads = ["8060", "80e0", "000100002112a442", "c300000001", "4d4b", "1b00", "23020a", "ffffffff54", "170303", ""].map(fromHex);
    let wrong = 0;
    for (let i = 0; i < 30_000; i++) {
      const view = ByteView.over(joinBytes(random.pick(heads), random.bytes(random.between(0, 400))));
      for (const definition of protocols) if (definition.probe(0, view, false) === Probe.yes) wrong++;
      if (udp.probe(0, view, true) === Probe.yes) wrong++;
    }
    expect(wrong).toBe(0);
  });
});

describe("hostile bytes", () => {
  const seeds = goldens.flatMap(([, golden]) => stepsOf(golden).map(([, bytes]) => bytes as Uint8Array));

  test("mutated messages neither throw nor hang, and every event fits the schema", () => {
    const random = new Random(17);
    for (let round = 0; round < 3000; round++) {
      const bytes = mutate(random.pick(seeds), random);
      for (const definition of protocols) {
        definition.probe(0, ByteView.over(bytes), random.chance(0.5));
        const { events } = drive(definition, [[0, definition.transports[0] === "tcp" ? framed(bytes) : bytes]]);
        if (round % 10 === 0) for (const [, fields] of events) expect(validate(fields), JSON.stringify(validate.errors)).toBe(true);
      }
    }
  });

  test("what follows a message does not change what is told of it", () => {
    const random = new Random(31);
    for (let round = 0; round < 1000; round++) {
      const bytes = mutate(random.pick(seeds), random);
      const here = drive(udp, [[0, bytes]]).events;
      const there = drive(tcp, [[0, joinBytes(framed(bytes), random.bytes(40))]]).events.slice(0, here.length);
      if (bytes.length >= 12) expect(there).toEqual(here);
    }
  });

  test("any bytes on any side, with gaps", () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 70_000 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom<Side>(0, 1), piece), { maxLength: 10 }), (steps) => {
        for (const definition of protocols) drive(definition, steps);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  test("a message full of pointers to a long name stays small", () => {
    const long = nameBytes(Array.from({ length: 16 }, () => "x".repeat(63)).join("."));
    const records = joinBytes(...Array.from({ length: 5000 }, () => fromHex("c00c00010001000000000000")));
    const bytes = joinBytes(message({ flags: 0x8180, counts: [1, 5000, 0, 0] }), long, fromHex("00010001"), records);
    const outcome = drive(udp, [[1, bytes]]);
    expect(JSON.stringify(outcome.events).length).toBeLessThan(1_500_000);
    expect(outcome.events[0]?.[1]).toMatchObject({ omitted: 5000 - 256 });
  });
});

function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  for (let i = random.between(0, 5); i > 0; i--)
    copy[random.between(0, copy.length)] = random.pick([0, 1, 0xc0, 0x0c, 0x3f, 255, random.between(0, 256)]);
  return random.chance(0.2) ? copy.subarray(0, random.between(0, copy.length + 1)) : copy;
}
