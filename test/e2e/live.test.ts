import { chmodSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { FrameSender } from "#native/frame-sender.ts";
import { VethPair, whyNotLive } from "#test/live/veth-pair.ts";
import { FlowSums } from "./flow-sums.ts";
import { eventsOf, oddwire, type Running, sleep, start, temporary, until } from "./oddwire.ts";
import { trafficFile } from "./traffic.ts";

const reason = whyNotLive();
const none = "0000000000000000";

describe.skipIf(reason !== undefined)(`oddwire live${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  const folder = temporary();
  let pair: VethPair;
  const running: Running[] = [];
  beforeAll(() => {
    // The engine is nobody and has to come through.
    chmodSync(folder.path, 0o755);
    pair = new VethPair();
    for (const [name, device] of [
      [pair.near, pair.nearInterface],
      [pair.far, pair.farInterface],
    ] as const)
      pair.exec(name, "ip", "link", "set", device, "mtu", "9000");
  });
  afterAll(async () => {
    for (const one of running) one.process.kill("SIGTERM");
    await Promise.all(running.map((one) => one.ended));
    pair[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  /** Starts a capture in the near namespace and waits until it captures. */
  async function live(out: string, ...more: readonly string[]): Promise<Running> {
    const socket = `${out}/api.sock`;
    const args = ["live", "-i", pair.nearInterface, "-o", out, "--listen", `unix:${socket}`, ...more];
    const one = start(args, ["ip", "netns", "exec", pair.near]);
    running.push(one);
    await one.says(/capturing on/);
    expect(await until(async () => (await health(socket))?.source !== undefined)).toBe(true);
    return one;
  }

  const send = async (frames: readonly Uint8Array[], atOnce: number): Promise<number> => {
    let sent = 0;
    for (let i = 0; i < frames.length; i += atOnce) {
      const part = frames.slice(i, i + atOnce);
      sent += new FrameSender(pair.socket(pair.far), pair.number(pair.far, pair.farInterface), part).sendAll();
      await sleep(4);
    }
    return sent;
  };

  test("what comes over a wire gives the same flows as the file, Ctrl-C writes everything, the engine has no right", async () => {
    const file = folder.at("scenario.pcap");
    const count = writeScenario(file, { seed: 5, seconds: 20 });
    const out = folder.at("same");
    const one = await live(out);
    const engine = engineOf(one);
    const status = statusOf(engine);
    expect(status).toMatchObject({ CapEff: none, CapPrm: none, CapInh: none, CapAmb: none, NoNewPrivs: "1" });
    expect(status["Uid"]?.split("\t")).not.toContain("0");
    expect(statusOf(one.process.pid ?? 0)["CapEff"]).not.toBe("000001ffffffffff");
    expect(await send(framesOf(readFileSync(file)), 200)).toBe(count);
    await sleep(500);
    one.process.kill("SIGINT");
    expect([await one.ended, one.err]).toEqual([0, expect.not.stringContaining("bug")]);
    expect(one.out).toMatch(
      new RegExp(
        `^packets +${count.toLocaleString("en")} .* 0 dropped by the kernel\nflows +[\\d,]+\nevents +.*\nrules +.*\nwritten .*\n$`,
      ),
    );
    expect(statSync(`${out}/eve.json`).uid).not.toBe(0);
    const { code, err } = await oddwire(["read", file, "-o", folder.at("from-file"), "--no-store"]);
    expect([code, err]).toEqual([0, ""]);
    expect(FlowSums.of(eventsOf(out)).lines()).toEqual(FlowSums.of(eventsOf(folder.at("from-file"))).lines());
    const stored = await oddwire(["query", "flows", "--count", "-o", out]);
    expect(Number(stored.out)).toBe(eventsOf(out).filter((event) => event.event_type === "flow").length);
  });

  test("frames that the kernel drops are counted: with the captured ones they are all that were sent", async () => {
    const out = folder.at("drops");
    const one = await live(out, "--set", "capture.ring-bytes=1048576", "--workers", "1");
    const frames = framesOf(trafficFile(1000));
    const engine = engineOf(one);
    // An engine that stands still for a moment, so that the ring fills on machines of any speed.
    process.kill(engine, "SIGSTOP");
    const sent = await send(frames, 4000);
    process.kill(engine, "SIGCONT");
    await sleep(500);
    one.process.kill("SIGINT");
    expect(await one.ended).toBe(0);
    const stats = eventsOf(out).findLast((event) => event.event_type === "stats")?.["stats"] as {
      [group: string]: { [name: string]: number };
    };
    const { kernel_drops: drops = 0, interface_drops: before = 0 } = stats["capture"] ?? {};
    expect(drops).toBeGreaterThan(0);
    expect(drops + before + (stats["decoder"]?.["pkts"] ?? 0)).toBe(sent);
  });
});

/** Frames of a pcap file with microseconds. */
function framesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 24; at < bytes.length; ) {
    const length = view.getUint32(at + 8, true);
    // Memory of its own: the kernel reads it by address.
    frames.push(Uint8Array.from(bytes.subarray(at + 16, at + 16 + length)));
    at += 16 + length;
  }
  return frames;
}

/** The engine's process: the only child of the one that was started. */
function engineOf({ process: parent }: Running): number {
  const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, "utf8").trim().split(" ");
  expect(children).toHaveLength(1);
  return Number(children[0]);
}

const statusOf = (pid: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/status`, "utf8")
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );

/** What the API says of itself; `undefined` while it does not answer. */
function health(socketPath: string): Promise<{ readonly source?: object } | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/api/v1/health", headers: { host: "localhost" } }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => resolve(response.statusCode === 200 ? (JSON.parse(text) as { source?: object }) : undefined));
    });
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}
