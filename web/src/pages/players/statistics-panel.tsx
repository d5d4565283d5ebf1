import { duration } from "#base/time-words.ts";
import { bytes, count, plain } from "#base/units.ts";
import "#web/parts/facts.css";

type Members = { readonly [name: string]: unknown };
const rowsOf = (value: unknown): readonly Members[] => (Array.isArray(value) ? (value as Members[]) : []);
const numberOf = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);
const meanOf = (value: unknown): number => numberOf((value as Members | undefined)?.["mean"]);
const spreadOf = (value: unknown): number => numberOf((value as Members | undefined)?.["stddev"]);

/** Steps shown. */
const stepsMax = 12;

/** What the player's packets are like: opcodes with their gaps and sizes, and which follows which. */
export function StatisticsPanel({ statistics }: { readonly statistics: Members }) {
  const steps = rowsOf(statistics["transitions"]).slice(0, stepsMax);
  return (
    <section className="panel player-wide" aria-label="Statistics">
      <div className="panel-head">
        <h2>Statistics</h2>
        <span className="dim num">{count(numberOf(statistics["actions"]))} actions</span>
      </div>
      <div className="panel-body player-tables">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">opcode</th>
              <th scope="col">packets</th>
              <th scope="col">per second</th>
              <th scope="col">gap</th>
              <th scope="col">size</th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(statistics["opcodes"]).map((row) => (
              <tr key={`${String(row["opcode"])} ${String(row["direction"])}`}>
                <th scope="row">
                  <span className="mono">{String(row["opcode"])}</span>{" "}
                  <span className="dim">{row["direction"] === "to_client" ? "to client" : "to server"}</span>
                </th>
                <td>{count(numberOf(row["count"]))}</td>
                <td>{plain(numberOf(row["per_second"]))}</td>
                <td>{row["gap"] === undefined ? "–" : `${duration(meanOf(row["gap"]))} ± ${duration(spreadOf(row["gap"]))}`}</td>
                <td>
                  {bytes(meanOf(row["size"]))} ± {plain(spreadOf(row["size"]))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {steps.length > 0 && (
          <table className="facts-table">
            <thead>
              <tr>
                <th scope="col">step</th>
                <th scope="col">times</th>
              </tr>
            </thead>
            <tbody>
              {steps.map((row) => (
                <tr key={`${String(row["from"])} ${String(row["to"])}`}>
                  <th scope="row" className="mono">
                    {String(row["from"])} → {String(row["to"])}
                  </th>
                  <td>{count(numberOf(row["count"]))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}
