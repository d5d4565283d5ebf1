import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { recordingFiles } from "#capture/record/recording-file.ts";
import { FrameSender } from "#native/frame-sender.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { oddwire, type Running, sleep, start, temporary, until } from "#test/e2e/oddwire.ts";
import { datagram } from "./frames.ts";
import { VethPair, whyNotLive } from "./veth-pair.ts";

const reason = whyNotLive();
/** The payload that frames have whose `id` is 7, or a multiple of 256 more. */
const RULE = 'alert udp any any -> any 53 (msg:"seven"; content:"|D9 DA DB DC DD|"; depth:5; sid:7;)\n';
const PORT = 8095;
const PAYLOAD_BYTES = 20;
const RECORD_BYTES = 16 + 42 + PAYLOAD_BYTES;

/** Packets in the recording of this output folder. */
const recorded = (out: string): number =>
  existsSync(`${out}/recording`) ? recordingFiles(`${out}/recording`).reduce((sum, { bytes }) => sum + (bytes - 24) / RECORD_BYTES, 0) : 0;
const alertsOf = (out: string): OddwireEvent[] =>
  readFileSync(`${out}/eve.json`, "utf8")
    .split("\n")
    .filter((line) => line.includes('"event_type":"alert"') && line.endsWith("}"))
    .map((line) => JSON.parse(line) as OddwireEvent);

describe.skipIf(reason !== undefined)(`live capture that records${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  const folder = temporary();
  let pair: VethPair;
  let live: Running | undefined;
  beforeAll(() => {
    chmodSync(folder.path, 0o755);
    writeFileSync(folder.at("seven.rules"), RULE);
    pair = new VethPair();
  });
  afterEach(async () => {
    live?.process.kill("SIGTERM");
    await live?.ended;
  });
  afterAll(() => {
    pair[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  const capture = async (out: string, ...more: readonly string[]): Promise<Running> => {
    const values = ["live", "-i", pair.nearInterface, "-o", out, "--listen", `127.0.0.1:${PORT}`, "--record", "--workers", "2"];
    const rules = ["--set", `rules.files=${folder.at("seven.rules")}`];
    live = start([...values, ...rules, ...more], ["ip", "netns", "exec", pair.near]);
    await live.says(/capturing on/, 60_000);
    // Frames are let in once all workers have joined their group.
    for (let id = 60_000; recorded(out) === 0 && id < 60_200; id++) {
      send(1, id);
      await sleep(50);
    }
    await sleep(500);
    return live;
  };
  const send = (count: number, first = 1): void => {
    const frames = Array.from({ length: count }, (_, i) => datagram({ id: first + i, port: i % 50, payload: PAYLOAD_BYTES, host: i % 40 }));
    new FrameSender(pair.socket(pair.far), pair.number(pair.far, pair.farInterface), frames).sendAll();
  };
  test("keeps every packet across kill -9; alerts name the packet, and a back-test finds the recording", async () => {
    const out = folder.at("killed");
    const running = await capture(out);
    const packets = recorded(out) + 1000;
    send(1000);
    expect(await until(() => recorded(out) === packets, 10_000)).toBe(true);
    expect(await until(() => alertsOf(out).length === 4, 10_000)).toBe(true);
    // The current file is read while it is being written.
    const whileWritten = await oddwire(["backtest", "-o", out, "--rules", folder.at("seven.rules"), "--json"]);
    expect(JSON.parse(whileWritten.out)).toMatchObject({ packets, alerts: 4 });
    execFileSync("pkill", ["-KILL", "-P", String(running.process.pid)]);
    running.process.kill("SIGKILL");
    await running.ended;

    const files = recordingFiles(`${out}/recording`);
    expect(files).toHaveLength(1);
    const after = await oddwire(["backtest", "-o", out, "--rules", folder.at("seven.rules"), "--json"]);
    expect(JSON.parse(after.out)).toMatchObject({ packets, alerts: 4, captures: [files[0]?.path] });

    const read = folder.at("read-again");
    await oddwire(["read", files[0]?.path ?? "", "-o", read, "--no-store", "--rules", folder.at("seven.rules")]);
    const places = alertsOf(out).map((event) => [event["capture_file"], event["capture_packet"]]);
    expect(new Set(places.map(([file]) => file))).toEqual(new Set([files[0]?.path]));
    const numbers = alertsOf(read).map((event) => event["pcap_cnt"]);
    expect(places.map(([, number]) => number).toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers);
  });

  test("ends with what it has kept", async () => {
    const out = folder.at("ended");
    const running = await capture(out, "--set", "record.file-s=3600");
    const packets = recorded(out) + 300;
    send(300);
    expect(await until(() => recorded(out) === packets, 10_000)).toBe(true);
    running.process.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    expect(running.out).toContain(`recorded ${packets} packets in ${out}/recording`);
  });
});
