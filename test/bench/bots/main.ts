/**
 * `npm run bench:bots`: how well made-up bots are told from made-up people, and what that costs.
 * `-- --captures` scores real game captures of $ODDWIRE_CORPORA instead; `-- --calibrate` computes the reference anew.
 * `-- --seeds 1,2` runs other seeds than the reported ones: tune on those.
 */
import { parseArgs } from "node:util";
import { calibrate } from "./calibrate.ts";
import { scoreCaptures } from "./captures.ts";
import { runCost } from "./cost.ts";
import { ladderText, runLadder } from "./ladder.ts";
import { tableText } from "./table-text.ts";
import { runVerdicts, verdictText } from "./verdicts.ts";

const { values } = parseArgs({
  options: {
    calibrate: { type: "boolean", default: false },
    captures: { type: "boolean", default: false },
    seeds: { type: "string", default: "201,202,203,204,205" },
    people: { type: "string", default: "400" },
    scripts: { type: "string", default: "200" },
    whole: { type: "boolean", default: false },
  },
});

const started = performance.now();
if (values.calibrate) calibrate(3000, 1000);
else if (values.captures) await captures();
else ladder();
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);

async function captures(): Promise<void> {
  const rows = await scoreCaptures();
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const cells = (row: (typeof rows)[number]) => [
    row.packetsMost,
    row.actionsMost,
    row.sides,
    row.reached,
    row.bots,
    row.beyondBound,
    row.classicBeyond,
  ];
  const named = rows
    .filter((row) => row.packetsMost >= 50)
    .map((row) => [row.file.replace(/^.*\//, "").slice(0, 21), ...cells(row).map(String)]);
  console.log(tableText([["capture", "packets", "actions", "sides", "reached", "bots", "bound", "classic"], ...named]));
  console.log(
    `${rows.length} game captures, ${sum((row) => row.sides)} sides that sent something; no plugin, so only sizes and times are visible`,
  );
  console.log(`${sum((row) => row.reached)} sides reached the minimum sample; bot verdicts: ${sum((row) => row.bots)}`);
  console.log(
    `if raw packets could prove anything: ${sum((row) => row.beyondBound)} beyond the bound, classic ${sum((row) => row.classicBeyond)}`,
  );
}

function ladder(): void {
  const seeds = values.seeds.split(",").map(Number);
  const plan = { seeds, people: Number(values.people), scripts: Number(values.scripts), bare: !values.whole };
  console.log("made-up people and bots; true positives at 1 % false ones, worst of the seeds; only opcodes and times are told");
  console.log(ladderText(runLadder(plan)));
  console.log(verdictText(runVerdicts(seeds[0] as number, 200, 25)));
  const cost = runCost();
  console.log(`${cost.players} players: ${Math.round(cost.bytesPerPlayer)} bytes each, ${cost.microsPerAction.toFixed(2)} µs per action`);
}
