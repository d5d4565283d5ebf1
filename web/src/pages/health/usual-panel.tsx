import { bytes, count } from "#base/units.ts";
import type { BaselinesAnswer } from "#schema/baseline.ts";
import { Bars } from "#web/parts/bars.tsx";
import { Facts } from "#web/parts/facts.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { When } from "#web/parts/when.tsx";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";

/** Intervals last minutes: asking more often tells nothing new. */
const ASK_EVERY_MS = 30_000;

/** What the engine takes for usual: how far it has learnt, and the busiest hosts beside what they just did. */
export function UsualPanel() {
  const { api } = useServices();
  const usual = useLoaded("baselines", api.baselines, ASK_EVERY_MS);
  if (usual.data === undefined || usual.data.interval_min === 0) return undefined;
  return (
    <section className="panel" aria-label="Usual here">
      <div className="panel-head">
        <h2>Usual here</h2>
      </div>
      <Known usual={usual.data} />
    </section>
  );
}

function Known({ usual }: { readonly usual: BaselinesAnswer }) {
  if (usual.since === undefined) return <Notice title="Nothing is known yet.">Learning begins with the first packet.</Notice>;
  const rows = usual.baselines.map((row) => ({ ...row, expected: row.usual?.bytes ?? 0 }));
  const most = Math.max(1, ...rows.map(({ expected, last }) => Math.max(expected, last.bytes)));
  return (
    <div className="panel-body">
      <Facts
        rows={[
          ["learning since", <When key="since" time={usual.since} date />],
          ["state", usual.ready ? "tells what is unusual" : "only learns, tells nothing yet"],
          ["hosts known", count(usual.count)],
          ["held back by the limit of a day", usual.held_back === 0 ? undefined : count(usual.held_back)],
        ]}
      />
      <Bars
        rows={rows.map(({ name, last, expected, active, intervals }) => ({
          key: name,
          label: name,
          share: last.bytes / most,
          colour: "var(--accent)",
          value: bytes(last.bytes),
          note: `usual ${bytes(expected)}`,
          title: `${name}: bytes of the last ${usual.interval_min} min, and what is usual at this hour; active in ${active} of ${intervals} intervals`,
        }))}
      />
    </div>
  );
}
