/**
 * `npm run bench:detection [-- --only captures] [--part NAME] [--set KEY=VALUE]`: what the detectors find. `captures`
 * reads the labelled and other captures of the corpora that `ODDWIRE_CORPORA` names. `scan` and
 * `flood` are made-up histories with seeds, `dns` and `offices` made-up offices with and without data in names,
 * `beacon` and `exfiltration` made-up clients with and without malware; `scenario` plays the attackers of the
 * demo, `soak` its ordinary traffic alone (`--hours 24 --seed 1`).
 * `costs` reads a capture (`--file`) and says what a fact costs each detector.
 */
import { parseArgs } from "node:util";
import { withoutCorpora } from "#test/e2e/corpora.ts";
import { captureTables, detectorTable, readCaptures } from "./captures.ts";
import { costTable } from "./costs.ts";
import { dgaTable, leakOffices, leakTable, officeTable } from "./dns.ts";
import { beaconTable } from "./rhythms.ts";
import { floodTable, scanTable } from "./scans.ts";
import { scenarioTable, soakTable } from "./scenario.ts";
import { uploadTable } from "./uploads.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    hours: { type: "string", default: "24" },
    seed: { type: "string", default: "1" },
    part: { type: "string", default: "" },
    file: { type: "string", default: "" },
    set: { type: "string", multiple: true, default: [] },
  },
});

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n\n`);

const sections: Readonly<Record<string, () => Promise<void>>> = {
  captures: async () => {
    if (withoutCorpora !== undefined) return say([`captures: skipped, ${withoutCorpora}`]);
    const rows = await readCaptures(values.part, values.set, (done, all) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} captures`);
    });
    say(captureTables(rows));
    say(detectorTable(rows));
  },
  costs: async () => say(values.file === "" ? ["costs: skipped, --file names no capture"] : await costTable(values.file)),
  scan: async () => say(scanTable()),
  flood: async () => say(floodTable()),
  dns: async () => {
    const offices = leakOffices();
    for (const rate of [2, 0.5, 0.3]) say(leakTable(rate, offices));
    say(dgaTable());
  },
  beacon: async () => say(beaconTable()),
  exfiltration: async () => say(uploadTable()),
  scenario: async () => say(await scenarioTable([1, 2, 3, 4, 5], 900)),
  soak: async () =>
    say(await soakTable(Number(values.seed), Number(values.hours), values.set, (line) => process.stderr.write(`${line}\n`))),
  offices: async () => say(officeTable()),
};

for (const [name, run] of Object.entries(sections)) if (values.only === "" || values.only.split(",").includes(name)) await run();
