import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "#schema/config.ts";
import { captureChecks, interfaceChecks } from "./doctor-capture.ts";
import { placeChecks } from "./doctor-places.ts";
import { toolChecks } from "./doctor-tools.ts";

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** `missing`: something that is promised does not work; `optional`: it would be nice to have. */
  readonly state: "ok" | "missing" | "optional";
  /** What was found, in words. */
  readonly found: string;
  /** What mends it, a command where there is one. */
  readonly mend?: string;
}

export const ok = (name: string, found: string): Check => ({ name, state: "ok", found });
export const missing = (name: string, found: string, mend: string): Check => ({ name, state: "missing", found, mend });
export const optional = (name: string, found: string, mend: string): Check => ({ name, state: "optional", found, mend });

/** Name of the check without which Oddwire is of no use at all. */
const reading = "reading files";
const nodeMajor = 26;
/** Less free space than this is told. */
const freeBytesMin = 1_000_000_000;

/** Looks at everything that Oddwire needs on this machine. Changes nothing; sends nothing. */
export async function examine(config: Config): Promise<readonly Check[]> {
  return [
    nodeCheck(),
    ok("platform", `${process.platform} ${process.arch}`),
    await readingCheck(config),
    ...(await captureChecks(config)),
    ...interfaceChecks(),
    await portCheck(config),
    pageCheck(),
    await diskCheck(),
    ...placeChecks(config),
    ...(await toolChecks()),
  ];
}

/** True when capture files can be read, whatever else is missing. */
export const worksAtAll = (checks: readonly Check[]): boolean => checks.some(({ name, state }) => name === reading && state === "ok");

function nodeCheck(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= nodeMajor) return ok("node", process.versions.node);
  return missing("node", `${process.versions.node} is older than ${nodeMajor}`, "npm ci (brings its own), then bin/oddwire");
}

/** Reads a capture of one packet through the whole pipeline. */
async function readingCheck(config: Config): Promise<Check> {
  const mend = "npm ci; if it stays, report it";
  try {
    const { BlockPoolMemory } = await import("#capture/block.ts");
    const { openCaptures } = await import("#capture/open.ts");
    const { createNodePlatform } = await import("#pipeline/node-platform.ts");
    const { runInline } = await import("#pipeline/run-inline.ts");
    const { enabledPlugins } = await import("./plugins.ts");
    const { M } = await import("#schema/metrics.ts");
    const pool = new BlockPoolMemory({ bytesMax: 1 << 19, framesMax: 64, blocks: 1, shared: false });
    await using source = await openCaptures(["-"], { pool, standardInput: onePacket() });
    const started = performance.now();
    const { counters } = await runInline({ config, source, sinks: [], plugins: enabledPlugins(config), platform: createNodePlatform() });
    if (counters[M.packets] !== 1) return missing(reading, `found ${counters[M.packets]} packets in a capture of one`, mend);
    return ok(reading, `a capture of one packet took ${(performance.now() - started).toFixed(0)} ms`);
  } catch (error) {
    return missing(reading, messageOf(error), mend);
  }
}

/** A pcap file with one UDP datagram. */
async function* onePacket(): AsyncGenerator<Uint8Array> {
  const frame = Uint8Array.from(
    "020000000002020000000001080045000020000100004011264b0a0900010a090101c0000035000c0000feedface".match(/../g) ?? [],
    (byte) => Number.parseInt(byte, 16),
  );
  const bytes = new Uint8Array(40 + frame.length);
  const view = new DataView(bytes.buffer);
  const words = [0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, 1, 1_700_000_000, 0, frame.length, frame.length];
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, true);
  bytes.set(frame, 40);
  yield bytes;
}

async function portCheck(config: Config): Promise<Check> {
  const { parseListen } = await import("#api/listen-address.ts");
  const { createServer } = await import("node:net");
  const { once } = await import("node:events");
  const address = config["api.listen"];
  const name = "page's address";
  try {
    const listen = parseListen(address);
    if (listen.type === "socket") return ok(name, `${address} (a Unix socket)`);
    const server = createServer();
    server.listen(listen.port, listen.host);
    await once(server, "listening");
    server.close();
    return ok(name, `${listen.host}:${listen.port} is free`);
  } catch (error) {
    return missing(
      name,
      `${address}: ${messageOf(error)}`,
      "choose another with --listen 127.0.0.1:8081, or end what listens there (ss -ltnp)",
    );
  }
}

function pageCheck(): Check {
  const page = join(import.meta.dirname, "../../web/dist/index.html");
  if (existsSync(page)) return ok("web page", "built");
  return missing("web page", "not built; the API works without it", "npm start");
}

async function diskCheck(): Promise<Check> {
  const { bsize, bavail } = await statfs(".");
  const free = bsize * bavail;
  const text = `${(free / 1e9).toFixed(1)} GB free here`;
  if (free >= freeBytesMin) return ok("disk", text);
  return missing("disk", text, "free some, choose another directory with -o, or set store.bytes-max");
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
