import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseTime } from "#base/time.ts";
import { OddwireError } from "#contract/errors.ts";
import { EveFileSink } from "#deliver/eve-file.ts";
import type { Config } from "#schema/config.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { FeedCounts } from "#schema/suricata.ts";
import { SqliteSink } from "#store/sqlite/sink.ts";
import { eveOf } from "#suricata/configure.ts";
import { EveReader } from "#suricata/eve-reader.ts";
import { FlowTable, protocolNumber } from "#suricata/flow-table.ts";
import { JoinQueue } from "#suricata/join-queue.ts";
import { allKinds } from "./plugins.ts";
import { readFiles } from "./read.ts";
import { prepareSuricata, readKeeper, startKeeper } from "./suricata-setup.ts";

/** Flows of a file that alerts are joined to. */
const FLOWS_MAX = 2_000_000;
/** Of them, those between the same endpoints: all are there before the first alert is read. */
const SAME_MAX = 65_536;

export interface SuricataFileResult {
  readonly out: string;
  readonly flows: number;
  readonly alerts: readonly OddwireEvent[];
  readonly counts: FeedCounts;
}

/**
 * `oddwire suricata run -r FILE`: Oddwire and Suricata read the same capture, one after the other; Suricata's alerts,
 * joined to Oddwire's flows, go behind Oddwire's events in `eve.json` and the store.
 */
export async function runSuricataOnFile(config: Config, file: string, out: string): Promise<SuricataFileResult> {
  // What can fail for want of a Suricata fails before anything is written.
  const { directory, setup } = await prepareSuricata(config, { file });
  try {
    const { flows } = await readFiles({ files: [file], out, config, store: true, eve: true });
    const keeper = startKeeper(setup);
    await keeper.ended;
    const status = readKeeper(directory);
    if (status?.state !== "stopped")
      throw new OddwireError("ODW_SURICATA_FAILED", {
        cause: `Suricata failed: ${status?.process.ends.at(-1)?.words ?? "it did not start"}`,
      });
    const table = await flowsOf(join(out, "eve.json"));
    const alerts: OddwireEvent[] = [];
    const queue = new JoinQueue(table);
    const reader = new EveReader({ join: queue, tell: config["suricata.tell"], onEvent: (event) => void alerts.push(event) });
    for await (const line of linesOf(eveOf(directory))) reader.line(line);
    queue.retry(true);
    alerts.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
    await append(out, alerts);
    const { lines, bad, kinds } = reader;
    return {
      out,
      flows,
      alerts,
      counts: { lines, bad, alerts: reader.alerts, joined: { ...queue.counts }, kinds: Object.fromEntries(kinds), rotations: 0 },
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The flows that Oddwire told. */
async function flowsOf(path: string): Promise<FlowTable> {
  let id = "";
  const table = new FlowTable(() => id, FLOWS_MAX, SAME_MAX);
  for await (const line of linesOf(path)) {
    if (!line.includes('"event_type":"flow"')) continue;
    const event = JSON.parse(line) as OddwireEvent & { readonly flow: { readonly start: string } };
    id = typeof event["community_id"] === "string" ? event["community_id"] : "";
    table.add({
      flowId: event.flow_id ?? 0,
      time: parseTime(event.flow.start) ?? 0,
      client: event.src_ip ?? "",
      server: event.dest_ip ?? "",
      clientPort: event.src_port ?? Number(event["icmp_type"] ?? 0),
      serverPort: event.dest_port ?? Number(event["icmp_code"] ?? 0),
      protocol: protocolNumber(event.proto) ?? -1,
    });
  }
  return table;
}

const linesOf = (path: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });

/** Behind what the run over the file wrote. */
async function append(out: string, events: readonly OddwireEvent[]): Promise<void> {
  const lines = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const store = new SqliteSink(join(out, "oddwire.db"), allKinds, { mode: "live", retentionDays: 0, bytesMax: 0 });
  for (const sink of [new EveFileSink(out, { mode: "live" }), store]) {
    await sink.start();
    await sink.write(lines);
    await sink.flush();
    await sink[Symbol.asyncDispose]();
  }
}
