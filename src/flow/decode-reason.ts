import type { FrameBlock } from "#contract/source.ts";
import { verdictText } from "#wire/verdict.ts";
export const decodeReason = (_block: FrameBlock, _index: number, verdict: number): string => verdictText(verdict);
