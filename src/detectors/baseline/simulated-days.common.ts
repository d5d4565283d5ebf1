import { Random } from "#base/random.ts";
import { flowFact, type Heard } from "#test/fake/fake-facts.ts";

export const hourSeconds = 3600;
export const daySeconds = 86_400;

export interface Day {
  readonly days: number;
  /** First day, from the Monday at which made-up captures begin. */
  readonly from?: number;
  readonly seed?: number;
  /** Factor of the load at a time, seconds since the beginning; 0 for none. */
  readonly load?: (at: number) => number;
}

/** Busy in working hours, quiet at night, a third at weekends. */
export function working(at: number): number {
  const hour = Math.floor((at % daySeconds) / hourSeconds);
  const weekend = Math.floor(at / daySeconds) % 7 >= 5 ? 0.33 : 1;
  return (hour >= 8 && hour < 18 ? 5 : 1) * weekend;
}

/** What a server and three clients do: flows every 100 s or so of a size that varies threefold; seeded. */
export function* days({ days: count, from = 0, seed = 1, load = working }: Day): Generator<Heard> {
  const random = new Random(seed);
  let flowId = 1 + from * 1_000_000;
  for (let at = from * daySeconds; at < (from + count) * daySeconds; at += 100) {
    const factor = load(at);
    if (factor === 0) continue;
    for (let client = 1; client <= 3; client++) {
      const size = 200_000 * factor * (0.5 + random.unit());
      yield {
        end: flowFact({
          at: at + client * 7,
          flowId: flowId++,
          client: `10.0.0.${client}`,
          server: "10.0.0.9",
          serverPort: 443,
          service: "tls",
          answered: true,
          established: true,
          packetsToServer: Math.round(size / 1500),
          packetsToClient: Math.round(size / 900),
          bytesToServer: Math.round(size / 10),
          bytesToClient: Math.round(size),
        }),
      };
    }
  }
}
