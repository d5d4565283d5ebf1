import type { FrameBlock, FrameFilter } from "#contract/source.ts";

/** Takes the frames that do not pass out of the block's columns; returns how many. The bytes stay where they are. */
export function applyFilter(block: FrameBlock, filter: FrameFilter): number {
  const count = block.count;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    if (!filter.matches(block, i)) continue;
    if (kept !== i) moveFrame(block, i, kept);
    kept++;
  }
  block.count = kept;
  return count - kept;
}

function moveFrame(block: FrameBlock, from: number, to: number): void {
  block.offset[to] = block.offset[from] as number;
  block.captured[to] = block.captured[from] as number;
  block.wire[to] = block.wire[from] as number;
  block.time[to] = block.time[from] as number;
  block.linkType[to] = block.linkType[from] as number;
  block.vlan[to] = block.vlan[from] as number;
  block.flags[to] = block.flags[from] as number;
  block.interfaceIndex[to] = block.interfaceIndex[from] as number;
}
