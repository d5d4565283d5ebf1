/** What speaks for a program, read from an event: plugins and scorers of other versions may write it too. */
export interface Evidence {
  readonly kind: "text" | "intervals" | "responses" | "sequence" | "path";
  readonly text: string;
  /** Upper edges of the bins; a last bin without one is open. Seconds, milliseconds for `responses`. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** What people have in the same bins. */
  readonly people: readonly number[];
  readonly opcodes: readonly string[];
  /** Seconds in front of each opcode. */
  readonly waits: readonly number[];
  readonly points: readonly (readonly [number, number])[];
  readonly repeats: number | undefined;
}

type Members = { readonly [name: string]: unknown };

const numbers = (value: unknown): readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === "number" && Number.isFinite(each)) ? (value as number[]) : [];
const isPoint = (value: unknown): value is readonly [number, number] => numbers(value).length === 2;

/** Evidence of a player's event, in its order. What cannot be drawn is kept as its sentence. */
export function evidenceOf(bot: Members): readonly Evidence[] {
  return (Array.isArray(bot["evidence"]) ? bot["evidence"] : []).flatMap((row: unknown) => {
    if (typeof row !== "object" || row === null) return [];
    const evidence = readOne(row as Members);
    return evidence.text === "" && evidence.kind === "text" ? [] : [evidence];
  });
}

function readOne(row: Members): Evidence {
  const edges = numbers(row["edgesSeconds"] ?? row["edgesMilliseconds"]);
  const counts = numbers(row["counts"]);
  const people = numbers(row["people"]);
  const named = row["names"] ?? row["opcodes"];
  const opcodes = Array.isArray(named) ? named.map(String) : [];
  const points = Array.isArray(row["points"]) ? row["points"].filter(isPoint) : [];
  const drawn = kindOf(row["kind"], {
    bins: edges.length > 0 && (counts.length === edges.length || counts.length === edges.length + 1),
    opcodes,
    points,
  });
  return {
    kind: drawn,
    text: typeof row["text"] === "string" ? row["text"] : "",
    edges,
    counts,
    people: people.length === counts.length ? people : [],
    opcodes,
    waits: numbers(row["intervalsSeconds"]),
    points,
    repeats: typeof row["repeats"] === "number" ? row["repeats"] : undefined,
  };
}

interface Drawable {
  readonly bins: boolean;
  readonly opcodes: readonly unknown[];
  readonly points: readonly unknown[];
}

function kindOf(kind: unknown, { bins, opcodes, points }: Drawable): Evidence["kind"] {
  if ((kind === "intervals" || kind === "responses") && bins) return kind;
  if (kind === "sequence" && opcodes.length > 0) return kind;
  return kind === "path" && points.length > 1 ? kind : "text";
}
