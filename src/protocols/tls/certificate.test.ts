import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { DerCursor, oidText } from "#base/der.ts";
import { Random } from "#base/random.ts";
import { testPlatform } from "#test/protocol/drive.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { timeText } from "./certificate-time.ts";
import { nameText } from "./distinguished-name.ts";
import { der, text } from "./samples.common.ts";

const platform = testPlatform;

const OID = {
  c: "550406",
  o: "55040a",
  cn: "550403",
  email: "2a864886f70d010901",
  unknown: "2a0304",
  rsa: "2a864886f70d010101",
  san: "551d11",
};
const pair = (oid: string, tag: number, hex: string): string => der(0x30, der(0x06, oid), der(tag, hex));
const set = (...pairs: readonly string[]): string => der(0x31, ...pairs);
const name = (cn: string): string => der(0x30, set(pair(OID.c, 0x13, text("US"))), set(pair(OID.cn, 0x0c, text(cn))));
const validity = (from: string, to: string): string => der(0x30, der(0x17, text(from)), der(to.length > 13 ? 0x18 : 0x17, text(to)));
const key = der(
  0x30,
  der(0x30, der(0x06, OID.rsa), der(0x05)),
  der(0x03, "00", der(0x30, der(0x02, "00", "c1".repeat(256)), der(0x02, "010001"))),
);
const san = (...names: readonly string[]): string =>
  der(0xa3, der(0x30, der(0x30, der(0x06, OID.san), der(0x01, "ff"), der(0x04, der(0x30, ...names)))));

interface Parts {
  readonly serial?: string;
  readonly issuer?: string;
  readonly dates?: string;
  readonly subject?: string;
  readonly key?: string;
  readonly tail?: string;
}
function certificate(parts: Parts = {}): string {
  const { serial = der(0x02, "00aa01"), issuer = name("Issuer"), dates = validity("260101000000Z", "20500101000000Z") } = parts;
  const algorithm = der(0x30, der(0x06, OID.rsa), der(0x05));
  const body = [
    der(0xa0, der(0x02, "02")),
    serial,
    algorithm,
    issuer,
    dates,
    parts.subject ?? name("Subject"),
    parts.key ?? key,
    parts.tail ?? "",
  ];
  return der(0x30, der(0x30, ...body), algorithm, der(0x03, "00aabb"));
}
function read(hex: string): Certificate {
  const bytes = fromHex(hex);
  return readCertificate(bytes, 0, bytes.length, platform);
}
function cursor(hex: string): DerCursor {
  const result = new DerCursor(fromHex(hex), 0, hex.length / 2);
  result.next();
  return result;
}

describe("readCertificate", () => {
  test("tells the fields of a sound certificate", () => {
    const names = san(
      der(0x82, text("a.test")),
      der(0x87, "c0000201"),
      der(0x87, `20010db8${"00".repeat(11)}01`),
      der(0x86, text("https://a")),
      der(0x81, text("x@a")),
      der(0x88, "2a03"),
    );
    expect(read(certificate({ tail: names }))).toMatchObject({
      serial: "00:AA:01",
      issuer: "C=US, CN=Issuer",
      subject: "C=US, CN=Subject",
      notBefore: "2026-01-01T00:00:00",
      notAfter: "2050-01-01T00:00:00",
      alternativeNames: ["a.test", "192.0.2.1", "2001:db8::1", "https://a", "x@a"],
      keyType: "RSA",
      keyBits: 2048,
      trouble: undefined,
    });
  });

  test("the fingerprint covers exactly the certificate", () => {
    const hex = certificate();
    const inside = fromHex(`00${hex}ff`);
    expect(readCertificate(inside, 1, inside.length - 1, platform).fingerprint).toBe(read(hex).fingerprint);
    expect(read(hex).fingerprint).toMatch(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
  });

  test.each<[string, string, Partial<Certificate>]>([
    ["no DER at all", "ffff", { trouble: "CERTIFICATE_INVALID_DER", subject: undefined }],
    ["a serial that is no integer", certificate({ serial: der(0x04, "01") }), { trouble: "CERTIFICATE_INVALID_SERIAL" }],
    [
      "a zero byte in the subject",
      certificate({ subject: name("a\0b") }),
      { trouble: "CERTIFICATE_INVALID_SUBJECT", subject: undefined, issuer: "C=US, CN=Issuer" },
    ],
    [
      "a zero byte in the issuer",
      certificate({ issuer: name("a\0b") }),
      { trouble: "CERTIFICATE_INVALID_ISSUER", subject: "C=US, CN=Subject" },
    ],
    [
      "a date that is none",
      certificate({ dates: validity("261301000000Z", "270101000000Z") }),
      { trouble: "CERTIFICATE_INVALID_DATE", subject: "C=US, CN=Subject" },
    ],
    ["an empty issuer is an empty text", certificate({ issuer: der(0x30) }), { trouble: undefined, issuer: "" }],
    [
      "an EC key names its curve",
      certificate({ key: der(0x30, der(0x30, der(0x06, "2a8648ce3d0201"), der(0x06, "2b81040022")), der(0x03, "00")) }),
      { keyType: "EC", keyBits: 384 },
    ],
    [
      "Ed25519",
      certificate({ key: der(0x30, der(0x30, der(0x06, "2b6570")), der(0x03, "00")) }),
      { keyType: "Ed25519", keyBits: undefined },
    ],
  ])("%s", (_case, hex, wanted) => expect(read(hex)).toMatchObject(wanted));

  test("of 2,000 alternative names 512 are told, of a long one 255 bytes", () => {
    const many = Array.from({ length: 2000 }, () => der(0x82, text("a".repeat(300))));
    const result = read(certificate({ tail: san(...many) }));
    expect(result.alternativeNames).toHaveLength(512);
    expect(result.alternativeNames[0]).toHaveLength(255);
  });

  test("mutated and cut certificates never throw and never read beyond their end", () => {
    const random = new Random(99);
    const sample = fromHex(certificate({ tail: san(der(0x82, text("a.test")), der(0x87, "c0000201")) }));
    for (let run = 0; run < 4000; run++) {
      const bytes = sample.slice();
      for (let n = random.between(1, 8); n > 0; n--)
        bytes[random.between(0, bytes.length)] = random.pick([0, 0x30, 0x7f, 0x80, 0x82, 0x84, 0xff, random.between(0, 256)]);
      const end = random.chance(0.3) ? random.between(0, bytes.length) : bytes.length;
      const alone = readCertificate(bytes.slice(0, end), 0, end, platform);
      const padded = new Uint8Array(bytes.length + 64).fill(0x31);
      padded.set(bytes.subarray(0, end), 10);
      expect(readCertificate(padded, 10, 10 + end, platform), `run ${run}`).toEqual(alone);
    }
  });
});

describe("nameText", () => {
  test.each<[string, string, string | undefined]>([
    [
      "attributes of one set are joined by a plus",
      der(0x30, set(pair(OID.c, 0x13, text("US")), pair(OID.o, 0x13, text("A")))),
      "C=US + O=A",
    ],
    ["an unknown attribute keeps its number", der(0x30, set(pair(OID.unknown, 0x0c, text("x")))), "1.2.3.4=x"],
    ["an e-mail address", der(0x30, set(pair(OID.email, 0x16, text("a@b")))), "Email=a@b"],
    ["UTF-8", der(0x30, set(pair(OID.o, 0x0c, "c3bc"))), "O=ü"],
    ["what is not UTF-8 is shown in digits", der(0x30, set(pair(OID.o, 0x0c, "fc41"))), "O=FC41"],
    ["BMPString", der(0x30, set(pair(OID.o, 0x1e, "00410042"))), "O=AB"],
    ["a bit string is shown in digits", der(0x30, set(pair(OID.o, 0x03, "00ff"))), "O=00FF"],
    ["no name", der(0x31), undefined],
    ["a set that is none", der(0x30, der(0x30)), undefined],
    ["a set that ends early", "300431033000", undefined],
  ])("%s", (_case, hex, wanted) => expect(nameText(cursor(hex))).toBe(wanted));

  test("of 500 attributes 64 are told", () => {
    const many = Array.from({ length: 500 }, () => set(pair(OID.o, 0x13, text("x"))));
    expect(nameText(cursor(der(0x30, ...many)))?.split(", ")).toHaveLength(64);
  });
});

describe("timeText", () => {
  test.each<[string, number, string, string | undefined]>([
    ["two digits from 50 on are of the last century", 0x17, "691231000000Z", "1969-12-31T00:00:00"],
    ["below 50 of this one", 0x17, "491231235959Z", "2049-12-31T23:59:59"],
    ["without seconds", 0x17, "2601020304Z", "2026-01-02T03:04:00"],
    ["with an offset", 0x17, "260101000000+0130", "2025-12-31T22:30:00"],
    ["GeneralizedTime", 0x18, "20500101000000Z", "2050-01-01T00:00:00"],
    ["with a fraction", 0x18, "20500101000000.5Z", "2050-01-01T00:00:00"],
    ["year 9999, which means for ever", 0x18, "99991231235959Z", "9999-12-31T23:59:59"],
    ["a 30th of February", 0x17, "260230000000Z", undefined],
    ["letters", 0x17, "26010100000aZ", undefined],
    ["another type", 0x0c, "260101000000Z", undefined],
  ])("%s", (_case, tag, value, wanted) => expect(timeText(cursor(der(tag, text(value))))).toBe(wanted));
});

describe("DerCursor", () => {
  test.each<[string, string]>([
    ["a length beyond the end", "3005aabb"],
    ["an indefinite length", "3080aabb0000"],
    ["a length of five bytes", "30850000000001aa"],
    ["a length of four gigabytes", "3084ffffffffaa"],
    ["a long tag", "3f8101aa"],
    ["a length that is cut", "3082ff"],
    ["one byte", "30"],
  ])("%s is no element", (_case, hex) => expect(new DerCursor(fromHex(hex), 0, hex.length / 2).next()).toBe(false));

  test("an object identifier with huge arcs stays bounded", () => {
    expect(oidText(fromHex("550403"), 0, 3)).toBe("2.5.4.3");
    expect(oidText(new Uint8Array(1000).fill(0xff), 0, 1000)).toBe("");
    expect(oidText(new Uint8Array(1000).fill(1), 0, 1000).split(".")).toHaveLength(33);
  });
});
