import { readFileSync } from "node:fs";
import { join } from "node:path";
import { enabledPlugins } from "#app/plugins.ts";
import { BlockPoolMemory } from "#capture/block.ts";
import { openCaptures } from "#capture/open.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import type { Plugin } from "#contract/plugin.ts";
import { openPlugins } from "#contract/plugin.ts";
import type { Sink } from "#contract/sink.ts";
import type { Source } from "#contract/source.ts";
import { KEYWORD_GID } from "#engine/keywords/compile.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { runInline } from "#pipeline/run-inline.ts";
import { defaultConfig } from "#schema/config.ts";
import { NAIVE_GID, naivePlugin } from "./naive-words.ts";

/** Something that a search has found in a flow. */
export interface Found {
  readonly flow: number;
  readonly sid: number;
  /** Note of the keyword, or the naive word. */
  readonly name: string;
  readonly protocol: string;
  readonly buffer: string;
  readonly matched: string;
  readonly time: string;
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
}

interface AlertLine {
  readonly src_ip?: string;
  readonly src_port?: number;
  readonly dest_ip?: string;
  readonly dest_port?: number;
  readonly timestamp: string;
  readonly flow_id?: number;
  readonly app_proto?: string;
  readonly proto?: string;
  readonly alert: { readonly gid: number; readonly signature_id: number; readonly signature: string };
  readonly matches?: readonly { readonly buffer: string; readonly bytes: string }[];
}

export const defaultList: string = join(import.meta.dirname, "../../rules/keywords.txt");

const material = (): RuleMaterial => ({
  files: [],
  variables: { addresses: {}, ports: {} },
  lists: {},
  keywords: [{ name: "default", text: readFileSync(defaultList, "utf8") }],
});

const isNeeded = (plugin: Plugin): boolean => plugin.name !== "signature";

/** Reads a source with the default list, and beside it for bare substrings: what each of them finds, once a flow. */
export async function search(source: Source): Promise<{ readonly keywords: readonly Found[]; readonly naive: readonly Found[] }> {
  const keywords: Found[] = [];
  const naive: Found[] = [];
  const sink: Sink = {
    name: "alerts",
    start: () => Promise.resolve(),
    flush: () => Promise.resolve(),
    dropped: 0,
    write(lines) {
      for (const line of Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString("utf8").split("\n"))
        if (line.includes('"event_type":"alert"')) take(JSON.parse(line) as AlertLine, keywords, naive);
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const plugins = [...(await openPlugins(enabledPlugins(defaultConfig).filter(isNeeded))), naivePlugin];
  await runInline({ config: defaultConfig, source, sinks: [sink], plugins, platform: createNodePlatform(), rules: material() });
  return { keywords, naive };
}

/** The same for a capture file. */
export async function searchFile(path: string): ReturnType<typeof search> {
  const pool = new BlockPoolMemory({ bytesMax: 1 << 19, framesMax: 8192, blocks: 2, shared: false, poison: false });
  await using source = await openCaptures([path], { pool });
  return await search(source);
}

function take(event: AlertLine, keywords: Found[], naive: Found[]): void {
  const [match] = event.matches ?? [];
  const found: Found = {
    flow: event.flow_id ?? 0,
    sid: event.alert.signature_id,
    name: event.alert.signature,
    protocol: event.app_proto ?? event.proto ?? "",
    buffer: match?.buffer ?? "",
    matched: match?.bytes ?? "",
    time: event.timestamp,
    addresses: [event.src_ip ?? "", event.dest_ip ?? ""],
    ports: [event.src_port ?? 0, event.dest_port ?? 0],
  };
  if (event.alert.gid === KEYWORD_GID) keywords.push(found);
  else if (event.alert.gid === NAIVE_GID) naive.push(found);
}
