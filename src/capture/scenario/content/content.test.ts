import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { browsers, implant, quicBrowser, service } from "./browsers.ts";
import { certificate } from "./certificate.ts";
import { addressData, dnsAnswer, dnsQuery, RecordType } from "./dns.ts";
import { httpRequest, httpResponse } from "./http.ts";
import { Noise } from "./noise.ts";
import { initialKeys, initialPacket } from "./quic.ts";
import { bannerLine, ecdhReply, keyExchangeInit, openSsh } from "./ssh.ts";
import { clientFinish12, clientHello, serverFlight12, serverFlight13 } from "./tls.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("DNS", () => {
  test("a query as RFC 1035 draws it", () => {
    expect(toHex(dnsQuery(0x1234, "www.example.org", RecordType.a))).toBe(
      "12340100000100000000000003777777076578616d706c65036f72670000010001",
    );
  });

  test("an answer points at the question's name", () => {
    const answer = dnsAnswer(7, "a.test", RecordType.a, [{ name: "a.test", type: RecordType.a, ttl: 60, data: addressData([0xc0000201]) }]);
    expect(toHex(answer)).toBe("000781800001000100000000016104746573740000010001c00c000100010000003c0004c0000201");
  });
});

describe("TLS", () => {
  test.each([...browsers, service, implant].map((browser) => [browser.name, browser] as const))(
    "the hello of %s is one record of one message",
    (_name, browser) => {
      const hello = clientHello(new Random(1), browser, { name: "www.example.org", protocols: ["h2"] });
      const view = new DataView(hello.buffer, hello.byteOffset);
      expect([hello[0], view.getUint16(3), hello[5]]).toEqual([22, hello.length - 5, 1]);
      expect(view.getUint32(5) & 0xff_ffff).toBe(hello.length - 9);
      expect(text(hello)).toContain("www.example.org");
    },
  );

  test.each([
    ["the server's flight of 1.2", serverFlight12(new Random(1), 0xc02f, "h2", [new Uint8Array(700)]), [22, 22, 22, 22]],
    ["the server's flight of 1.3", serverFlight13(new Random(1), 0x1301, new Uint8Array(2000)), [22, 20, 23]],
    ["the client's end of 1.2", clientFinish12(new Random(1)), [22, 20, 22]],
  ])("%s is made of whole records", (_case, bytes, types) => {
    const seen: number[] = [];
    let at = 0;
    for (; at < bytes.length; at += 5 + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number))) seen.push(bytes[at] as number);
    expect([seen, at]).toEqual([types, bytes.length]);
  });

  test("certificates are read by OpenSSL", () => {
    const facts = {
      subject: "a.test",
      issuer: "ca.test",
      organization: "Tests",
      names: ["a.test", "b.test"],
      from: "251201000000Z",
      to: "261201000000Z",
    };
    const read = new X509Certificate(certificate(new Random(5), facts));
    expect([read.subject, read.issuer, read.subjectAltName]).toEqual(["CN=a.test", "C=ZZ\nO=Tests\nCN=ca.test", "DNS:a.test, DNS:b.test"]);
    expect([read.validFrom, read.publicKey.asymmetricKeyType]).toEqual(["Dec  1 00:00:00 2025 GMT", "rsa"]);
    expect(new X509Certificate(certificate(new Random(5), { ...facts, issuer: "a.test" })).subject).toBe("C=ZZ\nO=Tests\nCN=a.test");
  });
});

test("QUIC: the keys of RFC 9001 A.1", () => {
  const keys = initialKeys(fromHex("8394c8f03e515708"), "client in");
  expect([keys.key, keys.iv, keys.header].map((bytes) => toHex(bytes))).toEqual([
    "1f369613dd76d5467730efcbe3b1a22d",
    "fa044b2f42a3fd3b46fb255c",
    "9f50449e04a0e810283a1e9933adedd2",
  ]);
  const packet = initialPacket(keys, { to: fromHex("8394c8f03e515708"), from: new Uint8Array(0), number: 0, frames: [], bytes: 1200 });
  expect(packet.length).toBe(1200);
  expect(quicBrowser.versions).toEqual([0x0304]);
});

describe("HTTP", () => {
  test.each([
    ["a length", httpResponse({ status: 200, body: "hello" }), "Content-Length: 5\r\n\r\nhello"],
    ["chunks", httpResponse({ status: 200, body: "hello", chunked: true }), "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
    ["no body of 304", httpResponse({ status: 304 }), "Server: shopd/2.1\r\n\r\n"],
    [
      "a request's body",
      httpRequest({ method: "POST", path: "/", host: "a.test", userAgent: "x", body: "{}" }),
      "Content-Length: 2\r\n\r\n{}",
    ],
  ])("%s", (_case, bytes, end) => expect(text(bytes).endsWith(end)).toBe(true));
});

test("SSH: packets are multiples of eight bytes, the banner ends its line", () => {
  const random = new Random(2);
  const noise = new Noise(random);
  expect(keyExchangeInit(random, noise, openSsh).length % 8).toBe(0);
  expect(ecdhReply(random, noise).length % 8).toBe(0);
  expect(text(bannerLine(openSsh))).toMatch(/^SSH-2\.0-\S+\r\n$/);
});
