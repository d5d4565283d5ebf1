import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";
import plugin from "./index.ts";

const definitions = plugin.protocols as readonly ProtocolDefinition[];
const bytesOf = (text: string): Uint8Array =>
  text.startsWith("text:") ? Uint8Array.from(text.slice(5), (letter) => letter.charCodeAt(0)) : fromHex(text);

/** Names that say yes or maybe, asked as the usual port and as any other. */
function found(transport: "tcp" | "udp", bytes: Uint8Array, usualPort: boolean): string[] {
  return definitions
    .filter((one) => one.transports.includes(transport))
    .filter((one) => [Probe.yes, Probe.maybe].includes(one.probe(0, ByteView.over(bytes), usualPort) as never))
    .map(({ name }) => name);
}

const fill = (bytes: number): string => "00".repeat(bytes);

const samples: readonly (readonly [string, "tcp" | "udp", string])[] = [
  ["slp", "udp", `0201 00001b 0000 000000 1234 0002 656e ${fill(10)}00`],
  ["wireguard", "udp", `01000000 ${"5a".repeat(144)}`],
  ["l2tp", "udp", "c802 000c 0000 0000 0000 0000"],
  ["pptp", "tcp", "009c 0001 1a2b3c4d 0001 0000"],
  ["rmcp", "udp", "0600ff07 00000000"],
  ["bfd", "udp", "20c80318 00000001 00000000 000f4240 000f4240 00000000"],
  ["ptpv2", "udp", `0002002c ${fill(40)}`],
  ["ldp", "udp", "0001 001e c0000201 0000 0100 0014 00000001 0400 0004 000f 0000 0401 0004 c0000201"],
  ["bgp", "tcp", `${"ff".repeat(16)} 001d 01 04fde800b4c000020100`],
  ["rip", "udp", `0202 0000 ${fill(20)}`],
  ["babel", "udp", "2a02 0004 04020000"],
  ["openflow", "tcp", "0400 0008 00000001"],
  ["netflow", "udp", `0005 0001 ${fill(20)} ${fill(48)}`],
  ["ipfix", "udp", "000a 0018 00000000 00000000 00000000 0002 0008 00000000"],
  ["sflow", "udp", "00000005 00000001 c0000201 00000000 00000001 00000001 00000000"],
  ["gtp", "udp", "4801 0009 00000000 00000100 00"],
  ["pfcp", "udp", "2001 000c 00000100 0060 0004 00000000"],
  ["xdmcp", "udp", "0001 0002 0001 00"],
  ["tacacs-plus", "tcp", "c001 0100 00000001 00000010"],
  ["collectd", "udp", "0000 0009 686f737400 0008 000c 0000000000000000"],
  ["kcp", "udp", "0a000000 51 00 8000 14000000 00000000 00000000 01000000 aa"],
  ["mpeg-ts", "udp", `47 ${fill(187)}`],
  ["syncthing", "udp", "2ea7d90b 00000000"],
  ["monero", "tcp", "0121010101010101 0000000000000000"],
  ["bitcoin", "tcp", "f9beb4d9 76657273696f6e 0000000000"],
  ["smpp", "tcp", "00000010 00000015 00000000 00000001"],
  ["x11", "tcp", "6c00 0b00 0000 0000 0000 0000"],
  ["dicom", "tcp", "0100 000000cd 0001 0000"],
  ["zeromq", "tcp", "ff 0000000000000001 7f 03 00"],
  ["wake-on-lan", "udp", `ffffffffffff ${"00005e005301".repeat(16)}`],
  ["hart-ip", "udp", "0100 0000 0002 000d 01 00007530"],
  ["rtsp", "tcp", "text:DESCRIBE rtsp://192.0.2.1/cam RTSP/1.0\r\n"],
  ["nntp", "tcp", "text:200 news.example.com ready\r\n"],
  ["rsync", "tcp", "text:@RSYNCD: 31.0\n"],
  ["git", "tcp", "text:0032git-upload-pack /project.git\u0000host=example.com\u0000"],
  ["hislip", "tcp", "4853000001005253 0000000000000007 6869736c697030"],
  ["hl7", "tcp", "text:\u000bMSH|^~\\&|A|B"],
  ["gnutella", "tcp", "text:GNUTELLA CONNECT/0.6\r\n"],
  ["stomp", "tcp", "text:CONNECT\naccept-version:1.2\n\n\u0000"],
  ["nats", "tcp", 'text:INFO {"server_id":"A"}\r\n'],
  ["bittorrent-lsd", "udp", "text:BT-SEARCH * HTTP/1.1\r\n"],
  ["finger", "tcp", "text:root\r\n"],
  ["rsh", "tcp", "text:1022\u0000"],
  ["rtps", "udp", "text:RTPS\u0002\u0001"],
  ["spotify", "udp", "text:SpotUdp0"],
  ["dropbox", "udp", 'text:{"host_int": 1, "version": [2, 0]}'],
  ["ws-discovery", "udp", `text:<?xml version="1.0" encoding="utf-8"?><soap:Envelope${" ".repeat(40)}>`],
  ["tailscale-disco", "udp", "5453f09f92ac 0000"],
];

describe("first bytes", () => {
  test.each(samples)("%s over %s", (name, transport, text) => {
    expect(found(transport, bytesOf(text), true)).toContain(name);
  });

  test.each(samples)("%s over %s: what is cut off is no other protocol elsewhere", (name, transport, text) => {
    const bytes = bytesOf(text);
    for (const cut of [0, 1, 2, bytes.length >> 1])
      expect(found(transport, bytes.slice(0, cut), false).filter((one) => one !== name)).toEqual([]);
  });

  test.each(samples.filter(([, transport]) => transport === "tcp"))("%s: no beginning of it is refused", (name, transport, text) => {
    const bytes = bytesOf(text);
    const definition = definitions.find((one) => one.name === name && one.transports.includes(transport)) as ProtocolDefinition;
    for (let length = 1; length < bytes.length; length++)
      expect(definition.probe(0, ByteView.over(bytes.slice(0, length)), true), `${length} bytes`).not.toBe(Probe.no);
  });
});

test("nothing is read past the end, wherever the bytes end and whatever they are", () => {
  const random = new Random(9);
  for (const [, , text] of samples) {
    const bytes = bytesOf(text);
    for (let length = 0; length <= bytes.length; length++) {
      const cut = bytes.slice(0, length);
      if (length > 4) cut[random.between(1, length)] = random.between(0, 256);
      for (const transport of ["tcp", "udp"] as const) found(transport, cut, true);
    }
  }
});

test("noise is seldom taken for anything", () => {
  const random = new Random(5);
  let claims = 0;
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: random.between(1, 300) }, () => random.between(0, 256));
    for (const transport of ["tcp", "udp"] as const) claims += found(transport, bytes, false).length;
  }
  expect(claims).toBeLessThan(10);
});

test("a name has one definition for each transport", () => {
  const keys = definitions.flatMap(({ name, transports }) => transports.map((transport) => `${name} ${transport}`));
  expect(new Set(keys).size).toBe(keys.length);
});

test("what was named is not read", () => {
  const definition = definitions[0] as ProtocolDefinition;
  expect(definition.create({} as never).data(0, ByteView.over(new Uint8Array(5)))).toBeLessThan(0);
});
