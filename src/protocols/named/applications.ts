import { any, header, measured, type Signature, type Test, u24, zeros } from "./signature.ts";

/** RFC 7113, 4.1 of AFS's RX: 28 bytes. */
const rx: Test = header(28, any, (view, at) => {
  const type = view.getUint8(at + 20);
  return (
    type >= 1 &&
    type <= 13 &&
    (view.getUint8(at + 21) & 0xc0) === 0 &&
    view.getUint8(at + 23) <= 4 &&
    view.getUint32(at + 4) !== 0 &&
    view.getUint16(at + 26) < 1024
  );
});

/** DICOM PS3.8 §9.3: an association's request or answer. */
const dicom: Test = header(10, [1, 2], (view, at) => {
  const size = view.getUint32(at + 2);
  return view.getUint8(at + 1) === 0 && view.getUint16(at + 6) === 1 && size >= 68 && size < 65_536;
});

const levin: Test = header(8, [0x01], (view, at) => view.getUint32(at) === 0x01210101 && view.getUint32(at + 4) === 0x01010101);

const bitcoinMagic = new Set([0xf9beb4d9, 0x0b110907, 0xfabfb5da, 0xfbc0b6db]);

const bitcoin: Test = header(12, [0xf9, 0x0b, 0xfa, 0xfb], (view, at) => {
  const letter = view.getUint8(at + 4);
  return bitcoinMagic.has(view.getUint32(at)) && letter >= 0x61 && letter <= 0x7a;
});

/** Applications, machines and media whose first bytes are numbers. Lengths and versions have to agree. */
export const applicationSignatures: readonly Signature[] = [
  { name: "rx", over: "udp", ports: [7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009], onPortOnly: true, test: rx },
  {
    name: "ubntac2",
    over: "udp",
    ports: [10_001],
    test: header(
      4,
      [1, 2],
      (view, at, length) => view.getUint16(at + 2) + 4 === length || (length === 4 && view.getUint32(at) === 0x01000000),
    ),
  },
  {
    name: "cnp-ip",
    over: "udp",
    ports: [1628, 1629],
    test: measured([0], 20, 0, 0, (view, at) => view.getUint8(at + 2) === 1 && view.getUint8(at + 3) >= 1 && view.getUint8(at + 3) <= 0x70),
    weak: true,
  },
  {
    name: "ether-s-bus",
    over: "udp",
    ports: [5050],
    test: header(
      10,
      [0],
      (view, at, length) =>
        view.getUint32(at) === length && view.getUint8(at + 4) <= 1 && view.getUint8(at + 5) <= 1 && view.getUint8(at + 8) <= 2,
    ),
    weak: true,
  },
  {
    name: "fins",
    over: "udp",
    ports: [9600],
    test: header(
      12,
      [0x80, 0x81, 0xc0, 0xc1],
      (view, at) => view.getUint8(at + 1) === 0 && view.getUint8(at + 2) <= 7 && view.getUint8(at + 3) <= 127,
    ),
    onPortOnly: true,
  },
  {
    name: "hart-ip",
    over: "udp",
    ports: [5094, 5095],
    test: header(
      8,
      [1],
      (view, at, length) => view.getUint8(at + 1) <= 3 && view.getUint8(at + 2) <= 4 && view.getUint16(at + 6) === length,
    ),
    weak: true,
  },
  {
    name: "hart-ip",
    over: "tcp",
    ports: [5094, 5095],
    test: header(
      8,
      [1],
      (view, at) =>
        view.getUint8(at + 1) <= 3 && view.getUint8(at + 2) <= 4 && view.getUint16(at + 6) >= 8 && view.getUint16(at + 6) <= 512,
    ),
    weak: true,
  },
  {
    name: "bfcp",
    over: "both",
    ports: [5070],
    test: header(12, [0x20, 0x30, 0x40], (view, at) => {
      const primitive = view.getUint8(at + 1);
      return primitive >= 1 && primitive <= 18 && view.getUint16(at + 2) < 256;
    }),
    weak: true,
  },
  { name: "kcp", over: "udp", weak: true, test: header(24, any, kcp) },
  {
    name: "flute",
    over: "udp",
    weak: true,
    test: header(
      16,
      [0x10, 0x11],
      (view, at, length) => view.getUint8(at + 2) * 4 < length && [4, 8, 3].includes(view.getUint8(at + 2)) && zeros(view, at + 4, 4),
    ),
  },
  {
    name: "mpeg-ts",
    over: "udp",
    test: header(188, [0x47], (view, at, length) => length % 188 === 0 && (length === 188 || view.getUint8(at + 188) === 0x47)),
  },
  { name: "syncthing", over: "udp", ports: [21_027], test: header(8, [0x2e], (view, at) => view.getUint32(at) === 0x2ea7d90b) },
  { name: "syncthing", over: "tcp", ports: [22_067], test: header(4, [0x9e], (view, at) => view.getUint32(at) === 0x9e79bc40) },
  { name: "monero", over: "tcp", ports: [18_080, 18_081], test: levin },
  { name: "bitcoin", over: "tcp", ports: [8333, 18_333], test: bitcoin },
  {
    name: "z3950",
    over: "tcp",
    ports: [210],
    test: header(
      4,
      [0xb4, 0xb5],
      (view, at) => [0x81, 0x82].includes(view.getUint8(at + 1)) || (view.getUint8(at + 1) < 0x80 && view.getUint8(at + 2) >= 0x80),
    ),
    weak: true,
  },
  { name: "smpp", over: "tcp", ports: [2775], test: header(16, [0], smpp) },
  {
    name: "iscsi",
    over: "tcp",
    ports: [3260],
    test: header(48, [0x43, 0x03, 0x23], (view, at) => u24(view, at + 5) < 65_536 && view.getUint8(at + 4) === 0),
    weak: true,
  },
  {
    name: "afp",
    over: "tcp",
    ports: [548],
    test: header(16, [0, 1], (view, at) => view.getUint8(at + 1) >= 1 && view.getUint8(at + 1) <= 8 && view.getUint32(at + 12) === 0),
    weak: true,
  },
  { name: "rtmp", over: "tcp", ports: [1935], test: header(9, [3], (view, at) => zeros(view, at + 5, 4)), weak: true },
  {
    name: "x11",
    over: "tcp",
    ports: [6000, 6001],
    test: header(
      12,
      [0x42, 0x6c],
      (view, at) => view.getUint16(at + 2, view.getUint8(at) === 0x6c) === 11 && view.getUint16(at + 4, view.getUint8(at) === 0x6c) === 0,
    ),
  },
  { name: "dicom", over: "tcp", ports: [104, 11_112], test: dicom },
  {
    name: "edonkey",
    over: "tcp",
    ports: [4662],
    test: header(6, [0xe3, 0xc5, 0xd4], (view, at) => {
      const size = view.getUint32(at + 1, true);
      return size > 0 && size < 1_000_000 && view.getUint8(at + 5) >= 0x01;
    }),
    weak: true,
  },
  {
    name: "oscar",
    over: "tcp",
    ports: [5190],
    test: header(6, [0x2a], (view, at) => view.getUint8(at + 1) >= 1 && view.getUint8(at + 1) <= 5 && view.getUint16(at + 4) < 8192),
    weak: true,
  },
  {
    name: "zeromq",
    over: "tcp",
    ports: [5555],
    test: header(12, [0xff], (view, at) => view.getUint8(at + 9) === 0x7f && view.getUint8(at + 10) === 3),
  },
  {
    name: "lpd",
    over: "tcp",
    ports: [515],
    onPortOnly: true,
    test: header(2, [1, 2, 3, 4, 5], (view, at) => view.getUint8(at + 1) > 0x20 && view.getUint8(at + 1) < 0x7f),
  },
  {
    name: "hp-virtgrp",
    over: "tcp",
    ports: [5223],
    test: header(
      4,
      [0x16, 0x17],
      (view, at) => view.getUint8(at + 1) === 0 && view.getUint8(at + 3) === 0 && view.getUint8(at + 2) >= 0x20,
    ),
    onPortOnly: true,
  },
];

/** skywind3000's KCP: conversation, command 81 to 84, the length of the segment in little-endian order. */
function kcp(view: DataView, at: number, length: number): boolean {
  const command = view.getUint8(at + 4);
  const size = view.getUint32(at + 20, true);
  return (
    command >= 81 && command <= 84 && (command === 81 ? size > 0 && size <= length - 24 : size === 0) && view.getUint32(at, true) !== 0
  );
}

/** SMPP 3.4 §3.2: length, command, status, sequence. */
function smpp(view: DataView, at: number): boolean {
  const size = view.getUint32(at);
  const command = view.getUint32(at + 4) & 0x7fff_ffff;
  return (
    size >= 16 &&
    size < 65_536 &&
    view.getUint32(at + 8) < 0x1000 &&
    (command <= 9 || [0x0b, 0x15, 0x21, 0x102, 0x103].includes(command)) &&
    command > 0 &&
    view.getUint32(at + 12) > 0
  );
}
