import { expect, test } from "vitest";
import { withoutCorpora } from "#test/e2e/corpora.ts";
import { scoreCaptures } from "./captures.ts";

test.skipIf(withoutCorpora !== undefined)("nobody in real game captures is called a bot (needs ODDWIRE_CORPORA)", async () => {
  const captures = await scoreCaptures();
  expect(captures.length).toBeGreaterThan(20);
  expect(captures.filter((capture) => capture.bots > 0)).toEqual([]);
});
