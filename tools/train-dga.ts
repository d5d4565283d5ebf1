/**
 * `npm run train:dga`: trains the model of made-up names and writes it. `-- --check` only compares, and fails when it differs.
 * Everything is seeded: the same sources give the same file.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modelText, trainModel } from "#engine/names/dga/model-text.ts";

const path = join(import.meta.dirname, "../src/engine/names/dga-model.generated.ts");
const text = modelText(trainModel());
if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  console.error("src/engine/names/dga-model.generated.ts is not what its sources give: run npm run train:dga");
  process.exitCode = 1;
}
