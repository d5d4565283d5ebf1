import { FAILED, FINISHED, type ProtocolDefinition, type Transaction } from "#contract/parser.ts";
import { drive as driveAll, type Step } from "#test/protocol/drive.ts";

export type { Step } from "#test/protocol/drive.ts";

export interface Outcome {
  /** Transaction number and fields of the `http` events, in the order in which they were told. */
  readonly events: readonly (readonly [number, Transaction])[];
  readonly anomalies: readonly string[];
  readonly handOvers: readonly string[];
  /** FINISHED or FAILED when the parser ended the connection. */
  readonly ended: number | undefined;
}

/** Feeds a connection to a parser as the flow layer does. */
export function drive(definition: ProtocolDefinition, steps: readonly Step[], size?: () => number): Outcome {
  const { events, anomalies, handOvers, answers } = driveAll(definition, steps, size === undefined ? {} : { size });
  const last = answers.at(-1);
  return {
    events: events.filter(([kind]) => kind === "http").map(([, , txId, fields]) => [txId, fields] as const),
    anomalies,
    handOvers,
    ended: last === FINISHED || last === FAILED ? last : undefined,
  };
}

/** Bytes of a text, one for each character. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
