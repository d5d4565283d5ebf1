import { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, type ParserContext, type ProtocolDefinition, type Side, type Transaction } from "#contract/parser.ts";
import { quietContext } from "#test/protocol/drive.ts";

/** A step of a connection: bytes of a side, or how many bytes of it the capture lacks. */
export type Step = readonly [Side, Uint8Array | number];

export interface Outcome {
  /** Transaction number and fields, in the order in which they were told. */
  readonly events: readonly (readonly [number, Transaction])[];
  readonly anomalies: readonly string[];
  /** FINISHED or FAILED when the parser ended the connection. */
  readonly ended: number | undefined;
}

/**
 * Feeds a connection to a parser as the flow layer does: what was not consumed comes again with what follows it.
 * `size` says how long the next piece is. Throws when the parser consumes more than it was given.
 */
export function drive(
  definition: ProtocolDefinition,
  steps: readonly Step[],
  size: () => number = () => Number.POSITIVE_INFINITY,
): Outcome {
  const events: [number, Transaction][] = [];
  const anomalies: string[] = [];
  const context: ParserContext = {
    ...quietContext(),
    emit: (_kind, _side, txId, fields) => events.push([txId, fields]),
    anomaly: (_side, event) => anomalies.push(event),
    clientPort: 40_000,
    serverPort: 80,
    transport: "tcp",
  };
  const parser = definition.create(context);
  const tails: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  const run = (): number | undefined => {
    for (const [side, what] of steps) {
      if (typeof what === "number") {
        tails[side] = new Uint8Array(0);
        if (!parser.gap(side, what)) return FINISHED;
        continue;
      }
      for (let at = 0; at < what.length; ) {
        const stop = Math.min(what.length, at + size());
        const joined = joinBytes(tails[side], what.subarray(at, stop));
        const consumed = parser.data(side, surrounded(joined));
        if (consumed === FINISHED || consumed === FAILED) return consumed;
        if (consumed < 0 || consumed > joined.length) throw new Error(`consumed ${consumed} of ${joined.length} bytes`);
        tails[side] = joined.slice(consumed);
        at = stop;
      }
    }
    return undefined;
  };
  const ended = run();
  parser.end();
  return { events, anomalies, ended };
}

/** A view whose surroundings are poison: a parser that reads outside gives other results. */
function surrounded(bytes: Uint8Array): ByteView {
  const all = new Uint8Array(bytes.length + 32).fill(0xdb);
  all.set(bytes, 16);
  const view = ByteView.over(all);
  view.at = 16;
  view.end = 16 + bytes.length;
  return view;
}

function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** Bytes of a text, one for each character. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
