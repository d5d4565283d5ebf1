import { FAILED, FINISHED, type ParserContext, type ProtocolDefinition, type Side, type Transaction } from "#contract/parser.ts";
import { joinBytes, quietContext, surrounded } from "#test/protocol/drive.ts";

/** A step of a flow: a datagram or bytes of a stream, or how many bytes the capture lacks. */
export type Step = readonly [Side, Uint8Array | number];

export interface Outcome {
  /** Transaction number and fields, in the order in which they were told. */
  readonly events: readonly (readonly [number, Transaction])[];
  readonly anomalies: readonly string[];
  /** Answer of each call. */
  readonly answers: readonly number[];
}

/**
 * Feeds a flow to a parser as the flow layer does: of a stream, what was not consumed comes again with what follows.
 * `size` says how long the next piece of a stream is. Throws when the parser consumes more than it was given.
 */
export function drive(
  definition: ProtocolDefinition,
  steps: readonly Step[],
  size: () => number = () => Number.POSITIVE_INFINITY,
): Outcome {
  const events: [number, Transaction][] = [];
  const anomalies: string[] = [];
  const answers: number[] = [];
  const transport = definition.transports[0] ?? "udp";
  const context: ParserContext = {
    ...quietContext(),
    emit: (_kind, _side, txId, fields) => events.push([txId, fields]),
    anomaly: (_side, event) => anomalies.push(event),
    clientPort: 40_000,
    serverPort: definition.ports[0] ?? 0,
    transport,
  };
  const parser = definition.create(context);
  const call = (side: Side, bytes: Uint8Array): number => {
    const consumed = parser.data(side, surrounded(bytes));
    answers.push(consumed);
    if (consumed > bytes.length || (consumed < 0 && consumed !== FAILED && consumed !== FINISHED))
      throw new Error(`consumed ${consumed} of ${bytes.length} bytes`);
    return consumed;
  };
  if (transport === "udp") {
    for (const [side, what] of steps) if (typeof what !== "number") call(side, what);
  } else driveStream(steps, size, call, (side, bytes) => parser.gap(side, bytes));
  parser.end();
  return { events, anomalies, answers };
}

function driveStream(
  steps: readonly Step[],
  size: () => number,
  call: (side: Side, bytes: Uint8Array) => number,
  gap: (side: Side, bytes: number) => boolean,
): void {
  const tails: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  for (const [side, what] of steps) {
    if (typeof what === "number") {
      tails[side] = new Uint8Array(0);
      if (!gap(side, what)) return;
      continue;
    }
    for (let at = 0; at < what.length; ) {
      const stop = Math.min(what.length, at + size());
      const joined = joinBytes(tails[side], what.subarray(at, stop));
      const consumed = call(side, joined);
      if (consumed < 0) return;
      tails[side] = joined.slice(consumed);
      at = stop;
    }
  }
}
