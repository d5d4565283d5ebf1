import type { ReactNode } from "react";
import "./bars.css";

export interface Bar {
  readonly key: string;
  readonly label: ReactNode;
  /** Length of the bar, 0 to 1. */
  readonly share: number;
  readonly colour: string;
  readonly value: string;
  readonly note?: string;
  readonly title?: string;
}

/** A ranking: label, bar, numbers. The bar only repeats what the numbers say. */
export function Bars({ rows }: { readonly rows: readonly Bar[] }) {
  return (
    <ul className="bars" data-notes={rows.some((row) => row.note !== undefined)}>
      {rows.map((row) => (
        <li key={row.key} title={row.title}>
          <span className="cut">{row.label}</span>
          <span className="bars-track" aria-hidden="true">
            <span style={{ width: `${Math.max(0, Math.min(1, row.share)) * 100}%`, background: row.colour }} />
          </span>
          <span className="num">{row.value}</span>
          {row.note !== undefined && <span className="num dim">{row.note}</span>}
        </li>
      ))}
    </ul>
  );
}
