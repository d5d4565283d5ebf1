/**
 * `npm run bench:plugins [-- --rounds 7] [--file PLUGIN.so]`: packets per second through the native plugin path, from requests to
 * results in this process, with 64-byte packets in batches as the reader of game flows asks. Without `--file` it builds a plugin
 * that XORs its input, and the example game's, with cc.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LanternSender, Opcode } from "#capture/scenario/lantern/packet.ts";
import type { DecryptRequest, DecryptResult, GamePluginHost } from "#contract/game-plugin.ts";
import { openNativePlugin } from "#game/native/open.ts";

const root = join(import.meta.dirname, "../..");
const compiler = process.env["CC"] ?? "cc";
const packetBytes = 64;
/** Batches on their way at once: the reader asks for a block's packets in one go. */
const inFlight = 4;

const xorPlugin = `
#include "plugin_api.h"
ANOM_EXPORT AnomPluginResult AnomGetPluginInfo(AnomPluginInfo* info) {
  info->abi_version = ANOM_PLUGIN_ABI_VERSION; info->name = "XOR"; info->game_id = "xor"; info->protocol = ANOM_PROTO_TCP;
  info->default_ports[0] = 7777; info->num_ports = 1; return ANOM_OK; }
ANOM_EXPORT AnomPluginResult AnomDecryptPacket(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
  AnomPacketDirection direction, uint32_t client_ip, uint16_t client_port, uint32_t server_ip) {
  (void)direction, (void)client_ip, (void)client_port, (void)server_ip;
  for (uint32_t at = 0; at < in_size; at++) out[at] = in[at] ^ 0x5a;
  *out_size = in_size; return ANOM_OK; }
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function build(folder: string, name: string, sources: readonly string[]): string {
  const out = join(folder, `${name}.so`);
  const flags = ["-std=c11", "-O2", "-shared", "-fPIC", `-I${join(root, "plugins")}`, `-I${join(root, "catalog/example")}`];
  const { status, stderr } = spawnSync(compiler, [...flags, ...sources, "-o", out], { encoding: "utf8" });
  if (status !== 0) throw new Error(`a C compiler is needed to build a plugin: ${stderr}`);
  return out;
}

const request = (session: number, bytes: Uint8Array): DecryptRequest => ({
  session,
  side: 0,
  bytes,
  client: `10.0.${session >> 8}.${session & 255}`,
  clientPort: 50_000 + session,
  server: "192.0.2.1",
  serverPort: 7777,
  time: 1_700_000_000_000_000,
});

/** Packets of 64 sessions; each call makes new objects, as a reader does. */
type Packets = (count: number) => DecryptRequest[];

function plainPackets(): Packets {
  const bytes = new Uint8Array(packetBytes).fill(7);
  let next = 0;
  return (count) => Array.from({ length: count }, () => request(1 + (next++ % 64), bytes));
}

/** Sealed packets of the example game, 64 bytes each: chat lines, whose numbers go on. */
function lanternPackets(): Packets {
  const key = 0x1234_5678;
  const senders = Array.from({ length: 64 }, () => new LanternSender(0, key));
  const first = senders.map((_, index) => ({
    ...request(1 + index, new LanternSender(1, key).packet(Opcode.key, keyBody(key))),
    side: 1 as const,
  }));
  let next = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      const begin = first.shift();
      if (begin !== undefined) return begin;
      const at = next++ % 64;
      return request(1 + at, (senders[at] as LanternSender).packet(Opcode.chat, new Uint8Array(packetBytes - 8).fill(65)));
    });
}

function keyBody(key: number): Uint8Array {
  const body = new Uint8Array(4);
  new DataView(body.buffer).setUint32(0, key, true);
  return body;
}

/** Processor time of another process, ms. */
function cpuMs(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function check(results: readonly DecryptResult[] | undefined): void {
  const bad = results?.find((result) => result.status !== "ok");
  if (bad !== undefined) throw new Error(`the plugin answers ${JSON.stringify(bad)}`);
}

interface Outcome {
  readonly wallUs: number;
  readonly hostUs: number;
  readonly pluginUs: number;
}

/** Asks for so many packets in batches; times are for each packet. */
async function run(
  host: GamePluginHost & { readonly pid: number | undefined },
  packets: Packets,
  count: number,
  batch: number,
): Promise<Outcome> {
  const batches = Array.from({ length: Math.ceil(count / batch) }, () => packets(batch));
  const total = batches.length * batch;
  const before = { wall: performance.now(), own: process.cpuUsage(), plugin: cpuMs(host.pid) };
  const running: Promise<readonly DecryptResult[]>[] = [];
  for (const one of batches) {
    running.push(host.decrypt(one));
    if (running.length >= inFlight) check(await running.shift());
  }
  for (const results of await Promise.all(running)) check(results);
  const own = process.cpuUsage(before.own);
  const wallUs = ((performance.now() - before.wall) * 1000) / total;
  return {
    wallUs,
    hostUs: (own.user + own.system) / total,
    pluginUs: ((cpuMs(host.pid) - before.plugin) * 1000) / total,
  };
}

async function report(name: string, file: string, packets: Packets, rounds: number): Promise<void> {
  await using host = await openNativePlugin(file);
  for (const batch of [64, 256]) {
    await run(host, packets, 200_000, batch);
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round++) outcomes.push(await run(host, packets, 400_000, batch));
    const [best] = outcomes.toSorted((a, b) => a.wallUs - b.wallUs);
    const middle = outcomes.toSorted((a, b) => a.wallUs - b.wallUs)[outcomes.length >> 1];
    if (best === undefined || middle === undefined) continue;
    const line = ({ wallUs, hostUs, pluginUs }: Outcome): string =>
      `${(1 / wallUs).toFixed(2)} M/s (${wallUs.toFixed(2)} µs; processor time ${hostUs.toFixed(2)} here, ${pluginUs.toFixed(2)} in the plugin's process)`;
    say(`${name}, batches of ${batch}: median ${line(middle)}`);
    say(`${" ".repeat(name.length)}  best of ${rounds}: ${line(best)}`);
  }
  if (host.health.restarts > 0 || host.health.failures > 0) say(`  not clean: ${JSON.stringify(host.health)}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "7" }, file: { type: "string" } } });
  const rounds = Math.max(1, Number(values.rounds));
  say(
    `${cpus()[0]?.model ?? "processor"}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} before; ${packetBytes}-byte packets`,
  );
  const folder = mkdtempSync(join(tmpdir(), "oddwire-bench-plugins-"));
  try {
    if (values.file !== undefined) return await report("plugin", values.file, plainPackets(), rounds);
    const source = join(folder, "xor.c");
    writeFileSync(source, xorPlugin);
    await report("XOR", build(folder, "xor", [source]), plainPackets(), rounds);
    const example = join(root, "plugins/example/c");
    const lantern = build(folder, "lantern", [join(example, "lantern.c"), join(example, "inflate.c"), `-I${example}`]);
    await report("Lantern", lantern, lanternPackets(), rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
