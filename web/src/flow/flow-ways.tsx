import { duration } from "#base/time-words.ts";
import { bytes, count, UNKNOWN } from "#base/units.ts";
import type { OddwireEvent } from "#schema/event.ts";
import "#web/parts/facts.css";
import { type FlowRow, memberOf } from "#client/flow-row.ts";

type Member = { readonly [name: string]: unknown };

/** What each side sent, side by side: counts, and the shape of sizes and gaps. */
export function FlowWays({ row, event }: { readonly row: FlowRow; readonly event: OddwireEvent }) {
  const flow = memberOf(event, "flow");
  const tcp = memberOf(event, "tcp");
  const rows: readonly (readonly [name: string, toServer: string, toClient: string])[] = [
    ["packets", count(row.packetsToServer), count(row.packetsToClient)],
    ["bytes", bytes(row.bytesToServer), bytes(row.bytesToClient)],
    ["packet size", spread(flow, "size_toserver", bytes), spread(flow, "size_toclient", bytes)],
    ["gap between packets", spread(flow, "gap_toserver", duration), spread(flow, "gap_toclient", duration)],
    ["TCP flags seen", flagNames(tcp["tcp_flags_ts"]), flagNames(tcp["tcp_flags_tc"])],
  ];
  return (
    <table className="facts-table">
      <caption>Each way; sizes and gaps as mean ± standard deviation</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">to server</th>
          <th scope="col">to client</th>
        </tr>
      </thead>
      <tbody>
        {rows
          .filter(([, toServer, toClient]) => toServer !== "" || toClient !== "")
          .map(([name, toServer, toClient]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{toServer || UNKNOWN}</td>
              <td>{toClient || UNKNOWN}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function spread(flow: Member, name: string, show: (value: number) => string): string {
  const { mean, stddev } = memberOf(flow, name);
  return typeof mean === "number" && typeof stddev === "number" ? `${show(mean)} ± ${show(stddev)}` : "";
}

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"] as const;

/** `1b` → `FIN SYN PSH ACK`. */
export function flagNames(hex: unknown): string {
  if (typeof hex !== "string") return "";
  const bits = Number.parseInt(hex, 16);
  return FLAGS.filter((_name, bit) => (bits & (1 << bit)) !== 0).join(" ");
}
