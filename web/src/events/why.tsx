import type { OddwireEvent } from "#schema/event.ts";
import "#web/parts/facts.css";
import { plain, UNKNOWN } from "#base/units.ts";
import { memberOf } from "#client/flow-row.ts";
import { Link } from "#web/parts/link.tsx";
import { detectorsRoute } from "#web/shell/route.ts";

/** The reasons of a finding as a table: what was measured, against what, on how many samples. */
export function Why({ event }: { readonly event: OddwireEvent }) {
  const finding = memberOf(event, "finding");
  const reasons = (Array.isArray(finding["why"]) ? finding["why"] : []) as { readonly [name: string]: unknown }[];
  const techniques = (Array.isArray(finding["techniques"]) ? finding["techniques"] : []) as unknown[];
  return (
    <table className="facts-table">
      <caption>
        Why: said by detector{" "}
        <Link className="mono" to={detectorsRoute(String(finding["detector"]))} title="Its switch and its settings">
          {String(finding["detector"])}
        </Link>
        , score {show(finding["score"])}
        {techniques.length > 0 && `, ATT&CK ${techniques.join(", ")}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">feature</th>
          <th scope="col">measured</th>
          <th scope="col">threshold</th>
          <th scope="col">samples</th>
        </tr>
      </thead>
      <tbody>
        {reasons.map((reason) => (
          <tr key={String(reason["feature"])}>
            <th scope="row">{String(reason["feature"])}</th>
            <td>{show(reason["value"])}</td>
            <td>{show(reason["threshold"])}</td>
            <td>{show(reason["sample"])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const show = (value: unknown): string => (typeof value === "number" ? plain(value) : typeof value === "string" ? value : UNKNOWN);
