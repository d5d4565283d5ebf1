/**
 * `npm run bench:bots -- --captures`: scores each side of each flow in the game captures of $ODDWIRE_CORPORA as if it were
 * a player. No plugin reads them, so that only sizes and times are visible; nobody in them is known to be a bot.
 */

import { BlockPoolMemory } from "#capture/block.ts";
import { openCaptures } from "#capture/open.ts";
import type { FrameBlock } from "#contract/source.ts";
import { defaultBotConfig } from "#engine/bots/bot-config.ts";
import { type BotScorer, createBotScorers, rawOpcode } from "#engine/bots/bot-scorer.ts";
import { fuse } from "#engine/bots/fusion.ts";
import { BATCH_PACKETS, PacketColumns } from "#flow/columns.ts";
import { Decoder } from "#flow/decode.ts";
import { newCounters } from "#schema/metrics.ts";
import { corpus, withoutCorpora } from "#test/e2e/corpora.ts";

export interface CaptureSides {
  readonly file: string;
  readonly sides: number;
  /** Sides with enough actions left, once clocks are taken out, for a verdict. */
  readonly reached: number;
  readonly packetsMost: number;
  readonly actionsMost: number;
  readonly bots: number;
  /** Sides whose score passes the bound for "bot": what would be said if raw packets could prove anything. */
  readonly beyondBound: number;
  /** Sides that the four weighted heuristics would flag, with the same waiver. */
  readonly classicBeyond: number;
}

interface Flow {
  readonly sides: readonly [Side, Side];
}

interface Side {
  readonly rhythm: BotScorer;
  readonly classic: BotScorer;
}

const flowsMax = 10_000;
const { rhythm, classic } = defaultBotConfig;
const bound = Math.log((1 - rhythm.miss) / rhythm.falseAlarm);
const makeRhythm = createBotScorers(defaultBotConfig);
const makeClassic = createBotScorers({ ...defaultBotConfig, scorer: "classic" });

/** One entry for each capture of the kind "game"; empty, with the reason, where there are none. */
export async function scoreCaptures(): Promise<CaptureSides[]> {
  if (withoutCorpora !== undefined) throw new Error(withoutCorpora);
  const results: CaptureSides[] = [];
  for (const { path, file, category } of corpus()) if (category === "game") results.push(summary(file, await flowsOf(path)));
  return results.toSorted((a, b) => b.packetsMost - a.packetsMost);
}

async function flowsOf(path: string): Promise<Map<string, Flow>> {
  const flows = new Map<string, Flow>();
  const pool = new BlockPoolMemory({ blocks: 1, bytesMax: 1_048_576, framesMax: 16_384, shared: false });
  const decoder = new Decoder({ checksums: "no" }, newCounters());
  const columns = new PacketColumns();
  await using source = await openCaptures([path], { pool });
  for (let block = await source.next(); block !== undefined; block = await source.next()) {
    for (let from = 0; from < block.count; from += BATCH_PACKETS) {
      decoder.decode(block, from, Math.min(block.count, from + BATCH_PACKETS), columns);
      for (let row = 0; row < columns.count; row++) take(block, columns, row, flows);
    }
    source.release(block);
  }
  return flows;
}

function take(block: FrameBlock, columns: PacketColumns, row: number, flows: Map<string, Flow>): void {
  const size = columns.payloadWireBytes[row] as number;
  if (columns.ipVersion[row] === 0 || (columns.l4[row] as number) < 0 || size <= 0) return;
  const words = (name: "source" | "target") => [0, 1, 2, 3].map((word) => columns[`${name}${word as 0}`][row]).join(".");
  const ends = [`${words("source")}:${columns.sourcePort[row]}`, `${words("target")}:${columns.targetPort[row]}`];
  const side = (ends[0] as string) < (ends[1] as string) ? 0 : 1;
  const key = `${columns.protocol[row]} ${ends.toSorted().join(" ")}`;
  const flow = flows.get(key) ?? { sides: [newSide(), newSide()] as const };
  if (!flows.has(key) && flows.size < flowsMax) flows.set(key, flow);
  const time = block.time[columns.frame[row] as number] as number;
  const [own, other] = [flow.sides[side], flow.sides[side === 0 ? 1 : 0]];
  own.rhythm.action(time, rawOpcode, size, 0);
  own.classic.action(time, rawOpcode, size, 0);
  other.rhythm.serverEvent(time, size >> 4);
}

const newSide = (): Side => ({ rhythm: makeRhythm(), classic: makeClassic() });

function summary(file: string, flows: ReadonlyMap<string, Flow>): CaptureSides {
  const sides = [...flows.values()].flatMap((flow) => flow.sides);
  const verdicts = sides.map((side) => side.rhythm.verdict());
  const old = sides.map((side) => side.classic.verdict());
  return {
    file,
    sides: verdicts.filter((verdict) => verdict.packets > 0).length,
    reached: verdicts.filter((verdict) => verdict.actions >= verdict.actionsMin).length,
    packetsMost: Math.max(0, ...verdicts.map((verdict) => verdict.packets)),
    actionsMost: Math.max(0, ...verdicts.map((verdict) => verdict.actions)),
    bots: verdicts.filter((verdict) => verdict.says === "bot").length,
    beyondBound: verdicts.filter((verdict) => fuse(verdict.parts.map((part) => part.value)) >= bound).length,
    classicBeyond: old.filter((verdict) => verdict.packets >= classic.actionsMin && verdict.score >= classic.botScore).length,
  };
}
