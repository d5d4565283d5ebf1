import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PcapWriter } from "#capture/pcap-writer.ts";

/** What Suricata says of rules and a capture. */
export interface SuricataAnswer {
  /** `sid` of each rule that alerted. */
  readonly alerted: ReadonlySet<number>;
  /** Numbers of the frames that each rule alerted on, from 0, by `sid`. */
  readonly frames: ReadonlyMap<number, readonly number[]>;
  /** `sid` of each rule that it did not load. */
  readonly refused: ReadonlySet<number>;
}

/** Version of the installed Suricata; `undefined` when there is none. */
export function suricataVersion(): string | undefined {
  const run = spawnSync("suricata", ["-V"], { encoding: "utf8" });
  return /version (\d+\.\d+\.\d+)/.exec(run.stdout ?? "")?.[1];
}

/** Without Teredo: it would take some of the made-up bytes for IPv6 in UDP. */
const configuration = `%YAML 1.1
---
vars: {address-groups: {HOME_NET: any, EXTERNAL_NET: any}}
outputs:
  - eve-log: {enabled: yes, filetype: regular, filename: eve.json, types: [{alert: {}}]}
app-layer: {protocols: {http: {enabled: yes}}}
decoder: {teredo: {enabled: no}}
detect: {inspection-recursion-limit: 3000}
classification-file: /etc/suricata/classification.config
reference-config-file: /etc/suricata/reference.config
`;

/** Runs Suricata once over all of it. Frames are a millisecond apart, or at `times`, in µs from the first. */
export function askSuricata(rules: readonly string[], frames: readonly Uint8Array[], times?: readonly number[]): SuricataAnswer {
  const folder = mkdtempSync(join(tmpdir(), "oddwire-rules-"));
  try {
    writeFileSync(join(folder, "suricata.yaml"), configuration);
    writeFileSync(join(folder, "all.rules"), `${rules.join("\n")}\n`);
    const writer = new PcapWriter(join(folder, "all.pcap"));
    frames.forEach((frame, index) => {
      writer.write(1_700_000_000_000_000 + (times?.[index] ?? index * 1000), frame);
    });
    writer.close();
    const args = ["-c", "suricata.yaml", "-S", "all.rules", "-r", "all.pcap", "-l", folder, "--runmode", "single", "-k", "none"];
    const run = spawnSync("suricata", args, { cwd: folder, encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 26 });
    if (run.status !== 0) throw new Error(`suricata ended with ${run.status}: ${run.stderr}`);
    const alerts = alertsIn(readFileSync(join(folder, "eve.json"), "utf8"));
    return { alerted: new Set(alerts.keys()), frames: alerts, refused: refusedIn(run.stdout + run.stderr) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Numbers of the frames that alerts stand at, from 0, by `sid`: of the text of an eve.json. */
export function alertsIn(eve: string): Map<number, number[]> {
  const alerts = new Map<number, number[]>();
  for (const line of eve.split("\n")) {
    if (!line.includes('"event_type":"alert"')) continue;
    const event = JSON.parse(line) as { alert: { signature_id: number }; pcap_cnt?: number };
    const frames = alerts.get(event.alert.signature_id) ?? [];
    alerts.set(event.alert.signature_id, [...frames, (event.pcap_cnt ?? 0) - 1]);
  }
  return alerts;
}

function refusedIn(messages: string): Set<number> {
  return new Set([...messages.matchAll(/error parsing signature .*?sid:(\d+);\)"/g)].map(([, sid]) => Number(sid)));
}
