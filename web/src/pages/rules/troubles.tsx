import { many } from "#base/units.ts";
import type { RuleTrouble } from "#schema/rule-lists.ts";

const SHOWN_MAX = 50;

/** Lines that were refused, with their place, the cause and the mend. */
export function Troubles({ troubles }: { readonly troubles: readonly RuleTrouble[] }) {
  if (troubles.length === 0) return null;
  return (
    <details className="rules-troubles">
      <summary>{many(troubles.length, "line")} refused</summary>
      <ul>
        {troubles.slice(0, SHOWN_MAX).map(({ list, line, column, cause, mend }) => (
          <li key={`${list}:${line}:${column}:${cause}`}>
            <span className="mono dim">
              {list}:{line}:{column}
            </span>{" "}
            {cause} <span className="dim">— {mend}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
