import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import type { FlowPackets, PacketsQuestion } from "#contract/flow-packets.ts";
import type { FlowPacketsRead } from "./flow-packets-read.ts";
import { startSideProcess } from "./side-process.ts";

/** Flows whose packets are looked for at once. */
const readsMax = 2;
/** A recording's file is written to for a moment after its last packet. */
const slackMs = 60_000;
const readModule = join(import.meta.dirname, "flow-packets-read.ts");

/** Packets of flows out of capture files, each time in a process of its own. */
export class KeptPackets implements FlowPackets {
  readonly #filesOf: (from: number, to: number) => readonly string[];
  #reads = 0;

  /** `filesOf` names the files that may hold packets between two times, microseconds. */
  constructor(filesOf: (from: number, to: number) => readonly string[]) {
    this.#filesOf = filesOf;
  }

  has(from: number, to: number): boolean {
    return this.#filesOf(from, to).length > 0;
  }

  read(question: PacketsQuestion): AsyncIterable<Uint8Array> | undefined {
    const files = this.#filesOf(question.from, question.to);
    if (files.length === 0) return undefined;
    if (this.#reads >= readsMax)
      throw new OddwireError("ODW_BUSY", { cause: "packets of other flows are being looked for", limit: String(readsMax) });
    const given: FlowPacketsRead = { files, question };
    const child = startSideProcess(readModule, given, "below-normal");
    this.#reads++;
    child.once("close", () => this.#reads--);
    child.on("error", () => child.stdout.destroy());
    child.stdout.once("close", () => child.kill("SIGKILL"));
    return child.stdout;
  }
}

/** Files of a recording: named by their first packet, written to until their last. */
export function recordedFiles(directory: string, from: number, to: number): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .filter((name) => startOf(name) <= to / 1000 + slackMs)
    .map((name) => join(directory, name))
    .filter((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= from / 1000 - slackMs)
    .toSorted();
}

/** `oddwire-20261126T004907.281216Z.pcap`: milliseconds since 1970; endless for what is none. */
function startOf(name: string): number {
  const [, year, month, day, hour, minute, second] = /^oddwire-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.\d{6}Z.*\.pcap$/.exec(name) ?? [];
  if (year === undefined) return Number.POSITIVE_INFINITY;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
