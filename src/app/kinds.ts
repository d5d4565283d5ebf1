import { nearestWord } from "#base/nearest-word.ts";
import { OddwireError } from "#contract/errors.ts";
import { kindPath } from "#schema/api.ts";
import type { Kind } from "#schema/field.ts";
import { allKinds } from "./plugins.ts";

/** A kind of events as a person asks for it: `flows`, `flow`, what it is. */
export interface NamedKind {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
}

/** Every kind by what a person may call it. */
export const namedKinds = (): readonly NamedKind[] => allKinds.map(({ name, summary }) => ({ name: kindPath(name), kind: name, summary }));

/** The kind called so, in the singular, the plural or as its resource. Throws `ODW_USAGE` with what was probably meant. */
export function kindNamed(name: string): Kind {
  const wanted = name.toLowerCase();
  const found = allKinds.find((kind) => kind.name === wanted || kindPath(kind.name) === wanted || `${kind.name}s` === wanted);
  if (found !== undefined) return found;
  const near = nearestWord(
    wanted,
    namedKinds().flatMap((one) => [one.name, one.kind]),
  );
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new OddwireError("ODW_USAGE", { cause: `no events are called ${name}${hint || ";"} \`oddwire query --kinds\` lists all` });
}
