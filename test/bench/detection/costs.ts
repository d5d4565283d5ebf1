import { detectors as plugins } from "#detectors/registry.generated.ts";
import { reading } from "#test/e2e/reading.ts";

interface Cost {
  facts: number;
  /** Milliseconds. */
  spent: number;
}

/** Calls that took longer are left out: the machine did something else meanwhile. */
const callMsMax = 1;
const heard = [
  "onFlow",
  "onFlowEstablished",
  "onFlowUnanswered",
  "onFlowUpdate",
  "onFlowEnd",
  "onTransaction",
  "onNeighbour",
  "onPacket",
] as const;

type Heard = Readonly<Record<(typeof heard)[number], ((fact: never) => void) | undefined>>;

/** Reads a capture with a clock around each detector: what a fact costs each of them. */
export async function costTable(path: string): Promise<readonly string[]> {
  const costs = new Map<string, Cost>();
  const definitions = plugins.flatMap(({ detectors = [] }) => detectors);
  for (const definition of definitions) {
    const create = definition.create.bind(definition);
    const cost: Cost = { facts: 0, spent: 0 };
    costs.set(definition.name, cost);
    Object.assign(definition, { create: (context: Parameters<typeof create>[0]) => timed(create(context) as object as Heard, cost) });
  }
  await reading([path]);
  const clock = clockCost();
  const rows = [...costs].filter(([, { facts }]) => facts > 0).toSorted((a, b) => b[1].spent - a[1].spent);
  return [
    "detector                    facts      ms   µs each",
    ...rows.map(([name, { facts, spent }]) => {
      const own = Math.max(0, spent - facts * clock);
      return `${name.padEnd(24)} ${String(facts).padStart(8)} ${own.toFixed(0).padStart(7)} ${((own * 1000) / facts).toFixed(2).padStart(9)}`;
    }),
  ];
}

/** The same detector; its methods are those of the object, so that fields that are private stay so. */
function timed(detector: Heard, cost: Cost): object {
  return new Proxy(detector, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const method = (value as (...args: unknown[]) => unknown).bind(target);
      if (!heard.includes(name as (typeof heard)[number])) return method;
      return (fact: unknown): void => {
        const before = performance.now();
        method(fact);
        const took = performance.now() - before;
        if (took > callMsMax) return;
        cost.facts++;
        cost.spent += took;
      };
    },
  });
}

/** What looking at the clock costs, ms. */
function clockCost(): number {
  const looks = 1_000_000;
  const from = performance.now();
  for (let i = 0; i < looks; i++) performance.now();
  return (performance.now() - from) / looks;
}
