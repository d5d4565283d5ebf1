import { bitRate, bytes, rate } from "#base/units.ts";
import { endPlaceOf } from "#client/end-place.ts";
import { shortAddress } from "#client/flow-row.ts";
import { PlaceMark } from "#web/flow/place-mark.tsx";
import { Bars } from "#web/parts/bars.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { flowsRoute } from "#web/shell/route.ts";
import { useLive } from "#web/state/context.ts";

const SHOWN_MAX = 8;

/** The addresses with most bytes in the last interval; each leads to its flows. */
export function Talkers() {
  const summary = useLive((state) => state.summary);
  const talkers = (summary?.talkers ?? []).toSorted((a, b) => b.bytes - a.bytes).slice(0, SHOWN_MAX);
  const most = talkers[0]?.bytes ?? 0;
  const seconds = summary === undefined || summary.interval <= 0 ? 1 : summary.interval;
  return (
    <section className="panel talkers" aria-label="Top talkers">
      <div className="panel-head">
        <h2>Top talkers</h2>
        <span className="dim push">sent and received now</span>
      </div>
      {talkers.length === 0 && <Notice title="Nobody has spoken in the last interval." />}
      <Bars
        rows={talkers.map((talker) => ({
          key: talker.address,
          label: (
            <span className="mono cut">
              <Link to={flowsRoute(talker.address)} title={`Flows of ${talker.address}`}>
                {shortAddress(talker.address)}
              </Link>
              <PlaceMark place={endPlaceOf(talker.country, talker.asn, talker.as_org)} />
            </span>
          ),
          share: most === 0 ? 0 : talker.bytes / most,
          colour: "var(--accent)",
          value: bitRate((talker.bytes * 8) / seconds),
          note: rate(talker.packets / seconds),
          title: `${bytes(talker.bytes)} in ${talker.packets} packets`,
        }))}
      />
    </section>
  );
}
