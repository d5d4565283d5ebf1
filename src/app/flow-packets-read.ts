/**
 * Writes the packets of one flow, out of capture files, to standard output as a pcap file. A process of its own: the files
 * are large, and what reads live traffic must not wait for them.
 */
import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { BlockPoolMemory } from "#capture/block.ts";
import { openCaptures } from "#capture/open.ts";
import { pcapHeader, RECORD_BYTES } from "#capture/record/recording-file.ts";
import type { PacketsQuestion } from "#contract/flow-packets.ts";
import type { FrameBlock } from "#contract/source.ts";
import { carries, endsOf, type FlowEnds } from "./flow-frames.ts";

export interface FlowPacketsRead {
  readonly files: readonly string[];
  readonly question: PacketsQuestion;
}

/** Largest file that is written; a flow that is larger is told by its beginning. */
const bytesMax = 268_435_456;
const snapBytes = 262_144;
/** Times of events are those of the flow's own packets; of what is wrapped around them some more is let in. */
const slackMicros = 1_000_000;
/** How long a reader that is not ready is waited for, before it is tried again. */
const waitMs = 5;

async function writeFlowPackets({ files, question }: FlowPacketsRead): Promise<void> {
  const ends = endsOf(question);
  const pool = new BlockPoolMemory({ bytesMax: 1 << 19, framesMax: 8192, blocks: 1, shared: false });
  await using source = await openCaptures(files, { pool });
  let linkType: number | undefined;
  let written = 0;
  for (let block = await source.next(); block !== undefined; block = await source.next()) {
    const parts: Uint8Array[] = [];
    for (const index of ends === undefined ? [] : framesOf(block, ends, question)) {
      if (linkType === undefined) parts.push(pcapHeader(block.linkType[index] as number, snapBytes));
      // A pcap file has one link type: that of the flow's first packet.
      linkType ??= block.linkType[index];
      if (block.linkType[index] === linkType) parts.push(recordOf(block, index));
    }
    // The parts are copies: the block may be read over.
    source.release(block);
    written += await writeAll(Buffer.concat(parts));
    if (written > bytesMax) source.stop();
  }
  if (linkType === undefined) await writeAll(pcapHeader(1, snapBytes));
}

function framesOf(block: FrameBlock, ends: FlowEnds, { from, to }: PacketsQuestion): number[] {
  const found: number[] = [];
  for (let index = 0; index < block.count; index++) {
    const time = block.time[index] as number;
    if (time < from - slackMicros || time > to + slackMicros) continue;
    const start = block.offset[index] as number;
    if (carries(block.bytes, start, start + (block.captured[index] as number), ends)) found.push(index);
  }
  return found;
}

function recordOf(block: FrameBlock, index: number): Uint8Array {
  const [from, captured, time] = [block.offset[index] as number, block.captured[index] as number, block.time[index] as number];
  const record = new Uint8Array(RECORD_BYTES + captured);
  const view = new DataView(record.buffer);
  const seconds = Math.floor(time / 1_000_000);
  view.setUint32(0, seconds, true);
  view.setUint32(4, time - seconds * 1_000_000, true);
  view.setUint32(8, captured, true);
  view.setUint32(12, Math.max(captured, block.wire[index] as number), true);
  record.set(block.bytes.subarray(from, from + captured), RECORD_BYTES);
  return record;
}

/** Standard output is a pipe to whoever asked, and may be full. Ends with EPIPE when nobody reads any more. */
async function writeAll(bytes: Uint8Array): Promise<number> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      await setTimeout(waitMs);
    }
  }
  return bytes.length;
}

if (import.meta.main) await writeFlowPackets(JSON.parse(process.argv[2] ?? "{}") as FlowPacketsRead);
