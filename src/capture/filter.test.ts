import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { OddwireError } from "#contract/errors.ts";
import { openLibpcap } from "#native/libpcap.ts";
import { BpfFilter } from "./bpf.ts";
import { createFrameFilter } from "./filter.ts";
import { concat, pcapFile, readCapture } from "./testing.ts";

const libpcap = await openLibpcap();
const IPV4_UDP = fromHex("4500 0021 0001 0000 4011 0000 0a000001 0a000002 1234 0035 000d 0000 68656c6c6f");
const IPV4_TCP = fromHex("4500 0028 0001 0000 4006 0000 0a000001 c0a80102 1234 0050 00000000 00000000 5002 0000 0000 0000");
const ETHERNET = fromHex("001122334455 66778899aabb 0800");
const frames = [concat([ETHERNET, IPV4_UDP]), concat([ETHERNET, IPV4_TCP]), fromHex("ffffffffffff 66778899aabb 0806 0001 0800 06 04 0001")];

const instruction = (code: number, k = 0, jumpTrue = 0, jumpFalse = 0): Uint8Array => {
  const bytes = new Uint8Array(8);
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, little);
  view.setUint8(2, jumpTrue);
  view.setUint8(3, jumpFalse);
  view.setUint32(4, k, little);
  return bytes;
};
const accepts = (program: readonly Uint8Array[], frame = Uint8Array.of(1, 2, 3, 4, 5, 6), wire = 60): boolean =>
  new BpfFilter(concat(program)).matches(new DataView(frame.buffer), 0, frame.length, wire);

describe("the program's machine", () => {
  test.each([
    ["returns a constant", [instruction(0x06, 1)], true],
    ["loads a word", [instruction(0x20, 1), instruction(0x15, 0x0203_0405, 0, 1), instruction(0x06, 1), instruction(0x06, 0)], true],
    ["refuses a word that the frame ends in", [instruction(0x20, 3), instruction(0x06, 1)], false],
    ["loads the last half word", [instruction(0x28, 4), instruction(0x16)], true],
    ["refuses a byte behind the frame", [instruction(0x30, 6), instruction(0x06, 1)], false],
    ["refuses an index that wraps around", [instruction(0x01, 0xffff_ffff), instruction(0x50, 0xffff), instruction(0x06, 1)], false],
    ["adds without more than 32 bits", [instruction(0x00, 0xffff_ffff), instruction(0x04, 1), instruction(0x16)], false],
    [
      "compares as unsigned",
      [instruction(0x00, 0x8000_0000), instruction(0x25, 1, 0, 1), instruction(0x06, 1), instruction(0x06, 0)],
      true,
    ],
    ["ends at a division by zero", [instruction(0x00, 1), instruction(0x01, 0), instruction(0x3c), instruction(0x06, 1)], false],
    ["knows the length on the wire", [instruction(0x80), instruction(0x15, 60, 0, 1), instruction(0x06, 1), instruction(0x06, 0)], true],
    [
      "keeps words in memory",
      [instruction(0x00, 9), instruction(0x02, 3), instruction(0x00, 0), instruction(0x60, 3), instruction(0x16)],
      true,
    ],
    ["accepts nothing when it runs off its end", [instruction(0x00, 9)], false],
    ["accepts nothing by an unknown way of loading", [instruction(0xe0), instruction(0x06, 1)], false],
  ])("%s", (_case, program, expected) => expect(accepts(program)).toBe(expected));

  test.skipIf(!libpcap.found)("says what libpcap says: every expression, whole, cut and random frames", () => {
    if (!libpcap.found) return;
    const expressions = [
      "tcp port 80",
      "udp and dst port 53",
      "ether broadcast",
      "host 10.0.0.2 or net 192.168.0.0/16",
      "tcp[tcpflags] & tcp-syn != 0",
      "ip6",
      "greater 45",
      "vlan and ip",
      "ip[0] & 0xf * 4 > 20",
      "udp[8:4] = 0x68656c6c",
      "portrange 1-100",
      "ip proto 6 and not arp",
      "mpls and ip",
      "len % 3 = 1",
      "len << 2 > 100",
    ];
    const random = new Random(3);
    const tried = [...frames, ...frames.flatMap((frame) => [13, 20, 34, 40].map((end) => frame.slice(0, end)))];
    for (let i = 0; i < 200; i++) {
      const frame = random.pick(frames).slice();
      frame[random.between(0, frame.length)] = random.between(0, 256);
      tried.push(frame);
    }
    for (const expression of expressions) {
      const compiled = libpcap.compile(expression, 1);
      if (!compiled.ok) throw new Error(`${expression}: ${compiled.cause}`);
      const own = new BpfFilter(compiled.program.bytes);
      for (const frame of tried) {
        const expected = libpcap.matches(compiled.program, frame, frame.length + 3);
        expect([expression, own.matches(new DataView(frame.buffer), 0, frame.length, frame.length + 3)]).toEqual([expression, expected]);
      }
    }
  });
});

describe.skipIf(!libpcap.found)("a filter of a capture (needs libpcap)", () => {
  const records = frames.map((data, i) => ({ seconds: i, data }));

  test("takes frames out, counts them and numbers the rest without holes", async () => {
    const read = await readCapture(pcapFile({}, records), { filter: await createFrameFilter("tcp or arp") });
    expect(read.frames.map((frame) => [frame.number, frame.time])).toEqual([
      [1, 1_000_000],
      [2, 2_000_000],
    ]);
    expect(read.counters).toMatchObject({ frames: 2, filtered: 1, bytes: 54 + 22 });
  });

  test("is compiled for the link type of the frames", async () => {
    const raw = pcapFile(
      { linkType: 101 },
      [IPV4_UDP, IPV4_TCP].map((data) => ({ seconds: 1, data })),
    );
    const read = await readCapture(raw, { filter: await createFrameFilter("udp port 53") });
    expect(read.counters).toMatchObject({ frames: 1, filtered: 1 });
  });

  test("that lets nothing through ends quietly", async () => {
    const read = await readCapture(pcapFile({}, records), { filter: await createFrameFilter("tcp port 9999") });
    expect(read.counters).toMatchObject({ frames: 0, filtered: 3 });
    expect(read.blocks).toEqual([]);
  });

  test.each([
    ["a word that libpcap does not know", "tpc port 80", "bad filter tpc port 80: "],
    ["an expression that breaks off", "tcp and", "syntax error"],
    ["a port that cannot be", "port 99999", "illegal port number"],
  ])("%s is refused in libpcap's words", async (_case, expression, words) => {
    const error: unknown = await createFrameFilter(expression).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OddwireError);
    expect(error).toMatchObject({ code: "ODW_FILTER_BAD", message: expect.stringContaining(words) as string });
  });

  test("that says nothing on the capture's link type is refused when the first frame comes", async () => {
    const filter = await createFrameFilter("ether host 00:11:22:33:44:55");
    const raw = pcapFile({ linkType: 101 }, [{ seconds: 1, data: IPV4_UDP }]);
    await expect(readCapture(raw, { filter })).rejects.toMatchObject({ code: "ODW_FILTER_BAD" });
  });
});
