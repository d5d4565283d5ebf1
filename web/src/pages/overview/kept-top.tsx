import { bytes, many, percent } from "#base/units.ts";
import { shortAddress } from "#client/flow-row.ts";
import { protocolColour } from "#web/charts/palette.ts";
import { Bars } from "#web/parts/bars.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { ProtocolName } from "#web/parts/protocol-name.tsx";
import { flowsRoute } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";

const SHOWN_MAX = 8;

const kinds = {
  protocols: { column: "app_proto", title: "Protocols", note: "bytes that servers sent" },
  clients: { column: "src_ip", title: "Clients", note: "bytes received" },
  servers: { column: "dest_ip", title: "Servers", note: "bytes sent" },
} as const;

/** Which protocol, client or server has most of what servers sent; each leads to its flows. */
export function KeptTop({ of }: { readonly of: keyof typeof kinds }) {
  const { api } = useServices();
  const { column, title, note } = kinds[of];
  const top = useLoaded(of, (signal) => api.top({ kind: "flow", expression: "", limit: SHOWN_MAX }, column, signal, "bytes_toclient"));
  const groups = (top.data?.groups ?? []).map(({ value, sum = 0, count: flows }) => ({ value, sum, flows })).filter(({ sum }) => sum > 0);
  const total = groups.reduce((sum, group) => sum + group.sum, 0);
  return (
    <section className="panel kept-top" aria-label={title} aria-busy={top.data === undefined && top.error === undefined}>
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="dim push">{note}</span>
      </div>
      {top.error !== undefined && <Failure what="This could not be asked for." error={top.error} retry={top.reload} />}
      {groups.length === 0 && top.error === undefined && <Notice title={top.loading ? "Adding up …" : "No server sent anything."} />}
      <Bars
        rows={groups.map(({ value, sum, flows }) => ({
          key: String(value),
          label: <Name of={of} value={value} />,
          share: total === 0 ? 0 : sum / (groups[0]?.sum || 1),
          colour: of === "protocols" ? protocolColour(String(value ?? "unknown")) : "var(--accent)",
          value: bytes(sum),
          note: of === "protocols" ? percent(total === 0 ? 0 : sum / total) : many(flows, "flow"),
          title: `${String(value ?? "not known")}: ${bytes(sum)} in ${many(flows, "flow")}`,
        }))}
      />
    </section>
  );
}

function Name({ of, value }: { readonly of: keyof typeof kinds; readonly value: string | number | undefined }) {
  const text = String(value ?? "");
  if (of !== "protocols")
    return (
      <Link to={flowsRoute(text, "history")} className="mono cut" title={`Flows of ${text}`}>
        {shortAddress(text)}
      </Link>
    );
  if (text === "") return <ProtocolName name="unknown" title="No application protocol was recognised" />;
  return (
    <Link to={flowsRoute(`app_proto = "${text}"`, "history")}>
      <ProtocolName name={text} />
    </Link>
  );
}
