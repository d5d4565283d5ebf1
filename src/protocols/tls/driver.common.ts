import { ByteView, fromHex } from "#base/bytes.ts";
import { Side, type Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import { quietContext } from "#test/protocol/drive.ts";
import { TlsParser } from "./parser.ts";

/** What one side sent: hexadecimal text, or how many bytes of it the capture does not hold. */
export type Step = readonly [side: number, hexOrGap: string | number];

export interface Outcome {
  readonly events: Transaction[];
  /** Side and number of each event. */
  readonly places: string[];
  readonly anomalies: string[];
  /** What the last call of `data` answered. */
  last: number;
}

/**
 * Drives a parser as the flow layer does: what it did not take comes again with what follows, and the memory is
 * overwritten after each call. `cut` gives the size of the next segment.
 */
export function drive(steps: readonly Step[], platform: Platform, cut: () => number = () => 1 << 20): Outcome {
  const outcome: Outcome = { events: [], places: [], anomalies: [], last: 0 };
  const parser = new TlsParser({
    ...quietContext(),
    emit(kind, side, txId, fields): void {
      outcome.places.push(`${kind} ${side} ${txId}`);
      // The fields must be JSON-ready, and theirs is the moment of the call.
      outcome.events.push(JSON.parse(JSON.stringify(fields)) as Transaction);
    },
    anomaly: (_side, event) => outcome.anomalies.push(event),
    clientPort: 50_000,
    serverPort: 443,
    transport: "tcp",
    platform,
  });
  const tails = [new Uint8Array(0), new Uint8Array(0)];
  for (const [side, what] of steps) {
    if (outcome.last < 0) break;
    if (typeof what === "number") {
      tails[side] = new Uint8Array(0);
      if (!parser.gap(side as Side, what)) break;
    } else outcome.last = feed(parser, side as Side, fromHex(what), tails, cut);
  }
  parser.end();
  return outcome;
}

function feed(parser: TlsParser, side: Side, bytes: Uint8Array, tails: Uint8Array[], cut: () => number): number {
  let answer = 0;
  for (let at = 0; at < bytes.length && answer >= 0; ) {
    const size = Math.max(1, cut());
    const tail = tails[side] as Uint8Array;
    const piece = bytes.subarray(at, at + size);
    // In the middle of larger memory, as in a capture block.
    const memory = new Uint8Array(tail.length + piece.length + 16).fill(0xdb);
    memory.set(tail, 8);
    memory.set(piece, 8 + tail.length);
    const view = ByteView.over(memory);
    view.at = 8;
    view.end = memory.length - 8;
    const length = view.length;
    answer = parser.data(side, view);
    if (answer > length) throw new RangeError(`took ${answer} of ${length} bytes`);
    if (answer >= 0) tails[side] = memory.slice(8 + answer, memory.length - 8);
    memory.fill(0xdb);
    at += size;
  }
  return answer;
}

export const { toServer: CLIENT, toClient: SERVER } = Side;
