import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventsOf, oddwire, temporary } from "./oddwire.ts";
import { expected, trafficFile } from "./traffic.ts";

const COUNT = 40;
const bytes = trafficFile(COUNT);
const folder = temporary();
const capture = folder.at("traffic.pcap");
beforeAll(() => writeFileSync(capture, bytes));
afterAll(() => folder[Symbol.dispose]());

interface Summary {
  readonly files: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
  readonly events: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly damage: readonly { readonly offset: number; readonly reason: string }[];
  readonly damaged: number;
}

async function read(args: readonly string[], options: Parameters<typeof oddwire>[1] = {}): Promise<Summary> {
  const { code, out, err } = await oddwire(["read", ...args, "--json"], options);
  if (code !== 0) throw new Error(`exit code ${code}: ${err}`);
  return JSON.parse(out) as Summary;
}

const { flows, dns, http } = expected(COUNT);
const packets = 12 * COUNT;

describe("oddwire read", () => {
  test("--json tells packets, bytes, flows, events by kind and seconds; DIR holds eve.json and oddwire.db", async () => {
    const out = folder.at("json");
    const summary = await read([capture, "-o", out]);
    expect(summary).toMatchObject({
      files: [capture],
      packets,
      flows,
      events: { dns, http, flow: flows, stats: 1 },
      damaged: 0,
      damage: [],
    });
    expect(summary.bytes).toBe(bytes.length - 24 - 16 * packets);
    expect(summary.seconds).toBeGreaterThan(0);
    const events = eventsOf(out);
    expect(events).toHaveLength(Object.values(summary.events).reduce((a, b) => a + b));
    expect(events.at(-1)).toMatchObject({ event_type: "stats", stats: { decoder: { pkts: packets } } });
    expect(existsSync(`${out}/oddwire.db`)).toBe(true);
  });

  test.each([
    ["a gzip file", "traffic.pcap.gz", () => gzipSync(bytes)],
    ["a zstd file", "traffic.pcap.zst", () => zstdCompressSync(bytes)],
  ])("reads %s to the same events", async (_case, name, pack) => {
    writeFileSync(folder.at(name), pack());
    const out = folder.at(`${name}-out`);
    await read([folder.at(name), "-o", out, "--no-store"]);
    expect(readFileSync(`${out}/eve.json`)).toEqual(await reference());
  });

  test("reads standard input", async () => {
    const out = folder.at("stdin");
    await read(["-", "-o", out, "--no-store"], { input: bytes });
    expect(readFileSync(`${out}/eve.json`)).toEqual(await reference());
  });

  test("reads several files in the order of their first packets", async () => {
    const half = [trafficHalf(0), trafficHalf(1)];
    writeFileSync(folder.at("b.pcap"), half[0] as Uint8Array);
    writeFileSync(folder.at("a.pcap"), half[1] as Uint8Array);
    const out = folder.at("several");
    const summary = await read([folder.at("a.pcap"), folder.at("b.pcap"), "-o", out, "--no-store"]);
    expect(summary.packets).toBe(packets);
    expect(readFileSync(`${out}/eve.json`)).toEqual(await reference());
  });

  test("--filter reads only what the expression selects", async () => {
    if (!hasLibpcap()) return;
    const summary = await read([capture, "--no-store", "-o", folder.at("filter"), "--filter", "udp port 53 and host 10.1.0.7"]);
    expect(summary).toMatchObject({ packets: 2, flows: 1, events: { dns: 2, flow: 1, stats: 1 } });
  });

  test("--no-store and --no-eve leave the files away, both together write nothing", async () => {
    const out = folder.at("nothing");
    await read([capture, "-o", out, "--no-store", "--no-eve"]);
    expect(existsSync(out)).toBe(false);
    await read([capture, "-o", out, "--no-eve"]);
    expect([existsSync(`${out}/eve.json`), existsSync(`${out}/oddwire.db`)]).toEqual([false, true]);
  });

  test("--checksums ignore reads packets whose checksum is wrong", async () => {
    const broken = Uint8Array.from(bytes);
    // The checksum of the first datagram.
    broken[24 + 16 + 14 + 20 + 6] = (broken[24 + 16 + 14 + 20 + 6] as number) ^ 0x55;
    writeFileSync(folder.at("broken.pcap"), broken);
    const [yes, ignored] = await Promise.all(
      ["yes", "ignore"].map((mode) => read([folder.at("broken.pcap"), "--no-store", "-o", folder.at(`sum-${mode}`), "--checksums", mode])),
    );
    expect(yes?.counters["decoder.bad_checksum"]).toBe(1);
    expect([yes?.events["dns"], ignored?.events["dns"]]).toEqual([dns - 1, dns]);
    expect(ignored?.counters["decoder.bad_checksum"]).toBe(0);
  });

  test("--set takes Suricata's names; one that it does not know warns and is ignored", async () => {
    const args = ["--set", "app-layer.protocols.dns.enabled=no", "--set", "no.such-key=1"];
    const { code, out, err } = await oddwire(["read", capture, "--no-store", "-o", folder.at("set"), "--json", ...args]);
    expect([code, (JSON.parse(out) as Summary).events["dns"]]).toEqual([0, undefined]);
    expect(err).toMatch(/^oddwire: --set no\.such-key: no such key, ignored.*\n$/);
  });

  test("a damaged file is read as far as it goes: exit code 0 and a warning with the offset", async () => {
    writeFileSync(folder.at("cut.pcap"), bytes.subarray(0, bytes.length - 100));
    const { code, out, err } = await oddwire(["read", folder.at("cut.pcap"), "--no-store", "-o", folder.at("cut"), "--json"]);
    const summary = JSON.parse(out) as Summary;
    expect([code, summary.damaged]).toEqual([0, 1]);
    expect(summary.packets).toBeGreaterThanOrEqual(packets - 2);
    expect(err).toMatch(/^oddwire: damage at offset \d+: .+\n$/);
  });

  test("a people's summary names what was not seen and what was written", async () => {
    const { out } = await oddwire(["read", capture, "-o", folder.at("people")]);
    expect(out).toMatch(
      /^packets {2}480 .*\nflows +80\nevents +dns 80, fileinfo 40, flow 80, http 40, stats 1\ntime .*\nnot seen nothing.*\nwritten .*eve\.json, .*oddwire\.db\n$/,
    );
  });
});

/** A new folder of this name. */
function empty(name: string): string {
  mkdirSync(folder.at(name));
  return folder.at(name);
}

describe("oddwire read refuses with one line that names the cause and the mend:", () => {
  test.each<[string, number, RegExp, () => string[]]>([
    ["a missing file", 1, /cannot open .*no-such\.pcap: .*\(check the path/, () => [folder.at("no-such.pcap")]],
    ["a directory without captures", 2, /no-captures holds no capture/, () => [empty("no-captures")]],
    [
      "a file that is no capture",
      1,
      /read\.txt is no capture file: .*\(give a pcap or pcapng/,
      () => [written("read.txt", "not a capture at all, but long enough")],
    ],
    ["an empty file", 1, /empty\.pcap is empty \(give a pcap/, () => [written("empty.pcap", "")]],
    ["a bad filter", 1, /bad filter tcp port foo: .*\(see pcap-filter/, () => [capture, "--filter", "tcp port foo"]],
    [
      "an output directory that cannot be made",
      1,
      /cannot write .*: .*\(choose another directory with -o\)/,
      () => [capture, "-o", `${written("file", "x")}/out`],
    ],
    ["an unknown option", 2, /unknown option '--no-such'/, () => [capture, "--no-such"]],
    ["no file", 2, /missing required argument 'file'/, () => []],
    ["a bad number of workers", 1, /--set engine\.workers: many is no integer/, () => [capture, "--workers", "many"]],
    ["a bad checksum mode", 2, /--checksums perhaps is none of auto, yes, ignore/, () => [capture, "--checksums", "perhaps"]],
    ["a setting without a value", 2, /--set engine\.seed has no value: write --set KEY=VALUE/, () => [capture, "--set", "engine.seed"]],
  ])("%s (exit code %d)", async (_case, code, text, args) => {
    if (_case === "a bad filter" && !hasLibpcap()) return;
    const { code: found, out, err } = await oddwire(["read", "-o", folder.at("refused"), ...args()]);
    expect(err).toMatch(text);
    // Below a wrong word stands where the right ones are.
    expect(err).toMatch(/^[^\n]+\n(\([^\n]+\)\n)?$/);
    expect([found, out]).toEqual([code, ""]);
  });

  test.skipIf(process.getuid?.() === 0)("a directory without the right to write (exit code 1)", async () => {
    mkdirSync(folder.at("locked"));
    chmodSync(folder.at("locked"), 0o500);
    const { code, err } = await oddwire(["read", capture, "-o", folder.at("locked/out")]);
    expect([code, err]).toEqual([1, expect.stringMatching(/cannot write/)]);
  });
});

let eve: Promise<Buffer> | undefined;

/** eve.json of the plain file. */
function reference(): Promise<Buffer> {
  eve ??= (async () => {
    await read([capture, "-o", folder.at("reference"), "--no-store"]);
    return readFileSync(folder.at("reference/eve.json"));
  })();
  return eve;
}

function written(name: string, text: string): string {
  writeFileSync(folder.at(name), text);
  return folder.at(name);
}

/** The packets of the first or the second half of the capture, as a file. */
function trafficHalf(half: 0 | 1): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 24;
  for (let i = 0; i < packets / 2; i++) at += 16 + view.getUint32(at + 8, true);
  return half === 0 ? bytes.subarray(0, at) : Uint8Array.from([...bytes.subarray(0, 24), ...bytes.subarray(at)]);
}

/** False where libpcap, which compiles filters, is not installed. */
function hasLibpcap(): boolean {
  return spawnSync("sh", ["-c", "ldconfig -p | grep -q libpcap"]).status === 0;
}
