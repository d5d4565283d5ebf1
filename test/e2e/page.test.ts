import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Severity, severities } from "#schema/finding.ts";
import { CHROMIUM, hasChromium, PageUnderTest, type Tab } from "./page-under-test.ts";

const FIRST_LOAD_BYTES_MAX = 250_000;
const COVERAGE = ["kernel drops", "truncated", "undecoded", "malformed", "stream gaps", "evicted flows", "events dropped", "encrypted"];
const views = [
  "/",
  "/flows",
  "/flows?view=history",
  "/events/dns",
  "/events/finding",
  "/players",
  "/players/lantern%3A107",
  "/findings",
  "/detectors",
  "/health",
];
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

/** Other work may share the machine: patience costs nothing when all is well. */
const eventually = <T>(read: () => T, message?: string) =>
  expect.poll(read, { timeout: 60_000, interval: 100, ...(message === undefined ? {} : { message }) });

if (!hasChromium) console.warn(`${CHROMIUM} is not there: the web page is not tested`);

describe.skipIf(!hasChromium)("the web page", () => {
  let site: PageUnderTest;
  const tabs: Tab[] = [];
  const opened: Tab[] = [];
  beforeAll(async () => {
    site = await PageUnderTest.start();
  });
  afterAll(async () => site[Symbol.asyncDispose]());

  afterEach(async () => {
    for (const { page } of opened.splice(0)) await page.context().close();
  });

  async function open(path: string, options?: Parameters<PageUnderTest["open"]>[1]) {
    const tab = await site.open(path, options);
    tabs.push(tab);
    opened.push(tab);
    return tab.page;
  }

  test("the header tells source, freshness and coverage", async () => {
    const page = await open("/");
    await eventually(() => page.locator(".connection").textContent()).toBe("live");
    expect(await page.locator(".source").textContent()).toContain("imaginary network");
    const labels = await page.locator(".coverage-item").allTextContents();
    expect(labels.map((label) => label.replace(/ [\d<>.,]+.*$/, ""))).toEqual(COVERAGE);
    await page.locator('[data-key="kernel_drops"]').hover();
    await page.getByRole("tooltip").filter({ hasText: "the kernel threw away" }).waitFor();
  });

  test("the overview shows figures, chart, protocols, talkers, oddities and flows", async () => {
    const page = await open("/");
    await eventually(() => page.locator('[data-figure="bits"] .now-value').textContent()).toMatch(/bit\/s$/);
    await page.locator(".plot canvas").waitFor();
    for (const list of [".protocols .bars li", ".talkers .bars li", ".odd-row", ".live-flows tbody tr"])
      await eventually(() => page.locator(list).count(), list).toBeGreaterThan(2);
    const clock = await page.locator(".source-clock").textContent();
    await eventually(() => page.locator(".source-clock").textContent(), "the capture clock moves").not.toBe(clock);
  });

  test("words and expressions search live flows, a wrong expression is told with its column", async () => {
    const page = await open("/flows");
    const rows = page.locator("tbody tr");
    await eventually(() => rows.count()).toBeGreaterThan(5);
    await page.keyboard.press("/");
    await page.keyboard.type("10.0.0.42");
    await eventually(async () => (await rows.allTextContents()).every((row) => row.includes("10.0.0.42"))).toBe(true);
    expect(page.url()).toContain("find=10.0.0.42");
    await page.keyboard.press("Escape");
    await page.keyboard.type("dest_port = 443 and proto = TCP");
    await eventually(async () => (await rows.allTextContents()).every((row) => row.includes(":443"))).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.type("nonsense = 1");
    await eventually(() => page.locator(".find-error").textContent()).toMatch(/nonsense.*column 1/s);
    tabs.at(-1)?.errors.splice(0); // The browser itself tells of the refused question.
  });

  test("a flow opens from the list, has an address of its own, and Esc closes it", async () => {
    const page = await open("/flows?view=history");
    await page.locator("tbody tr").nth(2).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByText("Timeline").waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/flows\/\d+$/);
    const again = await open(page.url().slice(site.url.length));
    await again.getByRole("dialog").getByText("Timeline").waitFor();
    expect(await again.getByRole("dialog").textContent()).toContain("client");
    await page.keyboard.press("Escape");
    await eventually(() => sheet.count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe("/flows");
  });

  test("arrows and Enter work in a table", async () => {
    const page = await open("/events/dns");
    const grid = page.getByRole("grid");
    await page.locator("tbody tr").first().waitFor();
    await grid.focus();
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    await eventually(() => page.locator(".event-json").textContent()).toContain('"event_type": "dns"');
    await page.keyboard.press("Escape");
    await eventually(() => page.getByRole("dialog").count()).toBe(0);
    expect(await page.evaluate("document.activeElement?.getAttribute('role')")).toBe("grid");
  });

  test("top values narrow the search", async () => {
    const page = await open("/events/dns");
    const value = page.locator(".top-value").first();
    await value.waitFor();
    await value.click();
    await eventually(() => new URL(page.url()).searchParams.get("find")).toMatch(/^\w+ = /);
  });

  test("pages of history follow each other", async () => {
    const page = await open("/events/tls");
    const more = page.getByRole("button", { name: /Show \d+ more/ });
    const shown = page.locator(".table-foot .num");
    await shown.waitFor();
    if ((await more.count()) === 0) return;
    const before = await shown.textContent();
    await more.click();
    await eventually(() => shown.textContent()).not.toBe(before);
  });

  test("the theme follows the system until it is chosen, and the choice stays", async () => {
    const page = await open("/", { colorScheme: "dark" });
    const scheme = () => page.evaluate("document.documentElement.dataset.mantineColorScheme");
    await eventually(scheme).toBe("dark");
    await page.getByRole("button", { name: /^Theme/ }).click();
    await eventually(scheme).toBe("light");
    await page.reload();
    await eventually(scheme).toBe("light");
  });

  test("held, the view stands still and says so", async () => {
    const page = await open("/");
    await eventually(() => page.locator(".connection").textContent()).toBe("live");
    await page.getByRole("button", { name: "Hold the view" }).click();
    const clock = await page.locator(".source-clock").textContent();
    await eventually(() => page.locator(".connection").textContent()).toMatch(/paused · \d update/);
    expect(await page.locator(".source-clock").textContent()).toBe(clock);
    await page.keyboard.press("p");
    await eventually(() => page.locator(".connection").textContent()).toBe("live");
  });

  test("a failing API is named, and the rest goes on", async () => {
    const tab = await site.open("/health");
    opened.push(tab);
    await tab.page.route("**/api/v1/kinds", (route) =>
      route.fulfill({ status: 503, json: { error: { code: "ODW_BUSY", message: "too many questions at once", mend: "try again" } } }),
    );
    await tab.page.locator(".coverage-item").first().waitFor();
    await tab.page.keyboard.press("3");
    await tab.page.getByText("too many questions at once").waitFor();
    expect(await tab.page.locator(".coverage-item").count()).toBe(COVERAGE.length);
    await tab.page.unroute("**/api/v1/kinds");
    await tab.page.getByRole("button", { name: "Try again" }).click();
    await tab.page.locator(".kind-tabs a").first().waitFor();
  });

  test("players are searched, one is read and marked, and the list knows it", async () => {
    const page = await open("/players");
    const rows = page.locator(".list-body tbody tr");
    await eventually(() => rows.count()).toBeGreaterThan(10);
    await page.getByLabel("Search players").fill("hak");
    await eventually(() => rows.count()).toBe(1);
    await rows.first().click();
    await page.getByRole("heading", { name: "Hakon" }).waitFor();
    for (const panel of ["Score over time", "Waits between actions"])
      await page.getByLabel(panel, { exact: true }).locator("canvas").waitFor();
    for (const panel of ["Evidence", "Sequence that comes again", "Path that comes again", "Findings", "Sessions", "Statistics"])
      await page.getByRole("region", { name: panel, exact: true }).waitFor();
    await page.getByLabel("On the watch list").click();
    await eventually(() => page.getByLabel("On the watch list").isChecked()).toBe(true);
    await page.getByLabel("Note").fill("<b>sells</b> gold");
    await page.getByRole("button", { name: "Save the note" }).click();
    await eventually(() => page.getByRole("button", { name: "Save the note" }).isDisabled()).toBe(true);
    await page.goto(`${site.url}/players?marked=watched`);
    await eventually(() => rows.allTextContents()).toEqual([expect.stringContaining("<b>sells</b> gold")]);
  });

  test("findings that wait are gravest first; a header sorts them otherwise, and the address keeps it", async () => {
    const page = await open("/findings");
    const shown = page.locator(".list-body tbody .severity");
    const ranks = async () => (await shown.allTextContents()).map((text) => severities.indexOf(text as Severity));
    await eventually(() => shown.count()).toBeGreaterThan(5);
    const gravest = await ranks();
    expect(new Set(gravest).size).toBeGreaterThan(1);
    expect(gravest).toEqual(gravest.toSorted((a, b) => b - a));
    const head = page.getByRole("columnheader", { name: "Severity" });
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    await head.getByRole("button").click();
    await eventually(() => new URL(page.url()).search).toBe("?order=severity");
    await eventually(async () => (await ranks()).at(0)).toBe(Math.min(...gravest));
    await page.locator(".list-body tbody tr").first().click();
    await page.locator(".finding-back").click();
    await eventually(() => new URL(page.url()).search).toBe("?order=severity");
    await eventually(() => head.getAttribute("aria-sort")).toBe("ascending");
  });

  test("a finding is read and marked with a key, leaves the open ones, and is not lost", async () => {
    const page = await open("/findings");
    const rows = page.locator(".list-body tbody tr");
    await eventually(() => rows.count()).toBeGreaterThan(5);
    await page.getByLabel("Category").selectOption("scan");
    await page.getByText(/at risk, \d+ techniques? of ATT&CK/).click();
    await page.getByRole("link", { name: "T1046", exact: true }).first().waitFor();
    await eventually(async () => (await rows.allTextContents()).every((text) => text.includes("scan"))).toBe(true);
    await rows.first().click();
    for (const panel of ["What was found", "State", "When it was told", "Around it"])
      await page.getByRole("region", { name: panel, exact: true }).waitFor();
    await page.getByText("Allow this from now on").click();
    await page
      .getByText(/detect: \{ allow: \["scan=/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByText("allowed already").waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1);
    await page.keyboard.press("b");
    await eventually(() => page.getByRole("button", { name: "Benign" }).getAttribute("aria-pressed")).toBe("true");
    await page.getByText(/that you called benign/).waitFor();
    await page.getByLabel("Note").fill("our own scanner");
    await page.getByRole("button", { name: "Save the note" }).click();
    await eventually(() => page.getByRole("button", { name: "Save the note" }).isDisabled()).toBe(true);
    await page.goto(`${site.url}/findings?state=benign`);
    await eventually(() => rows.count()).toBe(1);
    await rows.first().click();
    await eventually(() => new URL(page.url()).pathname.split("/").at(-1)).toBe(id);
    await eventually(() => page.getByLabel("Note").inputValue()).toBe("our own scanner");
  });

  test("a detector is switched, and a threshold is tried before it is set", async () => {
    const page = await open("/detectors");
    await page.getByLabel("Use packet-novelty").click();
    await page.getByText("switched on here").waitFor();
    await page.locator("summary", { hasText: "First contacts" }).click();
    const form = page.locator("form", { hasText: "targets-min" });
    await form.getByRole("textbox").fill("60");
    await form.getByRole("button", { name: "Try" }).click();
    await page.getByText("4 instead of 5 findings").waitFor();
    await form.getByRole("button", { name: "Set" }).click();
    await form.getByRole("button", { name: "Back to 25" }).waitFor();
  });

  test("plugins and unknown opcodes stand behind the players, closed until they are wanted", async () => {
    const page = await open("/players");
    const field = page.getByText("the CRC-32 of the bytes before it");
    await page.getByText("2 plugins, 2 unknown opcodes").waitFor();
    expect(await field.isVisible()).toBe(false);
    await page.getByText("2 plugins, 2 unknown opcodes").click();
    await eventually(() => field.isVisible()).toBe(true);
    await page.getByText("it is of ABI 9 and this Oddwire knows 5").waitFor();
  });

  test("without a live stream the page says why it is not live", async () => {
    const tab = await site.open("/nowhere");
    opened.push(tab);
    await tab.page.getByText("There is nothing at /nowhere").waitFor();
    await tab.page.routeWebSocket("**/api/v1/live*", (socket) => socket.close({ code: 1013, reason: "too many live clients" }));
    await tab.page.reload();
    await tab.page.getByText("No connection to the engine: too many live clients").waitFor();
  });

  test.each(sizes)("at $width pixels nothing is cut off sideways", async (viewport) => {
    const page = await open("/", { viewport });
    for (const view of views) {
      await page.goto(site.url + view);
      await page.locator(".coverage-item").first().waitFor();
      await eventually(() => page.locator("tbody tr, .counters div, .detectors-list li").count(), view).toBeGreaterThan(0);
      const wide = await page.evaluate(`[...document.querySelectorAll("html, body, .shell, .view, .panel, .table, .panel-head, .list-head")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .map((element) => element.className + " " + element.scrollWidth + " > " + element.clientWidth)`);
      expect(wide, view).toEqual([]);
    }
  });

  test("the first load is light", async () => {
    expect(await site.firstLoadBytes()).toBeLessThan(FIRST_LOAD_BYTES_MAX);
    const files = await site.files();
    expect(files.filter((name) => /\.(js|css)$/.test(name) && !/-[\w-]{8}\.\w+$/.test(name))).toEqual([]);
    expect(files.some((name) => name.endsWith(".js.br")) && files.some((name) => name.endsWith(".css.gz"))).toBe(true);
  });

  test("no tab had an error or asked another server", () => {
    expect(tabs.flatMap((tab) => tab.errors)).toEqual([]);
    expect(tabs.flatMap((tab) => tab.strangers)).toEqual([]);
  });
});
