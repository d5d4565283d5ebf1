import { bitRate, count, rate, si, UNKNOWN } from "#base/units.ts";
import type { LiveSummary } from "#schema/live.ts";
import { Sparkline } from "#web/charts/sparkline.tsx";
import { useLive } from "#web/state/context.ts";

const figures = [
  {
    column: "bits",
    label: "throughput",
    show: (now: LiveSummary) => bitRate(now.bits_per_second),
    title: (now: LiveSummary) => `${count(now.bits_per_second)} bit/s`,
  },
  {
    column: "packets",
    label: "packets",
    show: (now: LiveSummary) => rate(now.packets_per_second),
    title: (now: LiveSummary) => `${count(now.packets_per_second)} packets/s`,
  },
  {
    column: "events",
    label: "events",
    show: (now: LiveSummary) => rate(now.events_per_second),
    title: (now: LiveSummary) => `${count(now.events_per_second)} events/s`,
  },
  {
    column: "flows",
    label: "live flows",
    show: (now: LiveSummary) => si(now.live_flows),
    title: (now: LiveSummary) => `${count(now.live_flows)} flows`,
  },
] as const;

/** The four figures of this moment, each with its last minute and a half. */
export function NowStrip() {
  const now = useLive((state) => state.summary);
  return (
    <section className="panel now" aria-label="Now">
      {figures.map((figure) => (
        <div key={figure.column} className="now-figure" data-figure={figure.column}>
          <div className="dim">{figure.label}</div>
          <div className="now-value num" title={now === undefined ? undefined : figure.title(now)}>
            {now === undefined ? UNKNOWN : figure.show(now)}
          </div>
          <Sparkline column={figure.column} />
        </div>
      ))}
    </section>
  );
}
