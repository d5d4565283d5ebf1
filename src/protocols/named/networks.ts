import { any, header, measured, range, type Signature, type Test, u24, zeros } from "./signature.ts";

/** TLVs of two bytes type and two bytes length that fill the datagram (collectd's network protocol). */
const collectdParts: Test = header(5, [0, 2], (view, at, length) => {
  let parts = 0;
  for (let i = at; i + 4 <= at + length; parts++) {
    const type = view.getUint16(i);
    const size = view.getUint16(i + 2);
    if (type > 0x0210 || (type > 0x000b && type < 0x0100) || size < 5) return false;
    if (i + size > at + length) return false;
    if (type === 0 && view.getUint8(i + size - 1) !== 0) return false;
    i += size;
  }
  return parts > 0;
});

/** RFC 4271 §4.1: sixteen times 0xff, length, type. */
const bgp: Test = header(19, [0xff], (view, at) => {
  for (let i = 0; i < 16; i++) if (view.getUint8(at + i) !== 0xff) return false;
  const size = view.getUint16(at + 16);
  const type = view.getUint8(at + 18);
  return size >= 19 && size <= 4096 && type >= 1 && type <= 5;
});

const ldpHeader: Test = header(14, [0], (view, at) => {
  const size = view.getUint16(at + 2);
  const message = view.getUint16(at + 10) & 0x7fff;
  return view.getUint16(at) === 1 && size >= 14 && size <= 4096 && [0x0001, 0x0100, 0x0200, 0x0201, 0x0300, 0x0400].includes(message);
});

/** Version 1 and 2 of RFC 2608 and 2165: length of the whole, function, tag of the language. */
const slp: Test = header(16, [1, 2], (view, at, length) => {
  const version = view.getUint8(at);
  const call = view.getUint8(at + 1);
  if (call < 1 || call > 11) return false;
  if (version === 1) return view.getUint16(at + 2) === length;
  return u24(view, at + 2) === length && view.getUint16(at + 12) >= 1 && view.getUint16(at + 12) <= 17;
});

/** Tunnels, routing, telemetry and what else keeps networks going. Lengths and versions have to agree. */
export const networkSignatures: readonly Signature[] = [
  { name: "slp", over: "both", ports: [427], test: slp },
  { name: "wireguard", over: "udp", ports: [51_820], encrypts: true, test: header(32, [1, 2, 3, 4], wireguard) },
  {
    name: "l2tp",
    over: "udp",
    ports: [1701],
    test: header(12, [0xc8], (view, at, length) => view.getUint8(at + 1) === 2 && view.getUint16(at + 2) === length),
  },
  {
    name: "pptp",
    over: "tcp",
    ports: [1723],
    test: header(8, [0], (view, at) => view.getUint16(at + 2) === 1 && view.getUint32(at + 4) === 0x1a2b3c4d),
  },
  {
    name: "esp",
    over: "udp",
    ports: [4500],
    encrypts: true,
    onPortOnly: true,
    test: header(1, any, (view, at, length) => (length === 1 ? view.getUint8(at) === 0xff : length >= 20 && view.getUint32(at) !== 0)),
  },
  { name: "zerotier", over: "udp", ports: [9993], encrypts: true, onPortOnly: true, test: header(28, any, () => true) },
  {
    name: "nat-pmp",
    over: "udp",
    ports: [5350, 5351],
    onPortOnly: true,
    test: header(2, [0], (_view, _at, length) => length === 2 || length === 8 || length === 12 || length === 16),
  },
  {
    name: "pcp",
    over: "udp",
    ports: [5350, 5351],
    test: header(24, [2], (view, at, length) => (view.getUint8(at + 1) & 0x7f) <= 3 && length % 4 === 0 && length <= 1100),
    onPortOnly: true,
  },
  {
    name: "rmcp",
    over: "udp",
    ports: [623, 664],
    test: header(
      4,
      [6],
      (view, at) =>
        view.getUint8(at + 1) === 0 && [0xff, 0].includes(view.getUint8(at + 2)) && [6, 7, 0x86, 0x87].includes(view.getUint8(at + 3)),
    ),
  },
  { name: "collectd", over: "udp", ports: [25_826], onPortOnly: true, test: collectdParts },
  {
    name: "lisp",
    over: "udp",
    ports: [4341, 4342],
    onPortOnly: true,
    test: header(12, any, (view, at) => [1, 2, 3, 4, 8].includes(view.getUint8(at) >> 4)),
  },
  {
    name: "lisp",
    over: "tcp",
    ports: [4342],
    onPortOnly: true,
    test: header(8, [0], (view, at) => view.getUint16(at) >= 16 && view.getUint16(at) <= 24 && view.getUint16(at + 2) >= 8),
  },
  {
    name: "bfd",
    over: "udp",
    ports: [3784, 3785, 4784, 6784],
    test: header(
      24,
      range(0x20, 0x3f),
      (view, at, length) => view.getUint8(at + 3) === length && view.getUint8(at + 2) > 0 && view.getUint32(at + 4) !== 0,
    ),
  },
  {
    name: "ptpv2",
    over: "udp",
    ports: [319, 320],
    test: header(
      34,
      any,
      (view, at, length) =>
        (view.getUint8(at + 1) & 0x0f) === 2 &&
        view.getUint16(at + 2) <= length &&
        view.getUint16(at + 2) >= 34 &&
        [0, 1, 2, 3, 8, 9, 10, 11, 12, 13].includes(view.getUint8(at) & 0x0f),
    ),
    weak: true,
  },
  {
    name: "ldp",
    over: "udp",
    ports: [646],
    test: header(
      14,
      [0],
      (view, at, length) => view.getUint16(at) === 1 && view.getUint16(at + 2) + 4 === length && view.getUint16(at + 10) === 0x0100,
    ),
  },
  { name: "ldp", over: "tcp", ports: [646], test: ldpHeader },
  {
    name: "dlep",
    over: "tcp",
    ports: [854],
    onPortOnly: true,
    test: header(4, [0], (view, at) => view.getUint16(at) >= 1 && view.getUint16(at) <= 16),
  },
  { name: "bgp", over: "tcp", ports: [179], test: bgp },
  {
    name: "rip",
    over: "udp",
    ports: [520],
    test: header(
      24,
      [1, 2],
      (view, at, length) => [1, 2].includes(view.getUint8(at + 1)) && zeros(view, at + 2, 2) && (length - 4) % 20 === 0,
    ),
    weak: true,
  },
  {
    name: "ripng",
    over: "udp",
    ports: [521],
    test: header(24, [1, 2], (view, at, length) => view.getUint8(at + 1) === 1 && zeros(view, at + 2, 2) && (length - 4) % 20 === 0),
    weak: true,
  },
  { name: "hsrp", over: "udp", ports: [1985, 2029], onPortOnly: true, test: header(20, [0, 1], () => true) },
  { name: "glbp", over: "udp", ports: [3222], onPortOnly: true, test: header(12, [1], () => true) },
  { name: "babel", over: "udp", ports: [6696], test: measured([42], 4, 2, 4, (view, at) => view.getUint8(at + 1) === 2) },
  { name: "olsr", over: "udp", ports: [698], test: measured(any, 16, 0, 0), onPortOnly: true },
  { name: "msdp", over: "tcp", ports: [639], onPortOnly: true, test: header(3, range(1, 7), (view, at) => view.getUint16(at + 1) >= 3) },
  {
    name: "openflow",
    over: "tcp",
    ports: [6633, 6653],
    test: header(8, range(1, 6), (view, at) => view.getUint8(at + 1) === 0 && view.getUint16(at + 2) >= 8 && view.getUint16(at + 2) <= 64),
    onPortOnly: true,
  },
  { name: "netflow", over: "udp", ports: [2055, 2056, 9995, 9996, 4739], test: header(22, [0], netflow) },
  {
    name: "ipfix",
    over: "udp",
    ports: [4739, 4740, 2055],
    test: measured(
      [0],
      20,
      2,
      0,
      (view, at) => view.getUint16(at) === 10 && (view.getUint16(at + 16) <= 3 || view.getUint16(at + 16) >= 256),
    ),
  },
  {
    name: "ipfix",
    over: "tcp",
    ports: [4739, 4740],
    onPortOnly: true,
    test: header(20, [0], (view, at) => view.getUint16(at) === 10 && view.getUint16(at + 2) >= 20),
  },
  {
    name: "sflow",
    over: "udp",
    ports: [6343],
    test: header(
      28,
      [0],
      (view, at) =>
        [2, 4, 5].includes(view.getUint32(at)) && [1, 2].includes(view.getUint32(at + 4)) && view.getUint32(at + 24) < 0x1000_0000,
    ),
  },
  { name: "gtp", over: "udp", ports: [2123, 2152, 3386], test: header(8, [0x30, 0x32, 0x34, 0x40, 0x48, 0x0e, 0x0f, 0x2e, 0x2f], gtp) },
  {
    name: "pfcp",
    over: "udp",
    ports: [8805],
    test: measured([0x20, 0x21, 0x24, 0x25], 8, 2, 4, (view, at) => view.getUint8(at + 1) >= 1 && view.getUint8(at + 1) <= 57),
  },
  {
    name: "capwap",
    over: "udp",
    ports: [5246, 5247],
    onPortOnly: true,
    test: header(8, [0, 1], (view, at) => view.getUint8(at + 1) >> 3 >= 2),
  },
  { name: "mndp", over: "udp", ports: [5678], onPortOnly: true, test: header(4, any, () => true) },
  {
    name: "cpha",
    over: "udp",
    ports: [8116],
    test: header(6, [0x1a], (view, at) => view.getUint16(at) === 0x1a90 && view.getUint8(at + 2) === 0x0c),
  },
  {
    name: "xdmcp",
    over: "udp",
    ports: [177],
    test: measured([0], 6, 4, 6, (view, at) => view.getUint16(at) === 1 && view.getUint16(at + 2) >= 1 && view.getUint16(at + 2) <= 13),
  },
  {
    name: "tacacs-plus",
    over: "tcp",
    ports: [49],
    test: header(
      12,
      [0xc0, 0xc1],
      (view, at) => view.getUint8(at + 1) >= 1 && view.getUint8(at + 1) <= 3 && view.getUint32(at + 8) < 65_536,
    ),
    weak: true,
  },
  {
    name: "diameter",
    over: "tcp",
    ports: [3868],
    test: header(
      20,
      [1],
      (view, at) =>
        u24(view, at + 1) >= 20 && u24(view, at + 1) % 4 === 0 && (view.getUint8(at + 4) & 0x0f) === 0 && u24(view, at + 1) < 65_536,
    ),
    onPortOnly: true,
  },
  { name: "time", over: "both", ports: [37], onPortOnly: true, test: header(4, any, (_view, _at, length) => length === 4) },
  {
    name: "wake-on-lan",
    over: "udp",
    ports: [7, 9],
    test: header(102, [0xff], (view, at) => {
      for (let i = 0; i < 6; i++)
        if (view.getUint8(at + i) !== 0xff || view.getUint8(at + 6 + i) !== view.getUint8(at + 12 + i)) return false;
      return true;
    }),
  },
];

/** WireGuard's four messages: type, three zeros, fixed lengths. */
function wireguard(view: DataView, at: number, length: number): boolean {
  if (!zeros(view, at + 1, 3)) return false;
  const type = view.getUint8(at);
  return type === 1
    ? length === 148
    : type === 2
      ? length === 92
      : type === 3
        ? length === 64
        : length >= 32 && length % 16 === 0 && zeros(view, at + 14, 2);
}

function netflow(view: DataView, at: number, length: number): boolean {
  const version = view.getUint16(at);
  const count = view.getUint16(at + 2);
  if (version === 1) return length === 16 + count * 52;
  if (version === 5) return count >= 1 && count <= 30 && length >= 24 + count * 48;
  if (version === 7) return length === 24 + count * 52;
  return version === 9 && count >= 1 && count < 100 && view.getUint16(at + 20) < 4096 && length > 24;
}

function gtp(view: DataView, at: number, length: number): boolean {
  const flags = view.getUint8(at);
  const size = view.getUint16(at + 2);
  if (flags >> 5 === 2) return size + 4 === length || (size < length && (flags & 0x10) !== 0);
  // GTP' has no bit of the protocol type, and a shorter header.
  if ((flags & 0x10) === 0) return length === size + 6 || length === size + 20;
  return flags >> 5 === 1 && size + 8 === length;
}
