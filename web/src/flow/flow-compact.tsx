import { duration } from "#base/time-words.ts";
import { bytes } from "#base/units.ts";
import { ageOf, endText, type FlowRow, protocolOf, shortAddress } from "#client/flow-row.ts";
import { ProtocolName } from "#web/parts/protocol-name.tsx";

/** A flow on two lines, for narrow screens. */
export function FlowCompact({ row }: { readonly row: FlowRow }) {
  return (
    <>
      <span className="cut">{row.host ?? <span className="mono">{endText(row.server, row.serverPort)}</span>}</span>
      <span className="num">{bytes(row.bytesToServer + row.bytesToClient)}</span>
      <span className="cut dim">
        <ProtocolName name={protocolOf(row)} /> from <span className="mono">{shortAddress(row.client)}</span>
      </span>
      <span className="num dim">{row.reason ?? duration(ageOf(row))}</span>
    </>
  );
}
