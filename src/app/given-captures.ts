import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { OddwireError } from "#contract/errors.ts";
import type { CapturesAnswer, GivenCapture, GivenCaptures, OpenedCapture } from "#contract/given-captures.ts";
import type { Config } from "#schema/config.ts";
import { pieceBytesMax } from "#schema/given-capture.ts";
import { openFindingMarks } from "./finding-marks.ts";
import { KeptPackets } from "./flow-packets.ts";
import type { GivenRead, GivenReadLine } from "./given-read.ts";
import { allKinds } from "./plugins.ts";
import { type SideProcess, startSideProcess } from "./side-process.ts";

/** Captures that are kept; the oldest goes when there is one more. */
const capturesMax = 8;
const nameCharactersMax = 120;
/** Longest time that reading one may take. */
const readMinutesMax = 15;
/** Memory for objects of the process that reads. */
const heapMegabytesMax = 1024;

const readModule = join(import.meta.dirname, "given-read.ts");

/**
 * Captures that people give to the page, each in a folder of its own: the file, what is known of it, and the store that
 * was read from it. One is read at a time, in a process behind all others in line for the processor.
 *
 *   taking ──pieces──► waiting ──► reading ──► ready
 *                                     └──────► failed
 */
export class FolderOfCaptures implements GivenCaptures, AsyncDisposable {
  readonly #folder: string;
  readonly #config: Config;
  readonly #captures = new Map<string, GivenCapture>();
  #reading: SideProcess | undefined;
  #closed = false;

  /** `folder` is made when the first capture comes. */
  constructor(folder: string, config: Config) {
    this.#folder = folder;
    this.#config = { ...config, "engine.workers": 1, "record.directory": "" };
    for (const id of existsSync(folder) ? readdirSync(folder) : []) this.#remember(id);
  }

  answer(): CapturesAnswer {
    const captures = [...this.#captures.values()].toSorted((a, b) => b.given_at - a.given_at);
    return { captures, bytes_max: this.#bytesMax, piece_bytes_max: pieceBytesMax };
  }

  async begin(name: string): Promise<GivenCapture> {
    const oldest = [...this.#captures.values()].toSorted((a, b) => a.given_at - b.given_at);
    for (const { id } of oldest.slice(0, Math.max(0, oldest.length + 1 - capturesMax))) await this.remove(id);
    const id = randomBytes(6).toString("hex");
    const shown = name.replace(/^.*[/\\]/, "").slice(0, nameCharactersMax) || "capture";
    try {
      mkdirSync(this.#at(id), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw refused(error);
    }
    return this.#keep({ id, name: shown, bytes: 0, given_at: Date.now() * 1000, state: "taking" });
  }

  async append(id: string, offset: number, piece: Uint8Array): Promise<GivenCapture> {
    const capture = this.#get(id);
    if (capture.state !== "taking" || offset > capture.bytes)
      throw new OddwireError("ODW_CAPTURE_REFUSED", {
        cause: `the next piece begins at ${capture.bytes}`,
        mend: "give it from the beginning",
      });
    const bytes = Math.max(capture.bytes, offset + piece.length);
    if (bytes > this.#bytesMax) {
      await this.remove(id);
      const limit = `it is larger than ${this.#bytesMax} bytes`;
      throw new OddwireError("ODW_CAPTURE_REFUSED", { cause: limit, mend: "read it with `oddwire read`, or raise api.capture-bytes-max" });
    }
    // Known as taken before the bytes are written: a second request for the same place must not come between.
    const taken = this.#set({ ...capture, bytes });
    try {
      await using file = await open(this.#at(id, "capture"), offset === 0 ? "w" : "r+", 0o600);
      await file.write(piece, 0, piece.length, offset);
    } catch (error) {
      await this.remove(id);
      throw refused(error);
    }
    return taken;
  }

  async read(id: string): Promise<GivenCapture> {
    const capture = this.#get(id);
    if (capture.state !== "taking") return capture;
    if (capture.bytes === 0) throw new OddwireError("ODW_CAPTURE_REFUSED", { cause: "it is empty", mend: "give a pcap or pcapng file" });
    const waiting = this.#keep({ ...capture, state: "waiting" });
    this.#readNext();
    return waiting;
  }

  async remove(id: string): Promise<void> {
    const { state } = this.#get(id);
    this.#captures.delete(id);
    if (state === "reading") this.#reading?.kill("SIGKILL");
    await rm(this.#at(id), { recursive: true, force: true });
  }

  async open(id: string): Promise<OpenedCapture | undefined> {
    if (this.#captures.get(id)?.state !== "ready") return undefined;
    const { SqliteStore } = await import("#store/sqlite/store.ts");
    await using stack = new AsyncDisposableStack();
    const store = stack.use(new SqliteStore(this.#at(id, "oddwire.db"), allKinds));
    await store.start();
    const findings = stack.use(openFindingMarks(this.#at(id)));
    const kept = stack.move();
    const packets = new KeptPackets(() => [this.#at(id, "capture")]);
    return { store, findings, packets, [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const reading = this.#reading;
    if (reading === undefined) return;
    const ended = once(reading, "close");
    reading.kill("SIGKILL");
    await ended;
  }

  get #bytesMax(): number {
    return this.#config["api.capture-bytes-max"];
  }

  #get(id: string): GivenCapture {
    const capture = this.#captures.get(id);
    if (capture === undefined) throw new OddwireError("ODW_CAPTURE_UNKNOWN", { id });
    return capture;
  }

  #set(capture: GivenCapture): GivenCapture {
    this.#captures.set(capture.id, capture);
    return capture;
  }

  /** Keeps it on the disk too: what was read is there again after a restart. */
  #keep(capture: GivenCapture): GivenCapture {
    try {
      writeFileSync(this.#at(capture.id, "about.json"), JSON.stringify(capture), { mode: 0o600 });
    } catch (error) {
      throw refused(error);
    }
    return this.#set(capture);
  }

  /** What an earlier run has left; what it did not finish is of no use. */
  #remember(id: string): void {
    if (!/^[0-9a-f]{12}$/.test(id)) return;
    try {
      const capture = JSON.parse(readFileSync(this.#at(id, "about.json"), "utf8")) as GivenCapture;
      const isDone = capture.state === "ready" || capture.state === "failed";
      this.#captures.set(id, isDone ? { ...capture, id } : { ...capture, id, state: "failed", cause: "Oddwire ended before it was read" });
    } catch {
      return;
    }
  }

  #readNext(): void {
    const next = [...this.#captures.values()].find(({ state }) => state === "waiting");
    if (this.#closed || this.#reading !== undefined || next === undefined) return;
    void this.#readOne(next).finally(() => {
      this.#reading = undefined;
      this.#readNext();
    });
  }

  async #readOne(capture: GivenCapture): Promise<void> {
    const given: GivenRead = { file: this.#at(capture.id, "capture"), out: this.#at(capture.id), config: this.#config };
    const child = startSideProcess(readModule, given, "low", heapMegabytesMax);
    this.#reading = child;
    this.#set({ ...capture, state: "reading" });
    const timer = setTimeout(() => child.kill("SIGKILL"), readMinutesMax * 60_000);
    let outcome: GivenReadLine = { cause: `reading it broke off, or took longer than ${readMinutesMax} minutes` };
    child.on("error", () => child.kill());
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as GivenReadLine;
      if ("share" in line) this.#progress(capture.id, line);
      else outcome = line;
    }
    clearTimeout(timer);
    if (this.#captures.has(capture.id) && !this.#closed) this.#finish(this.#get(capture.id), outcome);
  }

  #progress(
    id: string,
    { share, packets }: Extract<GivenReadLine, { readonly packets: number; readonly share: number | undefined }>,
  ): void {
    const capture = this.#captures.get(id);
    if (capture !== undefined) this.#set({ ...capture, packets, ...(share === undefined ? {} : { share }) });
  }

  /** A full disk keeps nobody from seeing what came of it. */
  #finish({ id, name, bytes, given_at }: GivenCapture, outcome: GivenReadLine): void {
    const facts = { id, name, bytes, given_at };
    const done: GivenCapture =
      "done" in outcome
        ? { ...facts, state: "ready", packets: outcome.packets, flows: outcome.flows, findings: outcome.findings }
        : { ...facts, state: "failed", cause: "cause" in outcome ? outcome.cause : "reading it broke off" };
    try {
      this.#keep(done);
    } catch {
      this.#set(done);
    }
  }

  #at(id: string, ...names: readonly string[]): string {
    return join(this.#folder, id, ...names);
  }
}

const refused = (error: unknown): OddwireError =>
  new OddwireError(
    "ODW_CAPTURE_REFUSED",
    {
      cause: error instanceof Error ? error.message : String(error),
      mend: "see whether the disk is full, and who may write in the output directory",
    },
    { cause: error },
  );
