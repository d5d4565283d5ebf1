import { duration } from "#base/time-words.ts";
import { bytes, count, percent } from "#base/units.ts";
import type { EndPlace } from "#client/end-place.ts";
import { ageOf, endText, type FlowRow } from "#client/flow-row.ts";
import { Copy } from "#web/parts/copy.tsx";
import { Link } from "#web/parts/link.tsx";
import { When } from "#web/parts/when.tsx";
import { flowsRoute } from "#web/shell/route.ts";
import "./flow.css";

/** Who talks with whom, since when, and how much went each way. */
export function FlowEnds({ row }: { readonly row: FlowRow }) {
  const total = row.bytesToServer + row.bytesToClient;
  const share = total === 0 ? 0 : row.bytesToServer / total;
  return (
    <section className="flow-ends" aria-label="Ends">
      <End name="client" address={row.client} port={row.clientPort} place={row.clientPlace} />
      <End name="server" address={row.server} port={row.serverPort} place={row.serverPlace} />
      <div className="flow-share" aria-hidden="true">
        <span style={{ flexGrow: share }} data-way="server" />
        <span style={{ flexGrow: 1 - share }} data-way="client" />
      </div>
      <div className="num" data-way="server">
        {bytes(row.bytesToServer)} in {count(row.packetsToServer)} packets → <span className="dim">{percent(share)}</span>
      </div>
      <div className="num" data-way="client">
        <span className="dim">{percent(total === 0 ? 0 : 1 - share)}</span> ← {bytes(row.bytesToClient)} in {count(row.packetsToClient)}{" "}
        packets
      </div>
      <div className="flow-times dim">
        <When time={row.start} date /> to <When time={row.last} />, {duration(ageOf(row))}
      </div>
    </section>
  );
}

interface EndWords {
  readonly name: string;
  readonly address: string;
  readonly port: number | undefined;
  readonly place: EndPlace | undefined;
}

function End({ name, address, port, place }: EndWords) {
  return (
    <div className="flow-end">
      <div className="dim">{name}</div>
      <Link to={flowsRoute(address)} className="mono" title={`Flows of ${address}`}>
        {endText(address, port)}
      </Link>
      <Copy text={address} label={`${name} address`} />
      {place !== undefined && <div className="dim">{place.text}</div>}
    </div>
  );
}
