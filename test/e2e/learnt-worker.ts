/** Saves what was learnt again and again, until it is killed: FOLDER and the first round. */
import { LearntFile } from "#app/learnt.ts";

const [folder = "", from = "0"] = process.argv.slice(2);
const file = new LearntFile(folder, () => undefined);
for (let round = Number(from) + 1; ; round++) {
  file.save({ round, filler: String(round % 10).repeat(2_000_000) });
  // Waits until it is told, so that whoever listens knows where it stands.
  await new Promise<void>((resolve) => void process.send?.(round, () => resolve()));
}
