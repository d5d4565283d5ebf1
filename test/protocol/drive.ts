import { ByteView } from "#base/bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import {
  type Expectation,
  FAILED,
  FINISHED,
  type InnerStream,
  type ParserContext,
  type ProtocolDefinition,
  type Side,
  type Transaction,
} from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";

/** A step of a flow: a datagram or bytes of a stream, or how many bytes the capture lacks. */
export type Step = readonly [Side, Uint8Array | number];

/** Kind, side, transaction number, fields, and further members when there are any. */
export type Told = readonly [string, Side, number, Transaction, Transaction?];

export interface Outcome {
  /** Events in the order in which they were told; files are `fileinfo` events with their bytes as text. */
  readonly events: readonly Told[];
  readonly anomalies: readonly string[];
  /** Answer of each call. */
  readonly answers: readonly number[];
  readonly expectations: readonly Expectation[];
  /** Protocols handed over to, `?` when they are to be found, with what the next parser is told. */
  readonly handOvers: readonly string[];
  /** What went into streams inside, by the protocol that was named, `?` when it is to be found. */
  readonly carried: readonly { readonly protocol: string; readonly sides: readonly [Uint8Array, Uint8Array] }[];
}

export interface DriveOptions {
  readonly transport?: "tcp" | "udp";
  readonly clientPort?: number;
  readonly serverPort?: number;
  /** Time of step i, µs; one second apart by default. */
  readonly time?: (step: number) => number;
  readonly from?: string;
  readonly expected?: Transaction;
  readonly platform?: Platform;
  /** What takes values for rules; nobody wants any without it. */
  readonly rules?: RuleTap;
  /** Length of the next piece of a stream. */
  readonly size?: () => number;
}

export const testPlatform: Platform = { ...createNodePlatform(), remember: (_what, _key, compute) => compute() };

/** Members of a context that do nothing, for tests that need no more. */
export const quietContext = (): ParserContext => ({
  emit: () => undefined,
  anomaly: () => undefined,
  clientPort: 40_000,
  serverPort: 0,
  transport: "tcp",
  platform: testPlatform,
  time: 0,
  from: undefined,
  unforeseen: false,
  expected: undefined,
  rules: undefined,
  forward: () => undefined,
  handOver: () => undefined,
  inner: () => undefined,
  expect: () => undefined,
  file: () => ({ data: () => undefined, gap: () => undefined, close: () => undefined }),
});

/**
 * Feeds a flow to a parser as the flow layer does: of a stream, what was not consumed comes again with what follows;
 * a parser that hands over or has finished hears no more. Throws when the parser consumes more than it was given.
 */
export function drive(definition: ProtocolDefinition, steps: readonly Step[], options: DriveOptions = {}): Outcome {
  const transport = options.transport ?? definition.transports[0] ?? "udp";
  const outcome = new Recorder(definition, transport, options);
  const parser = definition.create(outcome.context);
  const tails: [Uint8Array, Uint8Array] = [EMPTY, EMPTY];
  const size = options.size ?? (() => Number.POSITIVE_INFINITY);

  for (const [index, [side, what]] of steps.entries()) {
    outcome.now = options.time?.(index) ?? (1_700_000_000 + index) * 1_000_000;
    if (outcome.over) break;
    if (typeof what === "number") {
      tails[side] = EMPTY;
      if (transport === "tcp" && !parser.gap(side, what)) outcome.over = true;
    } else if (transport === "udp") outcome.call(parser.data(side, surrounded(what)), what.length);
    else
      for (let at = 0; at < what.length && !outcome.over; ) {
        const stop = Math.min(what.length, at + size());
        const joined = joinBytes(tails[side], what.subarray(at, stop));
        const consumed = outcome.call(parser.data(side, surrounded(joined)), joined.length);
        tails[side] = joined.slice(Math.max(0, consumed));
        at = stop;
      }
  }
  parser.end();
  return outcome;
}

const EMPTY = new Uint8Array(0);

class Recorder implements Outcome {
  readonly events: Told[] = [];
  readonly anomalies: string[] = [];
  readonly answers: number[] = [];
  readonly expectations: Expectation[] = [];
  readonly handOvers: string[] = [];
  readonly carried: { protocol: string; sides: [Uint8Array, Uint8Array] }[] = [];
  readonly context: ParserContext;
  over = false;
  now = 0;
  readonly #transport: "tcp" | "udp";

  constructor(definition: ProtocolDefinition, transport: "tcp" | "udp", options: DriveOptions) {
    this.#transport = transport;
    const now = (): number => this.now;
    this.context = {
      ...quietContext(),
      clientPort: options.clientPort ?? 40_000,
      serverPort: options.serverPort ?? definition.ports[0] ?? 0,
      transport,
      from: options.from,
      unforeseen: false,
      expected: options.expected,
      platform: options.platform ?? testPlatform,
      rules: options.rules,
      get time() {
        return now();
      },
      emit: (kind, side, txId, fields, beside) => {
        this.events.push(beside === undefined ? [kind, side, txId, fields] : [kind, side, txId, fields, beside]);
      },
      anomaly: (_side, event) => this.anomalies.push(event),
      handOver: (protocol, note) => {
        this.handOvers.push(note === undefined ? (protocol ?? "?") : `${protocol ?? "?"} ${JSON.stringify(note)}`);
        this.over = true;
      },
      inner: (protocol) => this.#inner(protocol ?? "?"),
      expect: (expectation) => this.expectations.push(expectation),
      file: (side, txId, facts) => {
        let text = "";
        let closed = false;
        return {
          data: (bytes, from, to) => {
            if (!closed) for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] as number);
          },
          gap: (bytes) => {
            if (!closed) text += `<${bytes}>`;
          },
          close: (complete) => {
            if (closed) return;
            closed = true;
            const { name, size, start, beside } = facts;
            const fields = { name, size, start, complete, bytes: text };
            const told = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
            this.events.push(beside === undefined ? ["fileinfo", side, txId, told] : ["fileinfo", side, txId, told, beside()]);
          },
        };
      },
    };
  }

  call(consumed: number, length: number): number {
    this.answers.push(consumed);
    if (consumed > length || (consumed < 0 && consumed !== FAILED && consumed !== FINISHED))
      throw new Error(`consumed ${consumed} of ${length} bytes`);
    // A datagram that fails is one datagram; a stream that fails is over.
    if (consumed === FINISHED || (consumed < 0 && this.#transport === "tcp")) this.over = true;
    return consumed;
  }

  #inner(protocol: string): InnerStream {
    const stream = { protocol, sides: [EMPTY, EMPTY] as [Uint8Array, Uint8Array] };
    this.carried.push(stream);
    return {
      protocol: protocol === "?" ? undefined : protocol,
      done: false,
      data: (side, bytes, from, to) => {
        stream.sides[side] = joinBytes(stream.sides[side], bytes.slice(from, to));
      },
      gap: () => undefined,
      end: () => undefined,
    };
  }
}

/** A view whose surroundings are poison: a parser that reads outside gives other results. */
export function surrounded(bytes: Uint8Array): ByteView {
  const all = new Uint8Array(bytes.length + 32).fill(0xdb);
  all.set(bytes, 16);
  const view = ByteView.over(all);
  view.at = 16;
  view.end = 16 + bytes.length;
  return view;
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
