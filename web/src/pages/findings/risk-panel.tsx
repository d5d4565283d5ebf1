import type { HostRiskRow, TechniqueRow } from "#schema/finding-mark.ts";
import { AwaitedLine, isAwaited } from "#web/parts/awaited-line.tsx";
import { Link } from "#web/parts/link.tsx";
import { findingRoute, findingsRoute } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { Severity, Technique } from "./finding-words.tsx";
import "#web/parts/facts.css";

/** How often risks and techniques are asked for. */
const everyMs = 15_000;
const hostsMax = 25;
const causesMax = 3;

/** Hosts by their risk, and the techniques that were met: closed until somebody wants to see it. */
export function RiskPanel() {
  const { api } = useServices();
  const asked = useLoaded("risks", (signal) => api.findings.hosts(signal), everyMs);
  const met = useLoaded("techniques", (signal) => api.findings.techniques(signal), everyMs);
  if (isAwaited(asked) || isAwaited(met)) return <AwaitedLine />;
  const risks = asked.data;
  const techniques = met.data;
  const hosts = risks?.hosts ?? [];
  const named = techniques?.techniques ?? [];
  const above = hosts.filter(({ severity }) => severity !== undefined).length;
  if (hosts.length === 0 && named.length === 0) return null;
  return (
    <details className="finding-risks">
      <summary>
        {above} {above === 1 ? "host" : "hosts"} at risk, {named.length} {named.length === 1 ? "technique" : "techniques"} of ATT&CK
      </summary>
      <div className="finding-risk-tables">
        {hosts.length > 0 && <Hosts rows={hosts.slice(0, hostsMax)} more={hosts.length - hostsMax} />}
        {named.length > 0 && <Techniques rows={named} />}
      </div>
      {(risks?.truncated === true || techniques?.truncated === true) && <p className="dim">Of the newest 1,000 findings.</p>}
    </details>
  );
}

function Hosts({ rows, more }: { readonly rows: readonly HostRiskRow[]; readonly more: number }) {
  return (
    <table className="facts-table">
      <caption>
        Risk of hosts: what was found of them adds up, half of it goes every hour; 1 is the threshold
        {more > 0 && ` (${more} more stand below)`}
      </caption>
      <thead>
        <tr>
          <th scope="col">host</th>
          <th scope="col">risk</th>
          <th scope="col">because of</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ host, risk, severity, causes }) => (
          <tr key={host}>
            <th scope="row" className="mono">
              <Link to={findingsRoute(host, "")}>{host}</Link>
            </th>
            <td>
              {risk.toFixed(2)} {severity !== undefined && <Severity of={severity} />}
            </td>
            <td>
              {causes.slice(0, causesMax).map((cause) => (
                <div key={`${cause.id} ${cause.is_target}`} className="cut">
                  <Link to={findingRoute(cause.id)}>
                    {cause.is_target && "target: "}
                    {cause.title}
                  </Link>
                </div>
              ))}
              {causes.length > causesMax && <span className="dim">and {causes.length - causesMax} more</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Techniques({ rows }: { readonly rows: readonly TechniqueRow[] }) {
  return (
    <table className="facts-table finding-techniques-table">
      <caption>Techniques of MITRE ATT&CK</caption>
      <thead>
        <tr>
          <th scope="col">technique</th>
          <th scope="col">findings</th>
          <th scope="col">hosts</th>
          <th scope="col">by</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ technique, findings, hosts, severity, detectors }) => (
          <tr key={technique}>
            <th scope="row">
              <Technique id={technique} /> <Severity of={severity} />
            </th>
            <td>{findings}</td>
            <td>{hosts}</td>
            <td>{detectors.join(", ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
