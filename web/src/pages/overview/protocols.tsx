import { bitRate, bytes, percent } from "#base/units.ts";
import { protocolColour } from "#web/charts/palette.ts";
import { Bars } from "#web/parts/bars.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { ProtocolName } from "#web/parts/protocol-name.tsx";
import { useLive } from "#web/state/context.ts";

const SHOWN_MAX = 8;

/** Share of each protocol in the bytes of the last interval. */
export function Protocols() {
  const summary = useLive((state) => state.summary);
  const protocols = (summary?.protocols ?? []).toSorted((a, b) => b.bytes - a.bytes);
  const total = protocols.reduce((sum, protocol) => sum + protocol.bytes, 0);
  const seconds = summary === undefined || summary.interval <= 0 ? 1 : summary.interval;
  return (
    <section className="panel protocols" aria-label="Protocols">
      <div className="panel-head">
        <h2>Protocols</h2>
        <span className="dim push">share of bytes now</span>
      </div>
      {protocols.length === 0 && <Notice title="No packets in the last interval." />}
      <Bars
        rows={protocols.slice(0, SHOWN_MAX).map((protocol) => ({
          key: protocol.name,
          label: <ProtocolName name={protocol.name} />,
          share: total === 0 ? 0 : protocol.bytes / total,
          colour: protocolColour(protocol.name),
          value: bitRate((protocol.bytes * 8) / seconds),
          note: percent(total === 0 ? 0 : protocol.bytes / total),
          title: `${bytes(protocol.bytes)} in ${protocol.packets} packets`,
        }))}
      />
    </section>
  );
}
