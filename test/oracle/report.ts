/**
 * `node test/oracle/report.ts arkime|zeek|ndpi [TEXT]`: how far Oddwire agrees with another tool over the captures of
 * $ODDWIRE_CORPORA whose name contains TEXT, and where it does not.
 */
import { type CorpusFile, corpus } from "#test/e2e/corpora.ts";
import { eventsIn, reading } from "#test/e2e/reading.ts";
import { judgeArkime } from "./arkime.ts";
import { expectedOf, type Judge } from "./judged.ts";
import { judgeNdpi } from "./ndpi.ts";
import { judgeZeek } from "./zeek.ts";

const judges: Readonly<Record<string, Judge>> = { arkime: judgeArkime, zeek: judgeZeek, ndpi: judgeNdpi };
const [kind = "", text = ""] = process.argv.slice(2);
const judge = judges[kind];
if (judge === undefined) throw new Error(`one of ${Object.keys(judges).join(", ")}`);
let passed = 0;
let failed = 0;
for (const file of corpus().filter((one: CorpusFile) => one.file.includes(text) && expectedOf(one, kind) !== undefined)) {
  const events = eventsIn(await reading([file.path], { settings: ["capture.checksum-validation=no"] }));
  for (const { what, wanted, got, holds } of judge(file, events)) {
    if (holds) passed++;
    else {
      failed++;
      console.log(`${file.file}: ${what}\n    wanted ${wanted}\n    got    ${got}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed: ${((100 * passed) / Math.max(1, passed + failed)).toFixed(1)} %`);
