import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build } from "vite";

export const CHROMIUM = "/usr/bin/chromium";
export const hasChromium = existsSync(CHROMIUM);

const ROOT = new URL("../..", import.meta.url).pathname;
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"].concat(
  "--disable-component-update",
  "--disable-sync",
);
const START_MS = 20_000;

/** A tab with what went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** Errors of the console and of scripts. */
  readonly errors: string[];
  /** Addresses of other origins that the page asked for. */
  readonly strangers: string[];
}

/** The built page, served by the development server over its imaginary network, in a browser. */
export class PageUnderTest {
  readonly url: string;
  readonly #web: string;
  readonly #server: ChildProcess;
  readonly #browser: Browser;

  constructor(url: string, web: string, server: ChildProcess, browser: Browser) {
    this.url = url;
    this.#web = web;
    this.#server = server;
    this.#browser = browser;
  }

  /** `flags` are those of the development server. */
  static async start(...flags: readonly string[]): Promise<PageUnderTest> {
    const web = await mkdtemp(join(tmpdir(), "oddwire-web-"));
    await build({ configFile: join(ROOT, "web/vite.config.ts"), logLevel: "error", build: { outDir: web } });
    const server = spawn(process.execPath, [join(ROOT, "test/dev-server.ts"), "--port", "0", "--web", web, ...flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await addressOf(server);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    return new PageUnderTest(url, web, server, browser);
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<Tab> {
    const context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    const errors: string[] = [];
    const strangers: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("request", (request) => {
      if (new URL(request.url()).host !== new URL(this.url).host) strangers.push(request.url());
    });
    await page.goto(this.url + path);
    return { page, errors, strangers };
  }

  /** Bytes of the files that the overview needs, as they travel. */
  async firstLoadBytes(): Promise<number> {
    const { page } = await this.open("/");
    await page.getByText("live", { exact: true }).waitFor();
    const paths: string[] = await page.evaluate(
      "performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname).filter((path) => /\\.(js|css)$/.test(path))",
    );
    await page.context().close();
    const sizes = await Promise.all(paths.map(async (path) => (await stat(await this.#compressed(path))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Small files have no compressed sibling. */
  async #compressed(path: string): Promise<string> {
    const file = join(this.#web, path);
    return existsSync(`${file}.br`) ? `${file}.br` : file;
  }

  /** Names of the built files. */
  files(): Promise<string[]> {
    return readdir(join(this.#web, "assets"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    this.#server.kill("SIGTERM");
    await rm(this.#web, { recursive: true, force: true });
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the development server does not start")), START_MS);
    server.once("exit", (code) => reject(new Error(`the development server ended with ${code}`)));
    server.stdout?.on("data", (chunk: Buffer) => {
      const address = /listening on (\S+)/.exec(chunk.toString())?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}
