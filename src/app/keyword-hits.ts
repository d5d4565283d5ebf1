import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEYWORD_GID } from "#engine/keywords/compile.ts";
import type { Config } from "#schema/config.ts";
import { readFiles } from "./read.ts";

/** One alert of a keyword in a capture. */
export interface KeywordHitRow {
  readonly sid: number;
  readonly keyword: string;
  readonly signature: string;
  readonly time: string;
  readonly flow: number;
  readonly source: string;
  readonly target: string;
  readonly protocol: string;
  readonly buffer: string;
  readonly offset: number;
  /** The bytes that matched, those that cannot be shown as dots. */
  readonly matched: string;
}

interface AlertEvent {
  readonly timestamp: string;
  readonly flow_id?: number;
  readonly src_ip?: string;
  readonly src_port?: number;
  readonly dest_ip?: string;
  readonly dest_port?: number;
  readonly app_proto?: string;
  readonly proto?: string;
  readonly alert: {
    readonly gid: number;
    readonly signature_id: number;
    readonly signature: string;
    readonly metadata?: { readonly keyword?: readonly string[] };
  };
  readonly matches?: readonly { readonly buffer: string; readonly offset: number; readonly bytes: string }[];
}

/** Reads a capture with the default list and those of a folder, and tells what they find. */
export async function keywordHits(file: string, config: Config, directory: string): Promise<readonly KeywordHitRow[]> {
  const out = mkdtempSync(join(tmpdir(), "oddwire-hits-"));
  try {
    await readFiles({
      files: [file],
      out,
      config: {
        ...config,
        "keywords.default": config["keywords.default"] === "no" ? "no" : "yes",
        "lists.directory": directory,
        "engine.workers": 1,
      },
      store: false,
      eve: true,
    });
    return readFileSync(join(out, "eve.json"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"event_type":"alert"') && line.includes(`"gid":${KEYWORD_GID},`))
      .map((line) => hitOf(JSON.parse(line) as AlertEvent));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function hitOf(event: AlertEvent): KeywordHitRow {
  const [match] = event.matches ?? [];
  return {
    sid: event.alert.signature_id,
    keyword: event.alert.metadata?.keyword?.[0] ?? "",
    signature: event.alert.signature,
    time: event.timestamp,
    flow: event.flow_id ?? 0,
    source: `${event.src_ip ?? "?"}:${event.src_port ?? 0}`,
    target: `${event.dest_ip ?? "?"}:${event.dest_port ?? 0}`,
    protocol: event.app_proto ?? event.proto ?? "",
    buffer: match?.buffer ?? "",
    offset: match?.offset ?? 0,
    matched: match?.bytes ?? "",
  };
}
