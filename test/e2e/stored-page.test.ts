import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, hasChromium, PageUnderTest, type Tab } from "./page-under-test.ts";

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000, interval: 100 });

if (!hasChromium) console.warn(`${CHROMIUM} is not there: the web page over a store alone is not tested`);

describe.skipIf(!hasChromium)("the web page over a store alone", () => {
  let site: PageUnderTest;
  const tabs: Tab[] = [];
  beforeAll(async () => {
    site = await PageUnderTest.start("--stored");
  }, 60_000);
  afterAll(async () => site[Symbol.asyncDispose]());

  async function open(path: string, width = 1440) {
    const tab = await site.open(path, { viewport: { width, height: 900 } });
    tabs.push(tab);
    return tab.page;
  }

  test("it says that this is what is stored, of which days, and what could not be seen", async () => {
    const page = await open("/");
    await eventually(() => page.locator(".connection").textContent()).toBe("stored");
    expect(await page.locator(".source").textContent()).toMatch(/store of \d{4}-\d\d-\d\d/);
    await eventually(() => page.locator(".coverage").textContent()).not.toContain("waiting");
    expect(await page.getByRole("button", { name: "Hold the view" }).count()).toBe(0);
  });

  test("the overview shows findings, the gravest first, and leads to each", async () => {
    const page = await open("/");
    const severities = page.locator(".kept-findings tbody .severity");
    await eventually(() => severities.count()).toBeGreaterThan(3);
    const shown = await severities.allTextContents();
    const ranks = shown.map((text) => ["critical", "high", "medium", "low", "info"].indexOf(text));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    for (const panel of ["Protocols", "Clients", "Servers", "Events"])
      await eventually(() => page.getByRole("region", { name: panel, exact: true }).locator(".bars li").count()).toBeGreaterThan(0);
    await page.locator(".kept-findings tbody tr").first().click();
    await page.getByRole("region", { name: "What was found", exact: true }).waitFor();
    await page.goBack();
    await page.locator(".kept-findings").waitFor();
  });

  test("flows are those that have ended, and nothing promises live ones", async () => {
    const page = await open("/flows");
    await eventually(() => page.locator("tbody tr").count()).toBeGreaterThan(5);
    expect(await page.getByRole("button", { name: "Live" }).count()).toBe(0);
  });

  test.each([1440, 1024, 390])("at %i pixels nothing is cut off sideways", async (width) => {
    const page = await open("/", width);
    await eventually(() => page.locator(".kept-findings tbody tr").count()).toBeGreaterThan(0);
    const wide = await page.evaluate(`[...document.querySelectorAll("html, body, .shell, .view, .panel, .table, .panel-head")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0).map((element) => element.className)`);
    expect(wide).toEqual([]);
  });

  test("no tab had an error or asked another server", () => {
    expect(tabs.flatMap((tab) => tab.errors)).toEqual([]);
    expect(tabs.flatMap((tab) => tab.strangers)).toEqual([]);
  });
});
