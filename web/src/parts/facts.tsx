import type { ReactNode } from "react";
import "./facts.css";

/** Names and values in two columns; facts without a value are left out. */
export function Facts({ rows }: { readonly rows: readonly (readonly [name: string, value: ReactNode, meaning?: string | undefined])[] }) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== undefined && value !== "")
        .map(([name, value, meaning]) => (
          <div key={name}>
            <dt title={meaning}>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
