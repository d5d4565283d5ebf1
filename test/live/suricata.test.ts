import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import type { BesideAnswer, SuricataStatus } from "#schema/suricata.ts";
import { Running, start, temporary, until } from "#test/e2e/oddwire.ts";
import { CHROMIUM, hasChromium } from "#test/e2e/page-under-test.ts";
import { VethPair, whyNotLive } from "./veth-pair.ts";

/** Alerts and findings have to be there within this time. */
const SOON_MS = 2000;
const PORT = 8097;
const RULE = 'alert udp any any -> any 9999 (msg:"odd payload"; content:"ODDWIRE"; classtype:bad-unknown; sid:1000001; rev:3;)\n';
const hasPage = existsSync(new URL("../../web/dist/index.html", import.meta.url));

function whyNot(): string | undefined {
  try {
    execFileSync("suricata", ["-V"], { stdio: "ignore" });
  } catch {
    return "no suricata";
  }
  return whyNotLive();
}

/** One answer of the API inside the namespace, whose loopback this process does not share. */
class Inside {
  readonly #pair: VethPair;
  constructor(pair: VethPair) {
    this.#pair = pair;
  }

  ask(path: string): unknown {
    const program = `fetch("http://127.0.0.1:${PORT}${path}").then(async (r) => process.stdout.write(await r.text()), () => process.exit(1))`;
    try {
      return JSON.parse(this.#pair.exec(this.#pair.near, process.execPath, "-e", program));
    } catch {
      return undefined;
    }
  }

  suricata(): SuricataStatus | undefined {
    return (this.ask("/api/v1/suricata") as BesideAnswer | undefined)?.suricata;
  }

  events(resource: string): readonly OddwireEvent[] {
    return (this.ask(`/api/v1/${resource}`) as { readonly events?: readonly OddwireEvent[] } | undefined)?.events ?? [];
  }
}

async function soon(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const begun = performance.now();
  expect(await until(holds, 20_000), `${what} never came`).toBe(true);
  const milliseconds = Math.round(performance.now() - begun);
  console.info(`${what} after ${milliseconds} ms`);
  expect(milliseconds, what).toBeLessThan(SOON_MS);
}

const reason = whyNot();

describe.skipIf(reason !== undefined)(`a Suricata beside live capture${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  const folder = temporary();
  let pair: VethPair;
  let inside: Inside;
  let live: Running;
  let stream: Running;
  let browser: Browser | undefined;
  beforeAll(async () => {
    chmodSync(folder.path, 0o755);
    writeFileSync(folder.at("one.rules"), RULE);
    pair = new VethPair();
    inside = new Inside(pair);
    pair.exec(pair.near, "ip", "addr", "add", "10.9.0.1/24", "dev", pair.nearInterface);
    pair.exec(pair.far, "ip", "addr", "add", "10.9.0.2/24", "dev", pair.farInterface);
    const settings = [`suricata.rules=${folder.at("one.rules")}`, "suricata.stats-interval-s=1"].flatMap((one) => ["--set", one]);
    const values = ["live", "-i", pair.nearInterface, "-o", folder.at("out"), "--listen", `127.0.0.1:${PORT}`, "--suricata", ...settings];
    live = start(values, ["ip", "netns", "exec", pair.near]);
    await live.says(/capturing on/, 60_000);
    await until(() => inside.suricata()?.state === "running", 60_000);
    // The page is there before the first frame is: an alert of a frame that we did not see has no flow.
    await until(() => (inside.ask("/api/v1/health") as { readonly source?: object } | undefined)?.source !== undefined, 60_000);
    stream = watch(pair);
    await stream.says(/open/);
  });
  afterAll(async () => {
    await browser?.close();
    stream?.process.kill("SIGTERM");
    live?.process.kill("SIGTERM");
    await live?.ended;
    pair[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  /** One datagram that the rule is about. */
  const send = (): void => void pair.exec(pair.far, "bash", "-c", "echo -n 'xx ODDWIRE xx' > /dev/udp/10.9.0.1/9999");

  test("Suricata gave up root, and the engine has no right over it", () => {
    const { pid } = inside.suricata()?.process ?? {};
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    expect(status).not.toMatch(/^Uid:\t0/m);
    // CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_NICE, which it keeps for its packet sockets.
    expect(/^CapEff:\t0*([0-9a-f]+)$/m.exec(status)?.[1]).toBe("803000");
  });

  test("its alert is in the live stream and the API within two seconds, joined to our flow", async () => {
    send();
    await soon("the alert in the live stream", () => /alert .*odd payload/.test(stream.out));
    send();
    await soon("a second alert in the API", () => inside.events("alerts").length === 2);
    const [newest] = inside.events("alerts");
    expect(newest).toMatchObject({
      event_type: "alert",
      engine: "suricata",
      src_ip: "10.9.0.2",
      dest_ip: "10.9.0.1",
      dest_port: 9999,
      alert: { signature_id: 1000001, rev: 3, signature: "odd payload", category: "Potentially Bad Traffic", severity: 2 },
      suricata: { joined: "community_id" },
    });
    // The list of live flows is made once a second.
    const kinds = (): readonly string[] => inside.events(`flows/${newest?.flow_id}`).map((event) => event.event_type);
    expect(await until(() => kinds().includes("alert"))).toBe(true);
  });

  test("its counters are in the API", async () => {
    expect(await until(() => (inside.suricata()?.counters?.length ?? 0) > 0)).toBe(true);
    const { counters, counts } = inside.suricata() ?? {};
    expect(counters?.map(({ name }) => name)).toEqual(expect.arrayContaining(["capture", "decoder", "flow", "tcp", "memory"]));
    expect(counts).toMatchObject({ alerts: 2, bad: 0, joined: { community_id: 2, none: 0 } });
  });

  test.skipIf(!hasChromium || !hasPage)(
    "its alert is on the page within two seconds",
    async () => {
      browser = await chromium.launch({
        executablePath: intoNamespace(pair, folder.at("chromium")),
        args: ["--no-sandbox", "--disable-gpu"],
      });
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${PORT}/suricata`);
      const rows = page.getByRole("region", { name: "Newest alerts" }).getByText("odd payload");
      await rows.first().waitFor();
      const before = await rows.count();
      send();
      await soon("the alert on the page", async () => (await rows.count()) > before);
    },
    60_000,
  );

  test("killed, it is a finding within two seconds, is started again, and that is told", async () => {
    const { pid } = inside.suricata()?.process ?? {};
    process.kill(pid as number, "SIGKILL");
    await soon("the finding in the live stream", () => /finding .*was ended by SIGKILL/.test(stream.out));
    await soon("the finding in the API", () =>
      inside.events("findings").some((event) => titleOf(event) === "Suricata was ended by SIGKILL"),
    );
    expect(await until(() => inside.events("findings").some((event) => titleOf(event) === "Suricata runs again"))).toBe(true);
    expect(inside.suricata()).toMatchObject({ state: "running", process: { restarts: 1 } });
    const alerts = inside.events("alerts").length;
    send();
    await soon("an alert of the new one", () => inside.events("alerts").length > alerts);
  });

  test("one that stands still while packets come is silent, and that is a finding", async () => {
    const { pid } = inside.suricata()?.process ?? {};
    process.kill(pid as number, "SIGSTOP");
    try {
      const silent = (): boolean => {
        send();
        return inside.events("findings").some((event) => titleOf(event) === "Suricata tells nothing");
      };
      expect(await until(silent, 15_000)).toBe(true);
      expect(inside.suricata()?.state).toBe("silent");
    } finally {
      process.kill(pid as number, "SIGCONT");
    }
    expect(await until(() => inside.suricata()?.state === "running")).toBe(true);
  });

  test("when Oddwire ends, so does its Suricata, and nothing stays behind", async () => {
    const { process: facts, source = "" } = inside.suricata() ?? {};
    live.process.kill("SIGINT");
    expect([await live.ended, live.err]).toEqual([0, expect.not.stringContaining("bug")]);
    expect(existsSync(`/proc/${facts?.pid}`)).toBe(false);
    expect(existsSync(source.replace(/\/log\/eve\.json$/, ""))).toBe(false);
  });
});

const titleOf = (event: OddwireEvent): string => (event["finding"] as { readonly title: string }).title;

/** A reader of the live stream inside the namespace; prints a line for each alert and finding. */
function watch(pair: VethPair): Running {
  const program = `
    const socket = new WebSocket("ws://127.0.0.1:${PORT}/api/v1/live");
    socket.onopen = () => console.log("open");
    socket.onmessage = ({ data }) => {
      for (const event of JSON.parse(data).events ?? []) if (event.alert ?? event.finding)
        console.log(event.event_type, event.alert?.signature ?? event.finding.title);
    };`;
  return new Running(spawn("ip", ["netns", "exec", pair.near, process.execPath, "-e", program], { stdio: ["ignore", "pipe", "pipe"] }));
}

/** A script that starts the browser where the server is. */
function intoNamespace(pair: VethPair, path: string): string {
  writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${pair.near} ${CHROMIUM} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
