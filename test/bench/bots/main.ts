/**
 * `npm run bench:bots`: how well made-up bots are told from made-up people, and what that costs.
 * `-- --captures` scores real game captures of $ODDWIRE_CORPORA instead; `-- --calibrate` computes the reference anew.
 * `-- --seeds 1,2` runs other seeds than the reported ones: tune on those.
 */
import { parseArgs } from "node:util";
import { calibrate } from "./calibrate.ts";
import { runCost } from "./cost.ts";
import { ladderText, runLadder } from "./ladder.ts";
import { runVerdicts, verdictText } from "./verdicts.ts";

const { values } = parseArgs({
  options: {
    calibrate: { type: "boolean", default: false },
    captures: { type: "boolean", default: false },
    seeds: { type: "string", default: "101,102,103,104,105" },
    people: { type: "string", default: "400" },
    scripts: { type: "string", default: "200" },
    whole: { type: "boolean", default: false },
  },
});

const started = performance.now();
if (values.calibrate) calibrate(3000, 1000);
else {
  const seeds = values.seeds.split(",").map(Number);
  const plan = { seeds, people: Number(values.people), scripts: Number(values.scripts), bare: !values.whole };
  console.log("made-up people and bots; true positives at 1 % false ones, worst of the seeds; only opcodes and times are told");
  console.log(ladderText(runLadder(plan)));
  console.log(verdictText(runVerdicts(seeds[0] as number, 200, 25)));
  const cost = runCost();
  console.log(`${cost.players} players: ${Math.round(cost.bytesPerPlayer)} bytes each, ${cost.microsPerAction.toFixed(2)} µs per action`);
}
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
