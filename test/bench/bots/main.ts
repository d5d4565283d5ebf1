/**
 * `npm run bench:bots`: how well made-up bots are told from made-up people, and what that costs.
 * `-- --captures` scores real game captures of $ODDWIRE_CORPORA instead; `-- --calibrate` computes the reference anew.
 * `-- --seeds 1,2` runs other seeds than the reported ones: tune on those.
 */
import { parseArgs } from "node:util";
import { calibrate } from "./calibrate.ts";
import { ladderText, runLadder } from "./ladder.ts";

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
if (values.calibrate) calibrate(3000, 400);
else {
  const seeds = values.seeds.split(",").map(Number);
  const plan = { seeds, people: Number(values.people), scripts: Number(values.scripts), bare: !values.whole };
  console.log(ladderText(runLadder(plan)));
}
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
