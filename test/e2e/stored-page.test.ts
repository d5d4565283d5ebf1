import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, hasChromium, PageUnderTest, type Tab } from "./page-under-test.ts";
import { expected, trafficFile } from "./traffic.ts";

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 60_000, interval: 100 });

if (!hasChromium) console.warn(`${CHROMIUM} is not there: the web page over a store alone is not tested`);

describe.skipIf(!hasChromium)("the web page over a store alone", () => {
  let site: PageUnderTest;
  const tabs: Tab[] = [];
  beforeAll(async () => {
    site = await PageUnderTest.start("--stored");
  });
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

  test("a capture that is dropped is read, and opens with what was found in it", async () => {
    const page = await open("/flows");
    await page.locator("tbody tr").first().waitFor();
    const capture = Buffer.from(trafficFile(20)).toString("base64");
    const drop = (type: string) =>
      page.evaluate(`{
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.fromBase64(${JSON.stringify(capture)})], "office.pcap"));
        document.body.dispatchEvent(new DragEvent(${JSON.stringify(type)}, { dataTransfer: data, bubbles: true, cancelable: true }));
      }`);
    await drop("dragenter");
    await page.getByText("Drop the capture to have it read").waitFor();
    await drop("drop");
    await page.getByRole("dialog", { name: "captures" }).getByText("office.pcap").first().waitFor();
    await page.waitForURL(/\/captures\/[0-9a-f]{12}\/$/, { timeout: 60_000 });
    await eventually(() => page.locator(".source-name").textContent()).toBe("office.pcap");
    const { flows } = expected(20);
    await eventually(() => page.locator(".now").textContent()).toContain(`flows${flows}`);
    await page.getByRole("link", { name: "Flows", exact: true }).click();
    expect(new URL(page.url()).pathname).toMatch(/^\/captures\/[0-9a-f]{12}\/flows$/);
    await eventually(() => page.locator(".table-foot").textContent()).toContain(`${flows} shown`);
    await page.locator("tbody tr").first().click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download its packets (pcap)" }).click();
    const pcap = readFileSync(await (await download).path());
    expect([pcap.readUInt32LE(0), pcap.length > 24]).toEqual([0xa1b2c3d4, true]);
    await page.getByRole("link", { name: "leave the capture" }).click();
    await eventually(() => new URL(page.url()).pathname).toBe("/");
    await eventually(() => page.locator(".source").textContent()).toContain("store of");
  });

  test("what is no capture says so, beside what to give", async () => {
    const page = await open("/");
    await page.getByRole("button", { name: /^Captures/ }).click();
    const words = Buffer.from("these are no packets, only words that somebody wrote down");
    await page.getByLabel("Capture files").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: words });
    await page.getByText(/is no capture file.*give a pcap or pcapng file/).waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Remove notes.txt" }).click();
    await eventually(() => page.getByText("notes.txt").count()).toBe(0);
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
