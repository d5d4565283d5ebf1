import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { defaultConfig } from "#schema/config.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { kindSchema } from "#schema/json-schema.ts";
import { alertKind } from "#schema/kinds.ts";
import { runSuricataOnFile } from "./suricata-file.ts";
import { runningKeepers } from "./suricata-setup.ts";

function whyNot(): string | undefined {
  if (process.getuid?.() === 0 && !existsSync("/run")) return "no /run";
  try {
    execFileSync("suricata", ["-V"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no suricata";
  }
}
const ends = ({ src_ip, src_port, dest_ip, dest_port }: OddwireEvent): string =>
  [`${src_ip} ${src_port}`, `${dest_ip} ${dest_port}`].toSorted().join(" ");
const reason = whyNot();

describe.skipIf(reason !== undefined)(`Oddwire and Suricata over one file${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  test("every alert is joined to the flow with the same endpoints, stored, and as the schema says", async () => {
    const directory = mkdtempSync(join(tmpdir(), "odw-file-"));
    try {
      const [file, out, rules] = ["scenario.pcap", "out", "all.rules"].map((name) => join(directory, name)) as [string, string, string];
      writeScenario(file, { seed: 3, seconds: 20 });
      // Root's Suricata becomes another user, who has to come through.
      execFileSync("chmod", ["-R", "a+rX", directory]);
      writeFileSync(
        rules,
        'alert tcp any any -> any any (msg:"syn"; flags:S; sid:11;)\nalert udp any any -> any 53 (msg:"dns"; sid:12;)\n',
      );
      const config = { ...defaultConfig, "suricata.rules": [rules], "engine.workers": 1 };
      const { alerts, counts } = await runSuricataOnFile(config, file, out);
      expect(alerts.length).toBeGreaterThan(50);
      expect(counts.joined).toEqual({ community_id: alerts.length, five_tuple: 0, none: 0 });
      const events = readFileSync(join(out, "eve.json"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as OddwireEvent);
      const flows = new Map(events.filter((event) => event.event_type === "flow").map((event) => [event.flow_id, ends(event)]));
      const told = events.filter((event) => event.event_type === "alert" && event["engine"] === "suricata");
      expect(told).toHaveLength(alerts.length);
      for (const alert of told) expect(flows.get(alert.flow_id)).toBe(ends(alert));
      const isAlert = new Ajv2020({ strict: false }).compile(kindSchema(alertKind));
      expect(told.filter((event) => !isAlert(event))).toEqual([]);
      expect(runningKeepers().filter((status) => status.files.includes(file))).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
