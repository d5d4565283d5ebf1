import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, PageUnderTest } from "./page-under-test.ts";

/** Sum of shifts that a page may have; 0.1 is what web.dev calls good. */
const shiftMax = 0.05;
const answerMs = [50, 250, 450] as const;

const observe = `
  window.shifts = [];
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value)))
    .observe({ type: "layout-shift", buffered: true });
`;
const twoFrames = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))";

describe.runIf(hasChromium)("answers that come late, each at its own time", () => {
  let site: PageUnderTest;
  beforeAll(async () => {
    site = await PageUnderTest.start();
  }, 120_000);
  afterAll(() => site[Symbol.asyncDispose]());

  test.each([
    ["/players", ".list-body tbody tr >> nth=0"],
    ["/findings", ".list-body tbody tr >> nth=0"],
    ["/rules", "section[aria-label=Indicators]"],
  ])("push little about on %s", async (path, content) => {
    const { page } = await site.open("/health", { viewport: { width: 1024, height: 900 } });
    await page.addInitScript(observe);
    let asked = 0;
    await page.route("**/api/**", async (route) => {
      await setTimeout(answerMs[asked++ % answerMs.length]);
      await route.continue();
    });
    await page.goto(site.url + path, { waitUntil: "networkidle" });
    await page.locator(content).waitFor();
    await page.evaluate(twoFrames);
    const shifts = (await page.evaluate("window.shifts")) as readonly number[];
    expect(shifts.reduce((sum, one) => sum + one, 0)).toBeLessThan(shiftMax);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.context().close();
  });
});
